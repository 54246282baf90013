"""Scripts of bash, sh, zsh, and ksh to a tree of commands, by tree-sitter-bash."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, cast

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from venvlint.shells import tree
from venvlint.shells.heredocs import Heredoc, cut
from venvlint.shells.posix_mending import normal, parsed, within_bounds
from venvlint.shells.posix_words import Offsets, Words, is_easy, variables

_LANGUAGE = Language(tree_sitter_bash.language())
_DEEPEST = 80  # levels of nesting that are followed; no script that people write comes near
_NEGATED = re.compile(r"(?:^|(?<=[\s;&|(]))!(?=[ \t]+\{\s)")
_DECLARATIONS = {"declaration_command", "unset_command"}
_SUBSHELLS = {"subshell", "command_substitution", "process_substitution"}
_LOOPS = {"for_statement", "c_style_for_statement"}
_BARE_WORDS = {"$", "=="}  # a lone dollar; an operator that a test function takes
_REDIRECTS = {"file_redirect", "herestring_redirect"}


def parse(text: str) -> tuple[tree.Node, tuple[tree.Unparsed, ...]]:
    """Return the tree of a script and the stretches of it that the parser couldn't make sense of."""
    whole = normal(text)
    text, heredocs = cut(whole)
    # The grammar knows no `! { ... }`: the mark is taken out here and put back around the group.
    negated = {text.index("{", mark.end()) for mark in _NEGATED.finditer(text)} if "!" in text else set[int]()
    text = _NEGATED.sub(" ", text) if negated else text
    try:
        node, text, offsets = parsed(Parser(_LANGUAGE), text)
    except ValueError:
        nothing = tree.Unparsed(0, len(text))
        return nothing, (nothing,)
    reader = _Reader(whole, text, offsets, heredocs, negated)
    root = reader.sequence(node, node.children, 0)
    return root, tuple(reader.unparsed)


