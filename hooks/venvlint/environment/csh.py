"""csh's own commands: variables of the shell and of the environment, `path` with PATH, and activation by `source`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.environment import activation, builtins, harmless, sourcing
from venvlint.environment.call import Handler
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import State
from venvlint.values import unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

# Built-ins of other shells that csh has, too, or that are programs there and do the same.
_SHARED = ("cd", "echo", "eval", "exit", "popd", "printf", "pushd", "shift", "test", "unalias")
_ACTIVATION = re.compile(r".*/activate(?P<ending>\.\w+)?")


def _set(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`set name = word`, `set name = (words)`."""
    if len(call.argv) < 2:  # a program of that name
        return [Outcome(state)]
    name, _, index = call.argv[1].partition("[")
    values = call.argv[2:]
    if index:
        state.set("PATH" if name == "path" else name, unknown(f"items of {name}"))
        if name == "path":
            state.lose_environment()
    elif name == "path":
        state.set("PATH", ":".join(values), export=True)
    elif name != "PATH":  # the shell's own of that name changes nothing
        is_list = call.argv[0] == ":list" and len(values) != 1
        state.set(name, values if is_list else "".join(values))
    return [Outcome(state)]


def _setenv(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    if len(call.argv) > 1:
        name, value = call.argv[1], "".join(call.argv[2:3])
        state.set(name, value, export=True)
        if name == "VIRTUAL_ENV":
            activation.note_variable(run, call.node, state, value)
    return [Outcome(state, True)]


def _unsetenv(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    for name in call.argv[1:]:
        state.set(name, None, export=False)
    return [Outcome(state, True)]


def _unset(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    for name in call.argv[1:]:
        found = state.variables.get(name)
        if found is None or not found.is_exported:  # the environment's stay
            state.set(name, None)
    return [Outcome(state, True)]


def _calculate(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`@ name = expression`."""
    for name in call.argv[1:2]:
        state.set(name, unknown(f"number {name}"))
    return [Outcome(state)]


def _source(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = [word for word in call.argv[1:] if word != "-h"]
    if not words:
        return [Outcome(state)]
    found = _ACTIVATION.fullmatch(words[0])
    if found is not None and found["ending"] == ".csh":
        return activation.activate(run, call, state, activation.prefix_of(words[0], state))
    if found is not None:
        return activation.blame(run, call, state, "csh can't read this script: it has activate.csh", words[0])
    if harmless.CSH_SETTINGS.fullmatch(words[0]):
        return [Outcome(state)]
    if words[0].startswith("activate"):
        state.lose_environment()
        return [Outcome(state)]
    return sourcing.source(run, call, state)


def _dot(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`. file`, which csh doesn't know."""
    if len(call.argv) > 1 and _ACTIVATION.fullmatch(call.argv[1]):
        activation.blame(run, call, state, "csh has no `.`: the activation fails, use `source`", call.argv[1])
    return [Outcome(state, False)]


def _alias(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`alias name words`, which holds from the next line on; arguments go behind them, or where `!*` stands."""
    if len(call.argv) > 2:
        text = re.sub(r"\s*\\?!\*\s*$", "", " ".join(call.argv[2:]))
        end = run.frame.text.find("\n", call.node.end)
        is_plain = re.search(r"[;&|<>()`'\"!$\\]", text) is None
        state.aliases[call.argv[1]] = (text if is_plain else ":lose", end if end >= 0 else len(run.frame.text))
    return [Outcome(state, True)]


def _lose(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    state.lose_environment()
    return [Outcome(state)]


COMMANDS: dict[str, Handler] = {
    **{name: builtins.BUILTINS[name] for name in _SHARED},
    ".": _dot,
    ":condition": builtins.unknown_status,
    ":list": _set,
    ":lose": _lose,
    ":set": _set,
    "@": _calculate,
    "alias": _alias,
    "chdir": builtins.BUILTINS["cd"],
    "exec": builtins.execute,
    "set": builtins.unknown_status,
    "setenv": _setenv,
    "source": _source,
    "unset": _unset,
    "unsetenv": _unsetenv,
}
