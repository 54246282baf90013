"""`if`, `case`, `&&`, and `||` in the abstract: every way that may be taken, with the state on each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venvlint.environment import conditions
from venvlint.environment.outcome import Outcome
from venvlint.environment.patterns import has_magic, matches, surely_differs, surely_matches
from venvlint.environment.state import ACTIVE_ENVIRONMENT, State
from venvlint.shells import tree
from venvlint.values import is_known

if TYPE_CHECKING:
    from venvlint.environment.evaluate import Evaluator

Patterns = tuple[str, ...]


def run_if(run: Evaluator, node: tree.If, state: State) -> list[Outcome]:
    """Run the arms whose condition may hold."""
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


def run_case(run: Evaluator, node: tree.Case, state: State, within: Patterns = ()) -> list[Outcome]:
    """Run a `case`; the subject is known to match one of the patterns `within`, where there are any."""
    subject = run.expander.text(node.subject, state)
    if asked := conditions.asked(subject, state):
        return _case_of_guard(run, node, state, asked)
    ended: list[Outcome] = []
    live: State | None = state  # where no arm has matched yet
    falling: list[tuple[State, Patterns]] = []  # where the arm before ended with `;&`
    for index, arm in enumerate(node.arms):
        entering, falling = falling, []
        if live is not None:
            patterns = tuple(run.expander.text(word, live) for word in arm.patterns)
            match = _matches(subject, patterns, within)
            if match is not False:
                entering.append((live.fork() if match is None else live, _narrowed(within, patterns)))
                live = live if match is None else None
        for way, known in entering:
            for end in run.run(arm.body, way):
                if end.ending == "normal" and arm.terminator == ";&":
                    falling.append((end.state, known))
                elif end.ending == "normal" and arm.terminator == ";;&":
                    rest = tree.Case(node.subject, node.arms[index + 1 :], node.start, node.end)
                    ended.extend(run_case(run, rest, end.state, known) if rest.arms else [end])
                else:
                    ended.append(end)
    ended.extend(Outcome(way, None) for way, _ in falling)
    if live is not None:
        ended.append(Outcome(live, True))
    return run.merged(ended)


def _case_of_guard(run: Evaluator, node: tree.Case, state: State, name: str) -> list[Outcome]:
    """Run a `case` about VIRTUAL_ENV or its like: an environment is active, or none is."""
    active = state.fork()
    active.assume_active()
    active.set(name, ACTIVE_ENVIRONMENT)
    state.set(name, "")
    return run.merged([*run_case(run, node, active), *run_case(run, node, state)])


def _narrowed(within: Patterns, patterns: Patterns) -> Patterns:
    """Return what a subject is known to match that matches one of `within` and one of an arm's patterns."""
    if within and not any(map(has_magic, within)):
        return tuple(value for value in within if any(_matches_one(value, each) is not False for each in patterns))
    return patterns if all(is_known(each) and each != "*" for each in patterns) else within


def _matches(subject: str, patterns: Patterns, within: Patterns) -> bool | None:
    """Tell whether the subject matches one of an arm's patterns; None where that can't be told."""
    if any(pattern in ("*", subject) or surely_matches(subject, pattern) for pattern in patterns):
        return True
    if not any(patterns) and conditions.is_set(subject):
        return False
    if all(surely_differs(subject, pattern) for pattern in patterns):
        return False
    subjects = (subject,) if is_known(subject) else within
    found = [[_matches_one(each, pattern) for pattern in patterns] for each in subjects]
    if not found or any(True not in answers and None in answers for answers in found):
        return None
    are_matched = {True in answers for answers in found}
    return are_matched.pop() if len(are_matched) == 1 else None


def _matches_one(value: str, pattern: str) -> bool | None:
    """Tell whether a value, or what matches the pattern `value`, matches another pattern."""
    if not is_known(value) or not is_known(pattern):
        return None
    if has_magic(value):
        return None if has_magic(pattern) or matches(pattern, value) else False
    return matches(value, pattern) if has_magic(pattern) else value == pattern


def run_and_or(run: Evaluator, node: tree.AndOr, state: State) -> list[Outcome]:
    """Run `a && b || c`: each command runs on the ways on which those before it have the status that it asks for."""
    outcomes = run.condition(node.first, state)
    left = node.first
    last_or = max((index for index, (operator, _) in enumerate(node.rest) if operator == "||"), default=-1)
    for index, (operator, right) in enumerate(node.rest):
        is_last = index + 1 == len(node.rest)
        wanted = operator == "&&"
        is_counted_on = id(left) in run.expected and index > last_or
        is_counted_on |= _changes_directory(left) and (left is node.first or index > last_or)
        if wanted and is_counted_on:
            outcomes = [end if end.status is False else end._replace(status=True) for end in outcomes]
        left = right
        after: list[Outcome] = []
        for end in outcomes:
            if end.ending != "normal":
                after.append(end)
                continue
            if end.status is not wanted:
                kept = end.state.fork() if end.status is None else end.state
                after.append(Outcome(kept, not wanted))
            if end.status is None or end.status is wanted:
                ends = run.run(right, end.state) if is_last else run.condition(right, end.state)
                after.extend(each._replace(status=wanted) for each in ends) if _is_end(right) else after.extend(ends)
        outcomes = run.merged(after)
    return outcomes


def _is_end(node: tree.Node) -> bool:
    """Tell whether a command is a bare `return` or `exit`, which hand on the status of the command before."""
    return isinstance(node, tree.Command) and len(node.words) == 1 and _is_called(node, "return", "exit")


def _changes_directory(node: tree.Node) -> bool:
    """Tell whether a command is `cd` or `pushd`."""
    return _is_called(node, "cd", "pushd")


def _is_called(node: tree.Node, *names: str) -> bool:
    name = tree.name_of(node)
    return name is not None and name.text in names
