"""PowerShell's own commands: what each does to the environment, and what some of them print."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.environment import (
    activation,
    builtins,
    cmd_words,
    functions,
    harmless,
    powershell_places,
    powershell_variables,
    windows,
)
from venvlint.environment.call import Handler
from venvlint.environment.fields import Piece, joined, spaced
from venvlint.environment.outcome import Outcome, returned
from venvlint.environment.powershell_places import VALUED, operands
from venvlint.environment.state import State
from venvlint.values import is_known, is_unknown, unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator


def run_command(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    """Run a command of PowerShell's own, a function, an alias, or a script; None where it is a program."""
    if call.argv[0] in ("&", "."):
        return _invoked(run, call, state)
    name = call.argv[0].lower()
    alias = state.aliases.get(name)
    if alias is not None and name != alias[0].lower():
        return run.call(windows.renamed(call, alias[0]), state)
    if name in state.functions:
        return functions.run_function(run, windows.renamed(call, name), state)
    handler = _COMMANDS.get(name)
    if handler is not None:
        return handler(run, call, state)
    ending = windows.activates(call.argv[0])
    if ending is not None:
        if ending in (".bat", ".cmd"):
            reason = "activate.bat changes only the cmd that runs it: PowerShell has Activate.ps1"
            return windows.blame(run, call, state, reason, call.argv[0])
        return windows.activate(run, call, state)
    if name.endswith((".ps1", ".psm1")):
        return _script(run, call, state)
    return None


def _invoked(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`& command` and `. script`: the environment is the process's, so both change it alike."""
    return run.call(call.behind(1), state) if len(call.argv) > 1 else [Outcome(state)]


def _script(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    done = windows.run_file(run, call, state, call.argv[0])
    if done is not None:
        return returned(done, "exit")
    if not harmless.POWERSHELL_SCRIPTS.search(call.argv[0].replace("\\", "/")):
        state.lose_environment()
    return [Outcome(state)]


# Code and processes


def _evaluate(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`Invoke-Expression text`."""
    fields = call.fields[2:] if call.argv[1:2] and call.argv[1].lower() == "-command" else call.fields[1:]
    code = spaced(fields)
    text = joined(code).strip()
    if not text:
        return [Outcome(state)]
    if not is_unknown(text):
        body, frame = run.code(code, call.node, "pwsh")
        return run.inside(body, state, frame)
    written = run.frame.text[call.node.start : call.node.end]
    if re.search(r"\benv activate\b|activate\.ps1", written, re.IGNORECASE):
        activation.activate(run, call, state, unknown("eval"))
    elif not harmless.POWERSHELL_CODE.search(written):
        state.lose_environment()
    return [Outcome(state)]


def _start_process(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`Start-Process pip -ArgumentList "install", "a"`: a program with its arguments, each split at blanks."""
    program, arguments, index = "", list[str](), 1
    argv = call.argv
    while index < len(argv):
        option = argv[index].lower()
        index += 1
        if option in ("-argumentlist", "-args"):
            while index < len(argv) and argv[index].lower() not in _PROCESS_OPTIONS:
                arguments += cmd_words.split(argv[index])
                index += 1
        elif option in ("-filepath", "-path"):
            program, index = argv[index] if index < len(argv) else "", index + 1
        elif option in VALUED:
            index += 1
        elif not option.startswith("-"):
            if program:
                arguments += cmd_words.split(argv[index - 1])
            program = program or argv[index - 1]
    if not program:
        return [Outcome(state)]
    words = (program, *arguments)
    fields = tuple([Piece(word)] for word in words)
    program_call = replace(call, fields=fields, argv=words, is_external=True)
    return windows.run_apart(run, program_call, state, "it runs in a process of its own, and is gone with it")


def _import(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`Import-Module ./tools.psm1`: its functions are there from now on."""
    words = operands(call.argv)
    if words and is_known(words[0][-5:]) and words[0].lower().endswith((".psm1", ".ps1")):
        return windows.run_file(run, windows.renamed(call.behind(len(call.argv) - 1), words[0]), state, words[0]) or [
            Outcome(state, True)
        ]
    return [Outcome(state)]


_PROCESS_OPTIONS = frozenset(
    {"-credential", "-filepath", "-loaduserprofile", "-nonewwindow", "-passthru", "-redirectstandarderror",
     "-redirectstandardinput", "-redirectstandardoutput", "-usenewenvironment", "-verb", "-wait", "-windowstyle",
     "-workingdirectory", "-erroraction", "-environment"}
)  # fmt: skip
_COMMANDS: dict[str, Handler] = {
    ":param": powershell_variables.parameters,
    **dict.fromkeys(powershell_places.DIRECTORY_COMMANDS, powershell_places.cd),
    "add-content": powershell_places.write_file,
    "add-type": builtins.BUILTINS["true"],
    "echo": builtins.BUILTINS["true"],
    "exit": builtins.BUILTINS["exit"],
    "iex": _evaluate,
    "import-module": _import,
    "invoke-expression": _evaluate,
    "ipmo": _import,
    "md": powershell_places.new_item,
    "mkdir": powershell_places.new_item,
    "nal": powershell_variables.set_alias,
    "new-alias": powershell_variables.set_alias,
    "new-item": powershell_places.new_item,
    "new-variable": powershell_variables.set_variable,
    "ni": powershell_places.new_item,
    "out-file": powershell_places.write_file,
    "remove-item": powershell_places.remove_item,
    "rd": powershell_places.remove_item,
    "ri": powershell_places.remove_item,
    "rm": powershell_places.remove_item,
    "rmdir": powershell_places.remove_item,
    "del": powershell_places.remove_item,
    "sal": powershell_variables.set_alias,
    "saps": _start_process,
    "set-alias": powershell_variables.set_alias,
    "set-content": powershell_places.write_file,
    "set-item": powershell_variables.set_variable,
    "set-variable": powershell_variables.set_variable,
    "si": powershell_variables.set_variable,
    "source": windows.source,
    "start": _start_process,
    "start-process": _start_process,
    "sv": powershell_variables.set_variable,
    "test-path": powershell_places.test_path,
    "throw": builtins.BUILTINS["exit"],
    "write-error": builtins.BUILTINS["true"],
    "write-host": builtins.BUILTINS["true"],
    "write-output": builtins.BUILTINS["true"],
    "write-warning": builtins.BUILTINS["true"],
}
