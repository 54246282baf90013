"""Heredocs, cut out of a script before it is parsed: the grammar loses its way in all but the plainest of them."""

from __future__ import annotations

import re
from typing import NamedTuple

from venvlint.shells.posix_text import is_at_command

_TOKEN = re.compile(
    r"""
      \\. | \#[^\n]* | '[^']*' | \$'(?:\\.|[^'\\])*' | <<< | (?P<open>\$\(\(? | \$\{ | \(\(? | [`"])
    | (?P<close>[)}]) | \n | \b(?:case|esac)\b
    | (?P<heredoc><<-?)[ \t]*(?P<word>(?:'[^'\n]*' | "[^"\n]*" | \\. | [^\s;&|<>()'"\\`])+)
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTE = re.compile(r"\\(.)|['\"]")
_CLOSING = {"case": "esac", "$(": ")", "(": ")", "$((": ")", "((": ")", "${": "}", '"': '"', "`": "`"}


class Heredoc(NamedTuple):
    """Where a heredoc's body stands, and where the line ends that closes it; offsets into the script."""

    start: int
    stop: int
    end: int
    is_quoted: bool
    has_tabs_cut: bool


class _Pending(NamedTuple):
    operator: int
    delimiter: str
    is_quoted: bool
    has_tabs_cut: bool


def cut(text: str) -> tuple[str, dict[int, Heredoc]]:
    """Return a script without the bodies of its heredocs, every other character in its place, and the heredocs.

    `<<EOF` becomes `< EOF`; the heredocs are found by the offset of that `<`.
    """
    if "<<" not in text:
        return text, {}
    found: dict[int, Heredoc] = {}
    pieces: list[str] = []
    done = 0  # up to here the text stands in `pieces`
    stack: list[str] = []
    pending: list[_Pending] = []
    at = 0
    while (token := _TOKEN.search(text, at)) is not None:
        at = token.end()
        kind = token[0]
        if stack and stack[-1] == '"' and kind[0] in "'#\n" and not pending:
            at = token.start() + 1  # an apostrophe or a hash between double quotes
        elif kind[0] == "#":
            if not _is_comment(text, token.start()):
                at = token.start() + 1
        elif token["heredoc"] and not (stack and stack[-1] in ('"', "$((", "((", "${")):
            pieces += [text[done : token.start()], "<" + " " * (len(token["heredoc"]) - 1)]
            done = token.start() + len(token["heredoc"])
            pending.append(_opened(token))
        elif kind == "\n" and pending:
            at, bodies = _bodies(text, at, pending)
            found.update(bodies)
            pieces.append(text[done : token.end()])
            pieces.append("\n".join(" " * len(line) for line in text[token.end() : at].split("\n")))
            done = at
            pending = []
        else:
            _nest(text, stack, token)
    return "".join((*pieces, text[done:])), found


def _is_comment(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] in " \t\n;&|("


def _opened(token: re.Match[str]) -> _Pending:
    word = token["word"]
    delimiter = word if word.isalnum() else _QUOTE.sub(r"\1", word)
    return _Pending(token.start(), delimiter, delimiter != word, token["heredoc"] == "<<-")


def _nest(text: str, stack: list[str], token: re.Match[str]) -> None:
    """Follow brackets and double quotes, and `case` inside of them, whose patterns end with a bracket."""
    kind = token[0]
    if kind in ("case", "esac"):
        is_command = is_at_command(text, token.start())
        if is_command and stack and stack[-1] == "case" and kind == "esac":
            stack.pop()
        elif is_command and stack and stack[-1] in ("case", "$(", "(", "`") and kind == "case":
            stack.append(kind)
    elif stack and kind == _CLOSING.get(stack[-1]):
        stack.pop()
    elif token["open"] is not None and not (stack and stack[-1] == '"' and kind in ("(", "((")):
        stack.append(kind)
        if kind in ("$((", "(("):
            stack.append("(")


def _bodies(text: str, at: int, pending: list[_Pending]) -> tuple[int, dict[int, Heredoc]]:
    """Read the bodies that begin at a line's start, one after the other; return where they end."""
    found = {}
    for heredoc in pending:
        start = at
        while True:
            newline = text.find("\n", at)
            line_end = newline if newline >= 0 else len(text)
            line = text[at:line_end].rstrip("\r")
            if (line.lstrip("\t") if heredoc.has_tabs_cut else line) == heredoc.delimiter:
                found[heredoc.operator] = Heredoc(start, at, line_end, heredoc.is_quoted, heredoc.has_tabs_cut)
                at = min(line_end + 1, len(text))
                break
            if newline < 0:
                found[heredoc.operator] = Heredoc(start, len(text), len(text), heredoc.is_quoted, heredoc.has_tabs_cut)
                at = len(text)
                break
            at = newline + 1
    return at, found
