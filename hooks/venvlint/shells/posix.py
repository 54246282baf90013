"""Scripts of bash, sh, zsh, and ksh to a tree of commands, by tree-sitter-bash."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from venvlint.shells import posix_control, tree
from venvlint.shells.heredocs import Heredoc, cut
from venvlint.shells.posix_mending import parsed, within_bounds
from venvlint.shells.posix_prefixes import Prefix, without_prefixes
from venvlint.shells.posix_spellings import normal
from venvlint.shells.posix_text import Offsets, is_easy, variables, without_tabs
from venvlint.shells.posix_words import Words

_LANGUAGE = Language(tree_sitter_bash.language())
_DEEPEST = 80  # levels of nesting that are followed; no script that people write comes near
_DECLARATIONS = {"declaration_command", "unset_command"}
_SUBSHELLS = {"subshell", "command_substitution", "process_substitution"}
_BARE_WORDS = {"$", "=="}  # a lone dollar; an operator that a test function takes
_REDIRECTS = {"file_redirect", "herestring_redirect"}


def parse(text: str) -> tuple[tree.Node, tuple[tree.Unparsed, ...]]:
    """Return the tree of a script and the stretches of it that the parser couldn't make sense of."""
    whole = normal(text)
    text, heredocs = cut(whole)
    text, taken = without_prefixes(text)
    try:
        node, text, offsets = parsed(Parser(_LANGUAGE), text)
    except ValueError:
        nothing = tree.Unparsed(0, len(text))
        return nothing, (nothing,)
    reader = Reader(whole, taken.put_back(text, offsets), offsets, heredocs, taken.prefixes)
    root = reader.sequence(node, node.children, 0)
    return root, tuple(reader.unparsed)


