"""Commands of files that set up machines or run tasks, as scripts: a line for a shell, or words without one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.formats import argv
from venvlint.formats.pieces import Piece
from venvlint.model import Script
from venvlint.source import Builder
from venvlint.values import unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from venvlint.formats.images import Start
    from venvlint.model import Shell

Variables = tuple[tuple[str, str], ...]

JINJA = re.compile(r"\{\{-?(?P<name>.*?)-?\}\}|\{[%#].*?[%#]\}", re.DOTALL)
# How a line for Windows' own shell is recognised. A batch file that a command line names comes back to the next
# command of the line, as if `call` stood in front of it.
_WINDOWS = re.compile(r"\\Scripts\\|%\w+%|(?<![\w/])\w+\.bat\b", re.IGNORECASE)
_ACTIVATES = re.compile(r"(?:^|(?<=&))\s*(?!call\b)(?=\S*activate(?:\.bat)?\b)", re.IGNORECASE)


def line(
    piece: Piece,
    shell: Shell = "sh",
    *,
    machine: str,
    name: str,
    variables: Variables = (),
    start: Start = "global",
    options: str = "",
    is_possible: bool = False,
) -> Script:
    """Return the script that a shell gets."""
    return Script(
        shell,
        piece.text,
        piece.offsets,
        machine=machine,
        name=name,
        variables=variables,
        start=start,
        options=options,
        is_possible=is_possible,
    )


def command(
    words: Sequence[Piece], *, machine: str, name: str, variables: Variables = (), start: Start = "global"
) -> Script:
    """Return a command that is given as words, or the script that they hand to a shell."""
    shell, piece, options, given = argv.command(words)
    return line(piece, shell, machine=machine, name=name, variables=variables, start=given or start, options=options)


def for_system(piece: Piece) -> tuple[Shell, Piece]:
    """Return the shell of a line that the system's own shell gets, and the line: `sh`, or Windows' where it shows."""
    if not _WINDOWS.search(piece.text) or "bin/activate" in piece.text:  # a line for both is judged as sh's
        return "sh", piece
    builder = Builder()
    at = 0
    for match in _ACTIVATES.finditer(piece.text):
        builder.extend(piece.text, piece.offsets, at, match.end())
        builder.replace("call ", piece.offsets.at(min(match.end(), len(piece.text) - 1)), 0)
        at = match.end()
    builder.extend(piece.text, piece.offsets, at)
    return "cmd", Piece(*builder.build())


def filled(piece: Piece, pattern: re.Pattern[str], values: Mapping[str, str] | None = None) -> Piece:
    """Return a template with its expressions replaced: by their values, else by what stands for an unknown one.

    The group `name` of the pattern is the expression; where it has none, nothing comes in its place.
    """

    def value(match: re.Match[str]) -> str:
        name = match["name"]
        return "" if name is None else (values or {}).get(name.strip(), unknown(mark(name.strip())))

    return piece.replaced(pattern, value)


def mark(expression: str) -> str:
    """Return a name for an expression of which nothing is known, such that nothing in it looks like a path."""
    return re.sub(r"[^\w.]+", "_", expression)[:60]
