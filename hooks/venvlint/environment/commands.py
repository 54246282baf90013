"""One simple command: its words expanded, and who takes care of it: a function, a built-in, a wrapper, an installer."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from venvlint.environment import (
    builtins,
    conditions,
    dialects,
    effects,
    functions,
    landing,
    nested,
    peeling,
    sites,
    streams,
    tools,
    variables,
    windows,
    wrapped,
)
from venvlint.environment.call import Call
from venvlint.environment.fields import Field, joined
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import State
from venvlint.environment.wrappers import WRAPPERS
from venvlint.shells import tree
from venvlint.values import OPEN, RUNNING_PYTHON, is_known, is_unknown

if TYPE_CHECKING:
    from venvlint.environment.evaluate import Evaluator

_NO_STATUS = {"echo": True, "printf": True, ":": True, "true": True, "false": False}


def run_command(run: Evaluator, node: tree.Command, state: State) -> list[Outcome]:
    """Run a simple command as the script has it."""
    node = _unaliased(run, node, state)
    if not node.words:
        return _assign(run, node, state)
    stdin = run.stdin
    run.stdin = streams.redirected_input(run, node.redirects, state) or stdin
    fields: list[Field] = []
    is_whole = isinstance(node.words[0], tree.Word) and tree.text_of(node.words[0]) == "[["
    for word in node.words:
        if isinstance(word, tree.Assignment):
            fields.append(variables.assignment_field(run, word, state))
        elif is_whole:  # there, no word is split, and none goes away
            fields.append(run.expander.pieces(word, state))
        else:
            fields.extend(run.expander.fields(word, state))
    streams.write_output(run, node, state)
    call = Call(node, tuple(fields), tuple(joined(field) for field in fields))
    outcomes = _with_assignments(run, call, state)
    run.stdin = stdin
    return outcomes


def _unaliased(run: Evaluator, node: tree.Command, state: State, done: tuple[str, ...] = ()) -> tree.Command:
    """Put an alias's words in place of its name; one holds from the line after its definition on.

    Those `done` aren't expanded again in their own words.
    """
    first = tree.name_of(node) if state.aliases else None
    if first is None or first.quoted:
        return node
    name = first.text
    if name == "time" and state.shell == "bash":  # a keyword; a command follows
        second = node.words[1] if len(node.words) > 1 else None
        at = 2 if isinstance(second, tree.Word) and tree.text_of(second) == "-p" else 1
        behind = _unaliased(run, replace(node, words=node.words[at:]), state, done)
        return replace(node, words=node.words[:at] + behind.words)
    alias = state.aliases.get(name) if name not in done else None
    is_later = alias is not None and alias[1] > node.start and run.frame.depth == 0  # code in code is read when it runs
    if alias is None or is_later:
        return node
    start, end = node.words[0].start, node.words[0].end
    words = tuple(tree.Word((tree.Text(text, False, start),), start, end) for text in alias[0].split())
    if alias[0].endswith((" ", "\t")) and len(node.words) > 1:  # then the next word may be an alias, too
        behind = _unaliased(run, replace(node, words=node.words[1:]), state, done)
        return replace(node, words=words + behind.words)
    return _unaliased(run, replace(node, words=words + node.words[1:]), state, (*done, name))


def _assign(run: Evaluator, node: tree.Command, state: State) -> list[Outcome]:
    """Run a command that only assigns."""
    for redirect in node.redirects:
        run.expander.text(redirect.target, state)
    run.substituted = None
    for assignment in node.assignments:
        (dialects if state.shell == "pwsh" else variables).assign(run, assignment, state)
    values = [assignment.value for assignment in node.assignments]
    has_command = any(
        isinstance(part, tree.Substitution) for value in values if value is not None for part in value.parts
    )
    return [Outcome(state, run.substituted if has_command else True)]


def _with_assignments(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Run a command with the assignments before it, which last no longer than it does."""
    prefix = call.node.assignments
    if not prefix or not call.argv:
        return run_call(run, call, state)
    before = {assignment.name: state.variables.get(assignment.name) for assignment in prefix}
    activation = state.activation
    for assignment in prefix:
        variables.assign(run, assignment, state, is_exported=True)
    if call.argv[0] in builtins.SPECIAL and state.shell == "sh":
        return run_call(run, call, state)  # POSIX: they last
    is_function = call.argv[0] in state.functions and state.shell == "bash"
    for name in before.keys() & state.variables.keys():
        state.variables[name] = state.variables[name]._replace(is_temporary=True)
    outcomes = run_call(run, call, state)
    for end in outcomes:
        found = {name: end.state.variables.get(name) for name in before}
        # What a function exports stays in bash.
        kept = {name for name in found if is_function and (one := found[name]) is not None and not one.is_temporary}
        variables.restore(end.state, {name: value for name, value in before.items() if name not in kept})
        if end.state.activation is None and "PATH" in before.keys() - kept:
            end.state.activation = activation
    return outcomes


