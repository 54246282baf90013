"""Calls of the functions that a script defines."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.environment import sites, variables
from venvlint.environment.fields import Piece
from venvlint.environment.outcome import Outcome, merged, returned
from venvlint.environment.state import State
from venvlint.values import CLOSE, OPEN, unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

_ARGUMENT = re.compile(f"{OPEN}(?:[0-9]+|@){CLOSE}")
_MOST_NAMED = 30
_DEEPEST_CALL = 24
_DEEPEST_RECURSION = 2


def named_by_caller(run: Evaluator, name: str, state: State) -> list[str]:
    """Return the functions, nowhere called so far, that a name made of the script's arguments may mean: `"cmd_$1"`."""
    pieces = _ARGUMENT.split(name)
    if len(pieces) < 2 or any(OPEN in piece for piece in pieces):
        return []
    pattern = re.compile(".*".join(map(re.escape, pieces)))
    return [
        each
        for each, definition in state.functions.items()
        if definition.body is not None and id(definition.body) not in run.seen and pattern.fullmatch(each)
    ][:_MOST_NAMED]


def run_any(run: Evaluator, call: Call, state: State, names: list[str]) -> list[Outcome]:
    """Run a command that may mean any of some functions, or none of them."""
    outcomes = [Outcome(state.fork())]
    rest = call.argv[1:] or (unknown("@"),)
    for name in names:
        named = replace(call, argv=(name, *rest), fields=([Piece(name)], *(call.fields[1:] or ([Piece(rest[0])],))))
        outcomes += run_function(run, named, state.fork())
    return run.merged(outcomes)


def run_function(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Run the function that a command names."""
    definition = state.functions[call.argv[0]]
    body, frame = definition.body, definition.frame
    if body is None or frame is None:
        state.deactivate()
        return [Outcome(state, True)]
    name = call.argv[0]
    run.seen.add(id(body))
    if run.is_hasty and run.relevance.is_idle(definition, state):
        run.relevance.pass_over(definition, state)
        return [Outcome(state)]
    if run.called.count(name) > _DEEPEST_RECURSION or len(run.called) > _DEEPEST_CALL:
        return []  # what comes back from here comes back from the calls above, too
    positional, state.positional = state.positional, call.argv[1:]
    state.locals = (*state.locals, {})
    if not run.called:
        run.unit_end = sites.end_of_unit(run, call.node)
    run.sites.append(sites.place(run, call.node))
    run.called.append(name)
    loops, run.loops = run.loops, 0
    outcomes = run.inside(body, state, frame)
    run.loops = loops
    run.called.pop()
    run.sites.pop()
    given = {assignment.name for assignment in call.node.assignments}
    for end in outcomes:
        end.state.positional = positional
        saved, end.state.locals = end.state.locals[-1], end.state.locals[:-1]
        if end.ending == "exit":
            continue  # the shell's trap sees the function's variables
        # In bash, what stood before the call and was exported within it stays, even where it was made local before.
        stays = {name for name in given & saved.keys() if variables.is_exported_anew(end.state, name)}
        variables.restore(end.state, {name: value for name, value in saved.items() if name not in stays})
    return merged(returned(outcomes))
