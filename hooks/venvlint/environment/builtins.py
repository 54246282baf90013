"""The shell's built-in commands: what each does to the state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.environment import conditions, nested, places, sites, sourcing, variables
from venvlint.environment.call import Handler
from venvlint.environment.outcome import Ending, Outcome
from venvlint.environment.state import SCRIPT_DIRECTORY, START_DIRECTORY, State
from venvlint.values import is_known, unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

# POSIX's special built-ins: assignments before them last.
SPECIAL = frozenset({".", ":", "eval", "exec", "exit", "export", "readonly", "return", "set", "shift", "trap", "unset"})

# Files that scripts source.
_SOURCED = re.compile(r"(?:sh|\.inc|\.env|rc|/[^./]+)$")


def _set(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = list(call.argv[1:])
    options = set(state.options)
    while words and words[0][:1] in ("-", "+") and len(words[0]) > 1 and words[0] != "--":
        word = words.pop(0)
        names = {"errexit": "e", "allexport": "a", "nounset": "u", "pipefail": "pipefail"}
        letters = list(word[1:])
        if "o" in letters and words:
            letters = [letter for letter in letters if letter != "o"] + [names.get(words.pop(0), "")]
        change = options.update if word[0] == "-" else options.difference_update
        change(letter for letter in letters if letter in ("e", "a", "u", "pipefail"))
    if words and words[0] == "--":
        words = words[1:]
        state.positional = tuple(words)
    elif words:
        state.positional = tuple(words)
    state.options = frozenset(options)
    return [Outcome(state, True)]


def _shopt(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    names = {word for word in call.argv[1:] if not word.startswith("-")}
    if "-s" in call.argv:
        state.options |= names
    elif "-u" in call.argv:
        state.options -= names
    return [Outcome(state, True)]


def _cd(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    targets = [word for word in call.argv[1:] if not word.startswith("-") or word == "-"]
    if call.argv[0] == "popd":
        if not state.directories:
            return [Outcome(state, None if state.locals else False)]  # a function's caller may have pushed one
        state.cwd, state.directories = state.directories[-1], state.directories[:-1]
        return [Outcome(state, True)]
    before = state.cwd
    if not targets:
        target = state.text("HOME") or places.HOME
    elif targets[0] == "-":
        target = state.text("OLDPWD") if "OLDPWD" in state.variables else unknown("OLDPWD")
    else:
        target = targets[0]
    if call.argv[0] == "pushd":
        state.directories = (*state.directories, before)
    state.cwd = places.normal(target, state.cwd)
    state.set("OLDPWD", before)
    made = f"env:{state.cwd}" in state.created or state.cwd in state.created
    is_there = made or state.cwd in (before, START_DIRECTORY, SCRIPT_DIRECTORY) or target.strip("./") == ""
    return [Outcome(state, True if is_there else None)]


def _alias(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    if state.shell == "bash" and "expand_aliases" not in state.options:
        return [Outcome(state, True)]
    # A function's body was parsed before: an alias made in it holds behind what called it.
    end = run.unit_end if run.called else sites.end_of_unit(run, call.node)
    for word in call.argv[1:]:
        name, has_text, text = word.partition("=")
        if has_text and is_known(text):
            state.aliases[name] = (text, end)
    return [Outcome(state, True)]


def _unalias(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    is_known_to_all = state.shell == "sh" or "expand_aliases" in state.options
    status: bool | None = True
    for name in call.argv[1:]:
        if name == "-a":
            state.aliases.clear()
        elif state.aliases.pop(name, None) is None:
            status = False if is_known_to_all else None
    return [Outcome(state, status)]


def _ends(ending: Ending) -> Handler:
    def handler(run: Evaluator, call: Call, state: State) -> list[Outcome]:
        code = call.argv[1] if len(call.argv) > 1 else ""
        status = (code == "0") if is_known(code) and code.isdigit() else None
        if ending in ("break", "continue"):
            if not run.loops:
                return [Outcome(state, True)]
            return [Outcome(state, True, ending, int(code) if code.isdigit() else 1)]
        return [Outcome(state, status, ending)]

    return handler


def _trap(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = [word for word in call.argv[1:] if word != "--"]
    if len(words) >= 2 and {"EXIT", "0", "exit"} & set(words[1:]):
        state.traps = ()
        if words[0] not in ("-", ""):
            field = next(field for field, word in zip(call.fields, call.argv, strict=True) if word == words[0])
            _, frame = run.code(field, call.node, state.shell)
            state.traps = ((frame.text, frame),)
    return [Outcome(state, True)]


def _printf(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    if len(call.argv) > 3 and call.argv[1] == "-v" and call.argv[3] in ("%s", "%b"):
        state.set(call.argv[2], "".join(call.argv[4:]))
    elif len(call.argv) > 2 and call.argv[1] == "-v":
        state.set(call.argv[2], unknown(f"printf {call.node.start}"))
    return [Outcome(state, True)]


def _shift(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    count = call.argv[1] if len(call.argv) > 1 else "1"
    if state.positional is not None and count.isdigit():
        state.positional = state.positional[int(count) :]
    return [Outcome(state)]


def _arithmetic(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    return conditions.arithmetic(call.argv, state)


def _test(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = [word for word in call.argv[1:] if word not in ("]", "]]")]
    if len(words) == 2 and words[0] in ("-e", "-f", "-r", "-s"):
        _note_tracked(run, words[1], state)
    return conditions.test(call.argv, state)


def _note_tracked(run: Evaluator, path: str, state: State) -> None:
    """Note that a file exists which the repository has and a script may be about to source."""
    absolute = places.normal(path, state.cwd)
    if _SOURCED.search(absolute) and absolute not in state.gone and sourcing.find(run, path, state):
        state.created |= {absolute}


def _wait(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`wait` for all jobs succeeds whatever they did."""
    return [Outcome(state, True if len(call.argv) == 1 else None)]


