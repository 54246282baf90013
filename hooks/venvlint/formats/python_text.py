"""Python source as a syntax tree whose string literals know where each of their characters stands."""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from typing import TYPE_CHECKING, NamedTuple

from venvlint.formats.pieces import Piece, built
from venvlint.source import Builder

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_END = re.compile(r"\r\n|\r|\n")
_OPENING = re.compile(r"([rbuftRBUFT]{0,3})('''|\"\"\"|'|\")")
_ESCAPE = re.compile(r"\\(?:\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)", re.DOTALL)
_PLAIN = re.compile(r"[^\\{}'\"\r]+")
_NAMED = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"',
    "\n": "", "\r": "", "\r\n": "",
}  # fmt: skip
_PAIRS = {"(": ")", "[": "]", "{": "}"}


class Field(NamedTuple):
    """A replacement field of an f-string: its expression, None where that can't be read, and the field's own span."""

    expression: ast.expr | None
    text: Text | None
    start: int
    end: int


class Text:
    """A module, or one expression of it, with its tree. Offsets of nodes count characters of `piece.text`."""

    def __init__(self, piece: Piece, mode: str = "exec") -> None:
        """Parse; raises SyntaxError, ValueError, RecursionError, or MemoryError."""
        self.piece = piece
        # Surrogates stand for bytes that aren't UTF-8; the parser takes none.
        self.text = re.sub(r"[\ud800-\udfff]", "\ufffd", piece.text)
        self.starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a file's odd escapes are its own matter
            self.tree = ast.parse(self.text, mode=mode)

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a position as `ast` gives it: its columns count bytes."""
        start = self.starts[min(line, len(self.starts)) - 1]
        stop = self.starts[line] if line < len(self.starts) else len(self.text)
        written = self.text[start:stop]
        if written.isascii():
            return start + column
        return start + len(written.encode()[:column].decode(errors="ignore"))

    def span(self, node: ast.expr) -> tuple[int, int]:
        """Return where an expression begins and ends."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.offset(node.lineno, node.col_offset), self.offset(end_line, end_column)

    def placed(self, value: str, start: int, end: int) -> Piece:
        """Return a value that stands at a stretch of the text, though not letter for letter."""
        span = self.piece.offsets.span(start, max(end, start + 1))
        builder = Builder()
        builder.replace(value, span.start, span.end - span.start)
        return built(builder, span.start)

    def literal(self, node: ast.expr) -> list[Piece | Field]:
        """Return the parts of a string literal, or of several that stand side by side."""
        start, end = self.span(node)
        return list(_Literal(self, start, end).parts())


class _Literal:
    """Reads the string literals in one stretch of a text."""

    def __init__(self, text: Text, start: int, end: int) -> None:
        self.source, self.text, self.at, self.end = text, text.text, start, end
        self.builder = Builder()
        self.is_empty = True

    def parts(self) -> Iterator[Piece | Field]:
        while self.at < self.end:
            opening = _OPENING.match(self.text, self.at)
            if opening is None:
                line_end = self.text.find("\n", self.at)
                is_comment = self.text[self.at] == "#" and line_end >= 0
                self.at = line_end if is_comment else self.at + 1
                continue
            self.at = opening.end()
            yield from self.body(opening[2], opening[1].lower())
        if not self.is_empty:
            yield self.taken()

    def body(self, quote: str, prefix: str) -> Iterator[Piece | Field]:
        while self.at < self.end and not self.text.startswith(quote, self.at):
            letter = self.text[self.at]
            plain = _PLAIN.match(self.text, self.at, self.end)
            if plain is not None:
                self.keep(plain.end())
            elif letter == "\r":  # to Python, every end of a line is a line feed
                self.replace("\n", 1 + self.text.startswith("\n", self.at + 1))
            elif letter == "\\" and "r" in prefix:
                self.keep(self.at + 2)
            elif letter == "\\":
                self.escape("b" in prefix)
            elif letter in "{}" and ("f" in prefix or "t" in prefix):
                if self.text.startswith(letter, self.at + 1):
                    self.replace(letter, 2)
                else:
                    yield from self.field()
            else:
                self.keep(self.at + 1)
        self.at += len(quote)

    def keep(self, end: int) -> None:
        self.builder.extend(self.source.piece.text, self.source.piece.offsets, self.at, end)
        self.is_empty = False
        self.at = end

    def replace(self, value: str, width: int) -> None:
        span = self.source.piece.offsets.span(self.at, self.at + width)
        self.builder.replace(value, span.start, span.end - span.start)
        self.is_empty = False
        self.at += width

    def escape(self, is_bytes: bool) -> None:
        match = _ESCAPE.match(self.text, self.at)
        written = match[0] if match else "\\"
        self.replace(_unescaped(written, is_bytes), len(written))

    def taken(self) -> Piece:
        text, offsets = self.builder.build()
        self.builder, self.is_empty = Builder(), True
        return Piece(text, offsets)

    def field(self) -> Iterator[Piece | Field]:
        if not self.is_empty:
            yield self.taken()
        start = self.at
        stop, self.at = self.field_end(start + 1)
        inner = self.source.piece.cut(start + 1, stop).strip()
        try:
            text = Text(inner, "eval")
            assert isinstance(text.tree, ast.Expression)
            yield Field(text.tree.body, text, start, self.at)
        except (SyntaxError, ValueError, RecursionError, MemoryError, AssertionError):
            yield Field(None, None, start, self.at)

    def field_end(self, at: int) -> tuple[int, int]:
        """Return where a field's expression ends, and where the field does."""
        closing: list[str] = []
        stop = -1
        while at < self.end:
            letter = self.text[at]
            opening = _OPENING.match(self.text, at) if stop < 0 else None
            if opening is not None and (opening[1] == "" or not self.text[at - 1].isalnum()):
                closed = self.text.find(opening[2], opening.end(), self.end)
                at = closed + len(opening[2]) if closed >= 0 else self.end
                continue
            if letter in _PAIRS:
                closing.append(_PAIRS[letter])
            elif closing and letter == closing[-1]:
                closing.pop()
            elif letter == "}" and not closing:
                return (at if stop < 0 else stop), at + 1
            elif not closing and stop < 0 and (letter == ":" or self.is_ending(at)):
                stop = at
            at += 1
        return (self.end if stop < 0 else stop), self.end

    def is_ending(self, at: int) -> bool:
        """Tell whether a conversion (`!r`) or the sign that shows an expression itself (`=`) begins here."""
        return bool(re.match(r"![rsa]\s*[:}]|(?<![=!<>])=\s*[!:}]", self.text[at : at + 9]))


def _unescaped(written: str, is_bytes: bool) -> str:
    code = written[1:]
    if code in _NAMED:
        return _NAMED[code]
    try:
        if code[:1] in "01234567" and code:
            return chr(int(code, 8))
        if code[:1] == "x" or (code[:1] in "uU" and not is_bytes):
            return chr(int(code[1:], 16))
        if code[:2] == "N{" and not is_bytes:
            return unicodedata.lookup(code[2:-1])
    except (KeyError, ValueError, OverflowError):
        pass
    return written
