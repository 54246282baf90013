"""How a shell ends: by a command that fails under `set -e`, and with the commands that it traps its end with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venvlint import shells
from venvlint.environment import variables
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import State

if TYPE_CHECKING:
    from venvlint.environment.evaluate import Evaluator


def after_command(run: Evaluator, outcomes: list[Outcome]) -> list[Outcome]:
    """End the shell where a command failed under `set -e`; where one may have, what the shell traps may run."""
    if run.is_tested:
        return outcomes
    after = []
    for end in outcomes:
        if end.ending == "normal" and end.status is not True and "e" in end.state.options:
            if end.status is False:
                variables.unwind(end.state)
                end = end._replace(ending="exit")
            elif end.state.traps:
                may_end(run, end.state.fork())
        after.append(end)
    return after


def may_end(run: Evaluator, state: State) -> None:
    """Run what the shell traps its end with, in case that it ends here; the state given is used up."""
    if not state.traps:
        return
    variables.unwind(state)
    key = (state.traps, state.path, *state.functions)
    if key in run.ended:
        return
    run.ended.add(key)
    outer, tested, sites = run.frame, run.is_tested, run.sites
    run.sites = []
    run_traps(run, Outcome(state))
    run.frame, run.is_tested, run.sites = outer, tested, sites


def run_traps(run: Evaluator, outcome: Outcome) -> list[Outcome]:
    """Run what the shell traps its end with."""
    traps, outcome.state.traps = outcome.state.traps, ()
    after = [Outcome(outcome.state)]
    for text, place in traps:
        run.frame = place
        after = [end for way in after for end in run.run(shells.inner(text, place.shell), way.state)]
    return [Outcome(end.state, outcome.status) for end in after]
