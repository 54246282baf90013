"""The shell that a step of a workflow runs in, as `shell:`, the runner, and the step's condition tell."""

from __future__ import annotations

import re
from typing import NamedTuple

from venvlint.formats import argv
from venvlint.formats.images import Start
from venvlint.formats.yaml_text import Node, at, entries, items, text
from venvlint.model import Shell
from venvlint.values import is_known

_OPTIONS = re.compile(r"-([A-Za-z]+)$")
# Programs in front of a shell that run it in an environment of theirs.
_ACTIVATING = {"conda", "hatch", "mamba", "micromamba", "micromamba-shell", "pdm", "pipenv", "pixi", "poetry", "uv"}
_FOR_WINDOWS = re.compile(r"(==|startsWith\(|contains\()[^&|]*windows", re.IGNORECASE)


class Running(NamedTuple):
    """A shell, its options, and what it starts in where its own command line says so."""

    shell: Shell
    options: str = ""
    start: Start | None = None


def running(shell: str, on_windows: bool, condition: str = "") -> Running | None:
    """Return how a step runs; None where that isn't in a shell. `shell` is the value of `shell:`, "" without one.

    https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
    """
    words = shell.split()
    if not words:
        if on_windows or _FOR_WINDOWS.search(condition):
            return Running("pwsh")
        return Running("bash", "e")
    if not is_known(words[0]):
        return Running("bash", "e", "unknown")
    name = argv.program(words[0])
    if name in _ACTIVATING:
        inner = next((index for index, word in enumerate(words) if argv.program(word) in argv.SHELLS), None)
        found = running(" ".join(words[inner:]), on_windows) if inner is not None else Running("bash", "e")
        return found._replace(start="environment") if found else None
    if name in argv.SHELLS:
        kind = argv.SHELLS[name]
        if kind in ("cmd", "pwsh"):
            # `cmd /C CALL {0}` runs what conda has put into AutoRun, the usual `cmd /D` doesn't.
            return Running(kind, "l" if kind == "cmd" and len(words) > 1 and "/d" not in shell.lower() else "")
        return Running(kind, "e" if len(words) == 1 and kind in ("bash", "sh") else _options(words[1:]))
    inner = next((index for index, word in enumerate(words) if argv.program(word) in argv.SHELLS), None)
    if inner is not None:  # `nix develop -c bash -e {0}`: what that makes of PATH nobody knows
        found = running(" ".join(words[inner:]), on_windows)
        return found._replace(start="unknown") if found else None
    if re.search(r"bash|\.?sh$", name):  # wsl-bash, alpine.sh: a system of its own
        return Running("bash", _options(words[1:]))
    return None  # python, perl, node ...


def _options(words: list[str]) -> str:
    letters = "".join(found[1] for word in words if (found := _OPTIONS.match(word)))
    options = "".join(letter for letter in "eil" if letter in letters)
    return options if "--login" not in words or "l" in options else options + "l"


def is_windows(job: Node) -> bool:
    """Tell whether every runner of a job is one with Windows."""
    labels = _labels(job)
    return bool(labels) and all("windows" in label.lower() for label in labels)


def _labels(job: Node) -> list[str]:
    runs_on = at(job, "runs-on")
    written = [text(each) for each in items(at(runs_on, "labels") or runs_on)]
    found: list[str] = []
    for label in written:
        axis = re.fullmatch(r"\$\{\{\s*matrix\.([\w.-]+?)\s*\}\}", label)
        found += _axis(job, axis[1]) if axis else [label]
    # `[self-hosted, windows]`: one runner that has all of them.
    return [" ".join(found)] if len(written) > 1 else found


def _axis(job: Node, name: str) -> list[str]:
    """Return the values that `matrix.NAME` (or `matrix.NAME.PART`) has."""
    matrix = at(job, "strategy", "matrix")
    name, *parts = name.split(".")
    values = [text(at(each, *parts)) for each in items(at(matrix, name))]
    for each in items(at(matrix, "include")):
        if name in entries(each):
            values.append(text(at(each, name, *parts)))
    return [value for value in values if value] or [""]
