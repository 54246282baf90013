"""fish scripts to a tree of commands, by a reader of our own: the grammar for fish has no wheels.

fish's syntax has few rules, and no exceptions to them: https://fishshell.com/docs/current/language.html.
"""

from __future__ import annotations

import re
from typing import Literal

from venvlint.shells import tree
from venvlint.shells.fish_words import Words
from venvlint.shells.reader import DEEPEST, Reader

_BLOCKS = frozenset({"begin", "for", "function", "if", "switch", "while"})
_ENDS = frozenset({"case", "else", "end"})
_CONJUNCTIONS: dict[str, Literal["&&", "||"]] = {"and": "&&", "or": "||", "&&": "&&", "||": "||"}
_PIPE = re.compile(r"[ \t]*(?:\d>|&)?\|(?!\|)")
_NAME = re.compile(r"[^\s;&|<>()\"'$\\#{}]+")


def parse(text: str) -> tuple[tree.Node, tuple[tree.Unparsed, ...]]:
    """Return the tree of a script and the stretches of it that can't be made sense of."""
    reader = _Reader(text, 0, len(text), 0)
    return reader.whole(), tuple(reader.unparsed)


class _Reader(Reader):
    """Reads a stretch of a script."""

    def __init__(self, text: str, start: int, stop: int, depth: int) -> None:
        super().__init__(text, start, stop, depth)
        self.words = Words(text, self._nested)

    def whole(self) -> tree.Node:
        items: list[tree.Node] = []
        while self.at < self.stop:
            items += self._list()
            if self.at < self.stop:  # an `end` without a beginning
                self._keyword()
        return tree.Sequence(tuple(items), self.start, self.stop)

    def _peek(self) -> str:
        """Return the keyword that comes next, nothing where it is none."""
        self.at = self.words.blank(self.at, self.stop)
        found = _NAME.match(self.text, self.at, self.stop)
        return found[0] if found is not None else self.text[self.at : self.at + 2] if self.at < self.stop else ""

    def _keyword(self) -> None:
        self.at += max(len(self._peek()), 1)

    def _skip_separators(self) -> None:
        while (at := self.words.blank(self.at, self.stop, "\r\n;")) > self.at or self._is_stray():
            self.at = max(at, self.at + (at == self.at))

    def _is_stray(self) -> bool:
        signs = self.text[self.at : min(self.at + 2, self.stop)]
        return signs[:1] in ("&", "|", ")") and signs not in ("&&", "||")

    # Lists

    def _list(self) -> list[tree.Node]:
        """Return commands up to `end`, `else`, or `case`, each with the `and` and `or` that follow it."""
        items: list[tree.Node] = []
        while True:
            self._skip_separators()
            if self.at >= self.stop or self._peek() in _ENDS:
                return items
            before = self.at
            node = self._conjunction()
            if node is not None:
                items.append(node)
            if self.at <= before:
                self.at += 1

    def _conjunction(self) -> tree.Node | None:
        """Return a job and the ones that hang on it: `a && b`, `a; and b; or c`."""
        start = self.at
        first = self._job()
        rest: list[tuple[Literal["&&", "||"], tree.Node]] = []
        while True:
            behind = self.at
            self._skip_separators()
            operator = _CONJUNCTIONS.get(self._peek()) if self.at < self.stop else None
            if operator is None:
                self.at = behind
                break
            self._keyword()
            right = self._job()
            if right is not None:
                rest.append((operator, right))
        if first is None or not rest:
            return first if first is not None else (rest[0][1] if rest else None)
        return tree.AndOr(first, tuple(rest), start, self.at)

    def _job(self) -> tree.Node | None:
        """Return a pipeline. fish runs its own commands of one in the same shell."""
        self.at = self.words.blank(self.at, self.stop, "\r\n")
        start = self.at
        if self._peek() in ("not", "!"):
            self._keyword()
            inner = self._job()
            return tree.Not(inner, start, self.at) if inner is not None else None
        parts = [self._statement()]
        while pipe := _PIPE.match(self.text, self.at, self.stop):
            self.at = self.words.blank(pipe.end(), self.stop, "\r\n")
            parts.append(self._statement())
        found = tuple(part for part in parts if part is not None)
        if not found:
            return None
        node = found[0] if len(found) == 1 else tree.Sequence(found, start, self.at)
        self.at = self.words.blank(self.at, self.stop)
        if self.text[self.at : self.at + 1] == "&" and self.text[self.at : self.at + 2] != "&&":
            self.at += 1
            return tree.Scope(node, True, start, self.at, "background job")
        return node

    # Statements

    def _statement(self) -> tree.Node | None:
        keyword = self._peek()
        if keyword not in _BLOCKS or not self._is_word_end(self.at + len(keyword)):
            return self._command()
        start = self.at
        if self._depth >= DEEPEST:
            return self._give_up(start)
        self._depth += 1
        self._keyword()
        node = self._block(keyword, start)
        self._depth -= 1
        return self._redirected(node)

    def _is_word_end(self, at: int) -> bool:
        return at >= self.stop or self.text[at] in " \t\r\n;&|<>)"

    def _block(self, keyword: str, start: int) -> tree.Node:
        if keyword == "if":
            return self._if(start)
        if keyword == "switch":
            return self._switch(start)
        if keyword == "while":
            condition = self._condition()
            body = self._body()
            return tree.While(condition, body, False, start, self.at)
        if keyword == "for":
            return self._for(start)
        if keyword == "function":
            return self._function(start)
        body = self._body()
        begin = tree.Command((tree.literal(":begin", start),), start, start)
        end = tree.Command((tree.literal(":end", self.at),), self.at, self.at)
        return tree.Sequence((begin, body, end), start, self.at)

    def _body(self) -> tree.Node:
        """Return commands up to the `end` of the block, which is read over."""
        start = self.at
        items: list[tree.Node] = []
        while True:
            items += self._list()
            if self.at >= self.stop or self._peek() == "end":
                break
            self._keyword()  # `else` or `case` that belongs to nothing
        stop = self.at
        self._end()
        return tree.Sequence(tuple(items), start, stop)

    def _end(self) -> None:
        if self._peek() == "end":
            self.at += 3

    def _condition(self) -> tree.Node:
        start = self.at
        node = self._conjunction()
        return node if node is not None else tree.Unparsed(start, start)

    def _part(self) -> tree.Node:
        start = self.at
        return tree.Sequence(tuple(self._list()), start, self.at)

    def _if(self, start: int) -> tree.Node:
        arms = [(self._condition(), self._part())]
        otherwise: tree.Node | None = None
        while self._peek() == "else":
            self._keyword()
            if self._peek() == "if":
                self._keyword()
                arms.append((self._condition(), self._part()))
            else:
                otherwise = self._part()
        self._end()
        return tree.If(tuple(arms), otherwise, start, self.at)

    def _switch(self, start: int) -> tree.Node:
        words = self._words()
        self._skip_separators()
        arms: list[tree.CaseArm] = []
        while self._peek() == "case":
            self._keyword()
            patterns = tuple(self._words())
            arms.append(tree.CaseArm(patterns, self._part(), ";;"))
        self._end()
        subject = words[0] if words else tree.literal("", start)
        return tree.Case(subject, tuple(arms), start, self.at)

    def _for(self, start: int) -> tree.Node:
        words = self._words()
        name = tree.text_of(words[0]) if words else ""
        body = self._body()
        return tree.For(name, tuple(words[2:]), body, start, self.at)

    def _function(self, start: int) -> tree.Node:
        words = self._words()
        texts = [tree.text_of(word) for word in words]
        name = texts[0] if texts else ""
        body = self._body()
        names: list[str] = []
        for index, text in enumerate(texts):
            if text in ("-a", "--argument-names"):
                for each in texts[index + 1 :]:
                    if each.startswith("-"):
                        break
                    names.append(each)
        arguments = tree.Command(tuple(tree.literal(each, start) for each in (":arguments", *names)), start, start)
        return tree.Function(name, tree.Sequence((arguments, body), start, self.at), start, self.at)

    # Commands

    def _words(self) -> list[tree.Word]:
        items = [item for item in self.words.arguments(self.at, self.stop) if isinstance(item, tree.Word)]
        self.at = max(self.words.end, self.at)
        return items

    def _command(self) -> tree.Node | None:
        self.at = start = self.words.blank(self.at, self.stop)
        items = list(self.words.arguments(self.at, self.stop))
        self.at = max(self.words.end, self.at)
        words = [item for item in items if isinstance(item, tree.Word)]
        redirects = tuple(item for item in items if isinstance(item, tree.Redirect))
        assignments: list[tree.Assignment] = []
        while len(words) > 1 and (found := self.words.assignment(words[0])) is not None:
            assignments.append(found)
            words.pop(0)
        if not words:
            return None
        if tree.text_of(words[0]) == "time" and len(words) > 1 and tree.text_of(words[1])[:1] != "-":
            words.pop(0)
        end = max(word.end for word in words)
        return tree.Command(tuple(words), start, end, tuple(assignments), redirects)

    def _redirected(self, node: tree.Node) -> tree.Node:
        found = tuple(item for item in self.words.arguments(self.at, self.stop) if isinstance(item, tree.Redirect))
        self.at = max(self.words.end, self.at)
        return tree.Redirected(node, found, node.start, self.at) if found else node
