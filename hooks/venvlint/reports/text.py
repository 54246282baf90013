"""Text for people: one line a finding, or with colour and the source's lines where a terminal shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from venvlint.reports import Entry, Report, plain

if TYPE_CHECKING:
    from rich.console import Console

_LONGEST = 4  # lines of an excerpt


def write(report: Report, out: TextIO, colour: bool) -> None:
    """Print the findings."""
    if not colour:
        for entry in report.entries:
            out.write(_line(entry))
        return
    from rich.console import Console

    console = Console(file=out, force_terminal=True, highlight=False, soft_wrap=True)
    for entry in report.entries:
        _show(entry, console)


def place(entry: Entry) -> str:
    """Return `path:line:column`, or the path alone, fit for one line."""
    path = plain(entry.finding.path)
    return path if entry.line is None else f"{path}:{entry.line}:{entry.column}"


def _label(entry: Entry) -> str:
    return " [possible]" if entry.finding.certainty == "possible" else ""


def _line(entry: Entry) -> str:
    finding = entry.finding
    return f"{place(entry)}: {finding.rule}{_label(entry)}: {plain(finding.message)}; {plain(finding.help)}\n"


def _show(entry: Entry, console: Console) -> None:
    from rich.text import Text

    finding = entry.finding
    mark = "red" if finding.certainty == "certain" else "yellow"
    console.print(
        Text.assemble(
            (place(entry), "bold"), ": ", (finding.rule, f"bold {mark}"), _label(entry), f": {plain(finding.message)}"
        )
    )
    width = len(str(entry.end_line))
    for offset, text in enumerate(entry.excerpt[:_LONGEST]):
        number = (entry.line or 1) + offset
        start, end = _marked(entry, offset, text)
        shown = [
            (plain(part.expandtabs(4)), style)
            for part, style in ((text[:start], ""), (text[start:end], mark), (text[end:], ""))
        ]
        console.print(Text.assemble((f"{number:>{width + 2}} | ", "dim"), *shown))
    if len(entry.excerpt) > _LONGEST:
        console.print(Text(f"{'...':>{width + 2}}", style="dim"))
    console.print(
        Text.assemble((f"{'':>{width + 2}} = ", "dim"), ("help: ", "bold cyan"), plain(finding.help)), end="\n\n"
    )


def _marked(entry: Entry, offset: int, text: str) -> tuple[int, int]:
    """Return which part of an excerpt's line belongs to the finding."""
    start = (entry.column or 1) - 1 if offset == 0 else len(text) - len(text.lstrip())
    end = (entry.end_column or 1) - 1 if offset == len(entry.excerpt) - 1 else len(text)
    return start, max(start, end)
