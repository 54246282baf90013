"""The environments on disk, each with what git would add of it and what it tracks of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from venvlint.environments import CONFIG
from venvlint.ignores.disk import Disk, is_barren
from venvlint.ignores.working_tree import WorkingTree

# What venv and virtualenv put at an environment's top. Where a project lives in its own environment, all else is the
# project. conda's environments have more, but nobody's project lives in one.
_OWN = frozenset(
    f".lock CACHEDIR.TAG Include Lib Scripts bin etc include lib lib64 man pip-selfcheck.json share {CONFIG}".split()
)
_NO_PROJECT = _OWN | {".gitignore"}  # which tools put there as well
# The files that make a tracked directory an environment; `history` is conda's.
_MARKERS = frozenset((b"activate", b"activate.bat", b"history", CONFIG.encode()))


class Environment(NamedTuple):
    """An environment on disk. `added` is what `git add -A` would add of it, `tracked` what the index has of it."""

    path: str  # "" is the root
    kind: str
    is_link: bool = False
    is_shared: bool = False  # with the project: its files lie between the environment's
    is_ignored: bool = False  # at least some of it, on this machine
    added: tuple[str, ...] = ()
    tracked: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What to call it to a reader."""
        return self.path or "."


class Finder:
    """Finds environments by asking whose each path is that git names."""

    def __init__(self, tree: WorkingTree, disk: Disk) -> None:
        self._tree = tree
        self._disk = disk
        self._shared: dict[str, bool] = {"": True}

    def environments(self, unsure: Callable[[list[str]], Iterable[str]]) -> Iterator[Environment]:
        """Yield all environments on disk that git doesn't simply track, by path.

        `unsure` picks those ignored directories in which environments matter, because not everybody ignores them.
        """
        added: dict[str, list[str]] = {}
        links = set(self._links(self._tree.untracked + self._tree.ignored))
        for path in self._tree.untracked:
            place = path if path in links else self.home(path)
            if place is not None:
                added.setdefault(place, []).append(path)
        ignored = set(self._ignored(unsure)) | (links - added.keys())
        for place in sorted({*added, *ignored, *self._tracked()}):
            kind = self._disk.kind(place) or "venv"
            tracked = tuple(path for path in self._tree.tracked_below(place) if self.home(path) == place)
            is_link = self._disk.is_link(place)
            yield Environment(
                place,
                kind,
                is_link,
                not is_link and self._is_shared(place),
                place in ignored,
                tuple(added.get(place, ())),
                tracked,
            )

    def home(self, path: str) -> str | None:
        """Return the environment that a file, or a directory with a final slash, is a part of."""
        directory = path[:-1] if path.endswith("/") else path.rpartition("/")[0]
        place = self._disk.environment(directory)
        if place is None and path.partition("/")[0] in _OWN and self._disk.kind(""):
            return ""
        while place is not None and self._is_shared(place):
            top = path[len(place) + 1 :].partition("/")[0]
            if not top or top in _OWN:
                break
            place = self._disk.environment_below(place, directory)  # the project there may have one of its own
        return place

    def _is_shared(self, place: str) -> bool:
        if place not in self._shared:
            tops = (path[len(place) + 1 :].partition("/")[0] for path in self._tree.tracked_below(place))
            others = {top for top in tops if top not in _NO_PROJECT and not self._disk.kind(f"{place}/{top}")}
            self._shared[place] = self._disk.kind(place) == "venv" and bool(others)
        return self._shared[place]

    def _links(self, paths: Iterable[str]) -> Iterator[str]:
        """Yield the symlinks that lead to an environment."""
        for path in paths:
            is_outside = not path.endswith("/") and self.home(path) is None
            if is_outside and self._disk.is_link(path) and self._disk.kind(path):
                yield path

    def _ignored(self, unsure: Callable[[list[str]], Iterable[str]]) -> Iterator[str]:
        others = []
        for path in self._tree.ignored:
            home = self.home(path)
            if home is not None:
                yield home
            elif path.endswith("/") and not is_barren(path):
                others.append(path[:-1])
        for directory in unsure(others):
            yield from self._disk.within(directory)

    def _tracked(self) -> Iterator[str]:
        for entry in self._tree.tracked(_MARKERS.__contains__):
            home = self.home(entry.path)
            if home is not None:
                yield home


def is_marker(path: str) -> bool:
    """Tell whether a file is one of those that make a directory an environment."""
    return os.fsencode(path.rpartition("/")[2]) in _MARKERS
