"""What the analysis says of a case: the findings on each tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from tests.oracle.case import ROOT, Case
from venvlint import checks
from venvlint.model import Finding, Skipped
from venvlint.rules import CATALOGUE
from venvlint.settings import Settings, load
from venvlint.source import Source

Claim = Literal["certain", "possible", "none"]


class Analysis(NamedTuple):
    """Claims by tag; `strays` are findings that no tag explains, as (line, message)."""

    claims: dict[str, Claim]
    strays: tuple[tuple[int, str], ...]
    skipped: tuple[str, ...]
    crash: str = ""


@cache
def _settings() -> Settings:
    return load(str(Path(__file__).parent), no_config=True)


def analyse(case: Case) -> Analysis:
    """Analyse `case`, with the files that it sources beside it."""
    files = {name: text.replace(ROOT, "").encode() for name, text in case.files}
    text = case.written()
    source = Source(case.path, text.encode())
    try:
        found = list(checks.script_findings(source, files.get, CATALOGUE["no-global-pip"], _settings()))
    except Exception as error:  # a crash is a finding about the analysis
        return Analysis(dict.fromkeys(case.tags, "none"), (), (), f"{type(error).__name__}: {error}")
    findings = [finding for finding in found if isinstance(finding, Finding) and finding.span is not None]
    skipped = tuple(record.reason for record in found if isinstance(record, Skipped))
    claims: dict[str, Claim] = dict.fromkeys(case.tags, "none")
    strays: list[tuple[int, str]] = []
    for finding, tags in _matched(findings, case, text, source):
        if not tags and finding.rule != "ineffective-activation":
            assert finding.span is not None
            strays.append((source.position(finding.span.start)[0], f"{finding.rule} {finding.certainty}"))
        for tag in tags:
            if claims[tag] != "certain":
                claims[tag] = finding.certainty
    return Analysis(claims, tuple(strays), skipped)


def _matched(findings: list[Finding], case: Case, text: str, source: Source) -> Iterator[tuple[Finding, list[str]]]:
    """Yield each finding with its tags: those within it, else, as for `echo TAG | xargs pip install`, the nearest one
    that is left over on its line."""
    places = {tag: [match.start() for match in re.finditer(rf"\b{tag}\b", text)] for tag in case.tags}
    direct = {
        index: [tag for tag, starts in places.items() if any(_covers(finding, at) for at in starts)]
        for index, finding in enumerate(findings)
    }
    taken = {tag for tags in direct.values() for tag in tags}
    lines = {tag: {source.position(at)[0] for at in starts} for tag, starts in places.items()}
    for index, finding in enumerate(findings):
        assert finding.span is not None
        here = source.position(finding.span.start)[0]
        # What that rule blames may also be an activation, beside which an install stands by chance.
        is_install = finding.rule != "ineffective-activation" or "install" in text[slice(*finding.span)]
        left = [tag for tag in case.tags if is_install and tag not in taken and here in lines[tag]]
        left = [tag for tag in left if tag not in case.idle] or left
        is_fed = "xargs" in text[text.rfind("\n", 0, finding.span.start) + 1 : finding.span.start]
        left.sort(key=lambda tag: _distance(finding, places[tag], is_fed))
        yield finding, direct[index] or left[:1]


def _distance(finding: Finding, starts: list[int], is_fed: bool) -> tuple[bool, int]:
    """Return how far from a finding the nearest of some offsets is; where it `is_fed`, what is behind comes last."""
    assert finding.span is not None
    start, end = finding.span
    return min((is_fed and at > start, max(start - at, at - end)) for at in starts)


def _covers(finding: Finding, offset: int) -> bool:
    return finding.span is not None and finding.span.start <= offset < finding.span.end
