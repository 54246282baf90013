"""`!`, `coproc`, and `time` before a compound command, where tree-sitter-bash doesn't know them."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from venvlint.shells.posix_text import Offsets, is_at_command

Prefix = Literal["!", "coproc"]

_COMPOUND = r"(?:case|for|if|select|until|while)[ \t]"
_TIMED = re.compile(rf"time(?:[ \t]+-p)?(?=[ \t]+(?:[{{(!]|{_COMPOUND}))")
_COPROCESS = re.compile(rf"coproc(?:[ \t]+(?!{_COMPOUND})\w+)?(?=[ \t]+(?:\{{\s|\(|{_COMPOUND}))")
_NEGATED = re.compile(rf"!(?=[ \t]+(?:\{{\s|{_COMPOUND}))")
_PATTERNS: tuple[tuple[Prefix | None, str, re.Pattern[str]], ...] = (
    (None, "time", _TIMED),
    ("!", "!", _NEGATED),
    ("coproc", "coproc", _COPROCESS),
)
_BLANKS = re.compile(r"[ \t]*")


class Taken(NamedTuple):
    """What was taken out of a text: which prefix stood before the command at an offset, and the words themselves."""

    prefixes: dict[int, Prefix]
    words: list[tuple[int, str]]

    def put_back(self, text: str, offsets: Offsets) -> str:
        """Return a text that was parsed with the words in their places again: some stand between quotes."""
        pieces, done = [], 0
        for start, word in sorted(self.words):
            at = start
            while offsets[at] < start:
                at += start - offsets[at]
            if text[at : at + len(word)].isspace():
                pieces += [text[done:at], word]
                done = at + len(word)
        return "".join((*pieces, text[done:]))


def without_prefixes(text: str) -> tuple[str, Taken]:
    """Return the text with blanks in the places of prefixes, and what stood there."""
    taken = Taken({}, [])
    for prefix, word, pattern in _PATTERNS:
        if word not in text:
            continue
        pieces, done = [], 0
        for found in pattern.finditer(text):
            blanks = _BLANKS.match(text, found.end())
            if blanks is None or not is_at_command(text, found.start()):
                continue
            pieces += [text[done : found.start()], " " * len(found[0])]
            done = found.end()
            taken.words.append((found.start(), found[0]))
            if prefix is not None:
                taken.prefixes[blanks.end()] = prefix
        text = "".join((*pieces, text[done:]))
    return text, taken
