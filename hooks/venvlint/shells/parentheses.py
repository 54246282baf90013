"""Subshells that begin with `((`, which the grammar takes for arithmetic: a blank put between the two."""

from __future__ import annotations

import re

# What may hold a parenthesis that opens or closes nothing, and parentheses.
_TOKEN = re.compile(r"\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"|(?:^|(?<=[\s;&|(]))\#[^\n]*|[()]", re.DOTALL | re.MULTILINE)


def apart(text: str) -> tuple[str, list[int]]:
    """Return a script with `( (` for each `((` whose two don't end together, and where it has characters too many."""
    waiting: list[tuple[int, int]] = []  # where each opens, and where one inside of it has closed last
    between: list[int] = []
    for token in _TOKEN.finditer(text):
        at = token.start()
        if token[0] == "(":
            waiting.append((at, -1))
        elif token[0] == ")" and waiting:
            opened, inner_end = waiting.pop()
            if text.startswith("((", opened) and inner_end != at - 1:
                between.append(opened + 1)
            if waiting and waiting[-1][0] == opened - 1:
                waiting[-1] = (opened - 1, at)
    pieces, done, added = [], 0, []
    for count, at in enumerate(sorted(between)):
        pieces += [text[done:at], " "]
        added.append(at + count)
        done = at
    return "".join((*pieces, text[done:])), added