class Reader:
    """Turns the grammar's nodes into those of the tree."""

    def __init__(
        self, script: str, text: str, offsets: Offsets, heredocs: dict[int, Heredoc], prefixes: dict[int, Prefix]
    ) -> None:
        self.script = script
        self.text = text  # what was parsed of it
        self.words = Words(
            text, offsets, self._substituted, self._heredoc, lambda at: script.startswith("\\\n", at - offsets.shift)
        )
        self.at = offsets
        self.heredocs = heredocs
        self.prefixes = prefixes
        self.unparsed: list[tree.Unparsed] = []
        self._depth = 0

    def _span(self, node: Node) -> tuple[int, int]:
        return self.at[node.start_byte], self.at[node.end_byte]

    def _substituted(self, node: Node) -> tree.Node:
        """Return the commands inside of a substitution."""
        return self.sequence(node, node.children, self._depth + 1)

    def _heredoc(self, operator: int) -> tuple[tree.Word, int] | None:
        """Return the body of the heredoc whose operator stands at an offset, and where it ends."""
        heredoc = self.heredocs.get(operator)
        if heredoc is None:
            return None
        text = self.script[heredoc.start : heredoc.stop]
        if heredoc.is_quoted:
            parts: tuple[tree.Part, ...] = (tree.Text(text, True, heredoc.start),)
        else:
            parts = self._expanded(text, heredoc.start)
        if heredoc.has_tabs_cut:
            parts = tuple(piece for part in parts for piece in without_tabs(part))
        return tree.Word(parts, heredoc.start, heredoc.stop), heredoc.end

    def _expanded(self, text: str, start: int) -> tuple[tree.Part, ...]:
        """Return the parts of text that expands as between double quotes."""
        if is_easy(text, 0, len(text)):
            return tuple(variables(text, 0, len(text), Offsets(start)))
        opening = "cat <<venvlint\n"
        whole = f"{opening}{text}\nvenvlint\n"
        try:
            root = within_bounds(Parser(_LANGUAGE), whole)
        except ValueError:
            return (tree.Opaque(text, True),)
        reader = Reader(whole, whole, Offsets(start - len(opening)), {}, {})
        return tuple(reader.words.expansions(root, len(opening), len(whole) - len("\nvenvlint\n")))

    def sequence(self, node: Node, children: list[Node], depth: int) -> tree.Node:
        start, end = self._span(node)
        outer, self._depth = self._depth, depth
        if depth > _DEEPEST:
            items: tuple[tree.Node, ...] = (self.skip(node),)
        else:
            items = tuple(self._items(children, depth))
        self._depth = outer
        if len(items) == 1:
            return items[0]
        return tree.Sequence(items, start, end)

    def _items(self, children: list[Node], depth: int) -> Iterator[tree.Node]:
        """Yield the commands among a list's nodes; one that `&` follows runs in a shell of its own."""
        pending: tree.Node | None = None
        for child in children:
            if child.type == "&" and pending is not None:
                yield tree.Scope(pending, True, pending.start, pending.end, "background job")
                pending = None
            elif child.is_named and child.type != "comment":
                if pending is not None:
                    yield pending
                pending = self.node(child, depth)
        if pending is not None:
            yield pending

    def skip(self, node: Node) -> tree.Unparsed:
        skipped = tree.Unparsed(*self._span(node))
        self.unparsed.append(skipped)
        return skipped

    def node(self, node: Node, depth: int) -> tree.Node:
        kind = node.type
        start, end = self._span(node)
        if depth > _DEEPEST:
            return self.skip(node)
        if kind == "command":
            return self._command(node)
        if kind in ("variable_assignment", "variable_assignments"):
            return self._assignments(node, start, end)
        if kind in _DECLARATIONS:
            return self._declaration(node, start, end)
        if kind == "redirected_statement":
            return self._redirected(node, start, end, depth)
        if kind == "list":
            return posix_control.chain(self, node, start, end, depth)
        if kind == "pipeline":
            parts = [self.node(child, depth + 1) for child in node.named_children if child.type != "comment"]
            return posix_control.pipeline(parts, start, end)
        if kind == "negated_command":
            return posix_control.negated(self.sequence(node, node.named_children, depth + 1), start, end)
        if kind in _SUBSHELLS:
            return self._prefixed(tree.Scope(self.sequence(node, node.children, depth + 1), True, start, end))
        if kind in _REDIRECTS:  # `$(< file)`
            return tree.Command((), start, end, (), tuple(self.words.redirects(node)))
        if kind == "test_command":
            return tree.Command(self.words.test(node), start, end)
        return self._compound(node, start, end, depth)

    def _compound(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        kind = node.type
        if kind == "compound_statement":
            if node.children and node.children[0].type == "((":
                return _arithmetic(self.text[node.start_byte : node.end_byte], start, end)
            return self._prefixed(tree.Scope(self.sequence(node, node.children, depth + 1), False, start, end))
        statement = posix_control.STATEMENTS.get(kind)
        if statement is not None:
            return self._prefixed(statement(self, node, start, end, depth))
        if kind == "ERROR":
            return self.error(node, start, end, depth)
        if kind == "do_group":
            return self.sequence(node, node.children, depth + 1)
        return self.skip(node)

    def _prefixed(self, node: tree.Node) -> tree.Node:
        """Return a compound command with what stood before it."""
        prefix = self.prefixes.get(node.start)
        if prefix == "!":
            return tree.Not(node, node.start, node.end)
        return tree.Scope(node, True, node.start, node.end, "background job") if prefix == "coproc" else node

    # Commands

    def _command(self, node: Node) -> tree.Node:
        plain = self.words.plain(node)
        if plain:
            return tree.Command(plain, *self._span(node))
        words: list[tree.Word | tree.Assignment] = []
        redirects: list[tree.Redirect] = []
        for child in node.children:
            kind = child.type
            if kind == "variable_assignment":
                words.append(self.words.assignment(child))
            elif kind == "command_name":
                words.append(self.words.word(child.children[0] if child.child_count == 1 else child))
            elif kind in _REDIRECTS:
                redirects.extend(self.words.redirects(child))
                words.extend(self.words.strays(child))
            elif (child.is_named and kind != "comment") or kind in _BARE_WORDS:
                words.append(self.words.word(child))
        start, end = self._span(node)
        assignments, rest = self.words.parted(words)
        return tree.Command(rest, start, end, assignments, tuple(redirects))

    def _assignments(self, node: Node, start: int, end: int) -> tree.Node:
        nodes = [node] if node.type == "variable_assignment" else node.named_children
        return tree.Command((), start, end, tuple(self.words.assignment(child) for child in nodes))

    def _declaration(self, node: Node, start: int, end: int) -> tree.Node:
        words = [
            self.words.assignment(child) if child.type == "variable_assignment" else self.words.word(child)
            for child in node.children
        ]
        return tree.Command(tuple(self.words.joined(words)), start, end)

    def _redirected(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        body = node.child_by_field_name("body")
        hung = [child for child in node.children if child.type in _REDIRECTS]
        redirects = tuple(redirect for child in hung for redirect in self.words.redirects(child))
        strays = tuple(word for child in hung for word in self.words.strays(child))
        if body is None:
            return tree.Command(strays, start, end, (), redirects)
        return posix_control.redirected(self.node(body, depth + 1), redirects, strays, start)

    def error(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        """Keep the commands inside a stretch that doesn't parse as a whole; where they stand is then uncertain."""
        self.skip(node)
        kept = [child for child in node.named_children if child.type not in _FRAGMENTS]
        body = self.sequence(node, kept, depth + 1)
        unknown = tree.Unparsed(start, end)
        if _ACTIVATES.search(self.text, node.start_byte, node.end_byte):
            return unknown  # which of its commands run, and where, would decide what is active
        return tree.Sequence((unknown, tree.If(((tree.Unparsed(start, start), body),), None, start, end)), start, end)


_ACTIVATES = re.compile(r"activate|\bPATH\b")
_FRAGMENTS = {"word", "string", "raw_string", "number", "concatenation", "comment", "variable_name", "case_item"} | {
    "simple_expansion", "expansion", "file_descriptor", "regex"
}  # fmt: skip


def _arithmetic(text: str, start: int, end: int) -> tree.Command:
    """Return `(( ... ))` as a command of two words."""
    body = text.removeprefix("((").removesuffix("))")
    words = tree.Text("(("), tree.Text(body, True)
    return tree.Command(tuple(tree.Word((word,), start, end) for word in words), start, end)
