"""Strings and lists of words in Python code, as values that know where each character stands."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from venvlint.formats import argv
from venvlint.formats.pieces import Piece, built
from venvlint.source import Builder
from venvlint.values import unknown

if TYPE_CHECKING:
    from collections.abc import Sequence


class Words(list[Piece]):
    """A list of strings; `is_loop` where it stands for what a loop's variable takes, one after the other."""

    is_loop = False


Value = Piece | Words


def concatenated(parts: Sequence[Piece], empty: Piece) -> Piece:
    """Return strings joined to one; `empty` says where that stands if it has no characters."""
    builder = Builder()
    for part in parts:
        builder.extend(part.text, part.offsets)
    return built(builder, empty.offsets.at(0))


def as_text(value: Value) -> str:
    """Return a value as text to stand in a string: of a loop's variable all that it takes."""
    if isinstance(value, Piece):
        return value.text
    return " ".join(each.text for each in value) if value.is_loop else unknown("list")


def as_words(value: Value) -> Words:
    """Return the words of a string as `shlex.split` makes them."""
    return value if isinstance(value, Words) else Words(argv.split(value))


def between(words: Words, separator: str) -> list[Piece]:
    """Return words with a separator between them, which stands where there is none in the file."""
    found: list[Piece] = []
    for index, word in enumerate(words):
        if index and separator:
            builder = Builder()
            builder.replace(separator, max(word.offsets.at(0) - 1, 0))
            found.append(Piece(*builder.build()))
        found.append(word)
    return found


def path(values: Sequence[Value], empty: Piece) -> Piece:
    """Return the parts of a path joined."""
    found = Words()
    for value in values:
        piece = value if isinstance(value, Piece) else Piece(unknown("path"), empty.offsets)
        if piece.text.startswith("/"):
            found = Words()
        if piece.text:
            found.append(piece)
    return concatenated(between(found, "/"), empty)


def pairs(node: ast.Dict) -> dict[str, ast.expr]:
    """Return the values of a dictionary's plain keys."""
    given = zip(node.keys, node.values, strict=True)
    return {key.value: value for key, value in given if isinstance(key, ast.Constant) and isinstance(key.value, str)}
