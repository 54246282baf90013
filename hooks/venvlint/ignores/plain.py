"""Directories that are ignored beyond doubt: by a line of the top's ignore file that is just their name.

Most repositories have such lines, and then git needn't be asked. Whatever takes more than comparing is left to git.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_FILE = ".gitignore"
_MARK = b"\xef\xbb\xbf"
_NAME = frozenset(b"-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")
_WILD = frozenset(b"*?[\\\0")  # with any of these, a pattern may match what it doesn't spell out


class Names:
    """The names that a repository's ignore files, given by path, ignore at any depth."""

    def __init__(self, ignore_files: Mapping[str, bytes]) -> None:
        self._ignore_files = ignore_files
        self._lines: dict[bytes, tuple[int, str]] | None = None

    def line(self, path: str) -> tuple[str, int, str] | None:
        """Return a line that ignores the directory at `path` (file, number, pattern), None if that isn't sure."""
        if self._lines is None:
            self._lines = dict(self._found())
        name = path.rpartition("/")[2]
        found = self._lines.get(name.encode()) if name.isascii() else None
        return (_FILE, *found) if found else None

    def _found(self) -> Iterator[tuple[bytes, tuple[int, str]]]:
        exceptions = {last for data in self._ignore_files.values() if b"!" in data for last in _exceptions(data)}
        if any(_WILD.intersection(last) for last in exceptions):
            return
        for number, line in enumerate(self._ignore_files.get(_FILE, b"").split(b"\n"), 1):
            name = line.removesuffix(b"\r").removesuffix(b"/")
            if name and _NAME.issuperset(name) and name.lower() not in exceptions:  # whether or not case counts
                yield name, (number, line.removesuffix(b"\r").decode())


def _exceptions(data: bytes) -> Iterator[bytes]:
    """Yield the last component of each pattern that takes something back, in lower case."""
    for line in data.split(b"\n"):
        pattern = line.removeprefix(_MARK).strip()
        if pattern.startswith(b"!"):
            yield pattern[1:].rstrip(b"/ ").rpartition(b"/")[2].lower()
