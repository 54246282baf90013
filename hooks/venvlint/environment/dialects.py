"""Shells that aren't POSIX's: who runs the commands that are their own, and who tells what those print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venvlint.environment import batch, builtins, csh, fish, functions, powershell, powershell_places, queries, windows
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import State

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

SHELLS = ("cmd", "csh", "fish", "pwsh")
_INTERNAL = frozenset({"[", "((", "true", "false", "break", "continue", "return"})  # what parsers make of conditions
_COMMANDS = {"csh": csh.COMMANDS, "fish": fish.COMMANDS}
_WINDOWS = {"cmd": batch.run_command, "pwsh": powershell.run_command}


def canonical(call: Call, state: State) -> Call:
    """Return a call with the name of its program as other systems write it."""
    return call if state.shell in ("csh", "fish") else windows.canonical(call)


def run_command(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    """Run what is the shell's own, None where the command is a program like in any other shell."""
    name = call.argv[0]
    if name in _INTERNAL:
        return builtins.BUILTINS[name](run, call, state)
    if state.shell in _WINDOWS:
        return _WINDOWS[state.shell](run, call, state)
    if name in state.functions:
        return functions.run_function(run, call, state)
    handler = _COMMANDS[state.shell].get(name)
    return handler(run, call, state) if handler is not None else None


def printed(argv: list[str], state: State) -> str | None:
    """Return the path that a command prints, None where that isn't known."""
    if state.shell == "pwsh":
        return powershell_places.printed(argv, state)
    return fish.printed(argv, state) if state.shell == "fish" else queries.path_printed(argv, state)
