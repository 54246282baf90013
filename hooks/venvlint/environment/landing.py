"""Where an install would land: what the command asks for, held against the state that it runs in."""

from __future__ import annotations

from typing import NamedTuple

from venvlint.environment import places
from venvlint.environment.state import State
from venvlint.installs import Request
from venvlint.model import Where
from venvlint.values import OPEN, RUNNING_PYTHON, is_unknown


class Landing(NamedTuple):
    """What an installer would install into."""

    where: Where
    environment: str = ""
    is_base: bool = False


GLOBAL = Landing("global")
BASE = Landing("global", is_base=True)
UNKNOWN = Landing("unknown")
_DIRECTORY = _NOWHERE = Landing("directory")  # apart from the system and all environments, or not installed at all
# Where the system's Python is on some machines; on others, what stands behind on PATH is found.
_PERHAPS_WITHOUT_PYTHON = ("/usr/local/bin", "/opt/homebrew/bin", "/opt/local/bin")
_SYSTEM_TARGETS = ("/", "/usr", "/usr/local", "/opt/homebrew", "/usr/local/lib", "/usr/lib")


def of(request: Request, state: State) -> Landing:
    """Return where an install lands."""
    if request.kind == "setting":
        return GLOBAL
    if request.target is not None and not request.requires_environment:
        return _of_target(request.target, state)
    found = _of_program(request, state)
    if found.where != "environment" and request.requires_environment:
        return _NOWHERE
    if request.target is not None:
        return _of_target(request.target, state)
    is_lost = found.where == "unknown" and request.program.how != "unknown"
    if is_lost and request.traits & {"user", "override"} and not _has_environment_on_path(state):
        return GLOBAL  # what only makes sense outside of an environment
    if found.where == "maybe" and "user" in request.traits:
        return GLOBAL  # in an environment pip refuses
    return found


def _of_target(target: str, state: State) -> Landing:
    """`--target`, `--prefix`, `--root`: that directory, global if it is the system's."""
    path = places.normal(target, state.cwd)
    if path in _SYSTEM_TARGETS or (path.startswith("/usr/") and path.endswith(("/site-packages", "/dist-packages"))):
        return GLOBAL
    return _DIRECTORY


def _of_program(request: Request, state: State) -> Landing:
    how, value = request.program.how, request.program.value
    if how == "name":
        return on_path(state)
    if how == "path":
        return _of_path(value, state)
    if how == "prefix":
        return _of_prefix(value, state)
    if how == "launcher":
        return on_path(state) if not value else GLOBAL
    if how == "system":
        return GLOBAL
    if how == "uv":
        return _of_uv(state)
    if how == "conda":
        return _of_conda(value, state)
    return Landing("maybe") if value == RUNNING_PYTHON else UNKNOWN


def _of_prefix(prefix: str, state: State) -> Landing:
    path = places.normal(prefix, state.cwd)
    if _is_environment(path, state):
        return Landing("environment", path)
    kind = places.kind_of_prefix(path)
    if kind in ("system", "base"):
        return BASE if kind == "base" else GLOBAL
    return Landing("environment", path)


def _of_uv(state: State) -> Landing:
    """Tell where uv goes: VIRTUAL_ENV, CONDA_PREFIX, the nearest `.venv`; it refuses where there is none."""
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        value = state.exported(name)
        if value:
            kind = places.kind_of_prefix(places.normal(value, state.cwd))
            return GLOBAL if kind == "system" else Landing("environment", value)
    return Landing("environment")


def _of_conda(name: str, state: State) -> Landing:
    """A named environment, or the one that is active; without one, base."""
    if name in ("base", "root"):
        return BASE
    if name:
        if name.startswith(OPEN) and is_unknown(name):
            return Landing("environment", name)
        if "/" in name:
            kind = places.kind_of_prefix(places.normal(name, state.cwd))
            return BASE if kind in ("base", "system") else Landing("environment", name)
        return Landing("environment", name)
    prefix = state.exported("CONDA_PREFIX")
    if prefix:
        return Landing("environment", prefix)
    if places.LOST_PATH in state.path:
        return UNKNOWN
    return BASE


def on_path(state: State) -> Landing:
    """Return what an installer that is found on PATH belongs to."""
    is_shadowed = False
    for entry in state.entries():
        landing = _of_entry(entry, state)
        if landing == GLOBAL and entry in _PERHAPS_WITHOUT_PYTHON:
            is_shadowed = True
        elif landing is not None:
            return Landing("maybe") if is_shadowed and landing.where == "environment" else landing
    return GLOBAL if is_shadowed else UNKNOWN


def _has_environment_on_path(state: State) -> bool:
    """Tell whether an environment is anywhere on PATH, if maybe behind something else."""
    landings = (_of_entry(entry, state) for entry in state.entries())
    return any(landing is not None and landing.where == "environment" for landing in landings)


def _of_entry(entry: str, state: State) -> Landing | None:
    prefix = places.prefix_of(entry)
    for candidate in (prefix, entry):
        if candidate is not None and _is_environment(candidate, state):
            return Landing("environment", candidate)
    kind = places.kind_of_entry(entry)
    if kind == "environment":
        return Landing("environment", prefix or entry)
    return {"system": GLOBAL, "base": BASE, "unknown": UNKNOWN}.get(kind)


def _is_environment(prefix: str, state: State) -> bool:
    """Tell whether the script made, activated, or named `prefix` as an environment."""
    if f"env:{prefix}" in state.created:
        return True
    return any(
        (found := state.variables.get(name)) is not None and found.value == prefix and prefix != ""
        for name in ("VIRTUAL_ENV", "CONDA_PREFIX")
    )


def _of_path(program: str, state: State) -> Landing:
    """Return what the interpreter or installer at a path belongs to."""
    path = places.normal(program, state.cwd)
    directory, _, _ = path.rpartition("/")
    if directory in ("", "~") or not path:
        return UNKNOWN
    prefix = places.prefix_of(directory)
    if prefix is None:
        kind = places.kind_of_entry(directory)
        if f"env:{directory}" in state.created:
            return Landing("environment", directory)
        return {"system": GLOBAL, "base": BASE}.get(kind, UNKNOWN)
    if _is_environment(prefix, state):
        return Landing("environment", prefix)
    kind = places.kind_of_prefix(prefix)
    if kind in ("system", "base"):
        return BASE if kind == "base" else GLOBAL
    if prefix in (places.SYSTEM_PATH, places.LOST_PATH):
        return UNKNOWN
    return Landing("environment", prefix)
