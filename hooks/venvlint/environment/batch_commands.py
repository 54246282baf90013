"""cmd's own commands: what each does to variables, directories, files, and other processes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.environment import builtins, effects, windows
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import Loss, State
from venvlint.shells import tree
from venvlint.shells.powershell_text import environment_name
from venvlint.values import is_known, unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

_START_VALUES = ("/d", "/node", "/affinity")


def set_variable(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    text = call.argv[1].strip(" \t") if len(call.argv) > 1 else ""
    option = re.match(r"(?i)/[ap]\b\s*", text)
    if option is not None:
        for name in re.findall(r"[\"\s,]*([A-Za-z_]\w*)\s*[-+*/%]?=", text[option.end() :]):
            state.set(environment_name(name), unknown(f"set {name} {call.node.start}"), export=True)
        return [Outcome(state)]
    if text.startswith('"'):
        text = text[1 : text.rfind('"')] if text.rfind('"') > 0 else text[1:]
    elif len(call.argv) > 1:
        text = call.argv[1].lstrip(" \t")
    name, has_value, value = text.partition("=")
    if not has_value or not is_known(name):
        return [Outcome(state)]
    state.set(environment_name(name.strip()), value or None, export=True)
    return [Outcome(state)]


def set_path(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`path a;b`."""
    text = call.argv[1].strip().lstrip("=").strip() if len(call.argv) > 1 else ""
    if text:
        state.set("PATH", text, export=True)
    return [Outcome(state)]


def setlocal(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    state.locals = (*state.locals, dict(state.variables))
    return [Outcome(state, True)]


def endlocal(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    if state.locals:
        restore(run, call.node, state)
    return [Outcome(state, True)]


def restore(run: Evaluator, node: tree.Command, state: State) -> None:
    """Put the variables back as they were at `setlocal`; an activation since then is lost."""
    active = state.activation
    saved, state.locals = state.locals[-1], state.locals[:-1]
    state.variables = {name: found for name, found in saved.items() if found is not None}
    state.set("PATH", state.path)
    if active is not None and state.activation is None:
        state.loss = Loss(active, run.frame.span(node.start, node.end), "setlocal block")


def cd(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    name = {"chdir": "cd"}.get(call.argv[0].lower(), call.argv[0].lower())
    words = [word for word in call.argv[1:] if not word.lower().startswith("/d")]
    if name == "cd" and not words:
        return [Outcome(state, True)]
    outcomes = builtins.BUILTINS[name](run, replace(call, argv=(name, *words[:1])), state)
    return [end._replace(status=True) for end in outcomes]


def make(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    for word in call.argv[1:]:
        state.make(word)
    return [Outcome(state)]


def remove(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    for word in call.argv[1:]:
        if any("EXTERNALLY-MANAGED" in each for each in call.argv):
            effects.remove(run, call, state, "rm")
            break
        if not re.fullmatch(r"/\w(:\w+)?", word):
            state.remove(word)
    return [Outcome(state)]


def start(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`start "title" /wait program arguments`: a program in a process of its own."""
    index, node = 1, call.node
    has_title = False
    while index < len(call.argv):
        if call.argv[index].startswith("/"):
            index += 2 if call.argv[index].lower() in _START_VALUES else 1
        elif not has_title and index < len(node.words) and _is_quoted(node.words[index]):
            has_title = True
            index += 1
        else:
            break
    if index >= len(call.argv):
        return [Outcome(state)]
    return windows.run_apart(run, call.behind(index), state, "`start` runs it in a cmd of its own")


def _is_quoted(word: tree.Word | tree.Assignment) -> bool:
    return (
        isinstance(word, tree.Word) and bool(word.parts) and all(getattr(part, "quoted", False) for part in word.parts)
    )
