r"""Text of a makefile to its statements, as GNU make splits it: rules, recipe lines, assignments, conditionals.

https://www.gnu.org/software/make/manual/make.html#Parsing-Makefiles. A reader of our own, since what is needed is every
character's place through `\`, `define`, and expansion, and since a grammar for editors gives up on conditionals that
cut through recipes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from venvlint.formats.pieces import Line, Piece, built, lines_of
from venvlint.source import Builder


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name operator value`; `targets` where it holds for them only; `is_multiline` for `define`."""

    name: Piece
    operator: str  # "=", ":=", "?=", "+=", "!="
    value: Piece
    modifiers: frozenset[str] = frozenset()
    targets: Piece | None = None
    is_multiline: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """`targets: prerequisites`, the recipe lines follow."""

    targets: Piece
    prerequisites: Piece  # with `|` before those that are order-only


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """One line of a recipe, continuations with it, as the shell gets it once it is expanded."""

    text: Piece


@dataclass(frozen=True, slots=True)
class Directive:
    """`ifeq (a,b)`, `else`, `endif`, `include`, `export`, `unexport`, `undefine`, or, without a word, an expression."""

    word: str
    arguments: Piece


Statement = Assignment | Rule | RecipeLine | Directive

_DIRECTIVES = frozenset(
    {"-include", "else", "endif", "export", "ifdef", "ifeq", "ifndef", "ifneq", "include", "sinclude"}
    | {"undefine", "unexport", "vpath"}
)
_MODIFIERS = frozenset({"export", "override", "private", "unexport"})
_WORD = re.compile(r"\s*(\S+)\s*")
_OPERATOR = re.compile(r"(:{1,3}=|[?+!]?=)|:")
_DEFINE = re.compile(r"\s*((?:(?:override|export|private)\s+)*)define\s+(.*?)\s*(:{0,3}=|[?+!]=)?\s*\Z", re.DOTALL)


def statements(text: str) -> Iterator[Statement]:
    """Yield a makefile's statements in order."""
    lines = lines_of(text)
    prefix = "\t"
    is_in_rule = False
    at = 0
    while at < len(lines):
        if is_in_rule and lines[at].text.startswith(prefix):
            recipe, at = _recipe_line(lines, at, prefix)
            yield RecipeLine(recipe)
            continue
        line, at = _logical_line(lines, at)
        define = _DEFINE.match(line.text)
        if define:
            body, at = _define_body(lines, at)
            name = line.cut(define.start(2), define.end(2))
            yield Assignment(name, define[3] or "=", body, frozenset(define[1].split()), is_multiline=True)
            is_in_rule = False
            continue
        for statement in _statement(line):
            is_in_rule = isinstance(statement, Rule | RecipeLine) or (is_in_rule and isinstance(statement, Directive))
            if isinstance(statement, Assignment):
                is_in_rule = statement.targets is not None
                if statement.name.text == ".RECIPEPREFIX":
                    prefix = statement.value.text[:1] or "\t"
            yield statement


def closing(text: str, at: int) -> int:
    """Return the offset after the parenthesis or brace that closes the one at `at`; the text's end where none does."""
    opener = text[at]
    closer = ")" if opener == "(" else "}"
    depth = 0
    for index in range(at, len(text)):
        depth += (text[index] == opener) - (text[index] == closer)
        if not depth:
            return index + 1
    return len(text)


def unnested(text: str, start: int = 0) -> Iterator[tuple[int, str]]:
    """Yield offset and character of what stands outside of `$(...)` and `${...}`."""
    at = start
    while at < len(text):
        if text[at] == "$" and text[at + 1 : at + 2] in ("(", "{"):
            at = closing(text, at + 1)
        elif text[at] == "$":
            at += 2
        else:
            yield at, text[at]
            at += 1


