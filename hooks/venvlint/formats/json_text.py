"""JSON with comments and trailing commas, as editors' settings have it: values that know where they stand."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from venvlint.formats.pieces import Piece, Value, built
from venvlint.source import Builder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_TOKEN = re.compile(
    r"""
    (?P<space>\s+ | //[^\n]* | /\*.*?\*/ | \ufeff)
    | (?P<string>"[^"\\]*(?:\\.[^"\\]*)*")
    | (?P<mark>[][{},:])
    | (?P<other>[^][{},:"\s/]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u....|\\u....|\\.|[^\\]+", re.DOTALL)
_MOST_NESTED = 200


class JsonError(ValueError):
    """What isn't JSON, and where: `offset` counts characters of the text."""

    def __init__(self, offset: int) -> None:
        super().__init__("not valid JSON")
        self.offset = offset


def load(text: str, skipped: Collection[str] = ()) -> Value:
    """Return the value that `text` holds: strings as pieces with offsets into it, numbers and the like as None.

    The values of keys called as `skipped` says count as None, too: they may be large.
    """
    reader = _Reader(text, skipped)
    value = reader.value(0)
    reader.expect("end")
    return value


class _Reader:
    def __init__(self, text: str, skipped: Collection[str]) -> None:
        self.tokens = _tokens(text)
        self.skipped = skipped
        self.kind, self.text, self.at = next(self.tokens)

    def step(self) -> None:
        self.kind, self.text, self.at = next(self.tokens)

    def expect(self, text: str) -> None:
        if self.text != text:
            raise JsonError(self.at)
        if text != "end":
            self.step()

    def value(self, depth: int) -> Value:
        if depth > _MOST_NESTED:
            raise JsonError(self.at)
        if self.kind == "string":
            found = self.string()
            self.step()
            return found
        if self.text in ("{", "["):
            return self.mapping(depth) if self.text == "{" else self.sequence(depth)
        if self.kind != "other":
            raise JsonError(self.at)
        self.step()
        return None

    def mapping(self, depth: int) -> Value:
        found: dict[str, Value] = {}
        self.step()
        while self.text != "}":
            if self.kind != "string":
                raise JsonError(self.at)
            key = self.string().text
            self.step()
            self.expect(":")
            if key in self.skipped:
                self.skip()
                found[key] = None
            else:
                found[key] = self.value(depth + 1)
            if self.text != "}":
                self.expect(",")
        self.step()
        return found

    def skip(self) -> None:
        """Pass by a value."""
        depth = 0
        while True:
            if self.text == "end":
                raise JsonError(self.at)
            depth += (self.text in ("{", "[")) - (self.text in ("}", "]"))
            self.step()
            if depth <= 0:
                return

    def sequence(self, depth: int) -> Value:
        found: list[Value] = []
        self.step()
        while self.text != "]":
            found.append(self.value(depth + 1))
            if self.text != "]":
                self.expect(",")
        self.step()
        return found

    def string(self) -> Piece:
        builder = Builder()
        for part in _ESCAPE.finditer(self.text, 1, len(self.text) - 1):
            if part[0].startswith("\\"):
                builder.replace(self.decoded(part[0]), self.at + part.start(), len(part[0]))
            else:
                builder.add(part[0], self.at + part.start())
        return built(builder, self.at + 1)

    def decoded(self, escape: str) -> str:
        try:
            return str(json.loads(f'"{escape}"'))
        except ValueError:
            raise JsonError(self.at) from None


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise JsonError(at)
        if match.lastgroup != "space":
            yield match.lastgroup or "", match[0], at
        at = match.end()
    yield "end", "end", at
