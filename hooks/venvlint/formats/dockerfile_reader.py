"""Text of a Dockerfile to its instructions, as BuildKit's own parser splits it, each character traced back.

BuildKit's source (frontend/dockerfile/parser) is what this agrees with: continuations, comments within them, the
`escape` directive, flags, heredocs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from venvlint.formats.pieces import Line, Piece, built, lines_of
from venvlint.model import Span
from venvlint.source import Builder

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIRECTIVE = re.compile(r"#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(.+?)[ \t]*\Z")
_HEREDOC = re.compile(r"\d*<<(-?)([^<]+)\Z")
_KEYWORD = re.compile(r"\s*(\S+)\s*")
_TAKES_HEREDOCS = frozenset({"ADD", "COPY", "RUN"})


@dataclass(frozen=True, slots=True)
class Heredoc:
    """One heredoc of an instruction: its body as its reader gets it, and the line that closes it."""

    name: str
    body: Piece
    closing: Piece | None  # None: the file ends before it


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. `arguments` is what follows the keyword and the flags, continuations joined."""

    keyword: str  # upper case
    flags: tuple[str, ...]
    arguments: Piece
    heredocs: tuple[Heredoc, ...]
    span: Span
    escape: str
    is_trigger: bool = False  # ONBUILD


def instructions(text: str) -> Iterator[Instruction]:
    """Yield the instructions of a Dockerfile in order, ONBUILD's as what they will run."""
    lines = lines_of(text)
    escape = _escape(lines)
    at = 0
    while at < len(lines):
        if _is_blank(lines[at]):
            at += 1
            continue
        start = lines[at].start + len(lines[at].text) - len(lines[at].text.lstrip())
        whole, at = _logical_line(lines, at, escape)
        keyword, rest, is_trigger = _keyword(whole)
        flags, arguments = _flags(rest, escape)
        heredocs = []
        if keyword in _TAKES_HEREDOCS:
            for name, is_chomped in _heredoc_names(arguments.text, escape):
                heredoc, at = _heredoc(lines, at, name, is_chomped)
                heredocs.append(heredoc)
        end = lines[at - 1].start + len(lines[at - 1].text)
        yield Instruction(keyword, flags, arguments, tuple(heredocs), Span(start, end), escape, is_trigger)


def words(text: str, escape: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each word of an instruction; quotes and escapes keep white space in."""
    one = re.escape(escape)
    pattern = rf"""(?:[^\s"'{one}]|{one}.?|"(?:[^"{one}]|{one}.)*(?:"|\Z)|'[^']*(?:'|\Z))+"""
    for match in re.finditer(pattern, text, re.DOTALL):
        yield match.span()


def _escape(lines: list[Line]) -> str:
    """Return the character that escapes; directives stand before anything else, other comments and blank lines too."""
    for line in lines:
        directive = _DIRECTIVE.match(line.text.strip())
        if not directive:
            break
        if directive[1].lower() == "escape" and directive[2] in ("\\", "`"):
            return directive[2]
    return "\\"


def _is_blank(line: Line) -> bool:
    return not line.text.strip() or line.text.lstrip().startswith("#")


def _logical_line(lines: list[Line], at: int, escape: str) -> tuple[Piece, int]:
    """Return the instruction that begins on line `at`, joined, and the number of the line after it."""
    continues = re.compile(rf"(?:^|(?<=[^{re.escape(escape)}])){re.escape(escape)}[ \t]*\Z")
    builder = Builder()
    is_first = True
    while at < len(lines):
        line = lines[at]
        at += 1
        if not is_first and _is_blank(line):
            continue
        is_first = False
        more = continues.search(line.text)
        builder.add(line.text[: more.start()] if more else line.text, line.start)
        if not more:
            break
    return Piece(*builder.build()), at


def _keyword(whole: Piece) -> tuple[str, Piece, bool]:
    match = _KEYWORD.match(whole.text)
    if not match:  # nothing but a continuation
        return "", whole, False
    keyword, rest = match[1].upper(), whole.cut(match.end()).strip()
    if keyword == "ONBUILD":
        inner, rest, _ = _keyword(rest)
        return inner, rest, True
    return keyword, rest, False


def _flags(rest: Piece, escape: str) -> tuple[tuple[str, ...], Piece]:
    flags: list[str] = []
    for start, end in words(rest.text, escape):
        word = rest.text[start:end]
        if not word.startswith("--"):
            return tuple(flags), rest.cut(start)
        if word == "--":
            return tuple(flags), rest.cut(end).strip()
        flags.append(word)
    return tuple(flags), rest.cut(len(rest.text))


def _heredoc_names(text: str, escape: str) -> Iterator[tuple[str, bool]]:
    if "<<" not in text:
        return
    for start, end in words(text, escape):
        match = _HEREDOC.match(text[start:end])
        if match:
            name = re.sub(r"""["']|\\(?=.)""", "", match[2])
            yield name, bool(match[1])


def _heredoc(lines: list[Line], at: int, name: str, is_chomped: bool) -> tuple[Heredoc, int]:
    builder = Builder()
    begin = lines[at].start if at < len(lines) else lines[-1].start + len(lines[-1].text)
    for number in range(at, len(lines)):
        line = lines[number]
        text = line.text.lstrip("\t") if is_chomped else line.text
        start = line.start + len(line.text) - len(text)
        if text == name:
            closing = Builder()
            closing.add(text, start)
            return Heredoc(name, built(builder, begin), Piece(*closing.build())), number + 1
        builder.add(text, start)
        if number + 1 < len(lines):
            builder.add("\n", lines[number + 1].start - 1)
    return Heredoc(name, built(builder, begin), None), len(lines)