def _continues(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _recipe_line(lines: list[Line], at: int, prefix: str) -> tuple[Piece, int]:
    builder = Builder()
    while True:
        text, start = lines[at]
        cut = len(prefix) if text.startswith(prefix) else 0
        builder.add(text[cut:], start + cut)
        at += 1
        if not _continues(text) or at == len(lines):
            return built(builder, start + cut), at
        builder.add("\n", lines[at].start - 1)


def _logical_line(lines: list[Line], at: int) -> tuple[Piece, int]:
    """Return a line with those that it continues on, comment taken off, and the number of the line after it."""
    builder = Builder()
    begin = lines[at].start
    text, start = lines[at]
    at += 1
    while _continues(text) and at < len(lines):
        builder.add(text[:-1].rstrip(), start)
        builder.replace(" ", start + len(text) - 1)
        following = lines[at]
        text = following.text.lstrip()
        start = following.start + len(following.text) - len(text)
        at += 1
    builder.add(text, start)
    whole = built(builder, begin)
    comment = next(
        (index for index, letter in unnested(whole.text) if letter == "#" and not _escaped(whole, index)), -1
    )
    return (whole.cut(0, comment) if comment >= 0 else whole), at


def _escaped(piece: Piece, at: int) -> bool:
    return _continues(piece.text[:at])


def _define_body(lines: list[Line], at: int) -> tuple[Piece, int]:
    builder = Builder()
    begin = lines[at].start if at < len(lines) else 0
    depth = 1
    joint = ""
    while at < len(lines):
        text, start = lines[at]
        at += 1
        depth += bool(_DEFINE.match(text)) - bool(re.match(r"\s*endef\b", text))
        if not depth:
            break
        if joint == " ":  # a continuation: one space stands for all white space around it
            start += len(text) - len(text.lstrip())
            text = text.lstrip()
        if joint:
            builder.replace(joint, lines[at - 1].start - 1)
        joint = " " if _continues(text) else "\n"
        builder.add(text[:-1].rstrip() if joint == " " else text, start)
    return built(builder, begin), at


def _statement(line: Piece) -> Iterator[Statement]:
    word = _WORD.match(line.text)
    if not word:
        return
    assignment = _assignment(line)
    if assignment:
        yield assignment
    elif word[1] in _DIRECTIVES or re.match(r"(ifn?eq|else)\b", word[1]):
        name = re.match(r"-?\w+", word[1])
        assert name  # it is one of the words above
        yield Directive(name[0], line.cut(word.start(1) + name.end()).strip())
    else:
        yield from _rule(line)


def _assignment(line: Piece, targets: Piece | None = None) -> Assignment | None:
    """Return the assignment that a line is; a colon that isn't part of the operator makes it a rule."""
    for at, letter in unnested(line.text):
        if letter not in ":=?+!":
            if letter == ";":
                return None
            continue
        operator = _OPERATOR.match(line.text, at)
        if not operator:
            continue
        if not operator[1]:
            return None
        left = line.cut(0, at).strip()
        modifiers = set()
        while (word := _WORD.match(left.text)) and word[1] in _MODIFIERS and word.end() < len(left.text):
            modifiers.add(word[1])
            left = left.cut(word.end())
        is_one_word = " " not in re.sub(r"\$[({].*[)}]", "", left.text)
        if not left.text or not (is_one_word or targets):
            return None
        kind = ":=" if operator[1].startswith(":") else operator[1]
        value = line.cut(operator.end())
        return Assignment(
            left, kind, value.cut(len(value.text) - len(value.text.lstrip())), frozenset(modifiers), targets
        )
    return None


def _rule(line: Piece) -> Iterator[Statement]:
    text = line.text
    colon = next((at for at, letter in unnested(text) if letter == ":"), None)
    if colon is None:
        yield Directive("", line)
        return
    after = colon + 1 + text.startswith("::", colon)
    targets = line.cut(0, colon).strip()
    rest = line.cut(after)
    assignment = _assignment(rest, targets)
    if assignment:
        yield assignment
        return
    semicolon = next((at for at, letter in unnested(rest.text) if letter == ";"), None)
    yield Rule(targets, rest.cut(0, semicolon).strip())
    if semicolon is not None:
        yield RecipeLine(rest.cut(semicolon + 1).strip())
