"""Words of a batch file's command: quotes, carets, `%variables%`, redirections.

cmd puts a variable's text in before it parts the line into words, and hands a program the rest of its line as it
stands; the programs part it at blanks. `help set`, `help call`, and `help for` list the forms of variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from venvlint.shells import tree
from venvlint.shells.powershell_text import environment_name

_PERCENT = re.compile(
    r"""%(?:
        %(?:~[\w$:]*?)?(?P<loop>[A-Za-z?])(?![\w]*%)     # %%i, %%~nxi
      | ~(?P<modifiers>[A-Za-z]*)(?P<modified>\d)         # %~dp0
      | (?P<number>[\d*])                                # %1, %*
      | (?P<name>[^%\r\n:=&|<>"^]+)(?P<change>:[^%\r\n]*)?%
    )""",
    re.VERBOSE,
)
_DELAYED = re.compile(r"!(?P<name>[^!\r\n:=%\"\s]+)(?P<change>:[^!\r\n]*)?!")
_SAME = re.compile(r':(?:"=|~0,-1|\\=/|/=\\)')  # changes that leave a path the same path
_REDIRECT = re.compile(r"(?P<descriptor>\d?)(?P<operator>>>|>|<)(?P<merged>&\d)?[ \t]*")
_NEWLINE = re.compile(r"\^\r?\n")


class Words:
    """Reads words from a script's text. `loops` holds the variables of the `for` commands around."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.loops: list[str] = []
        self.is_delayed = re.search(r"(?i)enabledelayedexpansion|/v:on", text) is not None

    def variable(self, at: int, stop: int, quoted: bool) -> tuple[tree.Part, int] | None:
        """Return the variable that begins at `at`, and where it ends; None where there is none."""
        found = (_PERCENT if self.text[at] == "%" else _DELAYED).match(self.text, at, stop)
        if found is None:
            return None
        groups = found.groupdict()
        if groups.get("loop"):
            if groups["loop"] not in self.loops:
                return None
            return tree.Variable(f"%{groups['loop']}", quoted), found.end()
        if groups.get("modified"):
            is_place = groups["modified"] == "0" and "p" in groups["modifiers"].lower()
            return tree.Variable("~dp0" if is_place else groups["modified"], quoted), found.end()
        if groups.get("number"):
            return tree.Variable(groups["number"] if groups["number"] != "*" else "@", quoted), found.end()
        name = environment_name(groups["name"].strip())
        if groups.get("change") and not _SAME.fullmatch(groups["change"]):
            return tree.Opaque(f"{name}{groups['change']}", True), found.end()
        return tree.Variable("PWD" if name == "CD" else name, quoted), found.end()

    def word(self, at: int, stop: int, ends: str) -> tree.Word:
        """Return the word at `at`, which ends before one of `ends` outside of quotes. The quotes go."""
        return tree.Word(*self._parts(at, stop, ends, keeps_quotes=False))

    def raw(self, at: int, stop: int, ends: str) -> tree.Word:
        """Return text up to one of `ends` as it stands, quotes and blanks too: `set` takes it so."""
        parts, start, end = self._parts(at, stop, ends, keeps_quotes=True)
        quoted = tuple(tree.Variable(part.name, True) if isinstance(part, tree.Variable) else part for part in parts)
        return tree.Word(quoted, start, end)

    def _parts(self, at: int, stop: int, ends: str, *, keeps_quotes: bool) -> tuple[tuple[tree.Part, ...], int, int]:
        text, start, run = self.text, at, at
        parts: list[tree.Part] = []
        in_quotes = False

        def flush(upto: int) -> None:
            if upto > run:
                parts.append(tree.Text(text[run:upto], in_quotes or keeps_quotes, run))

        while at < stop:
            character = text[at]
            if character == '"':
                flush(at + keeps_quotes)
                at += 1
                run, in_quotes = at, not in_quotes
                if in_quotes and not keeps_quotes:
                    parts.append(tree.Text("", True))
            elif character in "\r\n" or (character in ends and not in_quotes):
                break
            elif character == "^" and not in_quotes:
                flush(at)
                newline = _NEWLINE.match(text, at)
                run = newline.end() if newline is not None else at + 1
                at = run + (newline is None or text[run : run + 1] in ends)
            elif character == "%" or (character == "!" and self.is_delayed):
                found = self.variable(at, stop, in_quotes)
                if found is None:
                    if text.startswith("%%", at):
                        flush(at + 1)
                        run = at + 2
                    at += 2 if text.startswith("%%", at) else 1
                    continue
                flush(at)
                parts.append(found[0])
                at = run = found[1]
            else:
                at += 1
        flush(min(at, stop))
        return tuple(parts), start, min(at, stop)

    def blank(self, at: int, stop: int, more: str = "") -> int:
        """Return the offset behind blanks and continued lines."""
        while at < stop:
            if self.text[at] in " \t\x0b\x0c\xa0" + more:
                at += 1
            elif self.text[at] == "^" and (newline := _NEWLINE.match(self.text, at)):
                at = newline.end()
            else:
                break
        return min(at, stop)

    def redirect(self, at: int, stop: int, ends: str) -> tuple[tree.Redirect | None, int] | None:
        """Return the redirection at `at` (None for one to another stream) and its end; None where there is none."""
        found = _REDIRECT.match(self.text, at, stop)
        if found is None:
            return None
        if found["merged"]:
            return None, found.end()
        target = self.word(found.end(), stop, ends + " \t,;=")
        return tree.Redirect(found["operator"], target, at, target.end, found["descriptor"]), max(
            target.end, found.end()
        )

    def arguments(self, at: int, stop: int, ends: str) -> Iterator[tree.Word | tree.Redirect]:
        """Yield the words and redirections from `at` up to one of `ends`."""
        while (at := self.blank(at, stop)) < stop and self.text[at] not in ends + "\r\n":
            redirect = self.redirect(at, stop, ends)
            if redirect is not None:
                if redirect[0] is not None:
                    yield redirect[0]
                at = redirect[1]
                continue
            word = self.word(at, stop, ends + " \t<>")
            at = max(word.end, at + 1)
            yield word
