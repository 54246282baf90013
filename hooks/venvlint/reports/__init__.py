"""What one run found, ready to be printed, and the formats to print it in: each is a module with `write`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TextIO

from venvlint.model import Finding, Skipped
from venvlint.source import Source

TOOL = "venvlint"
HOME_PAGE = "https://github.com/venvlint/venvlint"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding and where it is, counted from 1; the end is the column after the last character.

    A finding about a directory or a whole file has no lines.
    """

    finding: Finding
    fingerprint: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    excerpt: tuple[str, ...] = ()  # the lines that it touches


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one run. `entries` are sorted by path, position, and rule."""

    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...]
    files: int  # that were looked into
    suppressed: int = 0
    baselined: int = 0


def entries(findings: Iterable[Finding], sources: Mapping[str, Source]) -> tuple[Entry, ...]:
    """Return the findings in the order of all reports, with their lines. `sources` has every path that needs one."""
    from hashlib import sha256  # not needed where all is well

    seen: dict[tuple[str, str, str], int] = {}
    made = []
    for finding in sorted(findings, key=_order):
        source = sources.get(finding.path)
        lines = _lines(finding, source)
        key = (finding.rule, finding.path, finding.fingerprint_key or " ".join("".join(lines[:1]).split()))
        seen[key] = occurrence = seen.get(key, 0) + 1
        # The line's text, not its number: what stands above may change without making a finding a new one.
        text = "\0".join((*key, str(occurrence)))
        fingerprint = sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        if source is None or finding.span is None:
            made.append(Entry(finding, fingerprint))
        else:
            position = (*source.position(finding.span.start), *source.position(finding.span.end))
            made.append(Entry(finding, fingerprint, *position, lines))
    return tuple(made)


def _order(finding: Finding) -> tuple[str, tuple[int, int], str, str]:
    return finding.path, finding.span or (-1, -1), finding.rule, finding.message


def _lines(finding: Finding, source: Source | None) -> tuple[str, ...]:
    if source is None or finding.span is None:
        return ()
    first, last = source.position(finding.span.start)[0], source.position(finding.span.end)[0]
    return tuple(source.line(number) for number in range(first, last + 1))


def url(rule: str) -> str:
    """Return the address of a rule's page."""
    return f"{HOME_PAGE}/blob/main/docs/rules/{rule}.md"


def plain(text: str) -> str:
    """Return `text` without characters that would break a line, steer a terminal, or can't be written at all."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in _as_bytes(text))


def _as_bytes(text: str) -> str:
    """Return `text` with the bytes that a file system's name couldn't decode shown as such."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def write(report: Report, form: str, out: TextIO, colour: bool) -> None:
    """Print `report` in the format called `form`; `colour` only where it goes to a terminal that shows it."""
    import_module(f"{__name__}.{form}").write(report, out, colour)
