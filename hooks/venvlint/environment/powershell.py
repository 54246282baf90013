"""PowerShell's own commands: what each does to the environment, and what some of them print."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.environment import builtins, cmd_words, conditions, effects, nested, places, windows
from venvlint.environment.expand import Piece, joined
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import SCRIPT_DIRECTORY, START_DIRECTORY, State, Value, Variable
from venvlint.shells import tree
from venvlint.values import OPEN, is_known, is_unknown, unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

_ENVIRONMENT_DRIVE = re.compile(r"env:[\\/]?(\w+)", re.IGNORECASE)
_HARMLESS_SCRIPT = re.compile(
    r"(?i)(?:^|/)(?:profile|vcvars\w*|launch-vsdevshell|import-\w+|refreshenv|install-?\w*|get-\w+)\.ps1$|^\$?profile$"
)
_HARMLESS_CODE = re.compile(
    r"conda|mamba|pyenv|irm |iwr |invoke-webrequest|invoke-restmethod|downloadstring|oh-my-posh|starship|zoxide|choco"
    r"|scoop",
    re.IGNORECASE,
)
_VALUED = {
    "-argumentlist", "-credential", "-ea", "-encoding", "-erroraction", "-filter", "-itemtype", "-name", "-pathtype",
    "-redirectstandarderror", "-redirectstandardoutput", "-type", "-value", "-verb", "-windowstyle",
    "-workingdirectory",
}  # fmt: skip


def run_command(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    """Run a command of PowerShell's own, a function, an alias, or a script; None where it is a program."""
    if call.argv[0] in ("&", "."):
        return _invoked(run, call, state)
    name = call.argv[0].lower()
    alias = state.aliases.get(name)
    if alias is not None and name != alias[0].lower():
        return _run(run, windows.renamed(call, alias[0]), state)
    if name in state.functions:
        from venvlint.environment import call as calls

        return calls._call_function(run, windows.renamed(call, name), state)
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


