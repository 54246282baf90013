"""Comments by which an author says that a finding is fine: `# venvlint: ignore[rule, ...] reason`."""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from venvlint.model import Finding, Span
from venvlint.source import Source

FIRST_LINES = 20  # in which `ignore-file` counts: after a licence's header at the latest

# Every host's way to begin a comment: a shell script may stand in any of them, and inside a string of JSON.
_COMMENT = re.compile(
    r"""(?:^|(?<=[\s"'`;&|(){}@n]))(?P<marker>\#+|//+|--|;+|<!--|/\*|::|<\#|%+|\bREM\b)[ \t]*
    venvlint:[ \t]*(?P<what>ignore-file|ignore)\b[ \t]*(?:\[(?P<rules>[^\]\n]*)\])?""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_BEFORE_ALONE = re.compile(r"""[\s"'@>*-]*""")  # what may stand before a comment that has its line to itself
_JSON_BEFORE_ALONE = re.compile(r"""[\s",[]*|.*"source"\s*:\s*\[?\s*\"""", re.DOTALL)
_LINE = re.compile(r"([^\n]*)\n|([^\n]+)$")
_JSON_LINE = re.compile(r"(?:\n|\\n)?((?:[^\n\\]|\\[^n\n])+)")  # a line of a cell ends where its string says \n
_JSON_FILLER = re.compile(r'[\s",]*')
_COMMENT_LINE = re.compile(r"[\s@]*(?:#|::|REM\b|//)", re.IGNORECASE)
_CONTINUED = re.compile(r"[\\^`][ \t\r]*$")
_PYTHON_CONTINUED = re.compile(r"[\\(\[{,][ \t\r]*(?:#.*)?$")  # a call goes on within its brackets


class Comment(NamedTuple):
    """One suppression. `line` counts the lines of this module, which for a notebook are those of its cells."""

    span: Span  # from its marker to the closing bracket
    line: int
    rules: tuple[str, ...]
    is_alone: bool
    is_for_file: bool


class Comments:
    """The suppressions of one file, and which findings they silence."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.is_json = source.path.lower().endswith((".ipynb", ".json"))
        self._continued = _PYTHON_CONTINUED if source.path.lower().endswith((".py", ".pyw")) else _CONTINUED
        self.found = tuple(self._found())

    @cached_property
    def _lines(self) -> list[Span]:
        pattern = _JSON_LINE if self.is_json else _LINE
        lines = (Span(*match.span(match.lastindex or 0)) for match in pattern.finditer(self.source.text))
        if not self.is_json:
            return list(lines)
        return [line for line in lines if not _JSON_FILLER.fullmatch(self.source.text, *line)]

    @cached_property
    def _starts(self) -> list[int]:
        return [line.start for line in self._lines]

    def _line_of(self, offset: int) -> int:
        return max(bisect_right(self._starts, offset) - 1, 0)

    def _text(self, line: int) -> str:
        return self.source.text[slice(*self._lines[line])]

    def _found(self) -> Iterator[Comment]:
        for match in _COMMENT.finditer(self.source.text):
            line = self._line_of(match.start())
            rules = tuple(name.strip() for name in (match["rules"] or "").split(",") if name.strip())
            before = self.source.text[self._starts[line] : match.start()]
            is_alone = (_JSON_BEFORE_ALONE if self.is_json else _BEFORE_ALONE).fullmatch(before) is not None
            yield Comment(Span(*match.span()), line, rules, is_alone, match["what"].lower() == "ignore-file")

    def silencing(self, finding: Finding) -> Comment | None:
        """Return the comment that silences a finding, None where there is none."""
        named = [comment for comment in self.found if finding.rule in comment.rules]
        return next((comment for comment in named if self._covers(comment, finding)), None)

    def counts(self, comment: Comment) -> bool:
        """Tell whether a comment stands where it has a meaning at all."""
        return not comment.is_for_file or self.is_json or comment.line < FIRST_LINES

    def _covers(self, comment: Comment, finding: Finding) -> bool:
        if comment.is_for_file:
            return self.counts(comment)
        if finding.span is None:
            return False
        start, end = finding.span
        first, last = self._line_of(start), self._line_of(max(start, end - 1))
        if first <= comment.line <= last:
            return True
        if comment.is_alone:
            return self._below(comment.line) in (*range(first, last + 1), self._first_of_command(first))
        return comment.line == self._last_of_command(last)

    def _below(self, line: int) -> int:
        """Return the line that a comment on a line of its own speaks of: comments may be stacked."""
        alone = {comment.line for comment in self.found if comment.is_alone}
        line += 1
        while line in alone:
            line += 1
        return line

    def _first_of_command(self, line: int) -> int:
        """Return the first line of the continued command that `line` is part of."""
        above = line - 1
        while above >= 0:
            if not _COMMENT_LINE.match(self._text(above)):  # in a Dockerfile a command goes on after a comment
                if not self._continued.search(self._text(above)):
                    break
                line = above
            above -= 1
        return line

    def _last_of_command(self, line: int) -> int:
        while line + 1 < len(self._lines) and self._continued.search(self._text(line)):
            line += 1
        return line


def unused(comments: Comments, used: Collection[tuple[Comment, str]], ran: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each comment that silences nothing, as far as the rules that ran can tell."""
    from venvlint.rules import unused_suppression

    if any("unused-suppression" in comment.rules and comment.is_for_file for comment in comments.found):
        return
    texts = list(_python_texts(comments.source))
    for comment in comments.found:
        if any(text.start <= comment.span.start < text.end for text in texts):
            continue  # what a string says may be about suppressions, or for another file
        if "unused-suppression" not in comment.rules:
            idle = [rule for rule in comment.rules if (comment, rule) not in used]
            yield from unused_suppression.findings(comments, comment, idle, ran)


def _python_texts(source: Source) -> Iterator[Span]:
    """Yield what isn't a comment in a Python module; where it can't be read, all the rest of it."""
    if not source.path.lower().endswith((".py", ".pyw")):
        return
    import tokenize

    end = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            start, end = (source.line_start(line) + column for line, column in (token.start, token.end))
            if token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE):
                yield Span(start, end)
    except (tokenize.TokenError, SyntaxError, IndexError):
        yield Span(end, len(source.text))


def split(comments: Comments, findings: Iterable[Finding]) -> tuple[list[Finding], set[tuple[Comment, str]], int]:
    """Return the findings that nothing silences, the comments in use with their rules, and how many are silenced."""
    kept, used, silenced = [], set(), 0
    for finding in findings:
        comment = comments.silencing(finding)
        if comment is None:
            kept.append(finding)
        else:
            used.add((comment, finding.rule))
            silenced += 1
    return kept, used, silenced
