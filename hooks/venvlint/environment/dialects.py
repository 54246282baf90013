"""Shells that aren't POSIX's: who runs the commands that are their own, and who tells what those print.

The module of a shell is loaded with the first script for it: most files have none.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from venvlint.environment import builtins, functions, queries, windows
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import State
from venvlint.model import Shell
from venvlint.shells import tree

if TYPE_CHECKING:
    from venvlint.environment.call import Call, Handler
    from venvlint.environment.evaluate import Evaluator

# Modules of this package. On Windows a program is found by more than its name, so those have `run_command`; of the
# others, `COMMANDS` is all that they add.
SHELLS: dict[Shell, str] = {"cmd": "batch", "csh": "csh", "fish": "fish", "pwsh": "powershell"}
_ON_WINDOWS = ("cmd", "pwsh")
_INTERNAL = frozenset({"[", "((", "true", "false", "break", "continue", "return"})  # what parsers make of conditions


@cache
def _module(name: str) -> ModuleType:
    return import_module(f"venvlint.environment.{name}")


def canonical(call: Call, state: State) -> Call:
    """Return a call with the name of its program as other systems write it."""
    return windows.canonical(call) if state.shell in _ON_WINDOWS else call


def run_command(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    """Run what is the shell's own, None where the command is a program like in any other shell."""
    name = call.argv[0]
    if name in _INTERNAL:
        return builtins.BUILTINS[name](run, call, state)
    own = _module(SHELLS[state.shell])
    if state.shell in _ON_WINDOWS:
        outcomes: list[Outcome] | None = own.run_command(run, call, state)
        return outcomes
    if name in state.functions:
        return functions.run_function(run, call, state)
    handler: Handler | None = own.COMMANDS.get(name)
    return handler(run, call, state) if handler is not None else None


def assign(run: Evaluator, node: tree.Assignment, state: State) -> None:
    """Do PowerShell's `$name = value`."""
    _module("powershell_variables").assign(run, node, state)


def run_labelled(run: Evaluator, node: tree.Labelled, state: State) -> list[Outcome]:
    """Run a batch file, whose commands jump to labels."""
    outcomes: list[Outcome] = _module("batch").run_program(run, node, state)
    return outcomes


def printed(argv: list[str], state: State) -> str | None:
    """Return the path that a command prints, None where that isn't known."""
    if state.shell not in ("fish", "pwsh"):
        return queries.path_printed(argv, state)
    own = _module("fish" if state.shell == "fish" else "powershell_places")
    text: str | None = own.printed(argv, state)
    return text
