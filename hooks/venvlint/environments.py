"""What makes a directory an environment, by the names in it, and what its pyvenv.cfg says."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

CONFIG = "pyvenv.cfg"
CONDA_MARKERS = ("history", "pixi", "pixi_env_prefix")
# Directories in which a tool keeps its environments, by name: they are one thing to whoever ignores or removes them.
# pixi keeps settings that are meant to be committed beside its `envs`, so `.pixi` itself isn't one.
CONTAINERS = {".nox": "nox", ".pixi/envs": "pixi", ".tox": "tox"}
KINDS = {
    "conda": "conda environment",
    "nox": "directory of nox environments",
    "pixi": "directory of pixi environments",
    "pypackages": "directory of PEP 582 packages",
    "tox": "directory of tox environments",
    "venv": "virtual environment",
}
PYPACKAGES = "__pypackages__"
_SCRIPT_DIRECTORIES = ("bin", "Scripts")
_ACTIVATORS = frozenset(
    ("Activate.ps1", "activate", "activate.bat", "activate.csh", "activate.fish", "activate.nu", "activate.ps1")
)
# An activate script of the project's own may be called that as well: virtualenv before 20 wrote no pyvenv.cfg, but
# always the second file too.
_COMPANIONS = _ACTIVATORS | {"activate_this.py", "python", "python2", "python3", "python.exe", "pip", "pip.exe"}
_PYTHON_VERSION = re.compile(r"[23]\.\d+(-32)?")

# The names in a sub-directory, given by its path from the directory in question; empty where it doesn't exist.
Names = Callable[[str], Collection[str]]


def kind(path: str, names: Collection[str], inside: Names) -> str | None:
    """Return what kind of environment (a key of KINDS) the directory at `path` is, or None.

    `names` are the entries of the directory, `inside` those of a sub-directory of it: on disk, in the index, anywhere.
    """
    if CONFIG in names:
        return "venv"
    if "conda-meta" in names and any(marker in inside("conda-meta") for marker in CONDA_MARKERS):
        return "conda"
    for scripts in _SCRIPT_DIRECTORIES:
        if scripts in names and _has_activators(inside(scripts)):
            return "venv"
    name = path.rpartition("/")[2]
    if name == PYPACKAGES:
        return "pypackages" if any(_PYTHON_VERSION.fullmatch(entry) for entry in names) else None
    container = container_kind(path)
    if container and any(kind(entry, inside(entry), _below(inside, entry)) for entry in names):
        return container
    return None


def container_kind(path: str) -> str | None:
    """Return the tool whose environments the directory at `path` holds if its name tells the truth."""
    name = path.rpartition("/")[2]
    return CONTAINERS.get(name) or CONTAINERS.get("/".join(path.split("/")[-2:]))


def is_candidate(path: str, names: Collection[str]) -> bool:
    """Tell quickly whether `kind` has to look at a directory at all."""
    return (
        CONFIG in names
        or "conda-meta" in names
        or "bin" in names
        or "Scripts" in names
        or path.endswith((PYPACKAGES, "envs", ".tox", ".nox"))
    )


def _has_activators(names: Collection[str]) -> bool:
    return len(_COMPANIONS.intersection(names)) > 1 and not _ACTIVATORS.isdisjoint(names)


def _below(inside: Names, directory: str) -> Names:
    return lambda path: inside(f"{directory}/{path}")


class Config(NamedTuple):
    """What a pyvenv.cfg says."""

    values: dict[str, str]  # keys in lower case, as `site` reads them

    @property
    def tool(self) -> str:
        """The tool that made the environment: uv, virtualenv (for Poetry, Hatch, PDM, Pipenv too) or venv."""
        return next((tool for tool in ("uv", "virtualenv") if tool in self.values), "venv")

    @property
    def python(self) -> str:
        """The version of its Python, as in "3.12.4", or "" where it isn't said."""
        found = re.match(r"\d+(\.\d+)*", self.values.get("version_info") or self.values.get("version") or "")
        return found[0] if found else ""

    @property
    def home(self) -> str:
        """The directory of the interpreter that it was made from, or ""."""
        return self.values.get("home", "")


def config(data: bytes) -> Config:
    """Read a pyvenv.cfg the way that Python's `site` module does: `key = value`, all else passed over."""
    lines = data.decode("utf-8-sig", "surrogateescape").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line)
    return Config({key.strip().lower(): value.strip() for key, _, value in pairs})
