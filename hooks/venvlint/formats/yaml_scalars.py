"""The five styles of a YAML scalar: from what stands in the file to its value, character by character."""

from __future__ import annotations

import re
from typing import NamedTuple

from venvlint.source import Builder, Offsets

# YAML 1.1's line breaks, which libyaml reads: https://yaml.org/spec/1.1/#b-char
_BREAKS = "\r\n\x85\u2028\u2029"
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_FOLD = f"(?P<fold>[ \t]*(?:\r\n|[{_BREAKS}])(?:[ \t]*(?:\r\n|[{_BREAKS}]))*[ \t]*)"
_TOKENS = {
    "": re.compile(f"{_FOLD}|[ \t]+|[^ \t{_BREAKS}]+"),
    "'": re.compile(f"{_FOLD}|(?P<escape>'')|[ \t]+|[^ \t{_BREAKS}']+"),
    '"': re.compile(
        rf"{_FOLD}|(?P<joined>\\(?:\r\n|[{_BREAKS}])(?:[ \t]*(?:\r\n|[{_BREAKS}]))*[ \t]*)"
        rf"|(?P<escape>\\(?:x..|u....|U........|.))|[ \t]+|[^ \t{_BREAKS}\\]+"
    ),
}
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "'": "'", "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def flow_scalar(raw: str, start: int, style: str, _value: str) -> tuple[str, Offsets]:
    """Return the value of a plain or quoted scalar, and its map. `raw` is what stands at `start`, quotes included."""
    if style:
        raw, start = raw[1:-1], start + 1
    builder = Builder()
    for token in _TOKENS[style].finditer(raw):
        if token.lastgroup is None:
            builder.add(token[0], start + token.start())
        elif token.lastgroup == "escape":
            builder.replace(_unescaped(token[0]), start + token.start(), len(token[0]))
        else:
            _fold(builder, token[0], start + token.start(), is_joined=token.lastgroup == "joined")
    return builder.build()


def _unescaped(escape: str) -> str:
    if escape == "''":
        return "'"
    if len(escape) > 2:
        try:
            return chr(int(escape[2:], 16))
        except ValueError:  # the parser has refused these
            return escape
    return _ESCAPES.get(escape[1], escape)


def _fold(builder: Builder, text: str, start: int, *, is_joined: bool) -> None:
    """Add what a run of line breaks becomes: one a space, more of them one less; after a backslash, one nothing."""
    breaks = _BREAK.finditer(text)
    first = next(breaks)
    kept = [(_normal(each[0]), start + each.start(), len(each[0])) for each in breaks]
    if not is_joined and _normal(first[0]) != "\n":
        builder.replace(first[0], start + first.start())
    elif not is_joined and not kept:
        builder.replace(" ", start + first.start(), len(first[0]))
    for character, host, width in kept:
        builder.replace(character, host, width)


def _normal(line_break: str) -> str:
    return line_break if line_break in "\u2028\u2029" else "\n"


class _Line(NamedTuple):
    start: int
    text: str
    line_break: str


def _lines(raw: str) -> list[_Line]:
    found, at = [], 0
    for each in _BREAK.finditer(raw):
        found.append(_Line(at, raw[at : each.start()], each[0]))
        at = each.end()
    return [*found, _Line(at, raw[at:], "")]


def block_scalar(raw: str, start: int, style: str, value: str) -> tuple[str, Offsets]:
    """Return the value of a literal or folded scalar, and its map. `raw` is what stands at `start`, header included."""
    header, *lines = _lines(raw)
    indicators = header.text.split("#")[0]
    block = _Block(start, _indentation(lines, value), is_folded=style == ">")
    for line in lines:
        if not block.take(line):
            break
    return block.finish("+" if "+" in indicators else "-" if "-" in indicators else "")


def _indentation(lines: list[_Line], value: str) -> int:
    """Return how many spaces belong to the file: what its first written line has more of than the value's."""
    for line in lines:
        inner = line.text.lstrip(" ")
        if inner:
            text = value.lstrip(" " + _BREAKS)
            before = value[: len(value) - len(text)]
            return len(line.text) - len(inner) - (len(before) - len(before.rstrip(" ")))
    longest = max((len(line.text) for line in lines), default=0)  # nothing is written but spaces
    return longest - max(len(text) for text in _BREAK.split(value))


class _Block:
    """A block scalar's lines as they come in: libyaml's way of folding and chomping."""

    def __init__(self, start: int, indent: int, *, is_folded: bool) -> None:
        self.start, self.indent, self.is_folded = start, indent, is_folded
        self.builder = Builder()
        self.pending: list[tuple[str, int, int]] = []  # the break that ended the last line
        self.blank: list[tuple[str, int, int]] = []  # those of empty lines after it
        self.was_indented = False

    def take(self, line: _Line) -> bool:
        """Add a line; return whether it belongs to the scalar."""
        end = self.start + line.start + len(line.text)
        line_break = [(_normal(line.line_break), end, len(line.line_break))] if line.line_break else []
        if len(line.text) <= self.indent and not line.text.strip(" "):
            self.blank += line_break
            return True
        if line.text[: self.indent].strip(" "):
            return False
        text = line.text[self.indent :]
        self._end_line(is_indented=text[0] in " \t")
        self.builder.add(text, self.start + line.start + self.indent)
        self.pending, self.blank = line_break, []
        return True

    def _end_line(self, *, is_indented: bool) -> None:
        folds = self.is_folded and not is_indented and not self.was_indented
        for character, host, width in self.pending:
            if not (folds and character == "\n"):
                self.builder.replace(character, host, width)
            elif not self.blank:
                self.builder.replace(" ", host, width)
        for each in self.blank:
            self.builder.replace(*each)
        self.was_indented = is_indented

    def finish(self, chomping: str) -> tuple[str, Offsets]:
        """Add the last line breaks as `chomping` has it, and return the value and its map."""
        for each in [] if chomping == "-" else self.pending + (self.blank if chomping == "+" else []):
            self.builder.replace(*each)
        return self.builder.build()
