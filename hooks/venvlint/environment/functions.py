"""Calls of the functions that a script defines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venvlint.environment import variables
from venvlint.environment.outcome import Outcome, merged, returned
from venvlint.environment.state import State

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

_DEEPEST_CALL = 24
_DEEPEST_RECURSION = 2


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
    run.sites.append(run.place(call.node))
    run.called.append(name)
    loops, run.loops = run.loops, 0
    outcomes = run.inside(body, state, frame)
    run.loops = loops
    run.called.pop()
    run.sites.pop()
    for end in outcomes:
        end.state.positional = positional
        saved, end.state.locals = end.state.locals[-1], end.state.locals[:-1]
        variables.restore(end.state, saved)
    return merged(returned(outcomes))
