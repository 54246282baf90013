"""Where an install would land: what the command asks for, held against the state that it runs in."""

from __future__ import annotations

from venvlint.environment import places
from venvlint.environment.state import BASE, GLOBAL, UNKNOWN, Landing, State
from venvlint.installs import Request
from venvlint.values import OPEN, RUNNING_PYTHON, is_unknown

_DIRECTORY = _NOWHERE = Landing("directory")  # apart from the system and all environments, or not installed at all
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
    if found.where == "unknown" and request.traits & {"user", "override"} and not state.has_environment_on_path:
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
        return state.found_on_path()
    if how == "path":
        return state.landing_of_program(value)
    if how == "prefix":
        return _of_prefix(value, state)
    if how == "launcher":
        return state.found_on_path() if not value else GLOBAL
    if how == "system":
        return GLOBAL
    if how == "uv":
        return _of_uv(state)
    if how == "conda":
        return _of_conda(value, state)
    return Landing("maybe") if value == RUNNING_PYTHON else UNKNOWN


def _of_prefix(prefix: str, state: State) -> Landing:
    path = places.normal(prefix, state.cwd)
    if state.is_environment(path):
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
    if state.conda and places.kind_of_prefix(state.conda[-1]) != "base":
        return Landing("environment", state.conda[-1])
    return BASE
