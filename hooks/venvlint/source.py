"""Bytes of a host file to text, lines and columns, and the way back from a script into its host."""

from __future__ import annotations

from bisect import bisect_right
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from functools import cached_property
from typing import TYPE_CHECKING

from venvlint.model import Span
from venvlint.values import clean

if TYPE_CHECKING:
    from collections.abc import Iterator


class Source:
    """The text of one file. Offsets count characters of `text`; `path` is POSIX, relative to the repository."""

    def __init__(self, path: str, data: bytes) -> None:
        """Read the file; raises UnicodeDecodeError where UTF-16 ends within a character."""
        self.path = path
        self.data = data
        self.encoding = _encoding(data)
        self.text = clean(data.decode(self.encoding, "surrogateescape"))

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character offset, both counted from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return the text of a line, counted from 1, without its end."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] - 1 if number < len(self._line_starts) else len(self.text)
        return self.text[start:end].removesuffix("\r")

    def line_start(self, number: int) -> int:
        """Return the offset at which a line, counted from 1, begins."""
        return self._line_starts[number - 1]


def _encoding(data: bytes) -> str:
    if data.startswith(BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8"


# Host offset of text that stands in another file: what it does counts here, what it installs is that file's matter.
ELSEWHERE = -1


class Offsets:
    """A map from offsets of a script's text to offsets of its host's: runs in which both advance together."""

    def __init__(self, runs: list[tuple[int, int]], widths: dict[int, int] | None = None) -> None:
        """Take (script offset, host offset) of each run's start, in order of the script's offsets.

        `widths` has the script's characters that the host writes with more than one (an escape).
        """
        self._starts = [script for script, _ in runs]
        self._hosts = [host for _, host in runs]
        self._widths = widths or {}

    @classmethod
    def shifted(cls, by: int) -> Offsets:
        """Return the map of a script that stands in its host letter for letter, from offset `by` on."""
        return cls([(0, by)])

    def at(self, offset: int) -> int:
        """Return the host offset of the script's character at `offset`."""
        run = max(bisect_right(self._starts, offset) - 1, 0)
        return self._hosts[run] + offset - self._starts[run]

    def span(self, start: int, end: int) -> Span:
        """Return the host span of the script's characters from `start` up to, not including, `end`."""
        first = self.at(start)
        last = self.at(end - 1) + self._widths.get(end - 1, 1) if end > start else first
        if last < first or (last == first and end > start):  # what the host hasn't stands at the end
            last = max(host + stop - at for at, stop, host, _ in self.pieces(start, end))
        return Span(first, last)

    def pieces(self, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        """Yield the runs in `[start, end)` of the script: from, to, host offset, width of the last character."""
        run = max(bisect_right(self._starts, start) - 1, 0)
        while start < end:
            stop = min(self._starts[run + 1] if run + 1 < len(self._starts) else end, end)
            yield start, stop, self.at(start), self._widths.get(start, 1)
            start, run = stop, run + 1


class Builder:
    """Puts a script's text together from pieces of its host and remembers where each came from."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._runs: list[tuple[int, int]] = []
        self._widths: dict[int, int] = {}
        self._length = 0
        self._next_host = -2  # where the last run would go on

    def add(self, text: str, host: int) -> None:
        """Append `text`, which stands letter for letter at offset `host` of the host."""
        if not text:
            return
        if host != self._next_host:
            self._runs.append((self._length, host))
        self._parts.append(text)
        self._length += len(text)
        self._next_host = host + len(text)

    def replace(self, text: str, host: int, width: int = 1) -> None:
        """Append `text` that the host writes differently, as `width` characters at offset `host`: an escape, say."""
        for character in text:  # each maps to the same place
            self._runs.append((self._length, host))
            if width != 1:
                self._widths[self._length] = width
            self._parts.append(character)
            self._length += 1
        self._next_host = -2  # after no offset, nor after ELSEWHERE

    def extend(self, text: str, offsets: Offsets, start: int = 0, end: int | None = None) -> None:
        """Append `text[start:end]`, which `offsets` leads back into the host."""
        for at, stop, host, width in offsets.pieces(start, len(text) if end is None else end):
            if host == ELSEWHERE or (width != 1 and stop - at == 1):
                self.replace(text[at:stop], host, width)
            else:
                self.add(text[at:stop], host)

    def build(self) -> tuple[str, Offsets]:
        """Return the script's text and its map."""
        return "".join(self._parts), Offsets(self._runs or [(0, 0)], self._widths)
