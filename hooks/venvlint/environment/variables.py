"""Variables of POSIX shells: assignments, and the built-ins that declare, read, and unset."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from venvlint.environment import activation
from venvlint.environment.fields import Field, Piece, joined
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import State, Value, Variable
from venvlint.shells import tree
from venvlint.values import unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

_NAME = re.compile(r"[A-Za-z_]\w*")


def assign(run: Evaluator, node: tree.Assignment, state: State, *, is_exported: bool | None = None) -> None:
    """Do `name=value`, `name+=value`, `name=(values)`."""
    value = value_of(run, node, state)
    state.set(node.name, value, export=is_exported)
    if node.name == "VIRTUAL_ENV" and isinstance(value, str) and is_exported is not True:
        activation.note_variable(run, node, state, value)


def value_of(run: Evaluator, node: tree.Assignment, state: State) -> Value:
    """Return what a variable's value is after an assignment."""
    if node.values is not None:
        fields = [field for word in node.values for field in run.expander.fields(word, state)]
        values = tuple(joined(field) for field in fields)
        before = state.variables.get(node.name)
        if node.is_append and before is not None:
            old = before.value
            return (old if isinstance(old, tuple) else (old or "",)) + values
        return values
    text = run.expander.text(node.value, state)
    if node.index and not node.index.isdigit():
        state.set(f"{node.name}[{node.index}]", text, export=False)  # of an associative array
        return state.get(node.name)
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
    """Return an assignment that stands among a command's words (`export A=b`) as one field; of an array its name."""
    if _is_array(node):
        return [Piece(node.name)]  # the built-in does it, after it has put away what a local one hides
    text = value_of(run, node, state)
    return [Piece(f"{node.name}={text}")]


def _is_array(node: tree.Assignment) -> bool:
    return node.values is not None or node.index != ""


def keep_local(state: State, name: str) -> None:
    """Note what a variable was before the running function or block sets its own."""
    if state.locals and name not in state.locals[-1]:
        state.locals = (*state.locals[:-1], {**state.locals[-1], name: state.variables.get(name)})


def restore(state: State, saved: Mapping[str, Variable | None]) -> None:
    """Give variables back what they were; None: the script hadn't set it."""
    for name, found in saved.items():
        if found is None:
            state.variables.pop(name, None)
        else:
            state.variables[name] = found


def unwind(state: State) -> None:
    """Put back what the running functions hide: bash does, before its trap, where it ends by itself (`set -e`)."""
    if state.shell == "bash":
        for saved in reversed(state.locals):
            restore(state, saved)
        state.locals = ({},) * len(state.locals)


def is_exported_anew(state: State, name: str) -> bool:
    """Tell whether a variable that stood before a command was exported while it ran."""
    found = state.variables.get(name)
    return found is not None and found.is_exported and not found.is_temporary


def declare(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`export`, `declare`, `local`, `readonly`, `typeset`."""
    name = call.argv[0]
    options = "".join(word[1:] for word in call.argv[1:] if word.startswith("-") and "=" not in word)
    is_local = name == "local" or (name in ("declare", "typeset") and bool(state.locals) and "g" not in options)
    exports = name == "export" or "x" in options
    arrays = {each.name: each for each in call.node.words if isinstance(each, tree.Assignment) and _is_array(each)}
    for word in call.argv[1:]:
        variable, has_value, value = word.partition("=")
        if word.startswith(("-", "+")) or not _NAME.fullmatch(variable):
            continue
        if "f" in options:
            found = state.functions.get(variable)
            if found is not None and exports:
                state.functions[variable] = found._replace(is_exported=True)
            continue
        if is_local:
            keep_local(state, variable)
        if variable in arrays:
            assign(run, arrays[variable], state)
        elif has_value:
            state.set(variable, value, export=True if exports else None)
            if variable == "VIRTUAL_ENV":
                activation.note_variable(run, call.node, state, value)
        elif exports and name == "export" and "n" in options:
            state.set(variable, state.get(variable), export=False)
        elif exports:
            state.set(variable, state.get(variable), export=True)
        elif is_local and state.locals and variable in state.locals[-1] and state.shell != "sh":
            state.set(variable, None)
    return [Outcome(state, True)]


def unset(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    options = "".join(word[1:] for word in call.argv[1:] if word.startswith("-"))
    for name in call.argv[1:]:
        if name.startswith("-"):
            continue
        if "f" not in options and (name in state.variables or "v" in options or name not in state.functions):
            state.set(name, None, export=False)
        else:
            state.functions.pop(name, None)
    return [Outcome(state, True)]


def read(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`read`, `mapfile`, `getopts`, `let`: what they put into variables isn't known."""
    for name in call.argv[1:]:
        if _NAME.fullmatch(name):
            state.set(name, unknown(f"read {name} {call.node.start}"))
    return [Outcome(state)]
