"""Workflow commands that GitHub shows as annotations.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO

from venvlint.reports import Entry, Report

_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = _DATA | {":": "%3A", ",": "%2C"}


def write(report: Report, out: TextIO, colour: bool) -> None:  # noqa: ARG001 - every format is called alike
    """Print a command for each finding: an error where it is certain, a warning where it is possible."""
    for entry in report.entries:
        out.write(_command(entry))


def _command(entry: Entry) -> str:
    finding = entry.finding
    properties = {
        "file": finding.path,
        "line": entry.line,
        "col": entry.column,
        "endLine": entry.end_line,
        "endColumn": entry.end_column,
        "title": f"{finding.rule}",
    }
    given = ",".join(
        f"{name}={_escaped(str(value), _PROPERTY)}" for name, value in properties.items() if value is not None
    )
    level = "error" if finding.certainty == "certain" else "warning"
    text = _escaped(f"{finding.message}\n{finding.help}", _DATA)
    return f"::{level} {given}::{text}\n"


def _escaped(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(one, one) for one in text).encode("utf-8", "backslashreplace").decode()
