"""fish's own commands: its variables are lists with scopes, and activation is a script of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.environment import activation, builtins, conditions, places, queries, sourcing, variables
from venvlint.environment.call import Handler
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import SCRIPT_DIRECTORY, State, Variable
from venvlint.values import unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

_LISTS = frozenset({"PATH", "CDPATH", "MANPATH", "fish_user_paths"})
_LONG = {
    "--append": "a", "--erase": "e", "--export": "x", "--function": "f", "--global": "g", "--local": "l", "--path": "P",
    "--prepend": "p", "--query": "q", "--unexport": "u", "--universal": "U", "--unpath": "",
}  # fmt: skip
# Built-ins of other shells that fish has, too, and that do the same there.
_SHARED = (
    ":", "cd", "echo", "eval", "exit", "popd", "printf", "pushd", "return", "test",
)  # fmt: skip
_ACTIVATION = re.compile(r"(?:.*/)?activate(?P<ending>\.\w+)?")


# Variables


def _options(argv: tuple[str, ...]) -> tuple[str, list[str]]:
    """Return the letters of a command's options, and its operands."""
    letters, index = "", 1
    while index < len(argv) and argv[index].startswith("-") and len(argv[index]) > 1:
        word = argv[index]
        index += 1
        if word == "--":
            break
        letters += _LONG.get(word, "") if word.startswith("--") else word[1:]
    return letters, list(argv[index:])


def _set(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`set -gx NAME values`: https://fishshell.com/docs/current/cmds/set.html."""
    letters, words = _options(call.argv)
    if not words:
        return [Outcome(state, True)]
    if "q" in letters:
        return conditions.test(("[", "-v", words[0], "]"), state)
    name, values = words[0].partition("[")[0], tuple(words[1:])
    if "e" in letters:
        state.set(name, None, export=False)
        return [Outcome(state, True)]
    if "l" in letters or "f" in letters or ("g" not in letters and "U" not in letters and name not in state.variables):
        variables.keep_local(state, name)
    if "[" in words[0]:
        state.set(name, unknown(f"element of {name}"))
        return [Outcome(state)]
    old = state.get(name)
    before = (old,) if isinstance(old, str) else old or ()
    if "a" in letters:
        values = (*before, *values)
    elif "p" in letters:
        values = (*values, *before)
    is_exported = True if "x" in letters else False if "u" in letters else None
    value = ":".join(values) if name in _LISTS else values[0] if len(values) == 1 else values
    state.set(name, value, export=is_exported)
    if name == "fish_user_paths" and values:
        state.set("PATH", f"{':'.join(values)}:{state.path}", export=True)
    return [Outcome(state, None if any("substitution" in value for value in values) else True)]


def _begin(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    state.locals = (*state.locals, {})
    return [Outcome(state, True)]


def _end(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    if state.locals:
        saved, state.locals = state.locals[-1], state.locals[:-1]
        for name, found in saved.items():
            state.variables[name] = found if found is not None else Variable(None)
    return [Outcome(state, True)]


def _arguments(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Give a function's arguments the names that it declares."""
    for index, name in enumerate(call.argv[1:]):
        variables.keep_local(state, name)
        given = state.positional
        state.set(name, unknown(name) if given is None else given[index] if index < len(given) else None)
    return [Outcome(state, True)]


def _export(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`export NAME=value`, which fish knows as a function."""
    for word in call.argv[1:]:
        name, has_value, value = word.partition("=")
        state.set(name, value if has_value else state.get(name), export=True)
    return [Outcome(state, True)]


def _add_path(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`fish_add_path directory`: to fish's own list, which stands in front of PATH, or with `--path` to PATH itself."""
    letters, words = _options(call.argv)
    new = [word for word in words if places.normal(word, state.cwd) not in state.entries() or "m" in letters]
    if new:
        added = ":".join(new)
        state.set(
            "PATH",
            f"{state.path}:{added}" if "a" in letters and "P" in letters else f"{added}:{state.path}",
            export=True,
        )
    return [Outcome(state, True)]


# Activation


def _source(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = [word for word in call.argv[1:] if word != "--"]
    found = _ACTIVATION.fullmatch(words[0]) if words else None
    if found is None:
        return sourcing.source(run, call, state) if words else [Outcome(state)]
    if found["ending"] != ".fish":
        return activation.blame(run, call, state, "fish can't read this script: it has activate.fish", words[0])
    return activation.activate(run, call, state, activation.prefix_of(words[0], state))


def _virtualfish(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`vf activate NAME`."""
    if call.argv[1:2] == ("activate",) or call.argv[1:2] == ("new",):
        return activation.activate(run, call, state, f"{unknown('WORKON_HOME')}/{call.argv[-1]}")
    if call.argv[1:2] == ("deactivate",):
        state.deactivate()
    return [Outcome(state)]


# The rest


def _alias(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`alias name='words'`, `alias name words`."""
    _, words = _options(call.argv)
    name, has_text, text = words[0].partition("=") if words else ("", "", "")
    text = text if has_text else " ".join(words[1:])
    if name and text:
        state.aliases[name] = (text, call.node.end)
    return [Outcome(state, True)]


def _read(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    _, words = _options(call.argv)
    for word in words:
        if word.isidentifier():
            state.set(word, unknown(f"read {word}"))
    return [Outcome(state)]


def printed(argv: list[str], state: State) -> str | None:
    """Return what a command prints that asks for a path, None where that isn't known."""
    if argv[:1] == ["status"] and len(argv) > 1:
        if argv[1] in ("dirname", "--dirname"):
            return SCRIPT_DIRECTORY
        if argv[1] in ("filename", "--current-filename", "-f", "--filename", "current-filename"):
            return f"{SCRIPT_DIRECTORY}/{unknown('0')}"
        return None
    if argv[:2] == ["path", "resolve"] and len(argv) == 3:
        return places.normal(argv[2], state.cwd)
    if argv[:2] == ["path", "dirname"] and len(argv) == 3:
        return queries.path_printed(["dirname", argv[2]], state)
    return queries.path_printed(argv, state)


COMMANDS: dict[str, Handler] = {
    **{name: builtins.BUILTINS[name] for name in _SHARED},
    ".": _source,
    ":arguments": _arguments,
    ":begin": _begin,
    ":end": _end,
    "alias": _alias,
    "exec": builtins.execute,
    "export": _export,
    "fish_add_path": _add_path,
    "read": _read,
    "set": _set,
    "source": _source,
    "status": builtins.unknown_status,
    "string": builtins.unknown_status,
    "type": builtins.unknown_status,
    "vf": _virtualfish,
}
