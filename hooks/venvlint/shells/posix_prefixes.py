"""`!`, `coproc`, and `time` before a compound command, where tree-sitter-bash doesn't know them."""

from __future__ import annotations

import re
from typing import Literal

Prefix = Literal["!", "coproc"]

_COMPOUND = r"(?:case|for|if|select|until|while)[ \t]"
_TIMED = re.compile(rf"time(?:[ \t]+-p)?(?=[ \t]+(?:[{{(!]|{_COMPOUND}))")
_COPROCESS = re.compile(rf"coproc(?:[ \t]+(?!{_COMPOUND})\w+)?(?=[ \t]+(?:\{{\s|\(|{_COMPOUND}))")
_NEGATED = re.compile(rf"!(?=[ \t]+(?:\{{\s|{_COMPOUND}))")
_PATTERNS: tuple[tuple[Prefix | None, str, re.Pattern[str]], ...] = (
    (None, "time", _TIMED),
    ("!", "!", _NEGATED),
    ("coproc", "coproc", _COPROCESS),
)
_BEFORE_COMMAND = re.compile(r"(?:^|[\n;&|(){`!]|\b(?:do|elif|else|if|then|time|until|while))[ \t]*\Z")
_LONGEST_INDENT = 200
_BLANKS = re.compile(r"[ \t]*")


def without_prefixes(text: str) -> tuple[str, dict[int, Prefix]]:
    """Return the text with blanks in their places, and which stood before the command at an offset."""
    prefixes: dict[int, Prefix] = {}
    for prefix, word, pattern in _PATTERNS:
        if word not in text:
            continue
        places = {found.start(): found.end() for found in pattern.finditer(text) if _is_at_command(text, found)}
        text = pattern.sub(lambda found: " " * len(found[0]) if found.start() in places else found[0], text)  # noqa: B023
        if prefix is not None:
            prefixes |= {blanks.end(): prefix for end in places.values() if (blanks := _BLANKS.match(text, end))}
    return text, prefixes


def _is_at_command(text: str, found: re.Match[str]) -> bool:
    """Tell whether a prefix stands where a command begins."""
    return _BEFORE_COMMAND.search(text, max(0, found.start() - _LONGEST_INDENT), found.start()) is not None
