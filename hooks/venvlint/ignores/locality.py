"""Why an environment is ignored on this machine and not in everybody else's clone."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Literal, NamedTuple

from venvlint.ignores.clone import IGNORE_FILE, View, decisions
from venvlint.ignores.disk import Disk
from venvlint.ignores.found import Environment
from venvlint.repo import Repo

# "everything": the environment is the repository's root, and its ignore file ignores the whole repository.
Kind = Literal["exclude", "user", "own", "untracked", "unstaged", "everything"]


class Locality(NamedTuple):
    """What ignores an environment here: a pattern, on a line of a file, and what kind of file that is."""

    kind: Kind
    source: str
    line: int
    pattern: str


def left_open(environment: Environment, view: View, disk: Disk, tops: Iterable[str] = ()) -> str | None:
    """Return an untracked path of an environment that `view` doesn't ignore, or None if it ignores them all.

    `tops` are the environment's own files and directories where it shares its place with a project.
    """
    if environment.is_link:
        return (
            None
            if view.of([environment.path], are_directories=False)[environment.path].is_ignored
            else environment.path
        )
    tracked = set(environment.tracked)
    waiting = list(tops) or [environment.path]
    while waiting:
        directories = [path for path in waiting if disk.is_directory(path)]
        files = [path for path in waiting if path not in tracked and not disk.is_directory(path)]
        for path, decision in view.of(files, are_directories=False).items():
            if not decision.is_ignored:
                return path
        open_directories = [path for path, found in view.of(directories).items() if not found.is_ignored]
        waiting = [f"{path}/{name}" for path in open_directories for name in disk.names(path)]
    return None


def of(environment: Environment, left: str, repo: Repo, project: View, tracked: Container[str]) -> Locality | None:
    """Return what ignores `left`, a path of the environment, here; None if nothing does."""
    found = decisions(repo, [left])[left]
    if not found.is_ignored:
        return None
    return Locality(
        _kind(environment, found.source, found.pattern, repo, project, tracked), found.source, found.line, found.pattern
    )


def _kind(
    environment: Environment, source: str, pattern: str, repo: Repo, project: View, tracked: Container[str]
) -> Kind:
    if not environment.path and source == IGNORE_FILE and pattern in ("*", "/*", "**"):
        return "everything"
    if environment.path and source.startswith(f"{environment.path}/"):
        return "own"
    if source in project.ignore_files:
        return "unstaged" if source in tracked else "untracked"
    if source in (".git/info/exclude", f"{repo.common}/info/exclude") or source.endswith("/.git/info/exclude"):
        return "exclude"
    if source.rpartition("/")[2] == IGNORE_FILE and not source.startswith("/") and ":" not in source:
        return "untracked"
    return "user"
