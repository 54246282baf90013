"""What git ignores for somebody else: by ignore files that travel with the repository, and by nothing else.

A working tree holds more than what was committed: `info/exclude`, the user's own excludes, ignore files that aren't
tracked. So git is asked in a scratch directory that holds the ignore files which travel, and empty stand-ins.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import NamedTuple

from venvlint.ignores import plain
from venvlint.repo import CrashError, Repo

IGNORE_FILE = ".gitignore"
# The user's excludes are switched off on the command line: nothing comes after that, not even `git -c ... commit`.
_NO_EXCLUDES = ("-c", "core.excludesFile=")
_CHECK = ("check-ignore", "--no-index", "-v", "-n", "-z", "--stdin")


class Decision(NamedTuple):
    """Which pattern decides about a path, and where that stands; empty where none does."""

    path: str
    source: str = ""
    line: int = 0
    pattern: str = ""

    @property
    def is_ignored(self) -> bool:
        """Tell whether git ignores the path."""
        return bool(self.pattern) and not self.pattern.startswith("!")


def decisions(repo: Repo, paths: Iterable[str], options: tuple[str, ...] = ()) -> dict[str, Decision]:
    """Ask git about each path; the answer doesn't depend on what is tracked."""
    asked = list(dict.fromkeys(paths))
    if not asked:
        return {}
    stdin = os.fsencode("\0".join(asked)) + b"\0"
    try:
        fields = repo.names(*options, *_CHECK, stdin=stdin, allowed=(0, 1))
    except (
        CrashError
    ):  # git 2.39 does when an ignored directory is more than 24 levels deep: it's that, so it's ignored
        if len(asked) == 1:
            return {asked[0]: Decision(asked[0], pattern="*")}
        return {path: found for each in asked for path, found in decisions(repo, [each], options).items()}
    groups = zip(*[iter(fields)] * 4, strict=True)
    return {path: Decision(path, source, int(line or 0), pattern) for source, line, pattern, path in groups}


class Clone:
    """A scratch directory in which git answers for a repository whose only ignore files are the given ones.

    tempfile, shutil and pathlib would do this in fewer lines, and take longer to import than git to answer.
    """

    def __init__(self, repo: Repo, ignore_files: Mapping[str, bytes]) -> None:
        self._ignore_files = ignore_files
        self._directories: list[str] = []
        self._files: list[str] = []
        self._made: set[str] = set()
        scratch = self._mkdir(_scratch())
        self._tree, git = self._mkdir(f"{scratch}/tree"), self._mkdir(f"{scratch}/git")
        self._repo = repo.elsewhere(self._tree, git)
        self._mkdir(f"{git}/objects")
        self._mkdir(f"{git}/refs")
        settings = f"{repo.common}/config".replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        self._write(f"{git}/HEAD", b"ref: refs/heads/main\n")
        self._write(f"{git}/config", os.fsencode(f'[include]\npath = "{settings}"\n[core]\nbare = false\n'))

    def __enter__(self) -> Clone:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for file in self._files:
                os.unlink(file)  # noqa: PTH108
            for directory in reversed(self._directories):
                os.rmdir(directory)  # noqa: PTH106
        except OSError:  # somebody put something there; what is left is empty files in a directory for such
            return

    def decisions(self, directories: Iterable[str] = (), files: Iterable[str] = ()) -> dict[str, Decision]:
        """Ask about paths that are directories and about paths that aren't (a symlink is none)."""
        directories, files = list(directories), list(files)
        for directory in directories:
            self._make(directory)
        for file in files:
            self._make(file.rpartition("/")[0])
        return decisions(self._repo, [*directories, *files], _NO_EXCLUDES)

    def _make(self, directory: str) -> None:
        """Make a directory with those above it, each with its ignore file."""
        parts = directory.split("/") if directory else []
        for depth in range(len(parts) + 1):
            path = "/".join(parts[:depth])
            if path in self._made:
                continue
            self._made.add(path)
            if path:
                self._mkdir(f"{self._tree}/{path}")
            name = f"{path}/{IGNORE_FILE}" if path else IGNORE_FILE
            if name in self._ignore_files:
                self._write(f"{self._tree}/{name}", self._ignore_files[name])

    def _mkdir(self, path: str) -> str:
        os.mkdir(path, 0o700)  # noqa: PTH102
        self._directories.append(path)
        return path

    def _write(self, path: str, data: bytes) -> None:
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(data)
        self._files.append(path)


def _scratch() -> str:
    """Return a name that nobody else has in the directory for temporary files."""
    places = (os.environ.get(name, "") for name in ("TMPDIR", "TEMP", "TMP"))
    place = next((place for place in places if os.path.isdir(place)), "/tmp")  # noqa: S108, PTH112 - made with mode 0700
    return os.path.join(os.path.abspath(place), f"venvlint-{os.urandom(8).hex()}")  # noqa: PTH100, PTH118


class View:
    """What a set of ignore files decides. Remembers, so that what can be asked at once costs one git process."""

    def __init__(self, repo: Repo, ignore_files: Mapping[str, bytes]) -> None:
        self._repo = repo
        self._known: dict[tuple[str, bool], Decision] = {}
        self.ignore_files = ignore_files
        self._plain = plain.Names(ignore_files)

    def changed(self, ignore_files: Mapping[str, bytes]) -> View:
        """Return the view of other ignore files in the same repository."""
        return View(self._repo, ignore_files)

    def of(self, paths: Iterable[str], *, are_directories: bool = True) -> dict[str, Decision]:
        """Return the decision about each path."""
        asked = dict.fromkeys(paths)
        new = [path for path in asked if (path, are_directories) not in self._known]
        if are_directories:
            self._known |= {(path, True): Decision(path, *line) for path in new if (line := self._plain.line(path))}
            new = [path for path in new if (path, True) not in self._known]
        if new:
            with Clone(self._repo, self.ignore_files) as clone:
                found = clone.decisions(directories=new) if are_directories else clone.decisions(files=new)
            self._known |= {(path, are_directories): decision for path, decision in found.items()}
        return {path: self._known[path, are_directories] for path in asked}
