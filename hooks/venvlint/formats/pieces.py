"""A stretch of a host file's text, joined or decoded, that still knows where each character stands."""

from __future__ import annotations

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
        text, offsets = builder.build()
        return Piece(text, offsets if text else Offsets.shifted(self.offsets.at(start)))

    def strip(self) -> Piece:
        """Return the piece without white space around it."""
        start = len(self.text) - len(self.text.lstrip())
        return self.cut(start, max(len(self.text.rstrip()), start))


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
