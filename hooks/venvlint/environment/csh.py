"""csh's own commands: variables of the shell and of the environment, `path` with PATH, and activation by `source`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from venvlint.environment import builtins, fish, nested
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import State
from venvlint.values import unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

# Built-ins of other shells that csh has, too, or that are programs there and do the same.
_SHARED = {
    "[", "break", "cd", "continue", "echo", "eval", "exit", "false", "popd", "printf", "pushd", "shift", "test", "true",
    "unalias",
}  # fmt: skip
_ACTIVATION = re.compile(r".*/activate(?P<ending>\.\w+)?")
_SETTINGS = re.compile(r"(?:.*/)?\.?(?:t?cshrc|login|cshdirs|aliases|alias)(?:\.t?csh)?")


def run_command(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    """Run a command of csh's own; None where it is a program."""
    name = call.argv[0]
    if name in state.functions:
        from venvlint.environment import call as calls

        return calls._call_function(run, call, state)
    if name in _SHARED:
        return builtins.BUILTINS[name](run, call, state)
    handler = _COMMANDS.get(name)
    return handler(run, call, state) if handler is not None else None


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
            builtins.name_only(run, call.node, state, value)
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
        nested._activate(run, call, state, nested._activated_prefix(words[0], state))
        return [Outcome(state, True)]
    if found is not None:
        nested._blame(run, call, state, "csh can't read this script: it has activate.csh", words[0])
        return [Outcome(state, False)]
    if _SETTINGS.fullmatch(words[0]):
        return [Outcome(state)]
    if words[0].startswith("activate"):
        state.lose_environment()
        return [Outcome(state)]
    return nested.source(run, call, state)


def _dot(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`. file`, which csh doesn't know."""
    if len(call.argv) > 1 and _ACTIVATION.fullmatch(call.argv[1]):
        nested._blame(run, call, state, "csh has no `.`: the activation fails, use `source`", call.argv[1])
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


def _unknown_status(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    return [Outcome(state)]


Handler = Callable[["Evaluator", "Call", State], list[Outcome]]
_COMMANDS: dict[str, Handler] = {
    ".": _dot,
    ":condition": _unknown_status,
    ":list": _set,
    ":lose": _lose,
    ":set": _set,
    "@": _calculate,
    "alias": _alias,
    "chdir": lambda run, call, state: builtins.BUILTINS["cd"](run, call, state),
    "exec": fish._exec,
    "set": _unknown_status,
    "setenv": _setenv,
    "source": _source,
    "unset": _unset,
    "unsetenv": _unsetenv,
}
