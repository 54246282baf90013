"""How a command may end: the state after it, its status, and whether the script goes on behind it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from venvlint.environment.state import State, Variable, split_path
from venvlint.values import unknown

Ending = Literal["normal", "exit", "return", "break", "continue", "goto"]
Status = bool | None  # success, failure, either

MOST = 12  # ways that are kept apart; beyond, those that differ in what doesn't matter are made one
_MORE_IN_WHAT_IS_ACTIVE = 2  # times as many may be left of those that differ in what does
# Variables that decide where an install lands: ways in which they differ are kept apart as long as can be.
_DECISIVE = (
    "PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "_OLD_VIRTUAL_PATH", "PIP_PREFIX", "PIP_PYTHON", "PIP_REQUIRE_VIRTUALENV",
    "PIP_TARGET", "PIP_USER",
)  # fmt: skip
_LISTS = ("PATH", "_OLD_VIRTUAL_PATH")


class Outcome(NamedTuple):
    """One way in which a command ends.

    `levels` counts the loops that `break` and `continue` leave; of a jump, it is the part of the batch file that it
    leads to.
    """

    state: State
    status: Status = None
    ending: Ending = "normal"
    levels: int = 0


def merged(outcomes: list[Outcome], most: int = MOST) -> list[Outcome]:
    """Return the outcomes with equal ones made one, and, if they are more than `most`, alike ones too."""
    if len(outcomes) < 2:
        return outcomes
    kept: list[Outcome] = []
    for outcome in outcomes:
        for index, other in enumerate(kept):
            if other.ending == outcome.ending and other.levels == outcome.levels and other.state == outcome.state:
                status = other.status if other.status is outcome.status else None
                kept[index] = other._replace(status=status)
                break
        else:
            kept.append(outcome)
    return kept if len(kept) <= most else _coarser(kept, most)


def _signature(outcome: Outcome) -> tuple[object, ...]:
    state = outcome.state
    active = tuple(_without_repetitions(name, state) for name in _DECISIVE)
    traps = tuple(text for text, _ in state.traps)
    return outcome.ending, outcome.levels, active, state.cwd, state.assumed, tuple(state.functions), state.conda, traps


def _without_repetitions(name: str, state: State) -> Variable | None:
    """Return a variable; a list of directories without those that it has named before, where nothing is ever found."""
    found = state.variables.get(name)
    if found is None or name not in _LISTS or state.conda or not isinstance(found.value, str):
        return found
    return found._replace(value=":".join(dict.fromkeys(split_path(found.value, state.shell))))


def _coarser(outcomes: list[Outcome], most: int) -> list[Outcome]:
    """Make outcomes one that agree in what is active; where too many are left, the rest is an unknown environment."""
    groups: dict[tuple[object, ...], Outcome] = {}
    for outcome in outcomes:
        key = _signature(outcome)
        groups[key] = _joined(groups[key], outcome) if key in groups else outcome
    kept = list(groups.values())
    most *= _MORE_IN_WHAT_IS_ACTIVE
    if len(kept) <= most:
        return kept
    by_ending: dict[tuple[str, int], Outcome] = {}
    for outcome in kept[most:]:
        outcome.state.lose_environment()
        place = (outcome.ending, outcome.levels)
        by_ending[place] = _joined(by_ending[place], outcome) if place in by_ending else outcome
    return kept[:most] + list(by_ending.values())


def _joined(one: Outcome, two: Outcome) -> Outcome:
    """Return an outcome that covers two: variables in which they differ become unknown."""
    state = one.state
    for name in state.variables.keys() | two.state.variables.keys():
        mine, other = state.variables.get(name), two.state.variables.get(name)
        if mine != other and _without_repetitions(name, state) != _without_repetitions(name, two.state):
            is_exported = any(found is not None and found.is_exported for found in (mine, other))
            state.variables[name] = Variable(unknown(f"either {name}"), is_exported)
    state.keep_common([state.fork(), two.state])
    return Outcome(state, one.status if one.status is two.status else None, one.ending, one.levels)


def returned(outcomes: Iterable[Outcome], ending: Ending = "return") -> list[Outcome]:
    """Return the outcomes as what called the code goes on with them: where it ended that way, only the code did."""
    return [outcome._replace(ending="normal") if outcome.ending == ending else outcome for outcome in outcomes]


def status_of(outcomes: Iterable[Outcome]) -> Status:
    """Return the one status of all outcomes, None where they differ."""
    statuses = {outcome.status for outcome in outcomes}
    return statuses.pop() if len(statuses) == 1 else None
