"""What git says of the files in the working tree: untracked, ignored, tracked, changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

_REGULAR = ("100644", "100755")


class Entry(NamedTuple):
    """One path of the index."""

    path: str
    mode: str
    blob: str

    @property
    def is_regular(self) -> bool:
        """Tell whether it is a file, not a symlink or submodule."""
        return self.mode in _REGULAR


class WorkingTree:
    """Every path by what git would do with it. A directory's path ends with a slash."""

    def __init__(self, status: Callable[[], bytes], index: bytes) -> None:
        """Take what `git status` and `git ls-files -s` print, both with `-z`; the former is asked for late."""
        self._status = status
        self._index = index

    @cached_property
    def _items(self) -> list[str]:
        return os.fsdecode(self._status()).split("\0")

    @cached_property
    def untracked(self) -> tuple[str, ...]:
        """What `git add -A` would add."""
        return tuple(item[3:] for item in self._items if item.startswith("??"))

    @cached_property
    def ignored(self) -> tuple[str, ...]:
        """What is ignored, the topmost directories only."""
        return tuple(item[3:] for item in self._items if item.startswith("!!"))

    @cached_property
    def unstaged(self) -> frozenset[str]:
        """What is changed on disk."""
        return frozenset(item[3:] for item in self._items if item and item[1] not in " ?!")

    def tracked(self, is_wanted: Callable[[bytes], bool]) -> Iterator[Entry]:
        """Yield the index's entries of whose last component `is_wanted` is true."""
        for name in sorted(filter(is_wanted, self._last_components)):
            for before in (b"/", b"\t"):
                yield from self._entries(before + name + b"\0")

    @cached_property
    def _last_components(self) -> frozenset[bytes]:
        """The last components of all tracked paths: a fraction of the paths, so that looking for some is quick."""
        ends = {item.rpartition(b"/")[2] for item in self._index.split(b"\0")}
        return frozenset(end.rpartition(b"\t")[2] for end in ends)

    def _entries(self, end: bytes) -> Iterator[Entry]:
        at = self._index.find(end)
        while at >= 0:
            start = self._index.rfind(b"\0", 0, at) + 1
            facts, _, path = os.fsdecode(self._index[start : at + len(end) - 1]).partition("\t")
            mode, blob, _ = facts.split(" ")
            yield Entry(path, mode, blob)
            at = self._index.find(end, at + 1)

    def tracked_below(self, directory: str) -> Iterator[str]:
        """Yield the tracked paths in a directory, at any depth."""
        prefix = b"\t" + os.fsencode(directory) + b"/" if directory else b"\t"
        at = self._index.find(prefix)
        while at >= 0:
            yield os.fsdecode(self._index[at + 1 : self._index.index(b"\0", at)])
            at = self._index.find(prefix, at + 1)

    @cached_property
    def has_python(self) -> bool:
        """Tell whether there is any Python source among what is tracked or could be."""
        endings = (".py", ".pyi", ".pyx", ".ipynb")
        return any(f"{ending}\0".encode() in self._index for ending in endings) or any(
            path.endswith(endings) for path in self.untracked
        )
