"""Loops in the abstract: a few turns of each, and the ways out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venvlint.environment.fields import joined
from venvlint.environment.outcome import Outcome, merged
from venvlint.environment.state import State
from venvlint.shells import tree
from venvlint.values import is_known, unknown

if TYPE_CHECKING:
    from venvlint.environment.evaluate import Evaluator

_MOST_TURNS = 12  # turns of a loop over known words that are run one by one
_TURNS = 2  # turns of a loop of which nobody knows how often it runs


def run_for(run: Evaluator, node: tree.For, state: State) -> list[Outcome]:
    values, is_certain = _loop_values(run, node, state)
    live, ended = [Outcome(state, True)], []  # type: list[Outcome], list[Outcome]
    for value in values:
        skipped = [] if is_certain and is_known(value) else [way._replace(state=way.state.fork()) for way in live]
        after: list[Outcome] = []
        for way in live:
            if node.name:
                way.state.set(node.name, value)
            after.extend(_turn(run, node.body, way.state))
        live, left = _turned(run, after)
        live = run.merged(live + skipped)
        ended.extend(left)
    return run.merged(live + ended)


def _turn(run: Evaluator, body: tree.Node, state: State) -> list[Outcome]:
    """Run a loop's body once."""
    run.loops += 1
    outcomes = run.run(body, state)
    run.loops -= 1
    return outcomes


def _loop_values(run: Evaluator, node: tree.For, state: State) -> tuple[list[str], bool]:
    """Return a value for each turn that is run, and whether those with a known one all happen."""
    if node.words is None:
        values = list(state.positional) if state.positional is not None else [unknown("@")]
        is_certain = state.positional is not None and not node.is_select
    else:
        values = [joined(field) for word in node.words for field in run.expander.fields(word, state)]
        is_certain = not node.is_select
    values = [each for value in values for each in ([value] if is_known(value) else [value] * _TURNS)]
    if node.is_select or (node.words is None and not node.name):
        return [unknown(node.name)] * _TURNS, False
    if len(values) > _MOST_TURNS:
        values = [*values[:_MOST_TURNS], unknown(f"each {node.name}")]
    return values, is_certain


def run_while(run: Evaluator, node: tree.While, state: State) -> list[Outcome]:
    live, ended = [Outcome(state, True)], []  # type: list[Outcome], list[Outcome]
    tried: list[State] = []  # in which the loop may have ended: another turn would be the same
    shifts = len(state.positional or ())  # that a loop may make over arguments that are known
    for _ in range(min(_TURNS + 1 + shifts, _MOST_TURNS)):
        after: list[Outcome] = []
        for way in live:
            for end in run.condition(node.condition, way.state):
                if end.ending != "normal":
                    ended.append(end)
                    continue
                goes = end.status if not node.is_until or end.status is None else not end.status
                if goes is not True:
                    tried.append(end.state.fork() if goes is None else end.state)
                    ended.append(Outcome(tried[-1], way.status))  # of the last turn
                if goes is not False:
                    after.extend(_turn(run, node.body, end.state))
        turned, left = _turned(run, after)
        ended.extend(left)
        turned = run.merged(turned)
        ended.extend(end for end in turned if end.state in tried)
        live = [end for end in turned if end.state not in tried]
        if not live:
            break
    ended.extend(way for way in live if way.state.positional)  # they, too, come to an end
    return run.merged(ended)


def _turned(run: Evaluator, outcomes: list[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """Part the ends of a loop's turn into those that go on with the next and those that leave the loop."""
    live: list[Outcome] = []
    left: list[Outcome] = []
    for end in outcomes:
        if end.ending in ("break", "continue"):
            if end.levels > 1 and run.loops:  # `break 2` leaves one loop where there is no other
                left.append(end._replace(levels=end.levels - 1))
            elif end.ending == "continue":
                live.append(Outcome(end.state, True))
            else:
                left.append(Outcome(end.state, True))
        else:
            (live if end.ending == "normal" else left).append(end)
    return merged(live), left
