"""SARIF 2.1.0, as code scanning services read it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from typing import Any, TextIO
from urllib.parse import quote

from venvlint import __version__
from venvlint.model import Skipped
from venvlint.reports import HOME_PAGE, TOOL, Entry, Report, url

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "%SRCROOT%"


def write(report: Report, out: TextIO, colour: bool) -> None:  # noqa: ARG001 - every format is called alike
    """Print one log with one run."""
    rules = sorted({entry.finding.rule for entry in report.entries})
    driver = {
        "name": TOOL,
        "version": __version__,
        "informationUri": HOME_PAGE,
        "rules": [_rule(name) for name in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The top of the repository."}}},
        "invocations": [_invocation(report)],
        "results": [_result(entry, rules.index(entry.finding.rule)) for entry in report.entries],
    }
    json.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, out, indent=2)
    out.write("\n")


def _rule(name: str) -> dict[str, Any]:
    from venvlint.reports import pages

    page = pages.page(name)
    return {
        "id": name,
        "shortDescription": {"text": page.fault},
        "fullDescription": {"text": page.why or page.fault},
        "help": {"text": page.text, "markdown": page.text},
        "helpUri": url(name),
        "defaultConfiguration": {"level": "error"},
    }


def _invocation(report: Report) -> dict[str, Any]:
    return {
        "executionSuccessful": not any(each.is_error for each in report.skipped),
        "toolExecutionNotifications": [
            {
                "level": "error" if each.is_error else "note",
                "message": {"text": f"skipped: {each.reason}"},
                "locations": [_skipped_location(each)],
            }
            for each in report.skipped
        ],
    }


def _skipped_location(skipped: Skipped) -> dict[str, Any]:
    region = {} if skipped.line is None else {"region": {"startLine": skipped.line}}
    return {"physicalLocation": _artifact(skipped.path) | region}


def _result(entry: Entry, index: int) -> dict[str, Any]:
    finding = entry.finding
    physical = _artifact(finding.path)
    if entry.line is not None:
        physical["region"] = {
            "startLine": entry.line,
            "startColumn": entry.column,
            "endLine": entry.end_line,
            "endColumn": entry.end_column,
        }
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": "error" if finding.certainty == "certain" else "warning",
        "message": {"text": f"{finding.message}. {finding.help}"},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"venvlint/v1": entry.fingerprint},
    }


def _artifact(path: str) -> dict[str, Any]:
    uri = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    return {"artifactLocation": {"uri": uri, "uriBaseId": _BASE}}
