"""Groovy as a row of strings, names, and punctuation: enough to find the strings that a pipeline runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from venvlint.formats.expressions import mark
from venvlint.formats.pieces import Piece
from venvlint.source import Builder, Source

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))
      | (?P<string>'{3}(?:\\.|(?!'{3}).)*'{3} | "{3}(?:\\.|(?!"{3}).)*"{3}
          | '(?:\\.|[^'\\\n])*' | "(?:\\.|\$\{(?:[^{}\n]|\{[^{}\n]*\})*\}|[^"\\\n])*"
          | (?<=[(,=:\[\s])/(?![/*\s])(?:\\/|[^/\n])+/ )
      | (?P<name>[A-Za-z_][\w.]*)
      | (?P<mark>[{}()\[\],:=;\n+])""",
    re.DOTALL | re.VERBOSE,
)
_PART = re.compile(
    r"\\(?:\r?\n|u[0-9A-Fa-f]{4}|.)|\$\{(?P<braced>(?:[^{}]|\{[^{}]*\})*)\}|\$(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)",
    re.DOTALL,
)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "s": " ", "t": "\t"}


class Token(NamedTuple):
    """A string, a name (with dots), or a mark of punctuation, at `start`."""

    kind: Literal["string", "name", "mark"]
    text: str
    start: int


def tokens(source: Source) -> Iterator[Token]:
    """Yield the tokens of a file, comments left out."""
    for match in _TOKEN.finditer(source.text):
        if match.lastgroup == "string":
            yield Token("string", match[0], match.start())
        elif match.lastgroup == "name":
            yield Token("name", match[0], match.start())
        elif match.lastgroup == "mark":
            yield Token("mark", match[0], match.start())


def string(token: Token, value: Callable[[str], str | None]) -> Piece:
    """Return a string's value and its map; `value` gives what an expression in it stands for, None if unknown."""
    quotes = token.text[:3] if token.text[:3] in ("'''", '"""') else token.text[0]
    raw, start = token.text[len(quotes) : -len(quotes)], token.start + len(quotes)
    has_values = quotes[0] in '"/'
    builder, last = Builder(), 0
    for part in _PART.finditer(raw):
        name = part["braced"] if part["braced"] is not None else part["name"]
        if (name is not None and not has_values) or (quotes == "/" and name is None and part[0] != "\\/"):
            continue
        builder.add(raw[last : part.start()], start + last)
        known = _unescaped(part[0]) if name is None else value(name)
        new = known if known is not None else mark(_plain(name or ""))
        builder.replace(new, start + part.start(), len(part[0]))
        last = part.end()
    builder.add(raw[last:], start + last)
    return Piece(*builder.build())


def _unescaped(escape: str) -> str:
    if escape[1] in "\r\n":
        return ""
    if len(escape) == 6:
        return chr(int(escape[2:], 16))
    return _ESCAPES.get(escape[1], escape[1])


def _plain(name: str) -> str:
    """Return the name of a variable of the environment as a shell knows it."""
    return re.sub(r"^(env|params)\.", "", name.strip())
