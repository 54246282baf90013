"""What a copied build context takes along of environments, those that are there and those to be expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from venvlint.ignores import dockerignore
from venvlint.ignores.contexts import Copy
from venvlint.ignores.disk import Disk
from venvlint.ignores.expected import is_manifest
from venvlint.ignores.found import Environment
from venvlint.ignores.working_tree import WorkingTree
from venvlint.model import Edit

# A path in each kind of environment that no exception means to let in.
_INSIDE = ("", "/pyvenv.cfg", "/bin/activate", "/conda-meta/history")


@dataclass(frozen=True, slots=True)
class Taken:
    """The environments that get into an image, as paths relative to the context, and what would keep them out."""

    file: str  # the .dockerignore file that counts, which may have to be made
    has_file: bool
    data: bytes
    environments: tuple[str, ...]
    expected: tuple[str, ...]
    patterns: tuple[str, ...]

    def addition(self, pattern: str) -> Edit | None:
        """Return the edit that adds a pattern to the file."""
        return dockerignore.addition(self.file, self.data, pattern)


def taken(
    copy: Copy, environments: Iterable[Environment], names: tuple[str, ...], tree: WorkingTree, disk: Disk
) -> Taken | None:
    """Return what an instruction takes along, or None if that is no environment."""
    file, data = _ignore_file(copy, disk)
    patterns = dockerignore.patterns(data or b"")
    prefix = f"{copy.context}/" if copy.context else ""
    inside = [each.path[len(prefix) :] for each in environments if not each.is_link and each.path.startswith(prefix)]
    there = tuple(path for path in inside if path and _gets_in(path, patterns))
    expected = tuple(name for name in names if _gets_in(name, patterns)) if _has_python(copy, prefix, tree) else ()
    lines = [f"**/{name}" for name in names if name in expected or any(_name(path) == name for path in there)]
    lines += [path for path in there if _name(path) not in names]
    if not lines:
        return None
    return Taken(file, data is not None, data or b"", there, expected, tuple(lines))


def _ignore_file(copy: Copy, disk: Disk) -> tuple[str, bytes | None]:
    """Return the ignore file of a build: the Dockerfile's own goes before the context's."""
    own = f"{copy.dockerfile}{dockerignore.NAME}"
    data = disk.read(own, follow=True)
    if data is not None:
        return own, data
    common = f"{copy.context}/{dockerignore.NAME}" if copy.context else dockerignore.NAME
    return common, disk.read(common, follow=True)


def _gets_in(path: str, patterns: list[dockerignore.Pattern]) -> bool:
    return any(not dockerignore.is_excluded(path + inside, patterns) for inside in _INSIDE)


def _has_python(copy: Copy, prefix: str, tree: WorkingTree) -> bool:
    return copy.is_python or any(
        entry.path.rpartition("/")[0] + "/" == (prefix or "/") for entry in tree.tracked(is_manifest)
    )


def _name(path: str) -> str:
    return path.rpartition("/")[2]
