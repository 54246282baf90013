"""Where an environment is to be expected, and under which name, before there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from venvlint.ignores.disk import Disk
from venvlint.ignores.working_tree import WorkingTree

# A project is set up, and so its environment made, where one of these is.
MANIFESTS = rb"pyproject\.toml|setup\.py|setup\.cfg|requirements[^/\0]*\.txt|Pipfile"


def places(tree: WorkingTree, disk: Disk, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the path of each expected environment, with the reason for it where that isn't just custom."""
    manifests = {entry.path.rpartition("/")[0] for entry in tree.tracked(MANIFESTS)}
    for place in sorted({"", *manifests}):
        if not place or disk.environment(place) is None:
            for name in names:
                yield f"{place}/{name}" if place else name, ""
