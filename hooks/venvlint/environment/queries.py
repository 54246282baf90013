"""Commands that ask for a path: what `which pip`, `pwd`, or `dirname "$0"` prints."""

from __future__ import annotations

import re
from collections.abc import Sequence

from venvlint.environment import landing, places
from venvlint.environment.state import SCRIPT_DIRECTORY, State
from venvlint.environment.tools import CONDAS
from venvlint.values import unknown


def path_printed(argv: Sequence[str], state: State) -> str | None:
    """Return the path that a command prints, None where that isn't known."""
    name, words = argv[0], [word for word in argv[1:] if not word.startswith("-")]
    if name == "pwd":
        return state.cwd
    if name in ("which", "type") or (name == "command" and "-v" in argv):
        if name == "command" and words and words[0] in state.functions:
            return words[0]
        return which(words[0], state) if words else None
    if name in ("dirname", "basename", "realpath", "readlink") and words:
        path = words[0]
        if name == "basename":
            return path.rstrip("/").rsplit("/", 1)[-1]
        if name == "dirname":
            if path == f"{SCRIPT_DIRECTORY}/{unknown('0')}":
                return SCRIPT_DIRECTORY
            return path.rpartition("/")[0] or "."
        return places.normal(path, state.cwd)
    if (name == "poetry" and words[:2] == ["env", "info"]) or (name == "pipenv" and "--venv" in argv):
        return unknown(f"{name}_virtualenv")
    if name in CONDAS and words[:1] == ["info"] and "--base" in argv:
        return unknown("CONDA_DIR")
    if name == "pyenv" and words[:1] == ["root"]:
        return unknown("PYENV_ROOT")
    return None


def which(name: str, state: State) -> str | None:
    """Return the path at which PATH has a Python or pip of that name; None for other programs."""
    if not re.fullmatch(r"(?:python|pip)[\d.]*t?", name):
        return None
    found = landing.on_path(state)
    if found.where == "environment":
        return f"{found.environment}/bin/{name}"
    if found.where != "global":
        return f"{places.LOST_PATH}/bin/{name}"
    return f"{unknown('CONDA_DIR')}/bin/{name}" if found.is_base else f"/usr/bin/{name}"
