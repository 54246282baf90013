"""A command line of Windows to words: quotes keep blanks together, wherever they stand in a word, and go."""

from __future__ import annotations

import re

from venvlint.values import CLOSE, OPEN

_WORD = re.compile(rf'(?:"[^"]*"?|{OPEN}[^{CLOSE}]*{CLOSE}|[^\s"])+')


def split(line: str) -> list[str]:
    """Return the words of a command line."""
    return [word.replace('"', "") for word in _WORD.findall(line)]
