"""Holds what the analysis claims against what the shell did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from tests.oracle.analyse import Analysis, Claim
from tests.oracle.case import Case, Truth

Kind = Literal[
    "missed",
    "hedged",
    "false-alarm",
    "overclaimed",
    "text",
    "stray",
    "crash",
    "isolated-possible",
    "dead",
    "skipped",
    "unclear",
]
# What breaks no promise, but is counted: unsure where the shell isn't, sure of a line that never runs, or right only if
# an activation that failed in some outcome is taken for one that succeeds, as is an environment that couldn't be made.
WEAK: tuple[Kind, ...] = ("isolated-possible", "dead", "skipped", "unclear")
# Claims that hold only if every outcome was seen: one more run could turn them.
NEEDS_ALL: tuple[Kind, ...] = ("missed", "hedged", "isolated-possible", "dead")

_KINDS: dict[tuple[str, Claim], Kind] = {
    ("global", "none"): "missed",
    ("global", "possible"): "hedged",
    ("isolated", "certain"): "false-alarm",
    ("isolated", "possible"): "isolated-possible",
    ("mixed", "certain"): "overclaimed",
    ("never", "certain"): "dead",
}


class Disagreement(NamedTuple):
    """One tag on which analysis and shell differ."""

    kind: Kind
    tag: str
    truth: str
    claim: str

    @property
    def is_weak(self) -> bool:
        return self.kind in WEAK


def disagreements(case: Case, truth: Truth, analysis: Analysis) -> Iterator[Disagreement]:
    """Yield where the analysis and the runs differ."""
    for item in _differences(case, truth, analysis):
        is_unclear = item.kind in ("missed", "hedged") and (truth.invalid or item.tag not in truth.landed_if_made)
        yield item._replace(kind="unclear") if is_unclear else item


def _differences(case: Case, truth: Truth, analysis: Analysis) -> Iterator[Disagreement]:
    if analysis.crash:
        yield Disagreement("crash", "", "", analysis.crash)
        return
    for reason in analysis.skipped:
        yield Disagreement("skipped", "", "", reason)
    for line, message in analysis.strays:
        yield Disagreement("stray", f"line {line}", "", message)
    if not truth.runs:
        return
    for tag in case.tags:
        claim, landed = analysis.claims[tag], truth.of(tag)
        if tag in case.idle:
            if claim != "none":
                yield Disagreement("text", tag, landed, claim)
        elif (kind := _KINDS.get((landed, claim))) and not _counts_on_what_is_made(kind, truth, tag):
            yield Disagreement(kind, tag, landed, claim)


def _counts_on_what_is_made(kind: Kind, truth: Truth, tag: str) -> bool:
    """Tell whether a certain claim holds where `mkdir` and `python -m venv` succeed, as the analysis has it."""
    return kind == "overclaimed" and truth.landed_if_made.get(tag) == {True}