def _command(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`command -v NAME`, `type NAME`: whether the shell knows the name; else `command NAME ...` runs it."""
    options = [word for word in call.argv[1:] if word.startswith("-")]
    names = [word for word in call.argv[1:] if not word.startswith("-")]
    if call.argv[0] == "command" and not any(set(option) & set("vV") for option in options):
        return run.program(call, state)
    if names and names[-1] in state.functions:
        return [Outcome(state, True)]
    return [Outcome(state, False if names[-1:] == ["deactivate"] else None)]


def execute(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`exec command` of csh and fish: the shell is gone with it."""
    if len(call.argv) < 2:
        return [Outcome(state)]
    outcomes = run.call(call.behind(1, is_external=True), state)
    return [Outcome(end.state, end.status, "exit") for end in outcomes]


def _constant(status: bool) -> Handler:
    return lambda run, call, state: [Outcome(state, status)]


def unknown_status(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Run a command that changes nothing, and of which nobody knows whether it fails."""
    return [Outcome(state)]


BUILTINS: dict[str, Handler] = {
    ".": sourcing.source,
    ":": _constant(True),
    "((": _arithmetic,
    "[": _test,
    "[[": _test,
    "alias": _alias,
    "break": _ends("break"),
    "cd": _cd,
    "command": _command,
    "continue": _ends("continue"),
    "declare": variables.declare,
    "echo": _constant(True),
    "eval": nested.evaluate,
    "exit": _ends("exit"),
    "export": variables.declare,
    "false": _constant(False),
    "getopts": variables.read,
    "hash": _constant(True),
    "local": variables.declare,
    "mapfile": variables.read,
    "popd": _cd,
    "printf": _printf,
    "pushd": _cd,
    "read": variables.read,
    "readarray": variables.read,
    "readonly": variables.declare,
    "return": _ends("return"),
    "set": _set,
    "shift": _shift,
    "shopt": _shopt,
    "source": sourcing.source,
    "test": _test,
    "trap": _trap,
    "true": _constant(True),
    "type": _command,
    "typeset": variables.declare,
    "unalias": _unalias,
    "unset": variables.unset,
    "wait": _wait,
}