def _run(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    from venvlint.environment import call as calls

    return calls.run_call(run, call, state)


def _invoked(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`& command` and `. script`: the environment is the process's, so both change it alike."""
    return _run(run, call.behind(1), state) if len(call.argv) > 1 else [Outcome(state)]


def _script(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    done = windows.run_file(run, call, state, call.argv[0])
    if done is not None:
        return [end._replace(ending="normal") if end.ending == "exit" else end for end in done]
    if not _HARMLESS_SCRIPT.search(call.argv[0].replace("\\", "/")):
        state.lose_environment()
    return [Outcome(state)]


# Variables


def assign(run: Evaluator, node: tree.Assignment, state: State) -> None:
    """Do `$name = value`; in a function that is the function's own, unless the name says another scope."""
    scope, _, name = node.name.rpartition(":")
    value = _value(run, replace(node, name=name), state)
    if scope == "env":
        state.set(name, value if value != "" else None, export=True)
        return
    if not scope:
        _keep_local(state, name)
    state.set(name, value)


def _value(run: Evaluator, node: tree.Assignment, state: State) -> Value:
    old = state.get(node.name)
    if node.is_append and node.values is None and isinstance(old, tuple):
        return (*old, run.expander.text(node.value, state))
    if node.values is None and not node.is_append and node.value is not None and len(node.value.parts) == 1:
        part = node.value.parts[0]
        if isinstance(part, tree.Variable) and isinstance(found := state.get(part.name), tuple):
            return found
    return builtins._assigned(run, node, state)


def _keep_local(state: State, name: str) -> None:
    """Note what a variable was before the running function sets its own."""
    if state.locals and name not in state.locals[-1]:
        state.locals = (*state.locals[:-1], {**state.locals[-1], name: state.variables.get(name)})


def _parameters(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`param(...)`: arguments by name and in order, then the defaults."""
    declared = [word.partition("=") for word in call.argv[1:]]
    names = {name.rstrip("?"): name.endswith("?") for name, _, _ in declared}
    given: dict[str, str] = {}
    rest: list[str] = []
    words = list(state.positional or ()) if state.locals else []
    while words:
        word = words.pop(0)
        option, colon, value = word.partition(":")
        matching = [name for name in names if option.startswith("-") and name.startswith(option[1:].lower())]
        if not matching or not option[1:]:
            rest.append(word)
        elif colon or names[matching[0]]:
            given[matching[0]] = value if colon else "True"
        elif words:
            given[matching[0]] = words.pop(0)
    for name, has_default, default in declared:
        key = name.rstrip("?")
        if key not in given and not names[key] and rest:
            given[key] = rest.pop(0)
        elif key not in given and has_default:
            given[key] = default
    for name in names:
        _keep_local(state, name)
        if name in given:
            state.set(name, given[name])
        elif state.locals:
            state.set(name, "" if state.positional is not None else unknown(name))
    return [Outcome(state, True)]


def _set_alias(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = operands(call.argv, also=("-name", "-value"))
    if len(words) >= 2:
        state.aliases[words[0].lower()] = (words[1], 0)
    return [Outcome(state, True)]


def _set_variable(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = operands(call.argv, also=("-name", "-value"))
    if len(words) >= 2 and is_known(words[0]):
        drive = _ENVIRONMENT_DRIVE.fullmatch(words[0])
        if drive is not None:
            state.set(drive[1].upper(), words[1], export=True)
        elif call.argv[0].lower() in ("set-variable", "sv", "new-variable"):
            state.set(words[0].lower(), words[1])
    return [Outcome(state, True)]


# Places and files


def operands(argv: tuple[str, ...], also: tuple[str, ...] = ()) -> list[str]:
    """Return the words that are no parameters, nor the values of parameters other than paths and those of `also`."""
    found: list[str] = []
    is_value = False
    for word in argv[1:]:
        if is_value:
            is_value = False
        elif word.startswith("-") and len(word) > 1 and not word[1].isdigit():
            is_value = word.lower() in _VALUED and word.lower() not in also
        else:
            found.append(word)
    return found


def _test_path(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = operands(call.argv)
    if len(words) != 1:
        return [Outcome(state)]
    drive = _ENVIRONMENT_DRIVE.fullmatch(words[0])
    if drive is not None:
        return conditions.test(("[", "-v", drive[1].upper(), "]"), state)
    return conditions.test(("[", "-e", words[0], "]"), state)


def _cd(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    name = _DIRECTORY_COMMANDS[call.argv[0].lower()]
    words = operands(call.argv)
    if name == "cd" and not words:
        return [Outcome(state, True)]
    outcomes = builtins.BUILTINS[name](run, replace(call, argv=(name, *words)), state)
    return [end._replace(status=True) for end in outcomes]


def _new_item(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    for word in operands(call.argv):
        state.make(word)
    return [Outcome(state, True)]


def _remove_item(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    for word in operands(call.argv):
        drive = _ENVIRONMENT_DRIVE.fullmatch(word)
        if drive is not None:
            state.variables[drive[1].upper()] = Variable(None)
        else:
            state.remove(word)
    return [Outcome(state)]


def _write_file(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`Set-Content pip.ini "..."`: pip reads some files."""
    words = operands(call.argv, also=("-value",))
    if words:
        text = [Piece(words[1])] if len(words) > 1 else run.stdin
        effects.write(run, call.node, words[0], text, state)
    return [Outcome(state, True)]


# Code and processes


def _evaluate(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`Invoke-Expression text`."""
    fields = call.fields[2:] if call.argv[1:2] and call.argv[1].lower() == "-command" else call.fields[1:]
    code = windows.spaced(fields)
    text = joined(code).strip()
    if not text:
        return [Outcome(state)]
    if not is_unknown(text):
        body, frame = run.code(code, call.node, "pwsh")
        return run.inside(body, state, frame)
    written = run.frame.text[call.node.start : call.node.end]
    if re.search(r"\benv activate\b|activate\.ps1", written, re.IGNORECASE):
        nested._activate(run, call, state, unknown("eval"))
    elif not _HARMLESS_CODE.search(written):
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
        elif option in _VALUED:
            index += 1
        elif not option.startswith("-"):
            if program:
                arguments += cmd_words.split(argv[index - 1])
            program = program or argv[index - 1]
    if not program:
        return [Outcome(state)]
    words = (program, *arguments)
    fields = tuple([Piece(word)] for word in words)
    _run_apart(run, replace(call, fields=fields, argv=words, is_external=True), state)
    return [Outcome(state)]


def _run_apart(run: Evaluator, call: Call, state: State) -> None:
    """Run a program in a process of its own: what it does to the environment is gone with it."""
    if windows.activates(call.argv[0]) is not None:
        windows.blame(run, call, state, "it runs in a process of its own, and is gone with it", call.argv[0])
        return
    outcomes = _run(run, windows.canonical(call), state.child())
    run.leave(state, outcomes, call.node, "process")


def _source(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`source`, which PowerShell doesn't have."""
    if len(call.argv) > 1 and windows.activates(call.argv[1]) is not None:
        reason = "PowerShell has no `source`: the activation fails, and what follows runs without it"
        return windows.blame(run, call, state, reason, call.argv[1])
    return [Outcome(state, False)]


def _import(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`Import-Module ./tools.psm1`: its functions are there from now on."""
    words = operands(call.argv)
    if words and is_known(words[0][-5:]) and words[0].lower().endswith((".psm1", ".ps1")):
        return windows.run_file(run, windows.renamed(call.behind(len(call.argv) - 1), words[0]), state, words[0]) or [
            Outcome(state, True)
        ]
    return [Outcome(state)]


def _nothing(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    return [Outcome(state, True)]


# What is printed


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
        return effects._which(windows._ENDING.sub("", words[0]), state)
    return effects.path_printed(argv, state)


def _split_path(path: str, is_leaf: bool) -> str:
    if is_leaf:
        return path.rpartition("/")[2]
    parent = path.rpartition("/")[0]
    if parent or not path.startswith(OPEN):
        return parent or "."
    known = {SCRIPT_DIRECTORY: f"{SCRIPT_DIRECTORY}/..", START_DIRECTORY: f"{START_DIRECTORY}/.."}
    return places.normal(known.get(path, f"{path}/.."))


_PROCESS_OPTIONS = frozenset(
    {"-credential", "-filepath", "-loaduserprofile", "-nonewwindow", "-passthru", "-redirectstandarderror",
     "-redirectstandardinput", "-redirectstandardoutput", "-usenewenvironment", "-verb", "-wait", "-windowstyle",
     "-workingdirectory", "-erroraction", "-environment"}
)  # fmt: skip
_DIRECTORY_COMMANDS = {
    "cd": "cd", "chdir": "cd", "pop-location": "popd", "popd": "popd", "push-location": "pushd", "pushd": "pushd",
    "set-location": "cd", "sl": "cd",
}  # fmt: skip
Handler = Callable[["Evaluator", "Call", State], list[Outcome]]
_COMMANDS: dict[str, Handler] = {
    ":param": _parameters,
    **dict.fromkeys(_DIRECTORY_COMMANDS, _cd),
    "add-content": _write_file,
    "add-type": _nothing,
    "echo": _nothing,
    "exit": builtins.BUILTINS["exit"],
    "iex": _evaluate,
    "import-module": _import,
    "invoke-expression": _evaluate,
    "ipmo": _import,
    "md": _new_item,
    "mkdir": _new_item,
    "nal": _set_alias,
    "new-alias": _set_alias,
    "new-item": _new_item,
    "new-variable": _set_variable,
    "ni": _new_item,
    "out-file": _write_file,
    "remove-item": _remove_item,
    "rd": _remove_item,
    "ri": _remove_item,
    "rm": _remove_item,
    "rmdir": _remove_item,
    "del": _remove_item,
    "sal": _set_alias,
    "saps": _start_process,
    "set-alias": _set_alias,
    "set-content": _write_file,
    "set-item": _set_variable,
    "set-variable": _set_variable,
    "si": _set_variable,
    "source": _source,
    "start": _start_process,
    "start-process": _start_process,
    "sv": _set_variable,
    "test-path": _test_path,
    "throw": builtins.BUILTINS["exit"],
    "write-error": _nothing,
    "write-host": _nothing,
    "write-output": _nothing,
    "write-warning": _nothing,
}
