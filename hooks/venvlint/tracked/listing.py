"""The paths that git tracks, as git prints them, read without a step of Python for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

# `ls-files -s -z` prints mode, object, stage; `ls-tree -r -z` mode, type, object; both then a tab and the path.
_FACTS = rb"([0-7]{6}) (?:[a-z]+ )?([0-9a-f]{40,64})(?: [0-3])?\t"
_ENTRY = re.compile(rb"\0" + _FACTS + rb"([^\0]*)(?=\0)")
LINK, SUBMODULE = b"120000", b"160000"


class Entry(NamedTuple):
    """One tracked path."""

    mode: bytes
    blob: bytes
    path: bytes


class Listing:
    """Tracked paths in git's order: those below one directory stand together."""

    def __init__(self, source: Callable[[], Iterable[bytes]]) -> None:
        """Take what prints the listing again: few repositories have anything in them that asks for it."""
        self._source = source

    @cached_property
    def _data(self) -> bytes:
        return b"\0" + b"".join(self._source())

    def below(self, directory: bytes) -> Iterator[Entry]:
        """Yield what is tracked below a directory (empty: all of it), each path once, in an unfinished merge too."""
        start = 0
        if directory:
            first = re.compile(rb"\0" + _FACTS + re.escape(directory) + rb"/").search(
                self._data, self._before(directory)
            )
            if first is None:
                return
            start = first.start()
        prefix = directory + b"/" if directory else b""
        last = None
        while found := _ENTRY.match(self._data, start):
            entry = Entry(*found.groups())
            if not entry.path.startswith(prefix):
                return
            if entry.path != last:
                yield entry
            last, start = entry.path, found.end()

    def _before(self, directory: bytes) -> int:
        """Return where to start looking for a directory's first record: searching plain bytes is quick."""
        at = self._data.find(b"\t" + directory + b"/")
        return max(self._data.rfind(b"\0", 0, at), 0) if at >= 0 else len(self._data)


def pieces(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Cut what git prints into pieces that begin and end with NUL, between which whole records stand."""
    rest = b"\0"
    for chunk in stream:
        end = chunk.rfind(b"\0") + 1
        if end:
            yield b"".join((rest, memoryview(chunk)[:end]))
            rest = b"\0" + chunk[end:]
        else:
            rest += chunk


def holding(piece: bytes, needle: bytes | re.Pattern[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield start and text of the records of a piece in which some bytes, or a pattern, are found."""
    at = _position(piece, needle, 0)
    while at >= 0:
        start = piece.rfind(b"\0", 0, at + 1) + 1
        end = piece.index(b"\0", start)
        yield start, piece[start:end]
        at = _position(piece, needle, end)


def _position(piece: bytes, needle: bytes | re.Pattern[bytes], start: int) -> int:
    if isinstance(needle, bytes):
        return piece.find(needle, start)
    found = needle.search(piece, start)
    return found.start() if found else -1


def entry(record: bytes) -> Entry:
    """Return what one record says."""
    found = _ENTRY.match(b"\0" + record + b"\0")
    assert found, "unreachable: git prints nothing else"
    return Entry(*found.groups())
