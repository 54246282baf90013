"""What the names of variables and parameters stand for."""

from __future__ import annotations

from venvlint.environment.state import SCRIPT_DIRECTORY, State
from venvlint.shells import tree
from venvlint.values import is_known, unknown


def is_list(part: tree.Variable) -> bool:
    """Tell whether a variable may stand for several values."""
    return part.name in ("@", "*") or part.index in ("@", "*")


def list_of(part: tree.Variable, state: State) -> list[str] | None:
    """Return the values of `$@`, `$*`, or `${array[@]}`, None where they are unknown."""
    if part.name in ("@", "*"):
        return list(state.positional) if state.positional is not None else None
    value = state.get(part.name)
    if isinstance(value, tuple):
        return list(value)
    return [] if value is None else [value]


def value_of(part: tree.Variable, state: State) -> str | None:
    """Return a scalar's value, None where it's known to be unset."""
    name = part.name
    if name.isdigit():
        return _positional(int(name), state)
    if name == "#" and state.positional is not None and all(map(is_known, state.positional)):
        return str(len(state.positional))
    if name == "PWD":
        return state.cwd
    if name == "OLDPWD" and name not in state.variables:
        return unknown("OLDPWD")
    if name in ("BASH_SOURCE", "PSCommandPath"):
        return f"{SCRIPT_DIRECTORY}/{unknown('0')}"
    if name in ("PSScriptRoot", "~dp0"):
        return SCRIPT_DIRECTORY if name == "PSScriptRoot" else f"{SCRIPT_DIRECTORY}/"
    value = state.get(name)
    if part.index and f"{name}[{part.index}]" in state.variables:
        return state.text(f"{name}[{part.index}]")
    if isinstance(value, tuple):
        if part.index.isdigit():
            return value[int(part.index)] if int(part.index) < len(value) else None
        return unknown(f"{name}[{part.index}]") if part.index else (value[0] if value else None)
    return value


def _positional(number: int, state: State) -> str | None:
    if number == 0 and "0" not in state.variables:
        return f"{SCRIPT_DIRECTORY}/{unknown('0')}"
    if number == 0:
        return state.text("0")
    if state.positional is None:
        return unknown(str(number))
    return state.positional[number - 1] if number <= len(state.positional) else None
