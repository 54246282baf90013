"""Batch files to a tree of commands, by a reader of our own.

tree-sitter-batch leaves out the `not` and `exist` of an `if`, doesn't part a word's text from the variables in it, and
reads some plain scripts as one stretch of errors; what is left doesn't tell which environment is active. cmd reads a
file line by line, and so does this.
"""

from __future__ import annotations

import re
from typing import Literal

from venvlint.shells import tree
from venvlint.shells.batch_words import Words

_DEEPEST = 60
_LABEL = re.compile(r"[ \t,;=@]*:[ \t]*([^\s:+,;=&|<>()][^\s:+,;=&|<>]*)?")
_KEYWORD = re.compile(r"(?i)(if|for|rem)(?=[\s(,;=/\"]|$)")
# Commands of cmd's own whose name may touch what follows: `cd..`, `echo.`, `exit/b`, `call:label`.
_TOUCHING = re.compile(
    r"(?i)(call|cd|chdir|del|echo|erase|exit|goto|md|mkdir|path|popd|pushd|rd|rmdir|set)(?=[.\\/:+\[\](,;=\"]|\s|$)(?!\.\w)"
)
_NEGATION = re.compile(r"(?i)not(?=\s)")
_ASKS = re.compile(r"(?i)(errorlevel|exist|defined|cmdextversion)(?=\s)")
_COMPARES = re.compile(r"(?i)(equ|neq|lss|leq|gtr|geq)(?=\s)")
_ELSE = re.compile(r"(?i)\s*else(?=[\s(])")
_LOOP = re.compile(
    r"(?i)(?P<options>(?:/[dflr]\b\s*(?:\"[^\"]*\"|(?!%%)[^\s(]+(?=\s+%%))?\s*)*)%%(?P<name>\S)\s+in\s*\("
)
_DO = re.compile(r"(?i)\s*do\b\s*")
_IDLE = re.compile(r"(?i)[\s@()]*(?:(?:echo|pause|exit|endlocal|goto|rem|cls|title|color|popd|cd|cmd\s+/k)\b.*|::.*|)")
_MAY_END = re.compile(r"(?i)activate|\.bat|\.cmd|%|!")
_SEPARATORS = " \t,;=@"


def parse(text: str) -> tuple[tree.Node, tuple[tree.Unparsed, ...]]:
    """Return the tree of a batch file, parted at its labels, and the stretches that can't be made sense of."""
    reader = _Reader(text)
    return reader.program(), tuple(reader.unparsed)


