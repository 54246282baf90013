"""Where in an ignore file a new pattern belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from venvlint.ignores.near_misses import decoded, meaning
from venvlint.model import Edit, Span

# Patterns of one kind are kept together. `.env` is none of them: more often than not it's a file with secrets.
_KINDS = (
    frozenset(
        (
            ".virtualenv",
            ".venv",
            "__pypackages__",
            "env",
            "ENV",
            "env.bak",
            "pyvenv.cfg",
            "venv",
            "venv.bak",
            "virtualenv",
        )
    ),
    frozenset((".nox", ".tox")),
)
_HEADING = re.compile(r"#.*\b(virtual[ -]?env\w*|venvs?|environments?)\b", re.IGNORECASE)


def insertion(path: str, data: bytes, pattern: str, after: int = 0) -> Edit | None:
    """Return the edit that adds a pattern to the ignore file, beside its kind and behind line `after` (counted from 1).

    None where git wouldn't read it there: the file is UTF-16. Edits for several patterns can be made together.
    """
    text, is_readable = decoded(data)
    if not is_readable:
        return None
    lines = text.split("\n")
    line = max(_position(lines, pattern), after)
    if not text:
        return Edit(path, Span(0, 0), f"{pattern}\n")
    if line >= len(lines):  # behind a last line that has no line end: leave it that way
        return Edit(path, Span(len(text), len(text)), f"\n{pattern}")
    at = sum(len(line) + 1 for line in lines[:line])
    return Edit(path, Span(at, at), f"{pattern}\n")


def with_insertions(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return an ignore file with insertions made."""
    text, _ = decoded(data)
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.start :]
    return text.encode("utf-8", "surrogateescape")


def line_before(data: bytes, edits: Iterable[Edit], line: int) -> int:
    """Return which line of an ignore file became line `line` when insertions were made."""
    text, _ = decoded(data)
    new_lines = sorted(text.count("\n", 0, edit.span.start) + edit.text.startswith("\n") for edit in edits)
    found = line
    while found > 1 and found + sum(above < found for above in new_lines) > line:
        found -= 1
    return found


def _position(lines: list[str], pattern: str) -> int:
    """Return after how many lines a pattern belongs."""
    meanings = [meaning(line.removesuffix("\r"))[0] for line in lines]
    name = pattern.strip("*/")
    for kind in sorted(_KINDS, key=lambda kind: name not in kind):
        beside = [number for number, found in enumerate(meanings, 1) if found in kind or (found and found == name)]
        if beside:
            return beside[-1]
    for number, line in enumerate(lines, 1):
        if _HEADING.match(line):
            return next((at for at in range(number, len(lines)) if not lines[at].strip()), len(lines))
    return len(lines) - (not lines[-1])