class _Reader:
    """Turns the grammar's nodes into those of the tree."""

    def __init__(
        self, script: str, text: str, offsets: Offsets, heredocs: dict[int, Heredoc], negated: set[int]
    ) -> None:
        self.script = script
        self.text = text  # what was parsed of it
        self.words = Words(
            text, offsets, self._substituted, self._heredoc, lambda at: script.startswith("\\\n", at - offsets.shift)
        )
        self.at = offsets
        self.heredocs = heredocs
        self.negated = negated
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
            parts = tuple(piece for part in parts for piece in _without_tabs(part))
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
        reader = _Reader(whole, whole, Offsets(start - len(opening)), {}, set())
        return tuple(reader.words.expansions(root, len(opening), len(whole) - len("\nvenvlint\n")))

    def sequence(self, node: Node, children: list[Node], depth: int) -> tree.Node:
        start, end = self._span(node)
        outer, self._depth = self._depth, depth
        if depth > _DEEPEST:
            items: tuple[tree.Node, ...] = (self._skip(node),)
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

    def _skip(self, node: Node) -> tree.Unparsed:
        skipped = tree.Unparsed(*self._span(node))
        self.unparsed.append(skipped)
        return skipped

    def node(self, node: Node, depth: int) -> tree.Node:
        kind = node.type
        start, end = self._span(node)
        if depth > _DEEPEST:
            return self._skip(node)
        if kind == "command":
            return self._command(node)
        if kind in ("variable_assignment", "variable_assignments"):
            return self._assignments(node, start, end)
        if kind in _DECLARATIONS:
            return self._declaration(node, start, end)
        if kind == "redirected_statement":
            return self._redirected(node, start, end, depth)
        if kind == "list":
            return self._list(node, start, end, depth)
        if kind == "pipeline":
            parts = [self.node(child, depth + 1) for child in node.named_children if child.type != "comment"]
            return _pipeline(parts, start, end)
        if kind == "negated_command":
            return _negated(self.sequence(node, node.named_children, depth + 1), start, end)
        if kind in _SUBSHELLS:
            return tree.Scope(self.sequence(node, node.children, depth + 1), True, start, end)
        if kind in _REDIRECTS:  # `$(< file)`
            return tree.Command((), start, end, (), tuple(self.words.redirects(node)))
        if kind == "test_command":
            return tree.Command(self.words.test(node), start, end)
        return self._compound(node, start, end, depth)

    def _compound(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        kind = node.type
        if kind == "compound_statement":
            if node.children and node.children[0].type == "((":
                return tree.Command((tree.Word((tree.Text("(("),), start, start + 2),), start, end)
            group = tree.Scope(self.sequence(node, node.children, depth + 1), False, start, end)
            return tree.Not(group, start, end) if start in self.negated else group
        if kind == "if_statement":
            return self._if(node, start, end, depth)
        if kind == "case_statement":
            return self._case(node, start, end, depth)
        if kind in _LOOPS:
            return self._for(node, start, end, depth)
        if kind == "while_statement":
            return self._while(node, start, end, depth)
        if kind == "function_definition":
            return self._function(node, start, end, depth)
        if kind == "ERROR":
            return self._error(node, start, end, depth)
        if kind == "do_group":
            return self.sequence(node, node.children, depth + 1)
        return self._skip(node)

    # Commands

    def _command(self, node: Node) -> tree.Node:
        plain = self.words.plain(node)
        if plain:
            return tree.Command(plain, *self._span(node))
        assignments: list[tree.Assignment] = []
        words: list[tree.Word | tree.Assignment] = []
        redirects: list[tree.Redirect] = []
        for child in node.children:
            kind = child.type
            if kind == "variable_assignment":
                assignments.append(self.words.assignment(child))
            elif kind == "command_name":
                words.append(self.words.word(child.children[0] if child.child_count == 1 else child))
            elif kind in _REDIRECTS:
                redirects.extend(self.words.redirects(child))
                words.extend(self.words.strays(child))
            elif (child.is_named and kind != "comment") or kind in _BARE_WORDS:
                words.append(self.words.word(child))
        start, end = self._span(node)
        return tree.Command(tuple(self.words.joined(words)), start, end, tuple(assignments), tuple(redirects))

    def _assignments(self, node: Node, start: int, end: int) -> tree.Node:
        nodes = [node] if node.type == "variable_assignment" else node.named_children
        return tree.Command((), start, end, tuple(self.words.assignment(child) for child in nodes))

    def _declaration(self, node: Node, start: int, end: int) -> tree.Node:
        words = tuple(
            self.words.assignment(child) if child.type == "variable_assignment" else self.words.word(child)
            for child in node.children
        )
        return tree.Command(words, start, end)

    def _redirected(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        body = node.child_by_field_name("body")
        hung = [child for child in node.children if child.type in _REDIRECTS]
        redirects = tuple(redirect for child in hung for redirect in self.words.redirects(child))
        strays = tuple(word for child in hung for word in self.words.strays(child))
        if body is None:
            return tree.Command(strays, start, end, (), redirects)
        return _redirect(self.node(body, depth + 1), redirects, strays, start)

    # Control

    def _list(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        """Flatten the grammar's left-leaning pairs."""
        rest: list[tuple[Literal["&&", "||"], tree.Node]] = []
        while node.type == "list":
            named = [child for child in node.children if child.type != "comment"]
            if len(named) != 3 or named[1].type not in ("&&", "||"):
                return self._error(node, start, end, depth)
            rest.append((cast(Literal["&&", "||"], named[1].type), self.node(named[2], depth + 1)))
            node = named[0]
        return tree.AndOr(self.node(node, depth + 1), tuple(reversed(rest)), start, end)

    def _until(self, node: Node, keywords: set[str]) -> tuple[list[Node], list[Node]]:
        """Split a node's children at the first of `keywords`."""
        for index, child in enumerate(node.children):
            if child.type in keywords:
                return node.children[1:index], node.children[index + 1 :]
        return node.children[1:], []

    def _if(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        arms: list[tuple[tree.Node, tree.Node]] = []
        otherwise: tree.Node | None = None
        condition, rest = self._until(node, {"then"})
        body = [child for child in rest if child.type not in ("elif_clause", "else_clause", "fi")]
        arms.append((self.sequence(node, condition, depth + 1), self.sequence(node, body, depth + 1)))
        for child in rest:
            if child.type == "elif_clause":
                condition, body = self._until(child, {"then"})
                arms.append((self.sequence(child, condition, depth + 1), self.sequence(child, body, depth + 1)))
            elif child.type == "else_clause":
                otherwise = self.sequence(child, child.children[1:], depth + 1)
        return tree.If(tuple(arms), otherwise, start, end)

    def _case(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        subject = node.child_by_field_name("value")
        arms = []
        for item in node.children:
            if item.type != "case_item":
                continue
            patterns = tuple(self.words.word(child) for child in item.children_by_field_name("value"))
            ends = [child.type for child in item.children if child.type in (";;", ";&", ";;&")]
            after = next((i + 1 for i, child in enumerate(item.children) if child.type == ")"), 0)
            body = [child for child in item.children[after:] if child.type not in (";;", ";&", ";;&")]
            arms.append(tree.CaseArm(patterns, self.sequence(item, body, depth + 1), ends[0] if ends else ";;"))
        word = self.words.word(subject) if subject is not None else tree.Word((), start, start)
        return tree.Case(word, tuple(arms), start, end)

    def _body(self, node: Node, depth: int) -> tree.Node:
        body = node.child_by_field_name("body")
        return self._skip(node) if body is None else self.sequence(body, body.children, depth + 1)

    def _for(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        variable = node.child_by_field_name("variable")
        has_words = any(child.type == "in" for child in node.children)
        values = tuple(self.words.word(child) for child in node.children_by_field_name("value"))
        return tree.For(
            self.words.text(variable) if variable is not None else "",
            values if has_words else None,
            self._body(node, depth),
            start,
            end,
            is_select=bool(node.children) and node.children[0].type == "select",
        )

    def _while(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        condition = self.sequence(node, node.children_by_field_name("condition"), depth + 1)
        return tree.While(condition, self._body(node, depth), node.children[0].type == "until", start, end)

    def _function(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return self._skip(node)
        return tree.Function(self.words.text(name), self.node(body, depth + 1), start, end)

    def _error(self, node: Node, start: int, end: int, depth: int) -> tree.Node:
        """Keep the commands inside a stretch that doesn't parse as a whole; where they stand is then uncertain."""
        self._skip(node)
        kept = [child for child in node.named_children if child.type not in _FRAGMENTS]
        body = self.sequence(node, kept, depth + 1)
        unknown = tree.Unparsed(start, end)
        if _ACTIVATES.search(self.text, node.start_byte, node.end_byte):
            return unknown  # which of its commands run, and where, would decide what is active
        return tree.Sequence((unknown, tree.If(((tree.Unparsed(start, start), body),), None, start, end)), start, end)


def _pipeline(parts: list[tree.Node], start: int, end: int) -> tree.Node:
    """Return a pipeline; `!` in front is about the whole of it, which the grammar takes to be about the first part."""
    first = parts[0]
    if isinstance(first, tree.Not):
        return tree.Not(_pipeline([first.body, *parts[1:]], first.body.start, end), start, end)
    return tree.Pipeline(tuple(parts), start, end)


def _negated(body: tree.Node, start: int, end: int) -> tree.Node:
    """Return what `!` makes of a command; of several `!` the grammar takes all but the first for words."""
    first = body.words[0] if isinstance(body, tree.Command) and len(body.words) > 1 else None
    if isinstance(body, tree.Command) and isinstance(first, tree.Word) and first.parts == (_bang(first),):
        words = body.words[1:]
        inner = tree.Command(words, words[0].start, body.end, body.assignments, body.redirects)
        body = _negated(inner, first.start, body.end)
    return tree.Not(body, start, end)


def _bang(word: tree.Word) -> tree.Text:
    return tree.Text("!", False, word.start)


_ACTIVATES = re.compile(r"activate|\bPATH\b")
_FRAGMENTS = {"word", "string", "raw_string", "number", "concatenation", "comment", "variable_name", "case_item"} | {
    "simple_expansion", "expansion", "file_descriptor", "regex"
}  # fmt: skip


def _redirect(
    node: tree.Node, redirects: tuple[tree.Redirect, ...], strays: tuple[tree.Word, ...], start: int
) -> tree.Node:
    """Hang redirections, and the words behind them, where the shell does: on the last command of a list or pipeline."""
    end = max((node.end, *(each.end for each in redirects if each.operator != "<<"), *(word.end for word in strays)))
    if isinstance(node, tree.Command):
        return tree.Command(node.words + strays, start, end, node.assignments, node.redirects + redirects)
    if isinstance(node, tree.AndOr):
        operator, last = node.rest[-1]
        hung = _redirect(last, redirects, strays, last.start)
        return tree.AndOr(node.first, (*node.rest[:-1], (operator, hung)), start, end)
    if isinstance(node, tree.Pipeline):
        last = node.parts[-1]
        return tree.Pipeline((*node.parts[:-1], _redirect(last, redirects, strays, last.start)), start, end)
    if isinstance(node, tree.Not):
        return tree.Not(_redirect(node.body, redirects, strays, node.body.start), start, end)
    return tree.Redirected(node, redirects, start, end)


def _without_tabs(part: tree.Part) -> Iterator[tree.Part]:
    """Yield a heredoc's text as `<<-` has it: without the tabs at the start of each line."""
    if not isinstance(part, tree.Text):
        yield part
        return
    at = part.start
    for line in part.text.splitlines(keepends=True):
        kept = line.lstrip("\t")
        yield tree.Text(kept, True, at + len(line) - len(kept))
        at += len(line)
