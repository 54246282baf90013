"""Directories and files in PowerShell: the commands that go there, ask for them, make them, and print their paths."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.environment import builtins, conditions, effects, places, queries, windows
from venvlint.environment.fields import Piece
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import SCRIPT_DIRECTORY, START_DIRECTORY, State, Variable
from venvlint.values import OPEN

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

ENVIRONMENT_DRIVE = re.compile(r"env:[\\/]?(\w+)", re.IGNORECASE)
VALUED = {
    "-argumentlist", "-credential", "-ea", "-encoding", "-erroraction", "-filter", "-itemtype", "-name", "-pathtype",
    "-redirectstandarderror", "-redirectstandardoutput", "-type", "-value", "-verb", "-windowstyle",
    "-workingdirectory",
}  # fmt: skip
DIRECTORY_COMMANDS = {
    "cd": "cd", "chdir": "cd", "pop-location": "popd", "popd": "popd", "push-location": "pushd", "pushd": "pushd",
    "set-location": "cd", "sl": "cd",
}  # fmt: skip


def operands(argv: tuple[str, ...], also: tuple[str, ...] = ()) -> list[str]:
    """Return the words that are no parameters, nor the values of parameters other than paths and those of `also`."""
    found: list[str] = []
    is_value = False
    for word in argv[1:]:
        if is_value:
            is_value = False
        elif word.startswith("-") and len(word) > 1 and not word[1].isdigit():
            is_value = word.lower() in VALUED and word.lower() not in also
        else:
            found.append(word)
    return found


def test_path(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = operands(call.argv)
    if len(words) != 1:
        return [Outcome(state)]
    drive = ENVIRONMENT_DRIVE.fullmatch(words[0])
    if drive is not None:
        return conditions.test(("[", "-v", drive[1].upper(), "]"), state)
    return conditions.test(("[", "-e", words[0], "]"), state)


def cd(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    name = DIRECTORY_COMMANDS[call.argv[0].lower()]
    words = operands(call.argv)
    if name == "cd" and not words:
        return [Outcome(state, True)]
    outcomes = builtins.BUILTINS[name](run, replace(call, argv=(name, *words)), state)
    return [end._replace(status=True) for end in outcomes]


def new_item(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    for word in operands(call.argv):
        state.make(word)
    return [Outcome(state, True)]


def remove_item(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    for word in operands(call.argv):
        drive = ENVIRONMENT_DRIVE.fullmatch(word)
        if drive is not None:
            state.variables[drive[1].upper()] = Variable(None)
        else:
            state.remove(word)
    return [Outcome(state)]


def write_file(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`Set-Content pip.ini "..."`: pip reads some files."""
    words = operands(call.argv, also=("-value",))
    if words:
        text = [Piece(words[1])] if len(words) > 1 else run.stdin
        effects.write(run, call.node, words[0], text, state)
    return [Outcome(state, True)]


def printed(argv: list[str], state: State) -> str | None:
    """Return what a command of PowerShell's own prints, None where that isn't known."""
    while argv and argv[0] in ("&", "."):
        argv = argv[1:]
    if not argv:
        return None
    name, words = argv[0].lower(), operands(tuple(argv))
    if name == "join-path" and len(words) >= 2:
        return "/".join([words[0].rstrip("/\\"), *(word.strip("/\\") for word in words[1:])])
    if name in ("get-location", "pwd", "gl"):
        return state.cwd
    if name in ("resolve-path", "rvpa", "convert-path", "get-item", "gi") and len(words) == 1:
        return places.normal(words[0], state.cwd)
    if name == "split-path" and len(words) == 1:
        return _split_path(words[0].replace("\\", "/"), any(word.lower() == "-leaf" for word in argv))
    if name in ("write-output", "echo"):
        return " ".join(words)
    if name in ("get-command", "gcm", "which", "where", "where.exe") and words:
        return queries.which(windows.without_ending(words[0]), state)
    return queries.path_printed(argv, state)


def _split_path(path: str, is_leaf: bool) -> str:
    if is_leaf:
        return path.rpartition("/")[2]
    parent = path.rpartition("/")[0]
    if parent or not path.startswith(OPEN):
        return parent or "."
    known = {SCRIPT_DIRECTORY: f"{SCRIPT_DIRECTORY}/..", START_DIRECTORY: f"{START_DIRECTORY}/.."}
    return places.normal(known.get(path, f"{path}/.."))
