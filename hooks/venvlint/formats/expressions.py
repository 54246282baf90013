"""Values that a CI system writes into a script before its shell sees it: known ones as they are, others marked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from venvlint.formats.pieces import Piece
from venvlint.source import ELSEWHERE, Builder
from venvlint.values import unknown

# Expressions whose value a shell has in a variable: it's the same to both.
_VARIABLES = {
    "github.workspace": "PWD",
    "runner.temp": "RUNNER_TEMP",
    "runner.tool_cache": "RUNNER_TOOL_CACHE",
}
_ENVIRONMENT = re.compile(r"env(?:\.|\[')([A-Za-z_]\w*)(?:'\])?")


def mark(expression: str) -> str:
    """Return an unknown value that is one word of a script, the same wherever the expression is the same."""
    name = re.sub(r"\s+", " ", expression.strip())
    variable = _ENVIRONMENT.fullmatch(name)
    name = variable[1] if variable else _VARIABLES.get(name, name)
    # Whatever a shell would take for more than a part of a word becomes a character that means nothing to it.
    return unknown(re.sub(r"[^\w.-]", lambda each: chr(0xE100 + ord(each[0]) % 0x100), name))


def joined(pieces: Iterable[Piece], separator: str = "\n") -> Piece:
    """Return the text of one shell that gets the pieces one after the other."""
    builder = Builder()
    last: Piece | None = None
    for piece in pieces:
        if last is not None:
            end = last.offsets.span(len(last.text) - 1, len(last.text)).end if last.text else last.offsets.at(0)
            is_here = last.offsets.at(max(len(last.text) - 1, 0)) != ELSEWHERE
            builder.replace(separator, end if is_here else ELSEWHERE)
        builder.extend(piece.text, piece.offsets)
        last = piece
    return Piece(*builder.build())


def is_elsewhere(piece: Piece) -> bool:
    """Tell whether all of a piece stands in other files."""
    return all(host == ELSEWHERE for _, _, host, _ in piece.offsets.pieces(0, len(piece.text)))
