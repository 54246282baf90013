"""What an audit of the history found: a table with bars on a terminal, one line each otherwise, or a common format."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from venvlint import reports
from venvlint.model import Skipped
from venvlint.reports import Entry, Report, plain
from venvlint.rules.amounts import counted, size

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from venvlint.history import History, Past, Start

_BAR = 10  # characters


@contextmanager
def progress(is_quiet: bool) -> Iterator[Start]:
    """Yield what a survey reports its progress to; it is shown where somebody may be watching."""
    if is_quiet or not sys.stderr.isatty():
        yield lambda _: lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:

        def start(commits: int) -> Callable[[int], None]:
            task = shown.add_task("Looking through commits", total=commits)
            return lambda more: shown.advance(task, more)

        yield start


def write(history: History, entries: tuple[Entry, ...], form: str, out: TextIO, colour: bool) -> None:
    """Print what was found; `entries` are the findings, one for each environment that counts."""
    report = Report(entries, tuple(Skipped(".", gap) for gap in history.gaps), 0)
    if form == "json":
        json.dump(_document(history, report), out, indent=2)
        out.write("\n")
    elif form == "text" and colour and entries:
        from rich.console import Console

        console = Console(file=out, force_terminal=True, highlight=False)
        console.print(_table(history))
    else:
        reports.write(report, form, out, colour)


def summarise(history: History, entries: tuple[Entry, ...]) -> None:
    """Say for people what the numbers mean, and what to do."""
    for gap in history.gaps:
        print(f"note: {gap}", file=sys.stderr)
    commits = counted(history.commits, "commit")
    since = f" since {history.since}" if history.since else ""
    if not entries:
        print(f"no environments in {commits}{since}", file=sys.stderr)
        return
    share = f"{size(history.stored)} of {size(history.repository)} in the repository ({history.share:.0%})"
    print(f"{counted(len(entries), 'environment')} in {commits}{since}: {share}", file=sys.stderr)
    print(f"to remove them, in a fresh clone: {plain(history.command)}", file=sys.stderr)


def _table(history: History) -> Table:
    """Return a table that fits a terminal of 80 columns: two lines each, what is stored above what that unpacks to."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    table.add_column("path", overflow="fold")
    table.add_column("stored\nunpacked", justify="right", no_wrap=True)
    table.add_column("share", no_wrap=True)
    table.add_column("files", justify="right", no_wrap=True)
    table.add_column("first commit\nlast commit", no_wrap=True)
    table.add_column("now\nreached by", no_wrap=True)
    for past in history.environments:
        table.add_row(
            Text(plain(past.group.root or "."), style="bold"),
            f"{size(past.stored)}\n{size(past.bytes)}",
            _bar(past.stored, history.repository),
            f"{past.files:,}",
            "\n".join(f"{commit.date} {commit.name[:8]}" for commit in (past.first, past.last)),
            _now(past),
        )
    return table


def _now(past: Past) -> str:
    tips, refs = len(past.holders), len(past.refs)
    now = "tracked" if past.is_tracked else f"in {counted(tips, 'tip')}" if tips else "removed"
    return f"{now}\n{counted(refs, 'ref')}"


def _bar(part: int, whole: int) -> Text:
    from rich.text import Text

    share = part / whole if whole else 0.0
    eighths = round(share * _BAR * 8)
    bar = "\u2588" * (eighths // 8) + (chr(0x2590 - eighths % 8) if eighths % 8 else "")
    return Text.assemble((f"{bar:<{_BAR}}", "red"), f" {share:.0%}")


def _document(history: History, report: Report) -> dict[str, Any]:
    from venvlint.reports.json import document

    made = document(report)
    pasts = {past.group.root or ".": past for past in history.environments}
    for finding in made["findings"]:
        finding["history"] = _facts(pasts[finding["path"]])
    made["history"] = {
        "commits": history.commits,
        "since": history.since,
        "stored_bytes": history.stored,
        "repository_bytes": history.repository,
        "command": history.command if report.entries else None,
    }
    return made


def _facts(past: Past) -> dict[str, Any]:
    return {
        "stored_bytes": past.stored,
        "versions": past.versions,
        "missing": past.missing,
        "first": {"commit": past.first.name, "date": past.first.moment},
        "last": {"commit": past.last.name, "date": past.last.moment},
        "refs": list(past.refs),
        "refs_at_tip": list(past.holders),
        "tracked": past.is_tracked,
    }
