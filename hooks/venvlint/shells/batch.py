"""Batch files to a tree of commands, by a reader of our own.

tree-sitter-batch leaves out the `not` and `exist` of an `if`, doesn't part a word's text from the variables in it, and
reads some plain scripts as one stretch of errors; what is left doesn't tell which environment is active. cmd reads a
file line by line, and so does this.
"""

from __future__ import annotations

import re
from typing import Literal

from venvlint.shells import batch_control, tree
from venvlint.shells.batch_words import Words

_DEEPEST = 60
_LABEL = re.compile(r"[ \t,;=@]*:[ \t]*([^\s:+,;=&|<>()][^\s:+,;=&|<>]*)?")
_KEYWORD = re.compile(r"(?i)(if|for|rem)(?=[\s(,;=/\"]|$)")
# Commands of cmd's own whose name may touch what follows: `cd..`, `echo.`, `exit/b`, `call:label`.
_TOUCHING = re.compile(
    r"(?i)(call|cd|chdir|del|echo|erase|exit|goto|md|mkdir|path|popd|pushd|rd|rmdir|set)(?=[.\\/:+\[\](,;=\"]|\s|$)(?!\.\w)"
)
_IDLE = re.compile(r"(?i)[\s@()]*(?:(?:echo|pause|exit|endlocal|goto|rem|cls|title|color|popd|cd|cmd\s+/k)\b.*|::.*|)")
_MAY_END = re.compile(r"(?i)activate|\.bat|\.cmd|%|!")
_SEPARATORS = " \t,;=@"


def parse(text: str) -> tuple[tree.Node, tuple[tree.Unparsed, ...]]:
    """Return the tree of a batch file, parted at its labels, and the stretches that can't be made sense of."""
    reader = Reader(text)
    return reader.program(), tuple(reader.unparsed)


