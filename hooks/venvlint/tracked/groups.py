"""From single paths to whole environments: which files belong together, and what can be said of them."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from venvlint import environments
from venvlint.tracked.listing import SUBMODULE, Entry, Listing
from venvlint.tracked.traces import Sighting, What

# An activate script made by venv, virtualenv or uv keeps the old PATH in this variable; nodeenv's name for it has
# "NODE" in the middle. `activate_this.py` and Nushell's script have no need of it.
_OURS = re.compile(rb"_OLD_VIRTUAL_|environ\[.VIRTUAL_ENV\b|sys\.real_prefix|let virtual[_-]env\b")
_HOME = re.compile(rb"(?:(.*)/)?(?:lib(?:64)?/(?:python|pypy)[0-9.]+t?|Lib)/(?:site|dist)-packages", re.DOTALL)
_ALIVE = re.compile(rb"(?:pip|python|pypy|easy_install|wheel|activate)[^/]*", re.IGNORECASE)
# What a virtual environment may have at its top; other names are somebody's own files. Pipenv writes `.project`.
_USUAL = frozenset(
    b".Python .gitignore .lock .project CACHEDIR.TAG Include Lib Scripts bin doc etc include lib lib64 local man"
    b" pip-selfcheck.json pyvenv.cfg share".split()
)
_CONDA_USUAL = _USUAL | frozenset(
    b".condarc .nonadmin DLLs Library Menu Tools compiler_compat conda-meta condabin docs envs fonts lib32 libexec"
    b" libs mkspecs phrasebooks pkgs plugins python.exe pythonw.exe qml resources sbin shell ssl tcl translations"
    b" var".split()
)
_CONDA_PLATFORM = re.compile(rb"[^/]+-conda[^/]*-linux-gnu|[^/]+-apple-darwin[^/]*|[^/]+\.(?:dll|exe|pdb|txt)")
# What of a directory is certainly an environment's, where other files are there as well. Programs of installed packages
# can't be told from a project's own.
PART = (
    rb"(?:\.Python|conda-meta|lib64|lib/(?:python|pypy)[0-9.]+t?|Lib/site-packages|pip-selfcheck\.json|pyvenv\.cfg"
    rb"|include/(?:(?:python|pypy)[0-9.]+[a-z]*|site)"
    rb"|(?:bin|Scripts)/(?:[Aa]ctivate|deactivate|easy_install|idle|pip|pydoc|pypy|python|wheel)[^/\0]*)"
)
_PART = re.compile(PART + rb"/")
_PYTHON = re.compile(rb"/(?:python|pypy)([23]\.\d+)t?/(?:site|dist)-packages/")
_CONDA_PYTHON = re.compile(rb"conda-meta/python-([0-9.]+)-[^/]+\.json")
_PYPACKAGES_PYTHON = re.compile(rb"__pypackages__/([23]\.\d+)(?:-32)?/")
_PYTHONS = {"conda": _CONDA_PYTHON, "pixi": _CONDA_PYTHON, "pypackages": _PYPACKAGES_PYTHON}
_PACKAGE = re.compile(
    rb".*?(?:site-packages|dist-packages|__pypackages__/[^/]+/lib)/(?![^/]*\.(?:dist|egg)-info/)([^/]+)", re.DOTALL
)
_CONTAINERS: frozenset[What] = frozenset(("nox", "pixi", "pypackages", "tox"))
_CONFIG = os.fsencode(environments.CONFIG)
_TOOLS: dict[What, str] = {"conda": "conda", "nox": "nox", "pixi": "pixi", "pypackages": "pdm", "tox": "tox"}


class Group(NamedTuple):
    """Tracked files that came from one environment, or that lie in one site-packages outside of any."""

    root: str  # "" is the repository's top
    kind: str  # a key of environments.KINDS, or "packages"
    tool: str  # what made it, or ""
    python: str  # the version, several of them where it holds several environments, or ""
    parts: tuple[str, ...]  # what has to go: the root, or what lies in it where other files do as well
    is_whole: bool  # False where the environment's own pyvenv.cfg or the like isn't tracked
    entries: tuple[Entry, ...]

    @property
    def is_mixed(self) -> bool:
        """Tell whether the directory holds other tracked files as well."""
        return self.parts != (self.root,)


class Root(NamedTuple):
    """A directory that was found to be an environment, or part of one."""

    path: bytes
    kinds: frozenset[What]


def roots(seen: Collection[Sighting], contents: Mapping[bytes, bytes], listing: Listing) -> Iterator[Root]:
    """Yield the environments that `seen` gives away; `contents` are those of activate scripts."""
    kinds: dict[bytes, set[What]] = {}
    for sighting in seen:
        if sighting.what == "script" and not is_activate_script(contents.get(sighting.entry.blob, b"")):
            continue
        if sighting.what in ("config", "script", *_TOOLS):
            kinds.setdefault(sighting.root, set()).add(sighting.what)
    for packages in {sighting.root for sighting in seen if sighting.what == "packages"}:
        top = home(packages)
        if top is not None and top not in kinds and _has_programs(top, listing):
            kinds[top] = {"packages"}
    for path in sorted(kinds):
        yield Root(path, frozenset(kinds[path]))


def is_activate_script(content: bytes) -> bool:
    """Tell whether a file that is called like one is an environment's activate script."""
    return bool(_OURS.search(content))


