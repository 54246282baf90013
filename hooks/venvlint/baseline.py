"""Findings that a project has decided to live with for now, kept in a file by their fingerprints."""

from __future__ import annotations

import json
from collections.abc import Iterable

from venvlint.fixes import write_atomically
from venvlint.reports import Entry
from venvlint.settings import SettingsError

DEFAULT = ".venvlint-baseline.json"
_SCHEMA = 1


def load(path: str) -> frozenset[str]:
    """Return the fingerprints in a baseline; raises SettingsError where the file isn't one."""
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        if content["schema"] == _SCHEMA:
            return frozenset(each["fingerprint"] for each in content["findings"])
    except FileNotFoundError:
        raise SettingsError(f"{path}: no such baseline: `venvlint baseline --output {path}` writes it") from None
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise SettingsError(f"{path}: not a baseline: `venvlint baseline --output {path}` writes one")


def save(path: str, entries: Iterable[Entry]) -> None:
    """Write a baseline: one finding a line, sorted, so that changes to it can be read."""
    lines = [
        json.dumps({"path": each.finding.path, "rule": each.finding.rule, "fingerprint": each.fingerprint})
        for each in entries
    ]
    body = ",\n".join(f"  {line}" for line in lines)
    text = f'{{"schema": {_SCHEMA}, "findings": [\n{body}\n]}}\n'
    try:
        write_atomically(path, text.encode())
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
