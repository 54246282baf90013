"""One worker's share of a long run: makes scripts, runs them, has them analysed, and shortens what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from tests.oracle.analyse import analyse
from tests.oracle.case import Case
from tests.oracle.compare import NEEDS_ALL, Disagreement, disagreements
from tests.oracle.minimise import minimised
from tests.oracle.run import Box, Exploration, box

FIRST_RUNS = 6
# As long as one more outcome could settle a difference, there are more runs.
_MORE_RUNS = 25
_MOST_RUNS = 1_500
_TRIAL_RUNS = (4, 40)


@dataclass(frozen=True, slots=True)
class Failure:
    """A script, where it and the analysis differ, and its shortest form."""

    case: Case
    found: tuple[Disagreement, ...]
    shortest: Case


@dataclass(slots=True)
class Result:
    """Figures of some scripts, and what went wrong."""

    scripts: int = 0
    runs: int = 0
    unusable: int = 0  # every outcome activates what isn't there, or takes too long
    landings: Counter[str] = field(default_factory=Counter)
    weak: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    # Differences that one of the outcomes which weren't seen could settle: the script has too many of them.
    unsettled: list[Failure] = field(default_factory=list)

    def add(self, other: Result) -> None:
        """Take in another worker's result."""
        self.scripts += other.scripts
        self.runs += other.runs
        self.unusable += other.unusable
        self.landings += other.landings
        self.weak += other.weak
        self.failures += other.failures
        self.unsettled += other.unsettled


class Bench:
    """A scratch system on which cases are checked."""

    def __init__(self, system: Box, *, shortens: bool = True) -> None:
        self._system, self._shortens = system, shortens

    def check(self, cases: Iterable[Case]) -> Result:
        """Run and analyse `cases`."""
        result = Result()
        for case in cases:
            self._check(case, result)
        return result

    def _check(self, case: Case, result: Result) -> None:
        exploration = Exploration(case, self._system, Random(case.name))
        truth = exploration.go_on(FIRST_RUNS)
        analysis = analyse(case)
        found = list(disagreements(case, truth, analysis))
        while _is_doubtful(found) and not truth.is_exhaustive and truth.runs < _MOST_RUNS:
            exploration.go_on(_MORE_RUNS)
            found = list(disagreements(case, truth, analysis))
        result.scripts += 1
        result.runs += truth.runs
        result.unusable += not truth.runs
        result.landings.update(truth.of(tag) for tag in case.tags if tag not in case.idle)
        result.weak.update(item.kind for item in found if item.is_weak)
        strong = tuple(item for item in found if not item.is_weak)
        if strong and not truth.is_exhaustive and all(item.kind in NEEDS_ALL for item in strong):
            result.unsettled.append(Failure(case, strong, case))
        elif strong:
            result.failures.append(Failure(case, strong, self._shortest(case, strong[0]) if self._shortens else case))

    def _shortest(self, case: Case, wanted: Disagreement) -> Case:
        def still_differs(candidate: Case) -> bool:
            if wanted.tag.startswith("tag") and wanted.tag not in candidate.tags:
                return False
            analysis = analyse(candidate)
            if wanted.kind == "crash":
                return analysis.crash == wanted.claim
            if wanted.kind == "stray":
                return any(message == wanted.claim for _, message in analysis.strays)
            if analysis.claims[wanted.tag] != wanted.claim:
                return False
            exploration = Exploration(candidate, self._system, Random(0))
            for runs in _TRIAL_RUNS:  # most trials fail at once
                truth = exploration.go_on(runs)
                if truth.invalid or truth.of(wanted.tag) != wanted.truth:
                    return False
            return True

        return minimised(case, still_differs)


def _is_doubtful(found: list[Disagreement]) -> bool:
    return any(item.kind in NEEDS_ALL and not item.is_weak for item in found)


def check(cases: Iterable[Case], *, shortens: bool = True) -> Result:
    """Run and analyse `cases` on a scratch system of their own."""
    with box() as system:
        return Bench(system, shortens=shortens).check(cases)


def shown(failure: Failure) -> Iterator[str]:
    """Yield the lines that tell of a failure."""
    for item in failure.found:
        told = f"shell {item.truth or '-'}, analysis {item.claim}"
        yield f"{failure.case.name} ({failure.case.shell}): {item.kind} {item.tag}: {told}"
    for case, title in ((failure.shortest, "shortest"), (failure.case, "whole")):
        if case.text != failure.case.text or title == "whole":
            yield f"--- {title}"
            yield case.written().rstrip("\n")
    for name, text in failure.shortest.files:
        yield f"--- {name}"
        yield text.rstrip("\n")
    yield ""
