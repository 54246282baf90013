"""Words, assignments, and redirections of a POSIX shell, from tree-sitter-bash's nodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tree_sitter import Node

from venvlint.shells import tree
from venvlint.shells.posix_text import BACKSLASH, Offsets, ansi, as_one, escaped, is_easy, literal, variables

# A simple command of nothing but words that stand for themselves: the first of them is no assignment.
_PLAIN = re.compile(r"[\w./:@%+,~-]+(?:[ \t]+[\w./:@%+,~=-]+)*", re.ASCII)
_WORD = re.compile(r"[^ \t]+")
_LEAVES = {"word", "number", "test_operator", "regex", "extglob_pattern", "variable_name", "special_variable_name"}
_EXPANSIONS = {"simple_expansion", "expansion", "command_substitution", "arithmetic_expansion"}
_EXPANSION = re.compile(
    r"\$\{([!#]?)([A-Za-z_]\w*|[0-9]+|[@*#?$!_-])(\[[^\]]*\])?(:?[-+=?]|##?|%%?|//?|\^\^?|,,?|@|:)?(.*)\}", re.DOTALL
)


class Words:
    """Reads words. `substituted` gives the commands inside of a `$(...)`, `heredoc` the heredoc that starts there."""

    def __init__(
        self,
        text: str,
        at: Offsets,
        substituted: Callable[[Node], tree.Node],
        heredoc: Callable[[int], tuple[tree.Word, int] | None],
        is_continuation: Callable[[int], bool],
    ) -> None:
        self._text = text
        self._at = at
        self._substituted = substituted
        self._heredoc = heredoc
        self._is_continuation = is_continuation

    def text(self, node: Node) -> str:
        return self._text[node.start_byte : node.end_byte]

    def word(self, node: Node) -> tree.Word:
        start, end = self._at[node.start_byte], self._at[node.end_byte]
        if node.type == "word" and node.child_count == 0:
            text = self.text(node)
            if "\\" not in text and BACKSLASH not in text:
                return tree.Word((tree.Text(text, False, start),), start, end)
        return tree.Word(tuple(self._parts(node)), start, end)

    def plain(self, node: Node) -> tuple[tree.Word, ...]:
        """Return the words of a command of which each character stands for itself; none where it has others."""
        first, end = node.start_byte, node.end_byte
        if not _PLAIN.fullmatch(self._text, first, end):
            return ()
        shift = self._at[first] - first
        words = []
        for word in _WORD.finditer(self._text, first, end):
            at = word.start() + shift
            words.append(tree.Word((tree.Text(word[0], False, at),), at, word.end() + shift))
        return tuple(words)

    def joined(self, words: list[tree.Word | tree.Assignment]) -> Iterator[tree.Word | tree.Assignment]:
        """Yield words, those that touch joined to one: the grammar cuts some words in two."""
        pending: tree.Word | tree.Assignment | None = None
        for word in words:
            if isinstance(word, tree.Word) and pending is not None and self._touch(pending, word):
                pending = as_one(pending, word)
                continue
            if pending is not None:
                yield pending
            pending = word
        if pending is not None:
            yield pending

    def parted(
        self, words: list[tree.Word | tree.Assignment]
    ) -> tuple[tuple[tree.Assignment, ...], tuple[tree.Word, ...]]:
        """Return a command's assignments and its words."""
        joined = tuple(self.joined(words))
        assignments = tuple(word for word in joined if isinstance(word, tree.Assignment))
        return assignments, tuple(word for word in joined if isinstance(word, tree.Word))

    def _touch(self, one: tree.Word | tree.Assignment, two: tree.Word) -> bool:
        """Tell whether nothing, or nothing but a continued line, is between two words."""
        if isinstance(one, tree.Assignment) and one.value is None:
            return False
        return one.end == two.start or (two.start - one.end == 2 and self._is_continuation(one.end))

    def _parts(self, node: Node) -> Iterator[tree.Part]:
        kind = node.type
        if kind in _LEAVES and node.child_count == 0:
            yield from literal(self.text(node), self._at[node.start_byte])
        elif kind == "raw_string":
            yield tree.Text(self.text(node)[1:-1], True, self._at[node.start_byte] + 1)
        elif kind == "ansi_c_string":
            yield from ansi(self.text(node)[2:-1], self._at[node.start_byte] + 2)
        elif kind in ("string", "translated_string"):
            yield from self._string(node)
        elif kind == "simple_expansion":
            yield tree.Variable(self.text(node)[1:])
        elif kind == "expansion":
            yield self._expansion(node, quoted=False)
        elif kind == "command_substitution":
            yield tree.Substitution(self._substituted(node))
        elif kind == "process_substitution":
            yield tree.Substitution(self._substituted(node), is_process=True)
        elif kind in ("arithmetic_expansion", "brace_expression"):
            yield tree.Opaque(self.text(node))
        elif kind in ("concatenation", "command_name", "binary_expression", "array"):
            yield from self._pieces(node)
        else:
            yield from literal(self.text(node), self._at[node.start_byte])

    def _pieces(self, node: Node) -> Iterator[tree.Part]:
        """Yield the parts of a word made of several nodes, and what stands between them."""
        at = node.start_byte
        for child in node.children:
            if child.start_byte > at:
                yield tree.Text(self._text[at : child.start_byte], False, self._at[at])
            yield from self._parts(child)
            at = child.end_byte

    def _string(self, node: Node) -> Iterator[tree.Part]:
        """Yield the parts of `"..."`; the grammar leaves out white space between some of them, so it's put back."""
        at, end = node.start_byte, node.end_byte
        if self._text[at : at + 1] == "$":
            at += 1
        at += 1
        if self._text[end - 1 : end] == '"' and end > at:
            end -= 1
        yield tree.Text("", True)
        yield from self.expansions(node, at, end)

    def expansions(self, node: Node, at: int, end: int) -> Iterator[tree.Part]:
        """Yield the text from byte `at` to `end` as double quotes would have it, with the expansions in `node`."""
        if is_easy(self._text, at, end):
            yield from variables(self._text, at, end, self._at)
            return
        for child in _inner(node):
            if child.type in _EXPANSIONS:
                if child.start_byte > at:
                    text = self._text[at : child.start_byte]
                    yield from escaped(text, self._at[at])
                for part in self._parts(child):
                    yield _as_quoted(part)
                at = child.end_byte
        if end > at:
            yield from escaped(self._text[at:end], self._at[at])

    def _expansion(self, node: Node, quoted: bool) -> tree.Part:
        match = _EXPANSION.fullmatch(self.text(node))
        if match is None:
            return tree.Opaque(self.text(node), quoted)
        bang, name, index, operator, operand = match.groups(default="")
        if bang:
            return tree.Opaque(self.text(node), quoted) if bang == "#" else tree.Variable(name, quoted, "!")
        word = None
        if operator:
            word = self._operand(node, operand, node.end_byte - 1 - len(operand))
        return tree.Variable(name, quoted, operator, word, index[1:-1])

    def _operand(self, node: Node, operand: str, start: int) -> tree.Word:
        """Return what follows the operator in `${X:-a b}`: literal text with the expansions in it."""
        inner = operand
        end = node.end_byte - 1
        if len(inner) > 1 and inner[0] == inner[-1] and inner[0] in "'\"":
            start, end = start + 1, end - 1
            if inner[0] == "'":
                return tree.Word((tree.Text(inner[1:-1], True, self._at[start]),), self._at[start], self._at[end])
        parts = tuple(self.expansions(node, start, end))
        return tree.Word(parts, self._at[start], self._at[end])

    # Assignments, tests, redirections

    def assignment(self, node: Node) -> tree.Assignment:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        start, end = self._at[node.start_byte], self._at[node.end_byte]
        text, index = self.text(name) if name is not None else "", ""
        if name is not None and name.type == "subscript":
            text, _, index = text.partition("[")
            index = index.removesuffix("]")
        is_append = any(child.type == "+=" for child in node.children)
        if value is not None and value.type == "array":
            _, items = self.parted([self.word(child) for child in value.named_children if child.type != "comment"])
            return tree.Assignment(text, None, start, end, items, index, is_append)
        word = self.word(value) if value is not None else None
        return tree.Assignment(text, word, start, end, None, index, is_append)

    def test(self, node: Node) -> tuple[tree.Word, ...]:
        """Return `[ ... ]` or `[[ ... ]]` as the words of a command."""
        return self.parted([self.word(leaf) for leaf in _test_leaves(node)])[1]

    def redirects(self, node: Node) -> Iterator[tree.Redirect]:
        start = self._at[node.start_byte]
        operator, descriptor = "", ""
        for child in node.children:
            if child.type == "file_descriptor":
                descriptor = self.text(child)
            elif not child.is_named and not operator:
                operator = child.type
            elif child.is_named:
                yield self._redirect(operator, child, start, descriptor)
                return

    def _redirect(self, operator: str, target: Node, start: int, descriptor: str) -> tree.Redirect:
        heredoc = self._heredoc(start + len(descriptor)) if operator == "<" else None
        if heredoc is not None:
            return tree.Redirect("<<", heredoc[0], start, heredoc[1], descriptor)
        return tree.Redirect(operator, self.word(target), start, self._at[target.end_byte], descriptor)

    def strays(self, node: Node) -> Iterator[tree.Word]:
        """Yield the words behind a redirection's target: the grammar counts them to it, the shell to the command."""
        targets = [child for child in node.named_children if child.type != "file_descriptor"]
        for child in targets[1:]:
            yield self.word(child)


def _inner(node: Node) -> Iterator[Node]:
    """Yield the expansions below a string or an operand, not those inside of other expansions."""
    for child in node.children:
        if child.type not in _EXPANSIONS and child.child_count:
            yield from _inner(child)
        else:
            yield child


def _as_quoted(part: tree.Part) -> tree.Part:
    if isinstance(part, tree.Variable):
        return tree.Variable(part.name, True, part.operator, part.operand, part.index)
    if isinstance(part, tree.Substitution):
        return tree.Substitution(part.body, True, part.is_process)
    if isinstance(part, tree.Opaque):
        return tree.Opaque(part.text, True)
    return part


def _test_leaves(node: Node) -> Iterator[Node]:
    """Yield operands and operators of a test in the order in which they stand."""
    for child in node.children:
        if child.type in ("unary_expression", "binary_expression", "parenthesized_expression", "negated_expression"):
            yield from _test_leaves(child)
        elif child.start_byte < child.end_byte:
            yield child
