"""Shells that aren't POSIX's: who runs the commands that are their own, and who tells what those print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venvlint.environment import batch, builtins, csh, effects, fish, powershell, powershell_places, windows
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import State

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

SHELLS = ("cmd", "csh", "fish", "pwsh")
_INTERNAL = frozenset({"[", "((", "true", "false", "break", "continue", "return"})  # what parsers make of conditions
_OWN = {
    "cmd": batch.run_command,
    "csh": csh.run_command,
    "fish": fish.run_command,
    "pwsh": powershell.run_command,
}


def canonical(call: Call, state: State) -> Call:
    """Return a call with the name of its program as other systems write it."""
    return call if state.shell in ("csh", "fish") else windows.canonical(call)


def run_command(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    """Run what is the shell's own, None where the command is a program like in any other shell."""
    if call.argv[0] in _INTERNAL:
        return builtins.BUILTINS[call.argv[0]](run, call, state)
    return _OWN[state.shell](run, call, state)


def printed(argv: list[str], state: State) -> str | None:
    """Return the path that a command prints, None where that isn't known."""
    if state.shell == "pwsh":
        return powershell_places.printed(argv, state)
    return fish.printed(argv, state) if state.shell == "fish" else effects.path_printed(argv, state)