class Reader:
    """Reads one file from its first character to its last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.stop = len(text)
        self.words = Words(text)
        self.unparsed: list[tree.Unparsed] = []
        self.blocks = 0  # parentheses that are open
        self._depth = 0

    def program(self) -> tree.Node:
        parts: list[tuple[str, tree.Node]] = []
        label, items, start = "", list[tree.Node](), 0
        while self.at < self.stop:
            line = self.at
            found = _LABEL.match(self.text, self.at)
            if found is not None:
                if found[1] and not self.text.startswith(
                    "::", found.start(0) + len(found[0]) - len(found[0].lstrip(" \t,;=@"))
                ):
                    parts.append((label, tree.Sequence(tuple(items), start, self.at)))
                    label, items, start = found[1].lower(), [], self.at
                self.skip_line()
                continue
            items += self.line()
            if self.at <= line:
                self.skip_line()
            elif _MAY_END.search(self.text, line, self.at) and not self._is_idle_from(self.at):
                items.append(tree.Command((tree.literal(":end-of-line", self.at),), self.at, self.at))
        parts.append((label, tree.Sequence(tuple(items), start, self.stop)))
        return tree.Labelled(tuple(parts), 0, self.stop)

    def _is_idle_from(self, at: int) -> bool:
        """Tell whether no line from `at` on does anything."""
        return all(_IDLE.fullmatch(line) for line in self.text[at : at + 20_000].splitlines())

    def skip_line(self) -> None:
        end = self.text.find("\n", self.at, self.stop)
        self.at = self.stop if end < 0 else end + 1

    @property
    def ends(self) -> str:
        return "&|)" if self.blocks else "&|"

    def peek(self) -> str:
        return self.text[self.at] if self.at < self.stop else ""

    # Lists

    def line(self) -> list[tree.Node]:
        """Return the commands of a line, which `&` parts; read up to behind its end."""
        items: list[tree.Node] = []
        while self.at < self.stop:
            self.at = self.words.blank(self.at, self.stop, ",;=")
            if self.peek() in ("\r", "\n"):
                self.skip_line()
                break
            if self.peek() == ")" and self.blocks:
                break
            before = self.at
            node = self.alternative()
            if node is not None:
                items.append(node)
            if self.peek() == "&" or self.at == before:
                self.at += 1
        return items

    def alternative(self) -> tree.Node | None:
        return self._chain("||")

    def _chain(self, operator: Literal["&&", "||"]) -> tree.Node | None:
        """Return commands joined by `||`, or by `&&`, which binds tighter."""
        start = self.at
        first = self._chain("&&") if operator == "||" else self._pipeline()
        rest: list[tuple[Literal["&&", "||"], tree.Node]] = []
        while self.text.startswith(operator, self.at):
            self.at = self.words.blank(self.at + 2, self.stop)
            right = self._chain("&&") if operator == "||" else self._pipeline()
            if right is not None:
                rest.append((operator, right))
        if first is None or not rest:
            return first
        return tree.AndOr(first, tuple(rest), start, self.at)

    def _pipeline(self) -> tree.Node | None:
        start = self.at
        parts = [self._command()]
        while self.peek() == "|" and not self.text.startswith("||", self.at):
            self.at += 1
            parts.append(self._command())
        found = tuple(part for part in parts if part is not None)
        if len(found) > 1:
            return tree.Pipeline(found, start, self.at)
        return found[0] if found else None

    # Commands

    def _command(self) -> tree.Node | None:
        self.at = self.words.blank(self.at, self.stop, _SEPARATORS.strip())
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                self.unparsed.append(tree.Unparsed(self.at, self.at))
                self.skip_line()
                return None
            if self.peek() == "(":
                return self.block()
            if self.peek() == ":":  # inside of parentheses: a label, which people use as a comment
                end = self.text.find("\n", self.at, self.stop)
                self.at = self.stop if end < 0 else end
                return None
            keyword = _KEYWORD.match(self.text, self.at, self.stop)
            if keyword is None:
                return self._simple()
            if keyword[1].lower() == "rem":
                end = self.text.find("\n", self.at, self.stop)
                self.at = self.stop if end < 0 else end
                return None
            start, self.at = self.at, keyword.end()
            return (batch_control.condition if keyword[1].lower() == "if" else batch_control.loop)(self, start)
        finally:
            self._depth -= 1

    def block(self) -> tree.Node:
        start = self.at
        self.at += 1
        self.blocks += 1
        items: list[tree.Node] = []
        while self.at < self.stop and self.peek() != ")":
            before = self.at
            items += self.line()
            if self.at == before:
                self.at += 1
        self.at = min(self.at + 1, self.stop)
        self.blocks -= 1
        body = tree.Sequence(tuple(items), start, self.at)
        redirects = tuple(item for item in self._rest() if isinstance(item, tree.Redirect))
        return tree.Redirected(body, redirects, start, self.at) if redirects else body

    def _rest(self) -> list[tree.Word | tree.Redirect]:
        """Return redirections behind parentheses."""
        items: list[tree.Word | tree.Redirect] = []
        while True:
            at = self.words.blank(self.at, self.stop)
            found = self.words.redirect(at, self.stop, self.ends)
            if found is None:
                return items
            items += [found[0]] if found[0] is not None else []
            self.at = found[1]

    def _simple(self) -> tree.Node | None:
        start, ends = self.at, self.ends
        items: list[tree.Word | tree.Redirect] = []
        name = _TOUCHING.match(self.text, self.at, self.stop)
        if name is not None:
            items.append(tree.Word((tree.Text(name[1], False, start),), start, name.end()))
            self.at = name.end()
            if name[1].lower() in ("set", "path"):
                self.at = self.words.blank(self.at, self.stop)
                items += self._raw(ends)
        if name is None or name[1].lower() not in ("set", "path"):
            for item in self.words.arguments(self.at, self.stop, ends):
                items.append(item)
            self.at = self._behind(items, ends)
        if not items:
            return None
        words = tuple(item for item in items if isinstance(item, tree.Word))
        redirects = tuple(item for item in items if isinstance(item, tree.Redirect))
        end = max(word.end for word in words) if words else self.at
        return tree.Command(words, start, end, (), redirects)

    def _raw(self, ends: str) -> list[tree.Word | tree.Redirect]:
        word = self.words.raw(self.at, self.stop, ends + "<>")
        self.at = word.end
        return [word, *self._rest()]

    def _behind(self, items: list[tree.Word | tree.Redirect], ends: str) -> int:
        """Return the offset behind a command: at what ends it."""
        at = max([self.at, *(item.end for item in items)])
        while at < self.stop and self.text[at] not in ends + "\r\n":
            if self.text[at] == "^" and (newline := re.compile(r"\^\r?\n").match(self.text, at)):
                at = newline.end()
            else:
                at += 1
        return at