def home(packages: bytes) -> bytes | None:
    """Return the directory whose site-packages this would be if it were an environment."""
    found = _HOME.fullmatch(packages)
    return (found[1] or b"") if found else None


def _has_programs(top: bytes, listing: Listing) -> bool:
    prefix = top + b"/" if top else b""
    return any(
        _ALIVE.fullmatch(one.path.rpartition(b"/")[2])
        for scripts in (b"bin", b"Scripts")
        for one in listing.below(prefix + scripts)
    )


def grouped(found: Iterable[Root], listing: Listing) -> Iterator[Group]:
    """Yield each environment with its files; one inside another belongs to that. Sizes and pyvenv.cfg come later."""
    outer: list[bytes] = []
    for root in found:
        if any(root.path == part or root.path.startswith(part + b"/") for part in outer):
            continue
        entries = tuple(listing.below(root.path))
        parts = _parts(root, entries)
        outer.extend(parts)
        if parts != (root.path,):
            entries = tuple(one for one in entries if _is_in(one.path, parts))
        yield _group(root, parts, entries)


def _parts(root: Root, entries: tuple[Entry, ...]) -> tuple[bytes, ...]:
    """Return what of a directory is the environment's: all of it unless somebody's own files are there too."""
    if root.path and not root.kinds.isdisjoint(_CONTAINERS):
        return (root.path,)
    start = len(root.path) + 1 if root.path else 0
    tops = {one.path[start:].partition(b"/")[0] for one in entries}
    if "conda" in root.kinds:
        tops = {top for top in tops - _CONDA_USUAL if not _CONDA_PLATFORM.fullmatch(top)}
    if root.path and tops <= _USUAL:
        return (root.path,)
    matches = (_PART.match(one.path + b"/", start) for one in entries)
    found = {part[0][:-1] for part in matches if part}
    return tuple(sorted(root.path + b"/" + part if root.path else part for part in found))


def _is_in(path: bytes, parts: Iterable[bytes]) -> bool:
    return any(path == part or path.startswith(part + b"/") for part in parts)


def _group(root: Root, parts: tuple[bytes, ...], entries: tuple[Entry, ...]) -> Group:
    tools = [what for what in _TOOLS if what in root.kinds]
    kind = tools[0] if tools else "venv"
    return Group(
        os.fsdecode(root.path),
        kind,
        _TOOLS[tools[0]] if tools else "",
        _python(entries, _PYTHONS.get(kind, _PYTHON)) or _python(entries, _PYTHON),
        tuple(map(os.fsdecode, parts)),
        bool(tools) or "config" in root.kinds,
        entries,
    )


def _python(entries: Iterable[Entry], pattern: re.Pattern[bytes]) -> str:
    return _listed({match[1].decode() for one in entries if (match := pattern.search(one.path))})


def _listed(versions: Iterable[str]) -> str:
    return ", ".join(sorted(versions, key=lambda version: [int(part) for part in version.split(".") if part]))


def configured(found: Iterable[Group], contents: Mapping[bytes, bytes]) -> Iterator[Group]:
    """Yield the groups with what their own pyvenv.cfg says of them, or those of all environments that they hold."""
    for group in found:
        start = len(os.fsencode(group.root)) + 1 if group.root else 0
        holds_others = group.kind in _CONTAINERS
        files = (one for one in group.entries if one.path.endswith(_CONFIG))
        read = (contents.get(one.blob) for one in files if holds_others or one.path[start:] == _CONFIG)
        configs = [environments.config(data) for data in read if data is not None]
        python = _listed({config.python for config in configs} - {""})
        tool = group.tool or next((config.tool for config in configs), "")
        yield group._replace(tool=tool, python=python or group.python)


def outside(seen: Iterable[Sighting], found: Iterable[Group]) -> Iterator[Sighting]:
    """Yield the interpreters and links that lie in none of the groups."""
    taken = [os.fsencode(part) for group in found for part in group.parts]
    return (one for one in seen if one.what in ("link", "program") and not _is_in(one.entry.path, taken))


def leftovers(seen: Iterable[Sighting], environments_found: Collection[Group], listing: Listing) -> Iterator[Group]:
    """Yield each site-packages directory that lies in none of the environments."""
    taken = [os.fsencode(part) for group in environments_found for part in group.parts]
    for root in sorted({sighting.root for sighting in seen if sighting.what == "packages"}):
        if not _is_in(root, taken):
            taken.append(root)
            entries = tuple(listing.below(root))
            name = os.fsdecode(root)
            yield Group(name, "packages", "", _python(entries, _PYTHON), (name,), True, entries)


def largest(group: Group, sizes: Mapping[bytes, int], count: int) -> list[tuple[str, int]]:
    """Return the packages that take most room, with their bytes."""
    packages: dict[str, int] = {}
    for one in group.entries:
        if found := _PACKAGE.match(one.path):
            name = os.fsdecode(found[1])
            packages[name] = packages.get(name, 0) + sizes.get(one.blob, 0)
    return sorted(packages.items(), key=lambda item: (-item[1], item[0]))[:count]


def blobs(group: Group) -> set[bytes]:
    """Return the names of a group's contents; submodules have none here."""
    return {one.blob for one in group.entries if one.mode != SUBMODULE}
