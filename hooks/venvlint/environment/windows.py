"""What cmd and PowerShell have in common: how they find a command, and what an activate script does there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.environment import activation, nested, places, sourcing
from venvlint.environment.fields import Field, Piece, joined, spaced
from venvlint.environment.outcome import Outcome, status_of
from venvlint.environment.state import SCRIPT_DIRECTORY, START_DIRECTORY, State
from venvlint.model import Shell
from venvlint.values import OPEN, is_known

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

_ACTIVATION = re.compile(r"(?:.*/)?activate(?P<ending>\.(?:ps1|bat|cmd))?", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:exe|com)$", re.IGNORECASE)
# Options of powershell.exe that take a value, as far as it matters: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_powershell_exe
_POWERSHELL_VALUES = ("-e", "-w", "-v", "-inp", "-o", "-con", "-cust", "-set", "-psc", "-wo")
_POWERSHELL_CODE = re.compile(r"[-/]c(?:o(?:m(?:m(?:a(?:n(?:d)?)?)?)?)?)?", re.IGNORECASE)
_POWERSHELL_FILE = re.compile(r"[-/]f(?:i(?:l(?:e)?)?)?", re.IGNORECASE)
_CMD_CODE = re.compile(r"/[a-z/:]*?[ck]", re.IGNORECASE)


def canonical(call: Call) -> Call:
    """Return a call with the name of its program as other systems write it: Windows tells no cases apart."""
    name = call.argv[0]
    if not is_known(name) or "/" in name or "\\" in name:
        return call
    return renamed(call, without_ending(name).lower())


def without_ending(program: str) -> str:
    """Return a program's name without what Windows finds it by: `pip.exe` is pip."""
    return _ENDING.sub("", program)


def renamed(call: Call, name: str) -> Call:
    """Return a call with another name."""
    return replace(call, argv=(name, *call.argv[1:]))


def activates(name: str) -> str | None:
    """Return the ending of the activate script that a command's name is (perhaps none, ""), None where it is none."""
    found = _ACTIVATION.fullmatch(name.replace("\\", "/"))
    return (found["ending"] or "").lower() if found is not None else None


def activate(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Run an environment's activate script in the running shell; conda's takes a name."""
    path = call.argv[0].replace("\\", "/")
    names = [word for word in call.argv[1:] if not word.startswith(("-", "/", ">"))]
    prefix = activation.prefix_of(path, state)
    is_conda = path.rpartition("/")[0].lower().endswith("condabin")
    if is_conda:
        prefix = prefix.rpartition("/")[0]
    is_private = prefix.startswith((START_DIRECTORY, SCRIPT_DIRECTORY))  # a conda of the project's own
    is_base = places.kind_of_prefix(prefix) == "base" and not is_private
    if is_base or (names and is_known(names[0])):
        return activation.activate_conda(run, call, state, names)
    if "/" not in path and state.cwd.rpartition("/")[2].lower() not in ("scripts", "bin"):
        return activation.activate_conda(run, call, state, ())
    return activation.activate(run, call, state, prefix)


def blame(run: Evaluator, call: Call, state: State, reason: str, path: str) -> list[Outcome]:
    """Note an activation that does nothing."""
    return activation.blame(run, call, state, reason, path.replace("\\", "/"))


def run_file(run: Evaluator, call: Call, state: State, path: str) -> list[Outcome] | None:
    """Run a script of the repository in the running shell; None where it isn't there."""
    found = sourcing.find(run, path.replace("\\", "/"), state)
    if found is None:
        return None
    return sourcing.run_file(run, call, state, *found, list(call.argv[1:]))


def run_apart(run: Evaluator, call: Call, state: State, reason: str) -> list[Outcome]:
    """Run a program in a process of its own; `reason` says why an activation there does nothing."""
    if activates(call.argv[0]) is not None:
        return blame(run, call, state, reason, call.argv[0])
    outcomes = run.call(canonical(call), state.child())
    run.leave(state, outcomes, call.node, "process")
    return [Outcome(state)]


def source(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`source`, which neither cmd nor PowerShell has."""
    if len(call.argv) > 1 and activates(call.argv[1]) is not None:
        shell = "cmd" if state.shell == "cmd" else "PowerShell"
        reason = f"{shell} has no `source`: the activation fails, and what follows runs without it"
        return blame(run, call, state, reason, call.argv[1])
    return [Outcome(state, False)]


def run_shell(run: Evaluator, call: Call, state: State, name: str) -> list[Outcome] | None:
    """Run `cmd /c code`, `powershell -Command code`; None where the command is neither."""
    name = name.lower()
    if name == "cmd":
        for index, word in enumerate(call.argv[1:], 1):
            if _CMD_CODE.fullmatch(word):
                return child(run, call, state, "cmd", spaced(_unquoted(call.fields[index + 1 :])), "cmd /c")
            if not word.startswith("/"):
                break
        return [Outcome(state)]
    if name in ("powershell", "pwsh"):
        return _run_powershell(run, call, state, name)
    return None


def _unquoted(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return what cmd runs: without the quotes around all of it."""
    texts = [joined(field) for field in fields]
    if not texts or not texts[0].startswith('"') or not texts[-1].endswith('"') or "".join(texts).count('"') > 2:
        return fields
    first = fields[0]
    trimmed = [Piece(first[0].text[1:], first[0].start + 1 if first[0].start >= 0 else -1), *first[1:]]
    last = trimmed if len(fields) == 1 else fields[-1]
    last = [*last[:-1], last[-1]._replace(text=last[-1].text[:-1])]
    return (last,) if len(fields) == 1 else (trimmed, *fields[1:-1], last)


def _run_powershell(run: Evaluator, call: Call, state: State, name: str) -> list[Outcome]:
    index = 1
    while index < len(call.argv):
        word = call.argv[index]
        if _POWERSHELL_CODE.fullmatch(word):
            return child(run, call, state, "pwsh", spaced(call.fields[index + 1 :]), f"{name} -Command")
        if _POWERSHELL_FILE.fullmatch(word):
            index += 1
            break
        if not word.startswith(("-", "/")) or OPEN in word:
            break
        index += 2 if word.lower().startswith(_POWERSHELL_VALUES) else 1
    program = call.argv[index] if index < len(call.argv) else ""
    if activates(program) is not None:
        blame(run, call, state, f"{name} activates in a process of its own, and is gone with it", program)
    elif program and not program.lower().endswith(".ps1") and not _POWERSHELL_FILE.fullmatch(call.argv[index - 1]):
        return child(run, call, state, "pwsh", spaced(call.fields[index:]), f"{name} -Command")
    return [Outcome(state)]


def child(run: Evaluator, call: Call, state: State, shell: Shell, code: Field, name: str) -> list[Outcome]:
    """Run code in a new process of a shell."""
    outcomes = nested.run_child(run, call, state, state.child(shell), code, name)
    return [Outcome(end.state, status_of(outcomes)) for end in outcomes]
