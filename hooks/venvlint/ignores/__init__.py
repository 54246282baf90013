"""Which environments there are on disk, and who ignores them: git here, and git in everybody else's clone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from venvlint.ignores import working_tree
from venvlint.ignores.clone import IGNORE_FILE, Clone, Decision
from venvlint.ignores.disk import Disk
from venvlint.environments import CONFIG
from venvlint.repo import Repo

if TYPE_CHECKING:
    from venvlint.settings import Settings

# A project is set up, and so its environment made, where one of these is.
MANIFESTS = rb"pyproject\.toml|setup\.py|setup\.cfg|requirements[^/\0]*\.txt|Pipfile"
# What an environment holds at its top. Where a project lives in its own environment, all else there is the project.
_OWN = frozenset(
    f".lock CACHEDIR.TAG Include Lib Scripts bin conda-meta etc include lib lib64 man share {CONFIG}".split()
)


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment on disk. `added` is what `git add -A` would add of it, `tracked` what the index has of it."""

    path: str  # "" is the root
    kind: str
    is_link: bool = False
    added: tuple[str, ...] = ()
    tracked: tuple[str, ...] = ()


class Survey:
    """The facts that the rules ask about. Each is found out when it is first asked for."""

    def __init__(self, repo: Repo, settings: Settings) -> None:
        self.repo = repo
        self.settings = settings
        self.disk = Disk(repo.root)
        self.tree = working_tree.read(repo)

    @cached_property
    def environments(self) -> tuple[Environment, ...]:
        """All environments on disk that git doesn't simply track, by path."""
        added: dict[str, list[str]] = {}
        links = dict(self._links(self.tree.untracked + self.tree.ignored))
        for path in self.tree.untracked:
            place = path if path in links else self._home(path)
            if place is not None:
                added.setdefault(place, []).append(path)
        places = {*added, *links, *self._ignored(), *self._tracked()}
        return tuple(self._environment(place, links.get(place), added.get(place, [])) for place in sorted(places))

    def _environment(self, place: str, link: str | None, added: list[str]) -> Environment:
        tracked = tuple(path for path in self.tree.tracked_below(place) if self._home(path) == place)
        return Environment(place, link or self.disk.kind(place) or "venv", bool(link), tuple(added), tracked)

    def _home(self, path: str) -> str | None:
        """Return the environment that a file is a part of."""
        place = self.disk.environment(path.rstrip("/") if path.endswith("/") else path.rpartition("/")[0])
        if place is None and path.partition("/")[0] in _OWN and self.disk.kind(""):
            return ""
        return place

    def _links(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield the symlinks that lead to an environment, with its kind."""
        for path in paths:
            if not path.endswith("/") and self.disk.is_link(path):
                kind = self.disk.kind(path)
                if kind:
                    yield path, kind

    def _ignored(self) -> Iterator[str]:
        for path in self.tree.ignored:
            home = self._home(path)
            if home is not None:
                yield home

    def _tracked(self) -> Iterator[str]:
        for entry in self.tree.tracked(rb"pyvenv\.cfg|activate|history"):
            home = self._home(entry.path)
            if home is not None:
                yield home

    @cached_property
    def missing(self) -> dict[str, list[Decision]]:
        """The expected names that no ignore file of the project covers, each with what was decided where."""
        if not self.tree.has_python and not self.manifest_places and not self.environments:
            return {}
        here = {environment.path for environment in self.environments}
        asked = {
            name: [path for place in ("", *self.manifest_places) if (path := _join(place, name)) not in here]
            for name in self.settings.environment_names
        }
        with Clone(self.repo, self.ignore_files) as clone:
            decided = clone.decisions(directories=[path for paths in asked.values() for path in paths])
        found = {
            name: [decided[path] for path in paths if not decided[path].is_ignored] for name, paths in asked.items()
        }
        return {name: decisions for name, decisions in found.items() if decisions}

    @cached_property
    def manifest_places(self) -> tuple[str, ...]:
        """The directories below the root in which a project is set up."""
        tracked = {entry.path.rpartition("/")[0] for entry in self.tree.tracked(MANIFESTS)}
        return tuple(sorted(place for place in tracked if place and self.disk.environment(place) is None))

    @cached_property
    def ignore_files(self) -> dict[str, bytes]:
        """The project's ignore files as they are on disk, other than those inside of environments."""
        untracked = (path for path in self.tree.untracked if path.rpartition("/")[2] == IGNORE_FILE)
        tracked = (entry.path for entry in self.tree.tracked(rb"\.gitignore") if entry.is_regular)
        files = {path: self.disk.read(path) for path in (*tracked, *untracked) if self._home(path) is None}
        return {path: data for path, data in files.items() if data is not None}


def survey(repo: Repo, settings: Settings) -> Survey:
    """Look at a repository; raises RepositoryError where git can't answer."""
    return Survey(repo, settings)


def _join(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name
