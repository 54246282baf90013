"""PowerShell's variables: scopes, parameters, aliases, and the drive of the environment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.environment import variables
from venvlint.environment.outcome import Outcome
from venvlint.environment.powershell_places import ENVIRONMENT_DRIVE, operands
from venvlint.environment.state import State, Value
from venvlint.shells import tree
from venvlint.values import is_known, unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator


def assign(run: Evaluator, node: tree.Assignment, state: State) -> None:
    """Do `$name = value`; in a function that is the function's own, unless the name says another scope."""
    scope, _, name = node.name.rpartition(":")
    value = _value(run, replace(node, name=name), state)
    if name == "args":
        state.positional = value if isinstance(value, tuple) else (value or "",)
        return
    if scope == "env":
        state.set(name, value if value != "" else None, export=True)
        return
    if not scope:
        variables.keep_local(state, name)
    state.set(name, value)


def _value(run: Evaluator, node: tree.Assignment, state: State) -> Value:
    old = state.get(node.name)
    if node.is_append and node.values is None and isinstance(old, tuple):
        return (*old, run.expander.text(node.value, state))
    if node.values is None and not node.is_append and node.value is not None and len(node.value.parts) == 1:
        part = node.value.parts[0]
        if isinstance(part, tree.Variable) and isinstance(found := state.get(part.name), tuple):
            return found
    return variables.value_of(run, node, state)


def parameters(run: Evaluator, call: Call, state: State) -> list[Outcome]:
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
        variables.keep_local(state, name)
        if name in given:
            state.set(name, given[name])
        elif state.locals:
            state.set(name, "" if state.positional is not None else unknown(name))
    return [Outcome(state, True)]


def set_alias(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = operands(call.argv, also=("-name", "-value"))
    if len(words) >= 2:
        state.aliases[words[0].lower()] = (words[1], 0)
    return [Outcome(state, True)]


def set_variable(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = operands(call.argv, also=("-name", "-value"))
    if len(words) >= 2 and is_known(words[0]):
        drive = ENVIRONMENT_DRIVE.fullmatch(words[0])
        if drive is not None:
            state.set(drive[1].upper(), words[1], export=True)
        elif call.argv[0].lower() in ("set-variable", "sv", "new-variable"):
            state.set(words[0].lower(), words[1])
    return [Outcome(state, True)]
