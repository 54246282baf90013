"""Where an environment is to be expected, and under which name, before there is one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

from venvlint.ignores.disk import Disk
from venvlint.ignores.working_tree import WorkingTree

# A project is set up, and so its environment made, where one of these is.
_MANIFESTS = frozenset((b"Pipfile", b"pyproject.toml", b"setup.cfg", b"setup.py"))
# What makes a tool keep environments in the project: a file by its name, or by its name and something in it.
_TOOLS: tuple[tuple[bytes, bytes, str, str], ...] = (
    (b"tox.ini", b"", ".tox", "which tox makes"),
    (b"tox.toml", b"", ".tox", "which tox makes"),
    (b"pyproject.toml", b"[tool.tox", ".tox", "which tox makes"),
    (b"setup.cfg", b"[tox:tox]", ".tox", "which tox makes"),
    (b"noxfile.py", b"", ".nox", "which nox makes"),
    (b"poetry.toml", b"in-project = true", ".venv", "where Poetry is told to make its environment"),
)
_TOOL_FILES = frozenset(file for file, _, _, _ in _TOOLS)


def is_manifest(name: bytes) -> bool:
    """Tell by its name whether a file is there to set a project up."""
    return name in _MANIFESTS or (name.startswith(b"requirements") and name.endswith(b".txt"))


def places(tree: WorkingTree, disk: Disk, names: Iterable[str], used: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the path of each expected environment, with the reason for it where that isn't just custom.

    `used` are paths that the repository's own scripts and documents make environments at, with the reason.
    """
    manifests = {entry.path.rpartition("/")[0] for entry in tree.tracked(is_manifest)}
    for place in sorted({"", *manifests}):
        if not place or disk.environment(place) is None:
            for name in names:
                yield _join(place, name), ""
    yield from _tools(tree, disk)
    yield from used.items()


def _tools(tree: WorkingTree, disk: Disk) -> Iterator[tuple[str, str]]:
    for entry in tree.tracked(_TOOL_FILES.__contains__):
        place, _, file = entry.path.rpartition("/")
        if disk.environment(place) is not None:
            continue
        for name, content, environment, reason in _TOOLS:
            if name == os.fsencode(file) and (not content or content in (disk.read(entry.path) or b"")):
                yield _join(place, environment), reason


def _join(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name
