"""The cells of a Jupyter notebook, of format 3 or 4, as text that knows where it stands."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from venvlint.formats import json_text
from venvlint.formats.pieces import Piece, items_of, text_of
from venvlint.source import Builder

if TYPE_CHECKING:
    from venvlint.formats.pieces import Value

_SKIPPED = frozenset({"outputs", "attachments", "widgets"})


class Cell(NamedTuple):
    """A cell: its number, counted from 1, its kind, its text, and whether it is Python."""

    number: int
    kind: str
    text: Piece


@lru_cache(maxsize=2)
def load(text: str) -> tuple[str, tuple[Cell, ...]]:
    """Return a notebook's language and its cells, of format 3 or 4; raises JsonError and RecursionError."""
    root = json_text.load(text, _SKIPPED)
    if not isinstance(root, dict):
        return "", ()
    sheets = root.get("worksheets")
    sheets = sheets if isinstance(sheets, list) else [root]
    found = [cell for sheet in sheets for cell in items_of(_at(sheet, "cells"))]
    cells = []
    for number, cell in enumerate(found, 1):
        written = _at(cell, "source") if _at(cell, "source") is not None else _at(cell, "input")
        cells.append(Cell(number, text_of(_at(cell, "cell_type")), _joined(written)))
    metadata = root.get("metadata")
    kernel = _at(metadata, "kernelspec")
    language = text_of(_at(kernel, "language")) or text_of(_at(_at(metadata, "language_info"), "name"))
    language = language or text_of(_at(kernel, "name"))
    is_python = not language or re.match(r"i?python|conda|pyspark|sage", language.lower())
    return ("python" if is_python else language), tuple(cells)


def cell_at(text: str, offset: int) -> int:
    """Return the number, counted from 1, of the cell in which an offset of a notebook's text stands; 0 for none."""
    try:
        _, cells = load(text)
    except (json_text.JsonError, RecursionError):
        return 0
    return max((cell.number for cell in cells if cell.text.text and cell.text.offsets.at(0) <= offset), default=0)


def _at(value: Value, key: str) -> Value:
    return value.get(key) if isinstance(value, dict) else None


def _joined(value: Value) -> Piece:
    """Return the text of a cell, which is a string or the list of its lines."""
    builder = Builder()
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, Piece):
            builder.extend(part.text, part.offsets)
    return Piece(*builder.build())