class _Reader:
    """Reads one file from its first character to its last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.stop = len(text)
        self.words = Words(text)
        self.unparsed: list[tree.Unparsed] = []
        self.blocks = 0  # parentheses that are open
        self._depth = 0

    def program(self) -> tree.Node:
        parts: list[tuple[str, tree.Node]] = []
        label, items, start = "", list[tree.Node](), 0
        while self.at < self.stop:
            line = self.at
            found = _LABEL.match(self.text, self.at)
            if found is not None:
                if found[1] and not self.text.startswith(
                    "::", found.start(0) + len(found[0]) - len(found[0].lstrip(" \t,;=@"))
                ):
                    parts.append((label, tree.Sequence(tuple(items), start, self.at)))
                    label, items, start = found[1].lower(), [], self.at
                self._skip_line()
                continue
            items += self._line()
            if self.at <= line:
                self._skip_line()
            elif _MAY_END.search(self.text, line, self.at) and not self._is_idle_from(self.at):
                word = tree.Word((tree.Text(":end-of-line", True),), self.at, self.at)
                items.append(tree.Command((word,), self.at, self.at))
        parts.append((label, tree.Sequence(tuple(items), start, self.stop)))
        return tree.Labelled(tuple(parts), 0, self.stop)

    def _is_idle_from(self, at: int) -> bool:
        """Tell whether no line from `at` on does anything."""
        return all(_IDLE.fullmatch(line) for line in self.text[at : at + 20_000].splitlines())

    def _skip_line(self) -> None:
        end = self.text.find("\n", self.at, self.stop)
        self.at = self.stop if end < 0 else end + 1

    @property
    def _ends(self) -> str:
        return "&|)" if self.blocks else "&|"

    def _peek(self) -> str:
        return self.text[self.at] if self.at < self.stop else ""

    # Lists

    def _line(self) -> list[tree.Node]:
        """Return the commands of a line, which `&` parts; read up to behind its end."""
        items: list[tree.Node] = []
        while self.at < self.stop:
            self.at = self.words.blank(self.at, self.stop, ",;=")
            if self._peek() in ("\r", "\n"):
                self._skip_line()
                break
            if self._peek() == ")" and self.blocks:
                break
            before = self.at
            node = self._or()
            if node is not None:
                items.append(node)
            if self._peek() == "&" or self.at == before:
                self.at += 1
        return items

    def _or(self) -> tree.Node | None:
        return self._chain("||")

    def _chain(self, operator: Literal["&&", "||"]) -> tree.Node | None:
        """Return commands joined by `||`, or by `&&`, which binds tighter."""
        start = self.at
        first = self._chain("&&") if operator == "||" else self._pipeline()
        rest: list[tuple[Literal["&&", "||"], tree.Node]] = []
        while self.text.startswith(operator, self.at):
            self.at = self.words.blank(self.at + 2, self.stop)
            right = self._chain("&&") if operator == "||" else self._pipeline()
            if right is not None:
                rest.append((operator, right))
        if first is None or not rest:
            return first
        return tree.AndOr(first, tuple(rest), start, self.at)

    def _pipeline(self) -> tree.Node | None:
        start = self.at
        parts = [self._command()]
        while self._peek() == "|" and not self.text.startswith("||", self.at):
            self.at += 1
            parts.append(self._command())
        found = tuple(part for part in parts if part is not None)
        if len(found) > 1:
            return tree.Pipeline(found, start, self.at)
        return found[0] if found else None

    # Commands

    def _command(self) -> tree.Node | None:
        self.at = self.words.blank(self.at, self.stop, _SEPARATORS.strip())
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                self.unparsed.append(tree.Unparsed(self.at, self.at))
                self._skip_line()
                return None
            if self._peek() == "(":
                return self._block()
            if self._peek() == ":":  # inside of parentheses: a label, which people use as a comment
                end = self.text.find("\n", self.at, self.stop)
                self.at = self.stop if end < 0 else end
                return None
            keyword = _KEYWORD.match(self.text, self.at, self.stop)
            if keyword is None:
                return self._simple()
            if keyword[1].lower() == "rem":
                end = self.text.find("\n", self.at, self.stop)
                self.at = self.stop if end < 0 else end
                return None
            start, self.at = self.at, keyword.end()
            return self._if(start) if keyword[1].lower() == "if" else self._for(start)
        finally:
            self._depth -= 1

    def _block(self) -> tree.Node:
        start = self.at
        self.at += 1
        self.blocks += 1
        items: list[tree.Node] = []
        while self.at < self.stop and self._peek() != ")":
            before = self.at
            items += self._line()
            if self.at == before:
                self.at += 1
        self.at = min(self.at + 1, self.stop)
        self.blocks -= 1
        body = tree.Sequence(tuple(items), start, self.at)
        redirects = tuple(item for item in self._rest() if isinstance(item, tree.Redirect))
        return tree.Redirected(body, redirects, start, self.at) if redirects else body

    def _rest(self) -> list[tree.Word | tree.Redirect]:
        """Return redirections behind parentheses."""
        items: list[tree.Word | tree.Redirect] = []
        while True:
            at = self.words.blank(self.at, self.stop)
            found = self.words.redirect(at, self.stop, self._ends)
            if found is None:
                return items
            items += [found[0]] if found[0] is not None else []
            self.at = found[1]

    def _simple(self) -> tree.Node | None:
        start, ends = self.at, self._ends
        items: list[tree.Word | tree.Redirect] = []
        name = _TOUCHING.match(self.text, self.at, self.stop)
        if name is not None:
            items.append(tree.Word((tree.Text(name[1], False, start),), start, name.end()))
            self.at = name.end()
            if name[1].lower() in ("set", "path"):
                self.at = self.words.blank(self.at, self.stop)
                items += self._raw(ends)
        if name is None or name[1].lower() not in ("set", "path"):
            for item in self.words.arguments(self.at, self.stop, ends):
                items.append(item)
            self.at = self._behind(items, ends)
        if not items:
            return None
        words = tuple(item for item in items if isinstance(item, tree.Word))
        redirects = tuple(item for item in items if isinstance(item, tree.Redirect))
        end = max(word.end for word in words) if words else self.at
        return tree.Command(words, start, end, (), redirects)

    def _raw(self, ends: str) -> list[tree.Word | tree.Redirect]:
        word = self.words.raw(self.at, self.stop, ends + "<>")
        self.at = word.end
        return [word, *self._rest()]

    def _behind(self, items: list[tree.Word | tree.Redirect], ends: str) -> int:
        """Return the offset behind a command: at what ends it."""
        at = max([self.at, *(item.end for item in items)])
        while at < self.stop and self.text[at] not in ends + "\r\n":
            if self.text[at] == "^" and (newline := re.compile(r"\^\r?\n").match(self.text, at)):
                at = newline.end()
            else:
                at += 1
        return at

    # Control

    def _if(self, start: int) -> tree.Node:
        condition = self._condition()
        body = self._command_or_nothing()
        otherwise = None
        found = _ELSE.match(self.text, self.at, self.stop)
        if found is not None and "\n" not in found[0]:
            self.at = found.end()
            otherwise = self._command_or_nothing()
        return tree.If(((condition, body),), otherwise, start, self.at)

    def _command_or_nothing(self) -> tree.Node:
        """Return the command that `if` or `for` runs: all of the line, or what stands in parentheses."""
        start = self.at = self.words.blank(self.at, self.stop)
        if self._peek() == "(":
            return self._block()
        items: list[tree.Node] = []
        while self.at < self.stop and self._peek() not in "\r\n" and not (self._peek() == ")" and self.blocks):
            before = self.at
            node = self._or()
            items += [node] if node is not None else []
            if _ELSE.match(self.text, self.at, self.stop) or (self._peek() != "&" and self.at > before):
                break
            self.at += 1
        return items[0] if len(items) == 1 else tree.Sequence(tuple(items), start, self.at)

    def _condition(self) -> tree.Node:
        self.at = self.words.blank(self.at, self.stop)
        start = self.at
        if self.text[self.at : self.at + 2].lower() == "/i":
            self.at = self.words.blank(self.at + 2, self.stop)
        negated = _NEGATION.match(self.text, self.at, self.stop)
        if negated is not None:
            self.at = self.words.blank(negated.end(), self.stop)
        asked = _ASKS.match(self.text, self.at, self.stop)
        if asked is not None:
            self.at = self.words.blank(asked.end(), self.stop)
            operand = self._operand(" \t")
            node = self._asked(asked[1].lower(), operand, start)
        else:
            node = self._comparison(start)
        return tree.Not(node, start, self.at) if negated is not None else node

    def _operand(self, ends: str) -> tree.Word:
        word = self.words.word(self.at, self.stop, ends + self._ends)
        self.at = max(word.end, self.at)
        return word

    def _asked(self, question: str, operand: tree.Word, start: int) -> tree.Node:
        if question == "exist":
            return _test((_literal("-e", start), operand), start, self.at)
        if question == "defined":
            text = "".join(part.text for part in operand.parts if isinstance(part, tree.Text))
            return _test((_literal("-v", start), _literal(text.upper(), start)), start, self.at)
        return tree.Command((_literal("((", start),), start, self.at)

    def _comparison(self, start: int) -> tree.Node:
        left = self._operand(" \t=")
        self.at = self.words.blank(self.at, self.stop)
        if self.text.startswith("==", self.at):
            self.at = self.words.blank(self.at + 2, self.stop)
            right = self._operand(" \t(" if self._peek() == '"' else " \t")
            return _test((left, _literal("==", start), right), start, self.at)
        compared = _COMPARES.match(self.text, self.at, self.stop)
        if compared is None:
            return tree.Command((_literal("((", start),), start, self.at)
        self.at = self.words.blank(compared.end(), self.stop)
        right = self._operand(" \t")
        operator = {"equ": "==", "neq": "!="}.get(compared[1].lower())
        if operator is None:
            return tree.Command((_literal("((", start),), start, self.at)
        return _test((left, _literal(operator, start), right), start, self.at)

    def _for(self, start: int) -> tree.Node:
        self.at = self.words.blank(self.at, self.stop)
        found = _LOOP.match(self.text, self.at, self.stop)
        if found is None:
            self.unparsed.append(tree.Unparsed(start, self.at))
            self._skip_line()
            self.at -= 1
            return tree.Unparsed(start, self.at)
        self.at = found.end()
        is_known = not found["options"].strip()
        close = self._set_end()
        words, code = self._set(close, is_file="/f" in found["options"].lower(), is_known=is_known)
        self.at = min(close + 1, self.stop)
        do = _DO.match(self.text, self.at, self.stop)
        self.at = do.end() if do is not None else self.at
        self.words.loops.append(found["name"])
        body = self._command_or_nothing()
        self.words.loops.pop()
        loop = tree.For(f"%{found['name']}", words, body, start, self.at, is_select=not is_known)
        return loop if code is None else tree.Sequence((code, loop), start, self.at)

    def _set_end(self) -> int:
        """Return the offset of the parenthesis that closes the set of a `for`."""
        at, depth, in_quotes = self.at, 0, ""
        while at < self.stop:
            character = self.text[at]
            if in_quotes:
                in_quotes = "" if character == in_quotes else in_quotes
            elif character in "\"'`" and (character == '"' or at == self.words.blank(self.at, self.stop)):
                in_quotes = character
            elif character == "(":
                depth += 1
            elif character == ")":
                if not depth:
                    return at
                depth -= 1
            at += 1
        return at

    def _set(self, close: int, *, is_file: bool, is_known: bool) -> tuple[tuple[tree.Word, ...], tree.Node | None]:
        """Return the words of a `for`'s set, or the command whose output it takes."""
        at = self.words.blank(self.at, close, "\r\n")
        if is_file and self.text[at : at + 1] in ("'", "`"):
            end = self.text.rfind(self.text[at], at + 1, close)
            return (), self._code(at + 1, end if end > at else close)
        words: list[tree.Word] = []
        while is_known and (at := self.words.blank(at, close, ",;=\r\n")) < close:
            word = self.words.word(at, close, " \t,;=")
            words.append(word)
            at = max(word.end, at + 1)
        return tuple(words), None

    def _code(self, start: int, end: int) -> tree.Node:
        """Return the commands of `for /f`, which run in a cmd of their own."""
        at, stop, blocks = self.at, self.stop, self.blocks
        self.at, self.stop, self.blocks = start, end, 0
        items: list[tree.Node] = []
        while self.at < self.stop:
            items += self._line()
        self.at, self.stop, self.blocks = at, stop, blocks
        return tree.Scope(tree.Sequence(tuple(items), start, end), True, start, end, "for /f")


def _literal(text: str, start: int) -> tree.Word:
    return tree.Word((tree.Text(text, True),), start, start)


def _test(words: tuple[tree.Word, ...], start: int, end: int) -> tree.Node:
    return tree.Command((_literal("[", start), *words, _literal("]", end)), start, end)
