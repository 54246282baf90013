"""What git says of the files in the working tree: untracked, ignored, tracked, changed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from venvlint.repo import Repo, RepositoryError

# `-uall` names each file that `git add -A` would add; `matching` names an ignored directory without entering it.
_STATUS = ("status", "--porcelain", "-z", "-uall", "--ignored=matching", "--no-renames", "--ignore-submodules=all")
_REGULAR = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Entry:
    """One path of the index."""

    path: str
    mode: str
    blob: str

    @property
    def is_regular(self) -> bool:
        """Tell whether it is a file, not a symlink or submodule."""
        return self.mode in _REGULAR


@dataclass(frozen=True)
class WorkingTree:
    """Every path by what git would do with it. A directory's path ends with a slash."""

    untracked: tuple[str, ...]  # what `git add -A` would add; a directory is a repository of its own
    ignored: tuple[str, ...]  # topmost only
    unstaged: frozenset[str]  # tracked, but not the same on disk
    _index: bytes

    def tracked(self, names: bytes) -> Iterator[Entry]:
        """Yield the index's entries whose last component the regular expression `names` matches."""
        for found in re.finditer(rb"[\t/](?:" + names + rb")\0", self._index):
            start = self._index.rfind(b"\0", 0, found.start()) + 1
            facts, _, path = os.fsdecode(self._index[start : found.end() - 1]).partition("\t")
            mode, blob, _ = facts.split(" ")
            yield Entry(path, mode, blob)

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


def read(repo: Repo) -> WorkingTree:
    """Ask git; raises RepositoryError for a bare repository, a broken index and the like."""
    if repo.is_bare:
        raise RepositoryError("this is a bare repository: it has no working tree in which to look for environments")
    status = repo.start(*_STATUS)
    index = repo.git("ls-files", "-s", "-z")
    items = os.fsdecode(status.output()).split("\0")
    return WorkingTree(
        untracked=tuple(item[3:] for item in items if item.startswith("??")),
        ignored=tuple(item[3:] for item in items if item.startswith("!!")),
        unstaged=frozenset(item[3:] for item in items if item and item[1] not in " ?!"),
        _index=index,
    )
