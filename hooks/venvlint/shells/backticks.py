"""Backticks written as `$( )`, which the grammar reads where it can't read the former."""

from __future__ import annotations

import re

# What may hold a backtick that opens nothing, the quotes that change what an apostrophe means, and backticks.
_TOKEN = re.compile(
    r"\\.|(?P<raw>\$?'(?:[^'])*')|(?P<comment>(?:^|(?<=[\s;&|(]))\#[^\n]*)|\"|`", re.DOTALL | re.MULTILINE
)


def as_dollars(text: str) -> tuple[str, list[int]]:
    """Return a script with `$( )` for the backticks that hold no backslash, and where it has characters too many."""
    pieces: list[str] = []
    added: list[int] = []
    at = done = 0
    is_quoted = False  # between double quotes
    length = 0
    while (token := _TOKEN.search(text, at)) is not None:
        at = token.end()
        if token[0] == '"':
            is_quoted = not is_quoted
        elif is_quoted and (token["raw"] or token["comment"]):
            at = token.start() + 1
        elif token[0] == "`":
            close = text.find("`", at)
            if close < 0:
                break
            inner = text[at:close]
            at = close + 1
            if "\\" in inner:
                continue
            filling = inner if inner.strip() else ":" + inner
            pieces += [text[done : token.start()], "$(", filling, ")"]
            length += token.start() - done
            added += range(length + 1, length + 2 + len(filling) - len(inner))
            length += len(filling) + 3
            done = at
    return "".join((*pieces, text[done:])), added
