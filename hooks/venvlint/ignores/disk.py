"""Environments on this disk: which directory a path belongs to, and what is in it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator

from venvlint import environments

# Made by tools in great number, and never with an environment inside.
_BARREN = frozenset(("__pycache__", ".git", ".mypy_cache", ".pytest_cache", ".ruff_cache", "node_modules"))


class Disk:
    """The directories below `root`; paths are relative to it. Looks at each directory once."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._outermost: dict[str, str | None] = {"": None}
        self._kinds: dict[str, str | None] = {}

    def kind(self, directory: str) -> str | None:
        """Return what kind of environment a directory is by itself, or None."""
        if directory not in self._kinds:
            names = self.names(directory)
            found = None
            if environments.is_candidate(directory, names):
                found = environments.kind(directory, names, lambda below: self.names(f"{directory}/{below}"))
            self._kinds[directory] = found
        return self._kinds[directory]

    def environment(self, directory: str) -> str | None:
        """Return the outermost environment that a directory is in (or is); the root doesn't count."""
        unseen = []
        while directory not in self._outermost:
            unseen.append(directory)
            directory = directory.rpartition("/")[0]
        found = self._outermost[directory]
        for below in reversed(unseen):
            found = found or (below if self.kind(below) else None)
            self._outermost[below] = found
        return found

    def environment_below(self, above: str, directory: str) -> str | None:
        """Return the outermost environment, further in than `above`, that a directory below it is in (or is)."""
        at = len(above)
        while 0 <= at < len(directory):
            at = directory.find("/", at + 1)
            below = directory if at < 0 else directory[:at]
            if self.kind(below):
                return below
        return None

    def names(self, directory: str) -> Collection[str]:
        """Return the names in a directory; none where it can't be read."""
        try:
            return os.listdir(self.absolute(directory))  # noqa: PTH208 - names, not objects: there may be many
        except OSError:
            return ()

    def is_link(self, path: str) -> bool:
        """Tell whether there is a symlink at `path`."""
        return os.path.islink(self.absolute(path))  # noqa: PTH114 - called for each untracked file

    def is_directory(self, path: str) -> bool:
        """Tell whether there is a directory, not a link to one, at `path`."""
        return os.path.isdir(self.absolute(path)) and not self.is_link(path)  # noqa: PTH112

    def within(self, directory: str) -> Iterator[str]:
        """Yield the environments, and symlinks to environments, below a directory that is none itself."""
        waiting = [directory]
        while waiting:
            above = waiting.pop()
            for name in self.names(above):
                path = f"{above}/{name}" if above else name
                if name in _BARREN:
                    continue
                if self.is_directory(path) and not self.environment(path):
                    waiting.append(path)
                elif self.is_directory(path) or (self.is_link(path) and self.kind(path)):
                    yield path

    def size(self, paths: Collection[str]) -> int:
        """Return the bytes of some files."""
        total = 0
        for path in paths:
            try:
                total += os.lstat(self.absolute(path)).st_size
            except OSError:
                continue  # gone meanwhile
        return total

    def read(self, path: str, *, follow: bool = False) -> bytes | None:
        """Return the content of a regular file, also of a symlink's target if told so, or None."""
        try:
            if not follow and self.is_link(path):
                return None
            with open(self.absolute(path), "rb") as file:  # noqa: PTH123 - see above
                return file.read()
        except OSError:
            return None

    def absolute(self, path: str) -> str:
        """Return where a path is on disk."""
        return f"{self._root}/{path}" if path else self._root


def is_barren(path: str) -> bool:
    """Tell by its name that a directory can't hold environments."""
    return path.rstrip("/").rpartition("/")[2] in _BARREN
