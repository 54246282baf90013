"""What Docker leaves out of a build context: the pattern rules of .dockerignore, which aren't git's.

Patterns are anchored to the context, `*` stops at a slash, `**` doesn't, the last match wins, and what is below an
excluded directory can be let in again. https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from venvlint.ignores.ignore_file import insertion
from venvlint.ignores.near_misses import decoded
from venvlint.model import Edit

NAME = ".dockerignore"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern, with its line counted from 1."""

    regex: re.Pattern[str]
    is_exception: bool
    line: int
    text: str


def patterns(data: bytes) -> list[Pattern]:
    """Return the patterns of a .dockerignore file. One that isn't valid, at which Docker stops, matches nothing."""
    found = []
    for number, line in enumerate(decoded(data)[0].split("\n"), 1):
        text = line.strip()
        if line.startswith("#") or not text:
            continue
        is_exception = text.startswith("!")
        path = posixpath.normpath(text[1:].strip() if is_exception else text).lstrip("/")
        try:
            found.append(Pattern(re.compile(_regex(path), re.DOTALL), is_exception, number, text))
        except re.error:
            continue
    return found


def is_excluded(path: str, found: list[Pattern]) -> bool:
    """Tell whether a path of the context is left out; a pattern that matches a directory above matches the path too."""
    parts = path.split("/")
    chain = ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    excluded = False
    for pattern in found:
        if pattern.is_exception == excluded and any(pattern.regex.fullmatch(each) for each in chain):
            excluded = not pattern.is_exception
    return excluded


def addition(file: str, data: bytes, pattern: str) -> Edit | None:
    """Return the edit that adds a pattern, behind all exceptions: the last match wins."""
    exceptions = [found.line for found in patterns(data) if found.is_exception]
    return insertion(file, data, pattern, max(exceptions, default=0))


def _regex(pattern: str) -> str:
    """Translate a pattern the way that moby's patternmatcher does."""
    parts, at = [], 0
    while at < len(pattern):
        character = pattern[at]
        if pattern.startswith("**", at):
            at += 2
            if pattern.startswith("/", at):
                at += 1
            parts.append(".*" if at >= len(pattern) else "(?:.*/)?")
            continue
        if character == "*":
            parts.append("[^/]*")
        elif character == "?":
            parts.append("[^/]")
        elif character == "[":
            closing = pattern.find("]", at + 1)
            parts.append(pattern[at : closing + 1].replace("[^", "[^/", 1) if closing > 0 else "(?!)")
            at = max(closing, at)
        elif character == "\\" and at + 1 < len(pattern):
            at += 1
            parts.append(re.escape(pattern[at]))
        else:
            parts.append(re.escape(character))
        at += 1
    return "".join(parts)
