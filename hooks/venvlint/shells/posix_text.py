"""Text of a POSIX shell's words: what quotes and backslashes leave of it, and where that stands in the script."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from venvlint.shells import tree

BACKSLASH = "\ue002"  # stands for a backslash where the grammar can't read one
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_ESCAPE = re.compile(r"\\(\n|.)", re.DOTALL)
_ANSI_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
# Between double quotes: a variable, or what a backslash takes the meaning from; and what takes more to read.
_VARIABLE = re.compile(r"\\.|\$(?:([A-Za-z_]\w*|[0-9@*#?$!-])|\{([A-Za-z_]\w*|[0-9]+)\})", re.ASCII | re.DOTALL)
_BEFORE_COMMAND = re.compile(r"(?:^|[\n;&|(){`!]|\b(?:do|elif|else|if|then|time|until|while))[ \t]*\Z")
_LONGEST_INDENT = 200
_HARD = re.compile(r"`|\$\(|\$\[|\$\{(?![A-Za-z_]\w*\}|[0-9]+\})", re.ASCII)


class Offsets:
    """Offsets of the text that was parsed to offsets of the script, plus `shift`.

    `added` are the offsets, in order, of characters that the parsed text has and the script hasn't.
    """

    def __init__(self, shift: int = 0, added: Sequence[int] = ()) -> None:
        self.shift = shift
        self._added = added

    def __getitem__(self, at: int) -> int:
        return at + self.shift - (bisect_left(self._added, at) if self._added else 0)


def both(first: Sequence[int], second: Sequence[int]) -> Sequence[int]:
    """Return what was added to a text in two rounds, as offsets of what came out."""
    moved, count = [], 0
    for at in first:
        while count < len(second) and second[count] <= at + count:
            count += 1
        moved.append(at + count)
    return sorted((*moved, *second))


def literal(text: str, start: int, quoted: bool = False) -> Iterator[tree.Text]:
    """Yield unquoted text, cut at backslashes so that each piece stands in the script letter for letter."""
    if text.startswith(BACKSLASH):
        text, quoted, start = text[1:], True, start + 1
    if "\\" not in text:
        yield tree.Text(text, quoted, start)
        return
    at = 0
    for escape in _ESCAPE.finditer(text):
        if escape.start() > at:
            yield tree.Text(text[at : escape.start()], quoted, start + at)
        if escape[1] != "\n":
            yield tree.Text(escape[1], True, start + escape.start(1))
        at = escape.end()
    if at < len(text):
        yield tree.Text(text[at:], quoted, start + at)


def escaped(text: str, start: int) -> Iterator[tree.Text]:
    """Yield text between double quotes, where a backslash escapes only a few characters."""
    at = 0
    for escape in _ESCAPE.finditer(text) if "\\" in text else ():
        if escape[1] not in '$`"\\\n':
            continue
        if escape.start() > at:
            yield tree.Text(text[at : escape.start()], True, start + at)
        if escape[1] != "\n":
            yield tree.Text(escape[1], True, start + escape.start(1))
        at = escape.end()
    if at < len(text) or not text:
        yield tree.Text(text[at:], True, start + at)


def ansi(text: str, start: int) -> Iterator[tree.Text]:
    """Yield the text between the quotes of `$'...'`."""
    at = 0
    for escape in _ANSI_ESCAPE.finditer(text):
        if escape.start() > at:
            yield tree.Text(text[at : escape.start()], True, start + at)
        yield tree.Text(_ansi_character(escape[1]), True, start + escape.start())
        at = escape.end()
    yield tree.Text(text[at:], True, start + at)


def variables(text: str, start: int, end: int, at: Offsets) -> Iterator[tree.Part]:
    """Yield `text[start:end]`, in which `is_easy` is true, as double quotes would have it."""
    done = start
    for found in _VARIABLE.finditer(text, start, end):
        name = found[1] or found[2]
        if name is None:
            continue
        if found.start() > done:
            yield from escaped(text[done : found.start()], at[done])
        yield tree.Variable(name, True)
        done = found.end()
    if end > done:
        yield from escaped(text[done:end], at[done])


def is_at_command(text: str, at: int) -> bool:
    """Tell whether an offset is one where a command begins."""
    return _BEFORE_COMMAND.search(text, max(0, at - _LONGEST_INDENT), at) is not None


def is_easy(text: str, start: int, end: int) -> bool:
    """Tell whether nothing between double quotes expands but plain variables."""
    return _HARD.search(text, start, end) is None


def as_one(one: tree.Word | tree.Assignment, two: tree.Word) -> tree.Word | tree.Assignment:
    """Return two words that touch as one. Of `$A/b:$C/d` the grammar makes two, the first of which ends with `$`."""
    value = one.value if isinstance(one, tree.Assignment) else one
    parts = value.parts if value is not None else ()
    last, first = parts[-1] if parts else None, two.parts[0] if two.parts else None
    seam: tuple[tree.Part, ...] = two.parts
    if isinstance(last, tree.Text) and isinstance(first, tree.Text) and not last.quoted and not first.quoted:
        name = _NAME.match(first.text)
        if last.text.endswith("$") and name is not None:
            behind = tree.Text(first.text[name.end() :], False, first.start + name.end())
            parts = (*parts[:-1], tree.Text(last.text[:-1], False, last.start))
            seam = (tree.Variable(name[0]), behind, *two.parts[1:])
    start = value.start if value is not None else two.start
    word = tree.Word(
        tuple(part for part in (*parts, *seam) if not (isinstance(part, tree.Text) and part[:2] == ("", False))),
        start,
        two.end,
    )
    return replace(one, value=word, end=two.end) if isinstance(one, tree.Assignment) else word


def _ansi_character(escape: str) -> str:
    if escape[0] == "x":
        return chr(int(escape[1:], 16)) if len(escape) > 1 else "x"
    if escape[0] in "01234567":
        return chr(int(escape, 8))
    return _ANSI.get(escape, escape)


def without_tabs(part: tree.Part) -> Iterator[tree.Part]:
    """Yield a heredoc's text as `<<-` has it: without the tabs at the start of each line."""
    if not isinstance(part, tree.Text):
        yield part
        return
    at = part.start
    for line in part.text.splitlines(keepends=True):
        kept = line.lstrip("\t")
        yield tree.Text(kept, True, at + len(line) - len(kept))
        at += len(line)
