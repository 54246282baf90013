"""csh scripts to a tree of commands, by a reader of our own: no grammar of it has wheels.

csh reads line by line, and its keywords stand where commands do: https://man.archlinux.org/man/tcsh.1.
"""

from __future__ import annotations

import re

from venvlint.shells import tree
from venvlint.shells.csh_commands import Commands, command
from venvlint.shells.reader import DEEPEST

_ENDS = frozenset({"breaksw", "case", "default", "else", "end", "endif", "endsw"})


def parse(text: str) -> tuple[tree.Node, tuple[tree.Unparsed, ...]]:
    """Return the tree of a script and the stretches of it that can't be made sense of."""
    reader = _Reader(text, 0, len(text), 0)
    node = reader.whole()
    if reader.has_jumps:  # any line may be where the script goes on
        return tree.Sequence((), 0, 0), (tree.Unparsed(0, 0),)
    return node, tuple(reader.unparsed)


class _Reader(Commands):
    """Reads a stretch of a script."""

    def whole(self) -> tree.Node:
        items: list[tree.Node] = []
        while self.at < self.stop:
            items += self._list()
            if self.at < self.stop:  # a keyword that belongs to nothing
                self.at += max(len(self._peek()), 1)
        return tree.Sequence(tuple(items), self.start, self.stop)

    def _separators(self) -> None:
        while (at := self.words.blank(self.at, self.stop)) < self.stop and self.text[at] in "\n;&|)":
            self.at = self.words.skips.get(at, at + 1)
        self.at = at

    # Lists

    def _list(self) -> list[tree.Node]:
        """Return commands up to a keyword that ends a block or a part of one."""
        items: list[tree.Node] = []
        while True:
            self._separators()
            if self.at >= self.stop or self._peek() in _ENDS:
                return items
            start = self.at
            node = self._either()
            if self.words.broken is not None:
                self._give_up(start)
                return items
            if self._take("&"):
                node = tree.Scope(node, True, start, self.at, "background job")
            items.append(node)
            self.at += self.at <= start

    def _either(self) -> tree.Node:
        """`a || b`, which binds weaker than `a && b`."""
        start, first = self.at, self._both()
        rest = []
        while self._take("||"):
            rest.append(self._both())
        return tree.AndOr(first, tuple(("||", each) for each in rest), start, self.at) if rest else first

    def _both(self) -> tree.Node:
        start, first = self.at, self._pipeline()
        rest = []
        while self._take("&&"):
            rest.append(self._pipeline())
        return tree.AndOr(first, tuple(("&&", each) for each in rest), start, self.at) if rest else first

    def _pipeline(self) -> tree.Node:
        self.at = start = self.words.blank(self.at, self.stop)
        parts = [self._statement()]
        while not self.text.startswith("||", self.at) and self._take("|"):
            self._take("&")
            parts.append(self._statement())
            self.at = self.words.blank(self.at, self.stop)
        return parts[0] if len(parts) == 1 else tree.Pipeline(tuple(parts), start, self.at)

    # Statements

    def _statement(self) -> tree.Node:
        keyword, start = self._peek(), self.at
        if self._depth >= DEEPEST:
            return self._give_up(start)
        self._depth += 1
        node = self._block(keyword, start)
        self._depth -= 1
        self.at = self.words.blank(self.at, self.stop)
        return node

    def _block(self, keyword: str, start: int) -> tree.Node:
        if self._take("("):
            close = self._closing(self.at - 1)
            body = self._nested(self.at, close)
            self.at = min(close + 1, self.stop)
            return self._redirected(tree.Scope(body, True, start, self.at))
        if keyword in ("if", "while"):
            self.at += len(keyword)
            condition = self._condition()
            if keyword == "if":
                return self._if(condition, start)
            return tree.While(condition, self._until("end"), False, start, self.at)
        if keyword == "foreach":
            self.at += len(keyword)
            name = self._peek()
            self.at += len(name)
            values = self._values()
            return tree.For(name, values, self._until("end"), start, self.at)
        if keyword == "switch":
            self.at += len(keyword)
            return self._switch(self._values(), start)
        if keyword == "set":
            self.at += len(keyword)
            return self._set(start)
        self.has_jumps |= keyword == "goto"
        return self._command()

    def _until(self, *ends: str) -> tree.Node:
        """Return commands up to a keyword, which is read over if it's the one that ends the block."""
        start = self.at
        items = self._list()
        while self.at < self.stop and self._peek() not in (*ends, "else", "case", "default", "endsw"):
            if self._peek() == "breaksw":  # out of the switch from the midst of it
                items.append(command(self.at, ":lose"))
            self.at += max(len(self._peek()), 1)
            items += self._list()
        stop = self.at
        if self._peek() in ends:
            self.at += len(self._peek())
        return tree.Sequence(tuple(items), start, stop)

    def _if(self, condition: tree.Node, start: int) -> tree.Node:
        if self._peek() != "then":
            body = self._statement()
            return tree.If(((condition, body),), None, start, self.at)
        self.at += 4
        arms = [(condition, self._until("endif"))]
        otherwise: tree.Node | None = None
        while self._peek() == "else":
            self.at += 4
            if self._peek() == "if":
                self.at += 2
                condition = self._condition()
                if self._peek() == "then":
                    self.at += 4
                arms.append((condition, self._until("endif")))
            else:
                otherwise = self._until("endif")
        return tree.If(tuple(arms), otherwise, start, self.at)

    def _switch(self, subject: tuple[tree.Word, ...], start: int) -> tree.Node:
        arms: list[tree.CaseArm] = []
        self._list()
        while (keyword := self._peek()) in ("case", "default", "breaksw"):
            self.at += len(keyword)
            patterns: tuple[tree.Word, ...] = ()
            if keyword == "case":
                self.at = self.words.blank(self.at, self.stop)
                line = re.compile(r"[^:\n]*").match(self.text, self.at, self.stop)
                end = line.end() if line is not None else self.at
                patterns, self.at = (self.words.word(self.at, end),), end
            elif keyword == "default":
                patterns = (tree.literal("*", self.at),)
            self._take(":")
            begin = self.at
            body = tree.Sequence(tuple(self._list()), begin, self.at)
            if patterns:
                arms.append(tree.CaseArm(patterns, body, ";;" if self._peek() == "breaksw" else ";&"))
        self.at += 5 if self._peek() == "endsw" else 0
        return tree.Case(subject[0] if subject else tree.literal("", start), tuple(arms), start, self.at)
