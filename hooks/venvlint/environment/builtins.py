"""The shell's built-in commands: what each does to the state."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from venvlint.environment import conditions, nested, places
from venvlint.environment.expand import Field, Piece
from venvlint.environment.outcome import Ending, Outcome
from venvlint.environment.state import VIRTUAL_ENV_ALONE, Activation, State, Value, Variable, shown_environment
from venvlint.shells import tree
from venvlint.values import is_known, unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

# POSIX's special built-ins: assignments before them last.
SPECIAL = frozenset({".", ":", "eval", "exec", "exit", "export", "readonly", "return", "set", "shift", "trap", "unset"})
_NAME = re.compile(r"[A-Za-z_]\w*")


def assign(run: Evaluator, node: tree.Assignment, state: State, *, is_exported: bool | None = None) -> None:
    """Do `name=value`, `name+=value`, `name=(values)`."""
    value = _assigned(run, node, state)
    state.set(node.name, value, export=is_exported)
    if node.name == "VIRTUAL_ENV" and isinstance(value, str) and is_exported is not True:
        name_only(run, node, state, value)


def name_only(run: Evaluator, node: tree.Assignment | tree.Command, state: State, prefix: str) -> None:
    """Note that VIRTUAL_ENV is set: without PATH, that activates nothing."""
    if prefix:
        activation = Activation(shown_environment(prefix), run.frame.path, run.frame.span(node.start, node.end))
        state.ineffective = (activation, VIRTUAL_ENV_ALONE)
        state.remember(activation.environment)


def _assigned(run: Evaluator, node: tree.Assignment, state: State) -> Value:
    if node.values is not None:
        fields = [field for word in node.values for field in run.expander.fields(word, state)]
        values = tuple("".join(piece.text for piece in field) for field in fields)
        before = state.variables.get(node.name)
        if node.is_append and before is not None:
            old = before.value
            return (old if isinstance(old, tuple) else (old or "",)) + values
        return values
    text = run.expander.text(node.value, state)
    if node.index:
        return _with_element(state.variables.get(node.name), node.index, text)
    if node.is_append:
        old = state.get(node.name)
        if isinstance(old, tuple):
            return (old[0] + text, *old[1:]) if old else (text,)
        return f"{old or ''}{text}" if node.name in state.variables else text
    return _with_homes(node.value, text, state) if node.value is not None else text


def _with_homes(word: tree.Word, text: str, state: State) -> str:
    """Expand `~` behind a colon, as assignments have it: `PATH=~/a:~/b`."""
    first = word.parts[0] if word.parts else None
    if isinstance(first, tree.Text) and not first.quoted and ":~" in text:
        return text.replace(":~/", f":{state.text('HOME')}/")
    return text


def _with_element(before: Variable | None, index: str, text: str) -> Value:
    old = before.value if before is not None else ()
    values = list(old if isinstance(old, tuple) else (old or "",))
    if index.isdigit() and int(index) < len(values):
        values[int(index)] = text
    else:
        values.append(text)
    return tuple(values)


def assignment_field(run: Evaluator, node: tree.Assignment, state: State) -> Field:
    """Return an assignment that stands among a command's words (`export A=b`) as one field; arrays are done at once."""
    if node.values is not None or node.index:
        assign(run, node, state)
        return [Piece(node.name)]
    text = _assigned(run, node, state)
    return [Piece(f"{node.name}={text}")]


