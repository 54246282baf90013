"""Words of csh: quotes, variables, which are lists, backticks, redirections, and here-documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from venvlint.shells import tree
from venvlint.shells.reader import quoted

_VARIABLE = re.compile(
    r"\$(?:(?P<sign>[?#%])?(?P<brace>\{)?(?P<inner>[?#%])?(?P<name>[A-Za-z_]\w*|\d+|\*)"
    r"(?P<index>\[[^\]\n]*\])?(?P<modifier>(?::(?:g?[a-zA-Z&]))*)(?(brace)\})|[$<!])"
)
_REDIRECT = re.compile(r"(?P<operator><<|<|>>?&?!?)[ \t]*")
_ENDS = " \t\r\n;&|<>()"
# The shell's own variables that stand for one of the environment's.
_LINKED = {"argv": "@", "*": "@", "cwd": "PWD", "home": "HOME", "path": "PATH"}
Nested = Callable[[int, int], tree.Node]


class Words:
    """Reads words from a script's text. `nested` parses the commands in a range."""

    def __init__(self, text: str, nested: Nested) -> None:
        self.text = text
        self._nested = nested
        self.skips: dict[int, int] = {}  # ends of lines, and where the here-documents behind them end
        self.broken: int | None = None  # where a quote begins that nothing ends: csh gives up there

    def blank(self, at: int, stop: int) -> int:
        """Return the offset behind blanks, continued lines, and a comment."""
        text = self.text
        while at < stop:
            if text[at] in " \t\r":
                at += 1
            elif text.startswith(("\\\n", "\\\r\n"), at):
                at = text.index("\n", at) + 1
            elif text[at] == "#" and (at == 0 or text[at - 1] in " \t\r\n;&|()"):
                end = text.find("\n", at, stop)
                at = stop if end < 0 else end
            else:
                break
        return min(at, stop)

    def word(self, at: int, stop: int) -> tree.Word:
        text, start = self.text, at
        parts: list[tree.Part] = []
        while at < stop and text[at] not in _ENDS and not text.startswith(("\\\n", "\\\r\n"), at):
            character = text[at]
            if character in "'\"`":
                end = self._closing(at, stop)
                if character == "`":
                    parts.append(tree.Substitution(self._nested(at + 1, end)))
                elif character == "'":
                    parts.append(tree.Text(text[at + 1 : end], True, at + 1))
                else:
                    parts.append(tree.Text("", True))
                    parts.extend(self._quoted(at + 1, end))
                at = min(end + 1, stop)
            elif character == "$" and (found := _VARIABLE.match(text, at, stop)):
                parts.append(_variable(found, is_list=True))
                at = found.end()
            elif character == "\\" and at + 1 < stop:
                parts.append(tree.Text(text[at + 1], True, at + 1))
                at += 2
            else:
                end = at + 1
                while end < stop and text[end] not in _ENDS + "'\"`$\\":
                    end += 1
                parts.append(tree.Text(text[at:end], False, at))
                at = end
        return tree.Word(tuple(parts), start, at)

    def _closing(self, at: int, stop: int) -> int:
        """Return the offset of the quote that ends the one at `at`; it has to stand on the same line."""
        found = re.compile(rf"(?:\\\r?\n|[^{self.text[at]}\n])*").match(self.text, at + 1, stop)
        end = found.end() if found is not None else stop
        if end >= stop or self.text[end] == "\n":
            self.broken = at if self.broken is None else self.broken
            return stop
        return end

    def _quoted(self, at: int, end: int) -> Iterator[tree.Part]:
        text = self.text

        def part(at: int) -> tuple[tree.Part, int] | None:
            if text[at] == "`":
                close = self._closing(at, end)
                return tree.Substitution(self._nested(at + 1, close), True), min(close + 1, end)
            found = _VARIABLE.match(text, at, end)
            return (_variable(found, is_list=False), found.end()) if found is not None else None

        return quoted(text, at, end, part)

    def redirect(self, at: int, stop: int) -> tuple[tree.Redirect, int] | None:
        """Return the redirection at an offset and the offset behind it."""
        found = _REDIRECT.match(self.text, at, stop)
        if found is None:
            return None
        target = self.word(found.end(), stop)
        operator = found["operator"]
        if operator == "<<":
            body = self._document(self.text[target.start : target.end].strip("'\"\\"), target.end, stop)
            return tree.Redirect("<<", body, at, target.end), target.end
        return tree.Redirect(operator.rstrip("!&"), target, at, target.end), max(target.end, found.end())

    def _document(self, mark: str, at: int, stop: int) -> tree.Word:
        """Return the lines of a here-document, which begin behind this line or behind the one before on it."""
        line = self.text.find("\n", at, stop)
        line = stop if line < 0 else line
        start = self.skips.get(line, min(line + 1, stop))
        end = re.compile(rf"^{re.escape(mark)}\r?$", re.MULTILINE).search(self.text, start, stop)
        self.skips[line] = min(end.end() + 1, stop) if end is not None else stop
        close = end.start() if end is not None else stop
        return tree.Word((tree.Text(self.text[start:close], True, start),), start, close)


def _variable(found: re.Match[str], *, is_list: bool) -> tree.Part:
    name = found["name"]
    linked = _LINKED.get(name, name) if name else ""
    is_odd = not name or found["sign"] or found["inner"] or found["modifier"] not in ("", ":q")
    index = (found["index"] or "").strip("[]")
    if is_odd or (linked == "PATH" and index and index != "*") or (name == "path" and not is_list):
        return tree.Opaque(re.sub(r"\W+", "_", found[0]), True)
    if linked == "@" and index.isdigit():
        return tree.Variable(index, not is_list)
    if index and index != "*":
        is_number = index.isdigit() and index != "0"
        return (
            tree.Variable(linked, not is_list, index=str(int(index) - 1))
            if is_number
            else tree.Opaque(f"item of {name}", True)
        )
    is_scalar = linked in ("PATH", "PWD", "HOME") or linked.isdigit()
    return tree.Variable(linked, not is_list, index="@" if is_list and not is_scalar and linked != "@" else "")
