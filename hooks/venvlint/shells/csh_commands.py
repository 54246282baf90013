"""Commands and conditions of csh: what is read the same wherever it stands."""

from __future__ import annotations

import re

from venvlint.shells import tree
from venvlint.shells.csh_words import Words
from venvlint.shells.reader import Reader

_DEEPEST = 60  # operators of one condition
_NAME = re.compile(r"[A-Za-z_]\w*|@")
_GUARD = re.compile(r"\$(?:\?(\w+)|\{\?(\w+)\})(?:\s*(==|!=)\s*([01]))?")
_FIELD = re.compile(r"(?P<name>\w+)(?P<index>\[[^\]]*\])?[ \t]*(?:(?P<sign>=)[ \t]*)?")


class Commands(Reader):
    """Reads single commands, and the expressions of conditions."""

    def __init__(self, text: str, start: int, stop: int, depth: int) -> None:
        super().__init__(text, start, stop, depth)
        self.words = Words(text, self._nested)
        self.has_jumps = False

    def _peek(self) -> str:
        """Return the name that comes next, nothing where it is none."""
        self.at = self.words.blank(self.at, self.stop)
        found = _NAME.match(self.text, self.at, self.stop)
        if found is None or not (found.end() >= self.stop or self.text[found.end()] in " \t\r\n;&|<>(:\\"):
            return ""
        return found[0]

    def _take(self, sign: str) -> bool:
        self.at = self.words.blank(self.at, self.stop)
        if self.at + len(sign) > self.stop or not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def _closing(self, at: int) -> int:
        """Return the offset of the parenthesis that closes the one at `at`."""
        depth = 0
        while at < self.stop:
            if self.text[at] in "'\"`":
                at = max(self.words.word(at, self.stop).end - 1, at)
            elif self.text[at] == "\\":
                at += 1
            elif self.text[at] in "()":
                depth += 1 if self.text[at] == "(" else -1
                if depth == 0:
                    return at
            at += 1
        return self.stop

    # Conditions

    def _condition(self) -> tree.Node:
        if not self._take("("):
            return tree.Unparsed(self.at, self.at)
        start, close = self.at, self._closing(self.at - 1)
        self.at = min(close + 1, self.stop)
        return self._expression(start, close)

    def _expression(self, start: int, stop: int, depth: int = 0) -> tree.Node:
        """Return what an expression asks as a command: what isn't understood may be true or false."""
        if depth > _DEEPEST:
            return tree.Unparsed(start, stop)
        while start < stop and self.text[start] in " \t":
            start += 1
        while start < stop and self.text[stop - 1] in " \t":
            stop -= 1
        outer, self.stop = self.stop, stop
        is_grouped = self.text.startswith("(", start) and self._closing(start) == stop - 1
        self.stop = outer
        if is_grouped:
            return self._expression(start + 1, stop - 1, depth + 1)
        text = self.text[start:stop]
        if not re.search(r"[(){}'\"`]", text):
            for sign in ("||", "&&"):
                left, found, _ = text.partition(sign)
                if found:
                    middle = start + len(left)
                    one, two = self._expression(start, middle, depth + 1), self._expression(middle + 2, stop, depth + 1)
                    return tree.AndOr(one, (("||" if sign == "||" else "&&", two),), start, stop)
        if text.startswith("!") and not re.search(r"&&|\|\|", text):
            return tree.Not(self._expression(start + 1, stop, depth + 1), start, stop)
        if guard := _GUARD.fullmatch(text):
            node = command(start, "[", "-v", guard[1] or guard[2], "]")
            return tree.Not(node, start, stop) if (guard[3], guard[4]) in (("==", "0"), ("!=", "1")) else node
        if text.startswith("{") and text.endswith("}"):
            return tree.Scope(self._nested(start + 1, stop - 1), True, start, stop)
        if text.isdigit():
            return command(start, "false" if int(text) == 0 else "true")
        return self._asked(start, stop)

    def _asked(self, start: int, stop: int) -> tree.Node:
        words = tuple(self._words(start, stop))
        texts = [self.text[word.start : word.end] for word in words]
        is_test = (len(words) == 3 and texts[1] in ("==", "!=")) or (len(words) == 2 and texts[0] in ("-d", "-e", "-f"))
        opening = tree.literal("[" if is_test else ":condition", start)
        closing = (tree.literal("]", stop),) if is_test else ()
        return tree.Command((opening, *words, *closing), start, stop)

    # Commands

    def _words(self, at: int, stop: int) -> list[tree.Word]:
        found: list[tree.Word] = []
        while (at := self.words.blank(at, stop)) < stop:
            word = self.words.word(at, stop)
            if word.end > at:
                found.append(word)
            at = max(word.end, at + 1)
        return found

    def _values(self) -> tuple[tree.Word, ...]:
        """Return the words in parentheses."""
        if not self._take("("):
            return ()
        close = self._closing(self.at - 1)
        found = self._words(self.at, close)
        self.at = min(close + 1, self.stop)
        return tuple(found)

    def _set(self, start: int) -> tree.Node:
        """`set name = word`, `set name = (words)`, and several of them."""
        items: list[tree.Node] = []
        while True:
            self.at = self.words.blank(self.at, self.stop)
            found = _FIELD.match(self.text, self.at, self.stop)
            if found is None:
                break
            self.at = found.end()
            name = tree.literal(found["name"] + (found["index"] or ""), start)
            values: tuple[tree.Word, ...] = ()
            kind = ":set"
            if found["sign"] and self.text.startswith("(", self.at):
                kind, values = ":list", self._values()
            elif found["sign"]:
                values = (self.words.word(self.at, self.stop),)
                self.at = values[0].end
            items.append(tree.Command((tree.literal(kind, start), name, *values), start, self.at))
        rest = self._command()  # options, redirections
        return tree.Sequence(tuple(items), start, self.at) if items else rest

    def _command(self) -> tree.Node:
        self.at = start = self.words.blank(self.at, self.stop)
        words: list[tree.Word] = []
        redirects: list[tree.Redirect] = []
        while (at := self.words.blank(self.at, self.stop)) < self.stop and self.text[at] not in "\n;&|)":
            redirect = self.words.redirect(at, self.stop)
            if redirect is not None:
                redirects.append(redirect[0])
                self.at = redirect[1]
                continue
            if self.text[at] == "(":  # `exit (1)`, `@ x = (1 + 2)`
                self.at = at
                words += self._values()
                continue
            word = self.words.word(at, self.stop)
            words.append(word)
            self.at = max(word.end, at + 1)
        end = max((word.end for word in words), default=start)
        return tree.Command(tuple(words), start, end, (), tuple(redirects))

    def _redirected(self, node: tree.Node) -> tree.Node:
        found: list[tree.Redirect] = []
        while (redirect := self.words.redirect(self.words.blank(self.at, self.stop), self.stop)) is not None:
            found.append(redirect[0])
            self.at = redirect[1]
        return tree.Redirected(node, tuple(found), node.start, self.at) if found else node


def command(start: int, *texts: str) -> tree.Command:
    return tree.Command(tuple(tree.literal(text, start) for text in texts), start, start)
