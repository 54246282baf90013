"""Words of fish: quotes, variables, which are lists, and substitutions in parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator

from venvlint.shells import tree
from venvlint.shells.reader import quoted

_VARIABLE = re.compile(r"\$(\w+)((?:\[[^\]]*\])?)")
_REDIRECT = re.compile(
    r"(?P<descriptor>\d|&)?(?P<operator>>>|>\?|>|<)(?P<merged>&\s*[\d-])?[ \t]*|\^{1,2}(?=[ \t]*[/\w])[ \t]*"
)
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=")
_ENDS = " \t\r\n;&|<>"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
Nested = Callable[[int, int], tree.Node]


class Words:
    """Reads words from a script's text. `nested` parses the commands in a range."""

    def __init__(self, text: str, nested: Nested) -> None:
        self.text = text
        self._nested = nested
        self.end = 0  # where the last words that were read end

    def blank(self, at: int, stop: int, more: str = "") -> int:
        """Return the offset behind blanks, continued lines, and a comment."""
        text = self.text
        while at < stop:
            if text[at] in " \t" + more:
                at += 1
            elif text[at] == "\\" and text[at + 1 : at + 2] in ("\n", "\r"):
                at += 2 + text.startswith("\r\n", at + 1)
            elif text[at] == "#" and (at == 0 or text[at - 1] in " \t\r\n;&|("):
                end = text.find("\n", at, stop)
                at = stop if end < 0 else end
            else:
                break
        return min(at, stop)

    def arguments(self, at: int, stop: int) -> Iterator[tree.Word | tree.Redirect]:
        """Yield words and redirections up to what ends a command; `end` is then behind the last one."""
        self.end = at
        while (at := self.blank(at, stop)) < stop:
            redirect = _REDIRECT.match(self.text, at, stop)
            if redirect is not None:
                at = yield from self._redirect(redirect, stop)
            elif self.text[at] in "\r\n;&|)":
                return
            else:
                word = self.word(at, stop)
                at = max(word.end, at + 1)
                yield word
            self.end = at

    def _redirect(self, found: re.Match[str], stop: int) -> Generator[tree.Redirect, None, int]:
        if found["merged"]:
            return found.end()
        target = self.word(found.end(), stop)
        descriptor = found["descriptor"] or ""
        yield tree.Redirect(found["operator"] or "2>", target, found.start(), target.end, descriptor.strip("&"))
        return max(target.end, found.end())

    def word(self, at: int, stop: int) -> tree.Word:
        text, start = self.text, at
        parts: list[tree.Part] = []
        while at < stop and text[at] not in _ENDS:
            character = text[at]
            if character == ")":
                break
            if character in "'\"":
                end = _quote_end(text, at, stop)
                parts.append(tree.Text("", True))
                parts.extend(self._quoted(at + 1, end, character))
                at = min(end + 1, stop)
            elif character == "(" or text.startswith("$(", at):
                opening = at + (character == "$")
                close = closing(text, opening, stop)
                parts.append(tree.Substitution(self._nested(opening + 1, close), True))
                at = min(close + 1, stop)
                at = self._index(at, stop)
            elif character == "$" and (found := _VARIABLE.match(text, at, stop)):
                parts.append(_variable(found, is_list=True))
                at = found.end()
            elif character == "\\" and at + 1 < stop:
                parts.append(tree.Text(_ESCAPES.get(text[at + 1], text[at + 1]), True, at + 1))
                at += 2
            else:
                end = at + 1
                while end < stop and text[end] not in _ENDS + "'\"$\\()":
                    end += 1
                parts.append(tree.Text(text[at:end], False, at))
                at = end
        return tree.Word(tuple(parts), start, at)

    def _index(self, at: int, stop: int) -> int:
        found = re.compile(r"\[[^\]\s]*\]").match(self.text, at, stop)
        return found.end() if found is not None else at

    def _quoted(self, at: int, end: int, quote: str) -> Iterator[tree.Part]:
        text = self.text
        escapable = "\\'" if quote == "'" else '\\"$\n'

        def part(at: int) -> tuple[tree.Part, int] | None:
            if text[at] == "\\" and text[at + 1 : at + 2] in escapable and at + 1 < end:
                return tree.Text(text[at + 1].replace("\n", ""), True, at + 1), at + 2
            if quote == "'":
                return None
            if text.startswith("$(", at):
                close = closing(text, at + 1, end)
                return tree.Substitution(self._nested(at + 2, close), True), min(close + 1, end)
            found = _VARIABLE.match(text, at, end)
            return (_variable(found, is_list=False), found.end()) if found is not None else None

        return quoted(text, at, end, part)

    def assignment(self, word: tree.Word) -> tree.Assignment | None:
        """Return `name=value` in front of a command, None where the word is none."""
        first = word.parts[0] if word.parts else None
        if not isinstance(first, tree.Text) or first.quoted or not (found := _ASSIGNMENT.match(first.text)):
            return None
        rest = (tree.Text(first.text[found.end() :], False, first.start + found.end()), *word.parts[1:])
        return tree.Assignment(found[1], tree.Word(rest, word.start + found.end(), word.end), word.start, word.end)


def _variable(found: re.Match[str], *, is_list: bool) -> tree.Variable:
    name = {"argv": "@", "PWD": "PWD"}.get(found[1], found[1])
    index = found[2].strip("[]")
    if name == "@":
        return tree.Variable(index if index.isdigit() else "@", True)
    if index:
        return tree.Variable(name, True, index=str(int(index) - 1) if index.isdigit() and index != "0" else index)
    return tree.Variable(name, True, index="@" if is_list and name != "PWD" else "")


def _quote_end(text: str, at: int, stop: int) -> int:
    """Return the offset of the quote that ends the one at `at`, `stop` where there is none."""
    quote, at = text[at], at + 1
    while at < stop and text[at] != quote:
        if text[at] == "\\":
            at += 1
        elif quote == '"' and text.startswith("$(", at):
            at = closing(text, at + 1, stop)
        at += 1
    return min(at, stop)


def closing(text: str, at: int, stop: int) -> int:
    """Return the offset of the parenthesis that closes the one at `at`, `stop` where there is none."""
    depth = 0
    while at < stop:
        character = text[at]
        if character in "'\"":
            at = _quote_end(text, at, stop)
        elif character == "\\":
            at += 1
        elif character == "#" and text[at - 1 : at] in (" ", "\t", "\n", ";"):
            end = text.find("\n", at, stop)
            at = stop if end < 0 else end
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth <= 0:
                return at
        at += 1
    return stop
