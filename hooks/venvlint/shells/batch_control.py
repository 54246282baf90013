"""`if` and `for` of a batch file to the tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.shells import tree

if TYPE_CHECKING:
    from venvlint.shells.batch import Reader

_NEGATION = re.compile(r"(?i)not(?=\s)")
_ASKS = re.compile(r"(?i)(errorlevel|exist|defined|cmdextversion)(?=\s)")
_COMPARES = re.compile(r"(?i)(equ|neq|lss|leq|gtr|geq)(?=\s)")
_ELSE = re.compile(r"(?i)\s*else(?=[\s(])")
_LOOP = re.compile(
    r"(?i)(?P<options>(?:/[dflr]\b\s*(?:\"[^\"]*\"|(?!%%)[^\s(]+(?=\s+%%))?\s*)*)%%(?P<name>\S)\s+in\s*\("
)
_DO = re.compile(r"(?i)\s*do\b\s*")


def condition(reader: Reader, start: int) -> tree.Node:
    """Return an `if` whose keyword, which began at `start`, has been read."""
    condition = _condition(reader)
    body = _command_or_nothing(reader)
    otherwise = None
    found = _ELSE.match(reader.text, reader.at, reader.stop)
    if found is not None and "\n" not in found[0]:
        reader.at = found.end()
        otherwise = _command_or_nothing(reader)
    return tree.If(((condition, body),), otherwise, start, reader.at)


def _command_or_nothing(reader: Reader) -> tree.Node:
    """Return the command that `if` or `for` runs: all of the line, or what stands in parentheses."""
    start = reader.at = reader.words.blank(reader.at, reader.stop)
    if reader.peek() == "(":
        return reader.block()
    items: list[tree.Node] = []
    while reader.at < reader.stop and reader.peek() not in "\r\n" and not (reader.peek() == ")" and reader.blocks):
        before = reader.at
        node = reader.alternative()
        items += [node] if node is not None else []
        if _ELSE.match(reader.text, reader.at, reader.stop) or (reader.peek() != "&" and reader.at > before):
            break
        reader.at += 1
    return items[0] if len(items) == 1 else tree.Sequence(tuple(items), start, reader.at)


def _condition(reader: Reader) -> tree.Node:
    reader.at = reader.words.blank(reader.at, reader.stop)
    start = reader.at
    if reader.text[reader.at : reader.at + 2].lower() == "/i":
        reader.at = reader.words.blank(reader.at + 2, reader.stop)
    negated = _NEGATION.match(reader.text, reader.at, reader.stop)
    if negated is not None:
        reader.at = reader.words.blank(negated.end(), reader.stop)
    asked = _ASKS.match(reader.text, reader.at, reader.stop)
    if asked is not None:
        reader.at = reader.words.blank(asked.end(), reader.stop)
        operand = _operand(reader, " \t")
        node = _asked(reader, asked[1].lower(), operand, start)
    else:
        node = _comparison(reader, start)
    return tree.Not(node, start, reader.at) if negated is not None else node


def _operand(reader: Reader, ends: str) -> tree.Word:
    word = reader.words.word(reader.at, reader.stop, ends + reader.ends)
    reader.at = max(word.end, reader.at)
    return word


def _asked(reader: Reader, question: str, operand: tree.Word, start: int) -> tree.Node:
    if question == "exist":
        return _test((tree.literal("-e", start), operand), start, reader.at)
    if question == "defined":
        text = tree.text_of(operand)
        return _test((tree.literal("-v", start), tree.literal(text.upper(), start)), start, reader.at)
    return tree.Command((tree.literal("((", start),), start, reader.at)


def _comparison(reader: Reader, start: int) -> tree.Node:
    left = _operand(reader, " \t=")
    reader.at = reader.words.blank(reader.at, reader.stop)
    if reader.text.startswith("==", reader.at):
        reader.at = reader.words.blank(reader.at + 2, reader.stop)
        right = _operand(reader, " \t(" if reader.peek() == '"' else " \t")
        return _test((left, tree.literal("==", start), right), start, reader.at)
    compared = _COMPARES.match(reader.text, reader.at, reader.stop)
    if compared is None:
        return tree.Command((tree.literal("((", start),), start, reader.at)
    reader.at = reader.words.blank(compared.end(), reader.stop)
    right = _operand(reader, " \t")
    operator = {"equ": "==", "neq": "!="}.get(compared[1].lower())
    if operator is None:
        return tree.Command((tree.literal("((", start),), start, reader.at)
    return _test((left, tree.literal(operator, start), right), start, reader.at)


def loop(reader: Reader, start: int) -> tree.Node:
    """Return a `for` whose keyword, which began at `start`, has been read."""
    reader.at = reader.words.blank(reader.at, reader.stop)
    found = _LOOP.match(reader.text, reader.at, reader.stop)
    if found is None:
        reader.unparsed.append(tree.Unparsed(start, reader.at))
        reader.skip_line()
        reader.at -= 1
        return tree.Unparsed(start, reader.at)
    reader.at = found.end()
    is_known = not found["options"].strip()
    close = _set_end(reader)
    words, code = _set(reader, close, is_file="/f" in found["options"].lower(), is_known=is_known)
    reader.at = min(close + 1, reader.stop)
    do = _DO.match(reader.text, reader.at, reader.stop)
    reader.at = do.end() if do is not None else reader.at
    reader.words.loops.append(found["name"])
    body = _command_or_nothing(reader)
    reader.words.loops.pop()
    loop = tree.For(f"%{found['name']}", words, body, start, reader.at, is_select=not is_known)
    return loop if code is None else tree.Sequence((code, loop), start, reader.at)


def _set_end(reader: Reader) -> int:
    """Return the offset of the parenthesis that closes the set of a `for`."""
    at, depth, in_quotes = reader.at, 0, ""
    while at < reader.stop:
        character = reader.text[at]
        if in_quotes:
            in_quotes = "" if character == in_quotes else in_quotes
        elif character in "\"'`" and (character == '"' or at == reader.words.blank(reader.at, reader.stop)):
            in_quotes = character
        elif character == "(":
            depth += 1
        elif character == ")":
            if not depth:
                return at
            depth -= 1
        at += 1
    return at


def _set(
    reader: Reader, close: int, *, is_file: bool, is_known: bool
) -> tuple[tuple[tree.Word, ...], tree.Node | None]:
    """Return the words of a `for`'s set, or the command whose output it takes."""
    at = reader.words.blank(reader.at, close, "\r\n")
    if is_file and reader.text[at : at + 1] in ("'", "`"):
        end = reader.text.rfind(reader.text[at], at + 1, close)
        return (), _code(reader, at + 1, end if end > at else close)
    words: list[tree.Word] = []
    while is_known and (at := reader.words.blank(at, close, ",;=\r\n")) < close:
        word = reader.words.word(at, close, " \t,;=")
        words.append(word)
        at = max(word.end, at + 1)
    return tuple(words), None


def _code(reader: Reader, start: int, end: int) -> tree.Node:
    """Return the commands of `for /f`, which run in a cmd of their own."""
    at, stop, blocks = reader.at, reader.stop, reader.blocks
    reader.at, reader.stop, reader.blocks = start, end, 0
    items: list[tree.Node] = []
    while reader.at < reader.stop:
        items += reader.line()
    reader.at, reader.stop, reader.blocks = at, stop, blocks
    return tree.Scope(tree.Sequence(tuple(items), start, end), True, start, end, "for /f")


def _test(words: tuple[tree.Word, ...], start: int, end: int) -> tree.Node:
    return tree.Command((tree.literal("[", start), *words, tree.literal("]", end)), start, end)