def run_call(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Run a command whose words are known."""
    if not call.argv:
        return [Outcome(state)]
    name = call.argv[0]
    if not call.is_external and state.shell in dialects.SHELLS:
        call = dialects.canonical(call, state)
        done = dialects.run_command(run, call, state)
        if done is not None:
            return done
    elif not call.is_external:
        if name in state.functions:
            return functions.run_function(run, call, state)
        builtin = builtins.BUILTINS.get(name)
        if builtin is not None:
            return builtin(run, call, state)
        if OPEN in name and state.positional is None:
            named = functions.named_by_caller(run, name, state)
            if named:
                return functions.run_any(run, call, state, named)
    if OPEN in name and is_unknown(name) and len(call.argv) > 1 and name != RUNNING_PYTHON:
        return _unknown_name(run, call, state)
    return run_program(run, call, state)


def _unknown_name(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Run a command whose name nobody knows: `$SUDO pip install x` is an install all the same."""
    is_sudo = _may_be_nothing(call.argv[0])
    if run.requests.read(call.argv[1:], state) is None and call.argv[1] not in WRAPPERS:
        return _run_itself(run, call, state, call.argv[0])  # `$PYTHON -m pip install x`: it may be known on other ways
    outcomes = run_call(run, call.behind(1, is_external=True, is_possible=call.is_possible or not is_sudo), state)
    return [Outcome(end.state, None) for end in outcomes]


def _may_be_nothing(name: str) -> bool:
    """Tell whether an unknown first word is a prefix such as `$SUDO`, which may be empty."""
    return OPEN in name and not is_known(name) and re.search("sudo|root", name, re.IGNORECASE) is not None


def run_program(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Run what isn't the shell's own."""
    name = base_name(call.argv[0])
    peeled = peeling.peel(name, call.argv)
    if peeled is not None:
        return wrapped.run_wrapped(run, call, state, peeled)
    code = windows.run_shell(run, call, state, name) or nested.run_shell(run, call, state, name)
    if code is not None:
        return code
    if not call.is_external:
        changed = tools.run_command(run, call, state, name)
        if changed is not None:
            return changed
    if "-c" in call.argv[1:3] and name.startswith("python"):
        guarded = conditions.of_prefix(call.argv[-1], state)
        if guarded is not None:
            return guarded
    return _run_itself(run, call, state, name)


def _run_itself(run: Evaluator, call: Call, state: State, name: str) -> list[Outcome]:
    """Run a program that runs nothing else: it installs, or makes and removes things."""
    _install(run, call, state)
    effects.of_program(run, call, state, name)
    if name == "mkdir" or effects.environment_made(call.argv, name) is not None:
        run.expected[id(call.node)] = call.node
        return [Outcome(state, True)]  # what follows counts on what was made
    return [Outcome(state, _NO_STATUS.get(name))]


@lru_cache(maxsize=1024)
def base_name(program: str) -> str:
    """Return a program's name without directories and the ending that Windows gives it."""
    return re.sub(r"(?i)\.(?:exe|bat|cmd)$", "", program.replace("\\", "/").rsplit("/", 1)[-1])


def _install(run: Evaluator, call: Call, state: State) -> None:
    request = run.requests.read(call.argv, state)
    if request is None:
        return
    landed = landing.of(request, state)
    path, span, text = sites.place(run, call.node, request.verb)
    if request.kind == "setting" and request.installer == "poetry":
        state.created |= {"setting:POETRY_VIRTUALENVS_CREATE"}
    run.recorder.reach((path, span), text, request, landed, state, is_possible=call.is_possible)
