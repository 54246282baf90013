"""GitLab's Code Quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from typing import Any, TextIO

from venvlint.reports import Entry, Report

_FIRST_LINE = 1  # the format has no place without a line


def write(report: Report, out: TextIO, colour: bool) -> None:  # noqa: ARG001 - every format is called alike
    """Print the list of findings."""
    json.dump([_issue(entry) for entry in report.entries], out, indent=2)
    out.write("\n")


def _issue(entry: Entry) -> dict[str, Any]:
    finding = entry.finding
    return {
        "description": f"{finding.message}. {finding.help}",
        "check_name": finding.rule,
        "fingerprint": entry.fingerprint,
        "severity": "major" if finding.certainty == "certain" else "minor",
        "location": {
            "path": finding.path,
            "lines": {"begin": entry.line or _FIRST_LINE, "end": entry.end_line or _FIRST_LINE},
        },
    }
