"""JSON, schema 1: see docs/report.schema.json."""

from __future__ import annotations

import json
from typing import Any, TextIO

from venvlint import __version__
from venvlint.reports import TOOL, Entry, Report, url


def write(report: Report, out: TextIO, colour: bool) -> None:  # noqa: ARG001 - every format is called alike
    """Print one document. It is ASCII: names that aren't UTF-8 survive as lone surrogates' escapes."""
    json.dump(document(report), out, indent=2)
    out.write("\n")


def document(report: Report) -> dict[str, Any]:
    """Return the report as schema 1 has it."""
    return {
        "schema": 1,
        "tool": {"name": TOOL, "version": __version__},
        "findings": [_finding(entry) for entry in report.entries],
        "skipped": [{"path": each.path, "reason": each.reason} | _line(each.line) for each in report.skipped],
        "summary": {
            "files": report.files,
            "findings": len(report.entries),
            "suppressed": report.suppressed,
            "baselined": report.baselined,
        },
    }


def _line(line: int | None) -> dict[str, int]:
    return {} if line is None else {"line": line}


def _finding(entry: Entry) -> dict[str, Any]:
    finding = entry.finding
    found: dict[str, Any] = {
        "rule": finding.rule,
        "message": finding.message,
        "path": finding.path,
        "line": entry.line,
        "column": entry.column,
        "end_line": entry.end_line,
        "end_column": entry.end_column,
        "certainty": finding.certainty,
        "help": finding.help,
        "url": url(finding.rule),
        "fingerprint": entry.fingerprint,
        "fixable": finding.fix is not None,
    }
    sizes = {"files": finding.files, "bytes": finding.bytes}
    return found | {name: size for name, size in sizes.items() if size is not None}
