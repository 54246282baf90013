"""`if` and `case` in the abstract: every arm that may be taken, with the state on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venvlint.environment.outcome import Outcome
from venvlint.environment.patterns import has_magic, matches
from venvlint.environment.state import State
from venvlint.shells import tree
from venvlint.values import is_known

if TYPE_CHECKING:
    from venvlint.environment.evaluate import Evaluator


def run_if(run: Evaluator, node: tree.If, state: State) -> list[Outcome]:
    ended: list[Outcome] = []
    live = [state]
    for condition, body in node.arms:
        after: list[Outcome] = []
        for way in live:
            for end in run.condition(condition, way):
                if end.ending != "normal":
                    ended.append(end)
                    continue
                if end.status is not True:
                    after.append(Outcome(end.state.fork() if end.status is None else end.state))
                if end.status is not False:
                    ended.extend(run.run(body, end.state))
        live = [end.state for end in run.merged(after)]
    for way in live:
        ended.extend([Outcome(way, True)] if node.otherwise is None else run.run(node.otherwise, way))
    return run.merged(ended)


def run_case(run: Evaluator, node: tree.Case, state: State) -> list[Outcome]:
    subject = run.expander.text(node.subject, state)
    ended: list[Outcome] = []
    live: State | None = state  # where no arm has matched yet
    falling: list[State] = []  # where the arm before ended with `;&`
    for arm in node.arms:
        match: bool | None = False
        if live is not None:
            match = _matches(run, arm, subject, live)
        entering = falling
        falling = []
        if live is not None and match is not False:
            entering = [*entering, live.fork() if match is None else live]
            live = live if match is None else None
        for way in entering:
            for end in run.run(arm.body, way):
                if end.ending == "normal" and arm.terminator == ";&":
                    falling.append(end.state)
                elif end.ending == "normal" and arm.terminator == ";;&":
                    ended.extend(_rest_of_case(run, node, arm, end))
                else:
                    ended.append(end)
    ended.extend(Outcome(way, None) for way in falling)
    if live is not None:
        ended.append(Outcome(live, True))
    return run.merged(ended)


def _rest_of_case(run: Evaluator, node: tree.Case, arm: tree.CaseArm, end: Outcome) -> list[Outcome]:
    """Go on with the arms behind one that ended with `;;&`."""
    rest = tree.Case(node.subject, node.arms[node.arms.index(arm) + 1 :], node.start, node.end)
    return run_case(run, rest, end.state) if rest.arms else [end]


def _matches(run: Evaluator, arm: tree.CaseArm, subject: str, state: State) -> bool | None:
    result: bool | None = False
    for word in arm.patterns:
        pattern = run.expander.text(word, state)
        if pattern == "*" or pattern == subject:
            return True
        if not is_known(subject) or not is_known(pattern):
            result = None
        elif has_magic(pattern) and matches(subject, pattern):
            return True
    return result
