"""The same questions where there is no repository, as in an unpacked sdist: answered by pathspec, not by git."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from venvlint.ignores.clone import IGNORE_FILE, Decision, View
from venvlint.ignores.disk import Disk, is_barren
from venvlint.ignores.facts import Survey
from venvlint.ignores.found import Environment, Finder
from venvlint.ignores.near_misses import decoded
from venvlint.ignores.working_tree import WorkingTree

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from venvlint.ignores.locality import Locality
    from venvlint.settings import Settings

NOTE = "not in a git repository, so git wasn't asked: its rules are imitated"


class Imitation(View):
    """A view that imitates git. It differs in rare cases, such as character classes by name."""

    def __init__(self, ignore_files: Mapping[str, bytes]) -> None:
        self.ignore_files = ignore_files
        self._specs: dict[str, list[tuple[int, str, GitIgnoreSpec]]] = {}

    def changed(self, ignore_files: Mapping[str, bytes]) -> View:
        return Imitation(ignore_files)

    def of(self, paths: Iterable[str], *, are_directories: bool = True) -> dict[str, Decision]:
        return {path: self.decision(path, is_directory=are_directories) for path in paths}

    def decision(self, path: str, *, is_directory: bool) -> Decision:
        """Return the decision about a path: that about the topmost excluded directory above it, or else its own."""
        parts = path.split("/")
        found = Decision(path)
        for depth in range(1, len(parts) + 1):
            found = self._decision("/".join(parts[:depth]), is_directory or depth < len(parts))
            if found.is_ignored:
                break
        return found._replace(path=path)

    def _decision(self, path: str, is_directory: bool) -> Decision:
        place = path
        while place:
            place = place.rpartition("/")[0]
            file = f"{place}/{IGNORE_FILE}" if place else IGNORE_FILE
            relative = (path[len(place) + 1 :] if place else path) + "/" * is_directory
            for number, line, spec in self._lines(file):
                if spec.check_file(relative).include is not None:
                    return Decision(path, file, number, line)
        return Decision(path)

    def _lines(self, file: str) -> list[tuple[int, str, GitIgnoreSpec]]:
        """Return the patterns of an ignore file, last first: the last that matches decides."""
        if file not in self._specs:
            self._specs[file] = list(_parsed(self.ignore_files.get(file, b"")))[::-1]
        return self._specs[file]


def _parsed(data: bytes) -> Iterator[tuple[int, str, GitIgnoreSpec]]:
    from pathspec import GitIgnoreSpec

    text, is_readable = decoded(data)
    for number, line in enumerate(text.split("\n") if is_readable else (), 1):
        pattern = line.removesuffix("\r")
        is_stripped = pattern[-1:].isspace() and not pattern.endswith(" ")  # by pathspec, and not by git
        if pattern and not is_stripped:
            with contextlib.suppress(ValueError):  # a line that means nothing to git either
                yield number, pattern, GitIgnoreSpec.from_lines([pattern])


class Outside(Survey):
    """A survey of a directory tree that is in no repository: all of it counts as committed but for environments."""

    def __init__(self, root: str, settings: Settings) -> None:
        self.disk = Disk(root)
        self._names = settings.environment_names
        self._files: dict[str, bytes] = {}
        status, index = b"", b""
        for sign, path in self._walk():
            if sign:
                status += sign + os.fsencode(path) + b"\0"
            else:
                index += b"100644 0 0\t" + os.fsencode(path) + b"\0"
        self.tree = WorkingTree(lambda: status, index)
        self.finder = Finder(self.tree, self.disk)
        self._used = self._names_in_use(None)

    @cached_property
    def project(self) -> View:
        """The view of the ignore files on disk."""
        return Imitation(self._files)

    @property
    def committed(self) -> View:
        """The same: there is nobody else."""
        return self.project

    @cached_property
    def added(self) -> dict[str, Decision]:
        """What decides about the first file of each environment that isn't ignored."""
        return {
            each.path: self.project.of([each.added[0]], are_directories=False)[each.added[0]]
            for each in self.environments
            if each.added
        }

    @property
    def localities(self) -> dict[str, Locality]:
        """Nothing: there is nobody else."""
        return {}

    def tracked_yet_ignored(self, environment: Environment) -> list[str]:  # noqa: ARG002 - the method's form
        """Nothing is tracked."""
        return []

    def _walk(self) -> Iterator[tuple[bytes, str]]:
        """Yield each file, or ignored directory, with the mark of `git status`; none if it's tracked."""
        view = Imitation(self._files)
        waiting = [""]
        while waiting:
            place = waiting.pop()
            names = sorted(self.disk.names(place))
            prefix = f"{place}/" if place else ""
            if IGNORE_FILE in names and (data := self.disk.read(f"{prefix}{IGNORE_FILE}")) is not None:
                self._files[f"{prefix}{IGNORE_FILE}"] = data
            for name in names:
                path = f"{prefix}{name}"
                is_directory = self.disk.is_directory(path)
                if view.decision(path, is_directory=is_directory).is_ignored:
                    yield b"!! ", path + "/" * is_directory
                elif is_directory and not is_barren(path):
                    waiting.append(path)
                elif not is_directory:
                    is_part = self.disk.environment(place) is not None or (
                        self.disk.is_link(path) and self.disk.kind(path)
                    )
                    yield b"?? " if is_part else b"", path
