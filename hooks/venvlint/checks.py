"""Runs the rules: over scripts, over the working tree and the index; drops what is silenced, excluded, or uncertain."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from venvlint.rules import CATALOGUE, load

TYPE_CHECKING = False  # as type checkers know it; typing takes milliseconds to import
if TYPE_CHECKING:
    from venvlint.formats import Read
    from venvlint.model import Finding, Script, Skipped
    from venvlint.repo import Repo
    from venvlint.settings import Settings
    from venvlint.source import Source

_UNDECODED = re.compile("[\udc80-\udcff]")  # https://peps.python.org/pep-0383/


def script_findings(
    source: Source, read: Read, rules: Collection[str], settings: Settings
) -> Iterator[Finding | Skipped]:
    """Yield what the scripts in one file do wrong, and which parts of it couldn't be understood."""
    from dataclasses import replace

    from venvlint import environment, formats
    from venvlint.model import Skipped
    from venvlint.rules.judge import judge

    scripts: list[Script] = []
    is_active = settings.is_assumed_active(source.path)
    for piece in formats.scripts(source, read):
        if isinstance(piece, Skipped):
            yield piece
        else:
            scripts.append(replace(piece, start="environment") if is_active else piece)
    for install in environment.follow(source, scripts, read):
        if isinstance(install, Skipped):
            yield install
        elif finding := judge(install, source, rules, settings.system_tools):
            yield finding


def tree_findings(
    repo: Repo | None, root: str, rules: Collection[str], settings: Settings
) -> Iterator[Finding | Skipped]:
    """Yield what the working tree and its ignore rules do wrong; without a repository, what they would."""
    from venvlint import ignores

    names = [rule for rule in CATALOGUE["venv-gitignored"] if rule in rules]
    if names:
        survey = ignores.survey(repo, settings, root)
        if repo is None:
            from venvlint.ignores.outside import NOTE
            from venvlint.model import Skipped

            yield Skipped(".", NOTE)
        for name in names:
            yield from load(name).findings(survey)


def index_findings(repo: Repo, rules: Collection[str], settings: Settings, scope: str) -> Iterator[Finding | Skipped]:
    """Yield what is tracked and shouldn't be: in the index, among what is staged, or in a commit."""
    from venvlint import tracked

    names = [rule for rule in CATALOGUE["no-site-packages"] if rule in rules]
    if names:
        facts = tracked.survey(repo, settings, scope)
        for name in names if facts else ():
            yield from load(name).findings(facts)


def undecodable(source: Source) -> Skipped | None:
    """Return a record for text that isn't what its encoding allows; the rest of it is looked into all the same."""
    from venvlint.model import Skipped

    bad = _UNDECODED.search(source.text)
    return Skipped(source.path, "has bytes that aren't UTF-8", source.position(bad.start())[0]) if bad else None


def unsilenced(
    findings: Iterable[Finding],
    sources: Mapping[str, Source],
    hosts: Collection[str],
    rules: Collection[str],
    settings: Settings,
) -> tuple[list[Finding], int]:
    """Return the findings that no comment silences, and how many are silenced.

    `hosts` are the paths of files whose scripts were looked into: there, a comment that silences nothing is a finding.
    """
    from venvlint import suppress

    by_path: dict[str, list[Finding]] = {path: [] for path in hosts}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    kept: list[Finding] = []
    silenced = 0
    for path, found in by_path.items():
        off = settings.ignored_in(path)
        here = [finding for finding in found if finding.rule not in off]
        if path in sources and (comments := suppress.Comments(sources[path])).found:
            left, used, count = suppress.split(comments, here)
            silenced += count
            ran = [rule for rule in rules if rule not in off]
            idle = suppress.unused(comments, used, ran) if path in hosts and "unused-suppression" in ran else ()
            left_idle, _, count = suppress.split(comments, idle)
            silenced += count
            here = [*left, *left_idle]
        kept.extend(here)
    return kept, silenced


def reported(findings: Sequence[Finding], settings: Settings, with_possible: bool) -> Iterator[Finding]:
    """Yield the findings that were asked for."""
    for finding in findings:
        if (with_possible or finding.certainty == "certain") and not settings.is_excluded(finding.path):
            yield finding
