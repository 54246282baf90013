"""Makefiles: each recipe line in a shell of its own, with the values that the makefiles give to their variables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.formats import argv
from venvlint.formats.make_reader import closing, statements
from venvlint.formats.make_state import Reading, Target
from venvlint.formats.pieces import Piece
from venvlint.model import Script
from venvlint.source import Builder
from venvlint.values import CLOSE, OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.formats.make_values import Values
    from venvlint.model import Skipped
    from venvlint.source import Source

_PREFIX = re.compile(r"[@+\s-]*")
# `$(Q)pip`: switches the echo of commands off; nothing that a program's name could begin with.
_SILENCER = re.compile(rf"{OPEN}(?:Q|V|AT|E|HIDE|QUIET|SILENT|ECHO|VERBOSE|_v|q){CLOSE}(?=[\w@-])")
_SHELL_FUNCTION = re.compile(r"\$[({]shell\s+")
_WORTH_A_LOOK = re.compile(r"install|venv|virtualenv|conda|pip|sync")


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield what a makefile runs: the shell functions, then the recipes, what a target needs before the target."""
    reading = Reading(source.path, read)
    for statement in statements(source.text):
        reading.take(statement)
    reading.close_all()
    yield from _shell_functions(reading)
    for target in reading.ordered():
        yield from _recipe(reading, target)


def _shell_functions(reading: Reading) -> Iterator[Script]:
    values = reading.values()
    for piece in reading.pieces:
        for match in _SHELL_FUNCTION.finditer(piece.text) if "shell" in piece.text else ():
            end = closing(piece.text, match.start() + 1)
            body = piece.cut(match.end(), end - 1)
            if _WORTH_A_LOOK.search(body.text):
                builder = Builder()
                values.expand_piece(body, builder)
                yield from _script(reading, values, Piece(*builder.build()), "shell function", "", ())


def _recipe(reading: Reading, target: Target) -> Iterator[Script]:
    values = reading.values(target)
    after = reading.before(target)
    lines: list[Piece] = []
    for piece in target.recipe:
        builder = Builder()
        values.expand_piece(piece, builder)
        lines.extend(_lines(Piece(*builder.build())))
    stripped = [_without_prefix(line) for line in lines]
    if reading.is_one_shell:
        joined = Builder()
        for line in stripped:
            joined.extend(*line)
            joined.replace("\n", line.offsets.span(0, len(line.text)).end)
        stripped = [Piece(*joined.build())] if stripped else []
    for line in stripped:
        if line.text.strip():
            yield from _script(reading, values, line, "recipe line", target.name, after)


def _lines(piece: Piece) -> Iterator[Piece]:
    """Yield what make gives to a shell each: a canned recipe has several lines."""
    start = 0
    for match in re.finditer(r"(?<!\\)(?:\\\\)*\n", piece.text):
        yield piece.cut(start, match.end() - 1)
        start = match.end()
    yield piece.cut(start)


def _without_prefix(line: Piece) -> Piece:
    silencer = _SILENCER.match(line.text)
    line = line.cut(silencer.end()) if silencer else line
    prefix = _PREFIX.match(line.text)
    assert prefix  # it matches the empty string
    nothing_more = re.search(r"(?:(?<!\\)\\\n\s*)\Z", line.text)  # continued by an empty line
    return line.cut(prefix.end(), nothing_more.start() if nothing_more else None)


def _script(
    reading: Reading, values: Values, piece: Piece, name: str, machine: str, after: tuple[str, ...]
) -> Iterator[Script]:
    words = [*values.reference("SHELL").split(), *values.reference(".SHELLFLAGS").split()]
    shell = argv.shell_of(words)
    if shell:  # a recipe in Python, or in what nobody knows, isn't shell code
        yield Script(
            shell=shell.shell,
            text=piece.text,
            offsets=piece.offsets,
            machine=f"target {machine}" if machine else "",
            variables=tuple(reading.exported(values)),
            name=name,
            options=shell.options,
            start=shell.start or "global",
            after=after,
        )
