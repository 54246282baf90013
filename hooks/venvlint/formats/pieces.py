"""A stretch of a host file's text, joined or decoded, that still knows where each character stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from venvlint.source import Builder, Offsets


class Piece(NamedTuple):
    """`text` and its map into the host."""

    text: str
    offsets: Offsets

    def cut(self, start: int, end: int | None = None) -> Piece:
        """Return the part from `start` up to, not including, `end`."""
        builder = Builder()
        builder.extend(self.text, self.offsets, start, end)
        return built(builder, self.offsets.at(start))

    def strip(self) -> Piece:
        """Return the piece without white space around it."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(len(self.text.rstrip()), start))

    def replaced(self, pattern: re.Pattern[str], value: Callable[[re.Match[str]], str | None]) -> Piece:
        """Return the piece with `value` in the place of each match of `pattern`; None leaves the match."""
        builder, last = Builder(), 0
        for match in pattern.finditer(self.text):
            new = value(match)
            if new is None:
                continue
            builder.extend(self.text, self.offsets, last, match.start())
            span = self.offsets.span(*match.span())
            builder.replace(new, span.start, max(span.end - span.start, 1))
            last = match.end()
        builder.extend(self.text, self.offsets, last)
        return built(builder, self.offsets.at(0)) if last else self


def built(builder: Builder, start: int) -> Piece:
    """Return what was put together; where that is nothing, it stands at `start`, an offset into the host."""
    text, offsets = builder.build()
    return Piece(text, offsets if text else Offsets.shifted(start))


# What JSON and TOML hold: strings know where they stand, numbers and the like are None.
Value = Piece | dict[str, "Value"] | list["Value"] | None


def text_of(value: Value) -> str:
    """Return a string's text, nothing for any other value."""
    return value.text if isinstance(value, Piece) else ""


def items_of(value: Value) -> list[Value]:
    """Return a list's items, none for any other value."""
    return value if isinstance(value, list) else []


class Line(NamedTuple):
    """A line of a host file without its end, and where it begins."""

    text: str
    start: int


def lines_of(text: str) -> list[Line]:
    """Return the lines of a host file, without a byte order mark."""
    lines, start = [], 1 if text.startswith("\ufeff") else 0
    for line in text[start:].split("\n"):
        lines.append(Line(line.removesuffix("\r"), start))
        start += len(line) + 1
    return lines


def through(piece: Piece, middle: Piece) -> Piece:
    """Return `piece`, whose offsets lead into the text of `middle`, with offsets into the host of `middle`."""
    builder = Builder()
    for start, stop, at, width in piece.offsets.pieces(0, len(piece.text)):
        if piece.text[start:stop] == middle.text[at : at + stop - start]:
            builder.extend(middle.text, middle.offsets, at, at + stop - start)
        else:
            span = middle.offsets.span(at, at + width)
            builder.replace(piece.text[start:stop], span.start, span.end - span.start)
    return Piece(*builder.build())
