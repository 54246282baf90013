"""Offsets of bytes, as grammars give them, to offsets of characters."""

from __future__ import annotations

import re
from bisect import bisect_right

_WIDE = re.compile(r"[^\x00-\x7f]")


class ByteOffsets:
    """Byte offsets of an encoded script to character offsets of its text, plus `shift`."""

    def __init__(self, text: str, data: bytes, shift: int = 0) -> None:
        self.shift = shift
        self._length = len(text)
        # Where characters of more than one byte end, and how many bytes there are too many up to there.
        self._ends: list[int] = []
        self._extra = [0]
        if len(text) != len(data):
            extra = 0
            for wide in _WIDE.finditer(text):
                extra += len(wide[0].encode("utf-8", "surrogatepass")) - 1
                self._ends.append(wide.end() + extra)
                self._extra.append(extra)

    def __getitem__(self, byte: int) -> int:
        if not self._ends:
            return byte + self.shift
        at = byte - self._extra[bisect_right(self._ends, byte)]
        return min(at, self._length) + self.shift  # the grammar's errors may cut a character in two
