"""Words of a PowerShell command: bare words, strings, variables, subexpressions, script blocks, redirections.

The grammar cuts `--target=$dir` and paths that begin with a variable in pieces that don't belong to one command any
more, so the words are read here, from the text itself. The pages about_Parsing, about_Quoting_Rules and
about_Redirection of PowerShell's own help say how.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from venvlint.shells import tree
from venvlint.shells.powershell_text import DOUBLE, HERE, SINGLE, closing, string_end, variable

_VARIABLE = re.compile(
    r"\$(?:\{(?P<braced>[^}]*)\}|(?P<name>(?:(?:env|script|global|local|private|using|variable):)?\w+|[?^$]))",
    re.IGNORECASE,
)
_REDIRECT = re.compile(r"(?P<descriptor>[1-6*]?)(?P<operator>>>?|<)(?P<merged>&[12])?")
_END_OF_WORD = " \t\r\n;|&(){},\"'`$" + SINGLE + DOUBLE
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_MEMBERS = re.compile(r"(?:\.[A-Za-z_]\w*(?![\w\\/.-])|\[[^\]\s]*\])+")


@dataclass(frozen=True, slots=True)
class Block:
    """A script block that is handed to a command: `{ ... }`, the offsets of what is inside."""

    start: int
    end: int


Item = tree.Word | tree.Redirect | Block
Nested = Callable[[int, int], tree.Node]
Values = Callable[[int, int], tuple[tree.Word, ...] | None]


class Words:
    """Reads words from a script's text. `nested` parses the commands in a range, `values` an expression in one."""

    def __init__(self, text: str, nested: Nested, values: Values) -> None:
        self.text = text
        self._nested = nested
        self._values = values
        self.end = 0  # where the last command that was read ends

    def command(self, at: int, stop: int) -> Iterator[Item]:
        """Yield what a command that begins at `at` consists of; `end` is then behind its last word."""
        text = self.text
        self.end = at
        while (at := self._blank(at, stop)) < stop:
            character = text[at]
            if character in "\r\n;|)}" or (character == "&" and self.end != at):
                return
            if character == "#" or text.startswith("--%", at):
                at = yield from self._verbatim_rest(at, stop)
                return
            redirect = _REDIRECT.match(text, at)
            if redirect is not None:
                at = yield from self._redirect(redirect, stop)
            elif character == "{":
                close = closing(text, at, stop)
                yield Block(at + 1, close)
                at = min(close + 1, stop)
            elif character == ",":
                at += 1
            elif character in "&." and text[at + 1 : at + 2] in (" ", "\t", "'", '"', "$", "(", "{"):
                yield tree.Word((tree.Text(character, False, at),), at, at + 1)
                at += 1
            else:
                at = yield from self._word(at, stop)
            self.end = at

    def _blank(self, at: int, stop: int) -> int:
        """Return the offset behind white space, continued lines, and block comments."""
        text = self.text
        while at < stop:
            if text[at] in " \t\f\v\xa0\ufeff":
                at += 1
            elif text[at] == "`" and (found := re.compile(r"`[ \t]*\r?\n").match(text, at)):
                at = found.end()
            elif text.startswith("<#", at):
                close = text.find("#>", at, stop)
                at = stop if close < 0 else close + 2
            else:
                break
        return min(at, stop)

    def _verbatim_rest(self, at: int, stop: int) -> Generator[Item, None, int]:
        """Yield the words behind `--%`, which PowerShell hands on as they stand."""
        line_end = self.text.find("\n", at, stop)
        line_end = stop if line_end < 0 else line_end
        if self.text[at] != "#":
            for word in re.compile(r"[^\s|]+").finditer(self.text, at + 3, line_end):
                yield tree.Word((tree.Text(word[0].strip('"'), True, word.start()),), word.start(), word.end())
                self.end = word.end()
        return line_end

    def _redirect(self, found: re.Match[str], stop: int) -> Generator[Item, None, int]:
        at = found.end()
        if found["merged"]:
            return at
        at = self._blank(at, stop)
        for word in list(self._word(at, stop)) if at < stop else []:
            if isinstance(word, tree.Word):
                at = word.end
                yield tree.Redirect(found["operator"], word, found.start(), at, found["descriptor"])
        return max(at, found.end())

    def _word(self, at: int, stop: int) -> Generator[Item, None, int]:
        """Yield the word at `at`, or several where it is a list; return the offset behind it."""
        start, text = at, self.text
        parts: list[tree.Part] = []
        while at < stop:
            character = text[at]
            if character in SINGLE or character in DOUBLE:
                end = string_end(text, at, stop)
                parts.extend(self.string(at, end))
                at = end
            elif character == "@" and at == start and (found := self._special(at, stop)):
                listed, at = found
                yield from listed
                return at
            elif character == "$" and (found_parts := self._dollar(at, stop, is_argument=not parts)):
                more, at = found_parts
                parts.extend(more)
            elif character == "(":
                if parts:
                    break
                close = closing(text, at, stop)
                words = self._values(at, min(close + 1, stop))
                at = self._members(min(close + 1, stop), stop)
                if words is not None and len(words) != 1:
                    yield from words
                    return at
                parts.extend(words[0].parts if words else (tree.Substitution(self._nested(start + 1, close), True),))
            elif character == "`" and at + 1 < stop and text[at + 1] not in "\r\n":
                parts.append(tree.Text(_ESCAPES.get(text[at + 1], text[at + 1]), True, at + 1))
                at += 2
            elif character in _END_OF_WORD and character != "$":
                break
            else:
                end = at + 1
                while end < stop and text[end] not in _END_OF_WORD:
                    end += 1
                parts.append(tree.Text(text[at:end], False, at))
                at = end
        if at == start:
            return at + 1  # a character that begins nothing
        yield tree.Word(tuple(parts), start, at)
        return at

    def _special(self, at: int, stop: int) -> tuple[list[tree.Word], int] | None:
        """Return what begins with `@`: a here-string, a list, a hash table, or a list spread over the arguments."""
        text = self.text
        if HERE.match(text, at):
            end = string_end(text, at, stop)
            return [tree.Word(tuple(self.string(at, end)), at, end)], end
        if text.startswith(("@(", "@{"), at):
            end = min(closing(text, at + 1, stop) + 1, stop)
            values = self._values(at, end) if text[at + 1] == "(" else None
            return list(values or [tree.Word((tree.Opaque(text[at:end], True),), at, end)]), end
        spread = re.compile(r"@(\w+)").match(text, at)
        if spread is None:
            return None
        return [tree.Word((variable(spread[1], is_list=True),), at, spread.end())], spread.end()

    def _dollar(self, at: int, stop: int, *, is_argument: bool) -> tuple[list[tree.Part], int] | None:
        """Return what begins with `$`, and where it ends."""
        text = self.text
        if text.startswith("$(", at):
            close = closing(text, at + 1, stop)
            return [self.subexpression(at + 1, close)], min(close + 1, stop)
        found = _VARIABLE.match(text, at, stop)
        if found is None:
            return None
        end = self._members(found.end(), stop) if is_argument else found.end()
        if end > found.end():
            written = text[at:end]
            is_same = re.fullmatch(r"(?i)\.(?:path|fullname|source|value|definition)", text[found.end() : end])
            return [variable(found[0]) if is_same else tree.Opaque(written.lstrip("$"), True)], end
        is_whole = end >= stop or text[end] in " \t\r\n;|,)}"
        return [variable(found[0], is_list=is_argument and is_whole)], end

    def _members(self, at: int, stop: int) -> int:
        """Return the offset behind `.Property`, `[0]`, and `.Method()`."""
        found = _MEMBERS.match(self.text, at, stop)
        if found is None:
            return at
        at = found.end()
        if self.text[at : at + 1] == "(" and at < stop:
            return self._members(min(closing(self.text, at, stop) + 1, stop), stop)
        return at

    def subexpression(self, at: int, close: int) -> tree.Part:
        """Return `$(...)`, whose parentheses stand at `at` and `close`: a value where it is one, else its commands."""
        words = self._values(at, close + 1)
        if words is not None and len(words) == 1 and len(words[0].parts) == 1:
            return words[0].parts[0]
        return tree.Substitution(self._nested(at + 1, close), True)

    def string(self, at: int, end: int) -> Iterator[tree.Part]:
        """Yield the parts of a string literal that stands in `[at, end)` with its quotes."""
        text = self.text
        if text[at] == "@":
            first = text.find("\n", at) + 1
            last = max(text.rfind("\n", first, end), first)
            last -= text[last - 1 : last] == "\r"
            is_verbatim = text[at + 1] in SINGLE
            at, end = first, last
        else:
            is_verbatim = text[at] in SINGLE
            at, end = at + 1, end - 1 if end - at > 1 else end
        yield tree.Text("", True)
        if is_verbatim:
            for piece in re.finditer(r"[^']+|''?", text[at:end]):
                yield tree.Text(piece[0].replace("''", "'"), True, at + piece.start())
        else:
            yield from self._expandable(at, end)

    def _expandable(self, at: int, end: int) -> Iterator[tree.Part]:
        text, start = self.text, at
        while at < end:
            character = text[at]
            found = self._dollar(at, end, is_argument=False) if character == "$" else None
            if found is None and character != "`" and not (character in DOUBLE and text[at + 1 : at + 2] in DOUBLE):
                at += 1
                continue
            if at > start:
                yield tree.Text(text[start:at], True, start)
            if found is not None:
                parts, at = found
                yield from parts
            else:
                if at + 1 < end and text[at + 1] not in "\r\n":
                    yield tree.Text(_ESCAPES.get(text[at + 1], text[at + 1]) if character == "`" else '"', True, at + 1)
                at += 2
            start = at
        if end > start:
            yield tree.Text(text[start:end], True, start)