def _declare(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`export`, `declare`, `local`, `readonly`, `typeset`."""
    name = call.argv[0]
    options = "".join(word[1:] for word in call.argv[1:] if word.startswith("-") and "=" not in word)
    is_local = name == "local" or (name in ("declare", "typeset") and bool(state.locals) and "g" not in options)
    exports = name == "export" or "x" in options
    for word in call.argv[1:]:
        variable, has_value, value = word.partition("=")
        if word.startswith(("-", "+")) or not _NAME.fullmatch(variable):
            continue
        if "f" in options:
            found = state.functions.get(variable)
            if found is not None and exports:
                state.functions[variable] = found._replace(is_exported=True)
            continue
        if is_local and state.locals and variable not in state.locals[-1]:
            state.locals = (*state.locals[:-1], {**state.locals[-1], variable: state.variables.get(variable)})
        if has_value:
            state.set(variable, value, export=True if exports else None)
            if variable == "VIRTUAL_ENV":
                name_only(run, call.node, state, value)
        elif exports and name == "export" and "n" in options:
            state.set(variable, state.get(variable), export=False)
        elif exports:
            state.set(variable, state.get(variable), export=True)
        elif is_local and state.locals and variable in state.locals[-1] and state.shell != "sh":
            state.set(variable, None)
    return [Outcome(state, True)]


def _unset(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    options = "".join(word[1:] for word in call.argv[1:] if word.startswith("-"))
    for name in call.argv[1:]:
        if name.startswith("-"):
            continue
        if "f" not in options and (name in state.variables or "v" in options or name not in state.functions):
            state.set(name, None, export=False)
        else:
            state.functions.pop(name, None)
    return [Outcome(state, True)]


def _set(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = list(call.argv[1:])
    options = set(state.options)
    while words and words[0][:1] in ("-", "+") and len(words[0]) > 1 and words[0] != "--":
        word = words.pop(0)
        names = {"errexit": "e", "allexport": "a"}
        letters = list(word[1:])
        if "o" in letters and words:
            letters = [letter for letter in letters if letter != "o"] + [names.get(words.pop(0), "")]
        change = options.update if word[0] == "-" else options.difference_update
        change(letter for letter in letters if letter in ("e", "a"))
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
        if state.directories:
            state.cwd, state.directories = state.directories[-1], state.directories[:-1]
        else:
            state.cwd = unknown("popd")
        return [Outcome(state)]
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
    return [Outcome(state, True if made else None)]


def _alias(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    if state.shell == "bash" and "expand_aliases" not in state.options:
        return [Outcome(state, True)]
    line_end = run.frame.text.find("\n", call.node.end)
    for word in call.argv[1:]:
        name, has_text, text = word.partition("=")
        if has_text and is_known(text):
            state.aliases[name] = (text, line_end if line_end >= 0 else len(run.frame.text))
    return [Outcome(state, True)]


def _unalias(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    for name in call.argv[1:]:
        if name == "-a":
            state.aliases.clear()
        state.aliases.pop(name, None)
    return [Outcome(state, True)]


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


def _read(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`read`, `mapfile`, `getopts`, `let`: what they put into variables isn't known."""
    for name in call.argv[1:]:
        if _NAME.fullmatch(name):
            state.set(name, unknown(f"read {name} {call.node.start}"))
    return [Outcome(state)]


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


def _test(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    return conditions.test(call.argv, state)


def _command(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`command -v NAME`, `type NAME`: whether the shell knows the name; else `command NAME ...` runs it."""
    options = [word for word in call.argv[1:] if word.startswith("-")]
    names = [word for word in call.argv[1:] if not word.startswith("-")]
    if call.argv[0] == "command" and not any(set(option) & set("vV") for option in options):
        return run.program(call, state)
    if names and names[-1] in state.functions:
        return [Outcome(state, True)]
    return [Outcome(state, False if names[-1:] == ["deactivate"] else None)]


def _constant(status: bool) -> Handler:
    return lambda run, call, state: [Outcome(state, status)]


Handler = Callable[["Evaluator", "Call", State], list[Outcome]]
BUILTINS: dict[str, Handler] = {
    ".": nested.source,
    ":": _constant(True),
    "((": lambda run, call, state: [Outcome(state)],
    "[": _test,
    "[[": _test,
    "alias": _alias,
    "break": _ends("break"),
    "cd": _cd,
    "command": _command,
    "continue": _ends("continue"),
    "declare": _declare,
    "echo": _constant(True),
    "eval": nested.evaluate,
    "exit": _ends("exit"),
    "export": _declare,
    "false": _constant(False),
    "getopts": _read,
    "hash": _constant(True),
    "local": _declare,
    "mapfile": _read,
    "popd": _cd,
    "printf": _printf,
    "pushd": _cd,
    "read": _read,
    "readarray": _read,
    "readonly": _declare,
    "return": _ends("return"),
    "set": _set,
    "shift": _shift,
    "shopt": _shopt,
    "source": nested.source,
    "test": _test,
    "trap": _trap,
    "true": _constant(True),
    "type": _command,
    "typeset": _declare,
    "unalias": _unalias,
    "unset": _unset,
}
