"""TOML whose strings know where they stand. Whether the file is valid is for `tomllib` to say, before."""

from __future__ import annotations

import re

from venvlint.formats.pieces import Piece, Value, built
from venvlint.source import Builder

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_OTHER = re.compile(r"[^,\]}\s#]+(?: \d\d:[^,\]}\s#]+)?")  # numbers, dates, true, false
_OPENING = re.compile(r"\"\"\"\r?\n?|'''\r?\n?|\"|'")
_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[ \t]*\r?\n\s*|.)", re.DOTALL)
_NAMED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}


def load(text: str) -> dict[str, Value]:
    """Return the tables of valid TOML: strings as pieces with offsets into it, numbers and the like as None."""
    return _Reader(text).document()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def skip(self, pattern: re.Pattern[str] = _SPACE) -> str:
        """Pass by white space; return the character after it."""
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def document(self) -> dict[str, Value]:
        root: dict[str, Value] = {}
        table = root
        while letter := self.skip():
            if letter == "[":
                is_array = self.text.startswith("[[", self.at)
                self.at += 1 + is_array
                table = _table(root, self.keys(), is_array=is_array)
                self.at += 1 + is_array
            else:
                self.pair(table)
        return root

    def pair(self, table: dict[str, Value]) -> None:
        keys = self.keys()
        self.at += 1  # the sign between key and value
        value = self.value()
        _table(table, keys[:-1], is_array=False)[keys[-1]] = value

    def keys(self) -> list[str]:
        found: list[str] = []
        while True:
            letter = self.skip(_BLANK)
            if letter in ("'", '"') and letter:
                found.append(self.string().text)
            else:
                bare = _BARE.match(self.text, self.at)
                found.append(bare[0] if bare else "")
                self.at = bare.end() if bare else self.at + 1
            if self.skip(_BLANK) != ".":
                return found
            self.at += 1

    def value(self) -> Value:
        letter = self.skip(_BLANK)
        if letter in ("'", '"') and letter:
            return self.string()
        if letter == "[":
            return self.array()
        if letter == "{":
            return self.inline()
        other = _OTHER.match(self.text, self.at)
        self.at = other.end() if other else self.at + 1
        return None

    def array(self) -> list[Value]:
        found: list[Value] = []
        self.at += 1
        while (letter := self.skip()) and letter != "]":
            found.append(self.value())
            if self.skip() == ",":
                self.at += 1
        self.at += 1
        return found

    def inline(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        self.at += 1
        while (letter := self.skip()) and letter != "}":
            self.pair(found)
            if self.skip() == ",":
                self.at += 1
        self.at += 1
        return found

    def string(self) -> Piece:
        opening = _OPENING.match(self.text, self.at)
        quote = opening[0].strip() if opening else '"'
        start = self.at = opening.end() if opening else self.at + 1
        builder = Builder()
        while self.at < len(self.text) and not self.text.startswith(quote, self.at):
            escape = _ESCAPE.match(self.text, self.at) if quote[0] == '"' else None
            if escape is not None:
                builder.replace(_unescaped(escape[0]), self.at, len(escape[0]))
                self.at = escape.end()
            else:
                builder.add(self.text[self.at], self.at)
                self.at += 1
        self.at += len(quote)
        while len(quote) == 3 and self.text.startswith(quote[0], self.at):  # up to two quotes before the closing ones
            builder.add(quote[0], self.at - len(quote))
            self.at += 1
        return built(builder, start)


def _unescaped(written: str) -> str:
    code = written[1:]
    if code[:1] in "uU":
        return chr(int(code[1:], 16))
    return _NAMED.get(code, "")  # a line break is joined


def _table(root: dict[str, Value], keys: list[str], *, is_array: bool) -> dict[str, Value]:
    """Return the table that a header or a dotted key leads to; of an array of tables the last one."""
    table = root
    for number, key in enumerate(keys):
        found = table.setdefault(key, [] if is_array and number == len(keys) - 1 else {})
        if isinstance(found, list):
            if is_array and number == len(keys) - 1:
                found.append({})
            found = found[-1] if found else {}
        table = found if isinstance(found, dict) else {}
    return table
