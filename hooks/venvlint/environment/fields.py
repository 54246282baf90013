"""Fields: what a word expands to, in pieces that know where the script has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from venvlint.environment import cmd_words
from venvlint.model import Shell

_SPACE = re.compile(r"[ \t\n]+")


class Piece(NamedTuple):
    """Part of a field: its text, and where the script has it letter for letter (-1: nowhere)."""

    text: str
    start: int = -1


Field = list[Piece]


def joined(field: Field) -> str:
    """Return a field's text."""
    if len(field) == 1:
        return field[0].text
    return "".join(piece.text for piece in field)


def spaced(fields: Iterable[Field]) -> Field:
    """Return fields as one, with blanks between them."""
    whole: Field = []
    for index, field in enumerate(fields):
        whole.extend([Piece(" ")] if index else [])
        whole.extend(field)
    return whole


def split(value: str, shell: Shell) -> Iterator[str]:
    """Split an unquoted value at white space; cmd knows quotes in it, too, and some shells don't split at all."""
    if shell == "cmd" and value:
        yield from cmd_words.split(value)
        return
    if shell in ("zsh", "pwsh", "fish") or not _SPACE.search(value):
        yield value
        return
    yield from filter(None, _SPACE.split(value))
