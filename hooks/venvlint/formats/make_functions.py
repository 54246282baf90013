"""Make's functions, on strings in which unknown parts are marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from venvlint.formats.make_reader import unnested
from venvlint.values import is_known, is_unknown, unknown

if TYPE_CHECKING:
    from venvlint.formats.make_values import Values

    Function = Callable[[Values, list[str]], str]

_WHICH = re.compile(r"\s*@?(?:which|command -v|type -p|whereis)\s+([\w.+-]+)\s*(?:2>.*|\|\|.*|;.*)?")


def untold(text: str) -> str:
    """Return a mark for what `text` comes to, of letters that are one word to a shell."""
    return unknown(text if text.isidentifier() else "-" + re.sub(r"\W+", "-", text))


def call(name: str, values: Values, arguments: list[str]) -> str:
    """Return what `$(name arguments)` comes to."""
    return FUNCTIONS[name](values, arguments)


def split(text: str) -> list[str]:
    """Return a function's arguments, not yet expanded; commas within parentheses don't separate."""
    found, start, depth = [], 0, 0
    for at, letter in unnested(text):
        depth += (letter in "({") - (letter in ")}")
        if letter == "," and not depth:
            found.append(text[start:at])
            start = at + 1
    return [*found, text[start:]]


def patsubst(pattern: str, replacement: str, text: str) -> str:
    """Return the words of `text`, those that fit `pattern` replaced."""
    return " ".join(_patsubst_word(pattern, replacement, word) for word in text.split())


def _patsubst_word(pattern: str, replacement: str, word: str) -> str:
    head, percent, tail = pattern.partition("%")
    if not percent:
        return replacement if word == pattern else word
    if len(word) < len(head) + len(tail) or not (word.startswith(head) and word.endswith(tail)):
        return word
    return replacement.replace("%", word[len(head) : len(word) - len(tail)], 1)


def _shell(values: Values, arguments: list[str]) -> str:
    command = values.expand(",".join(arguments))
    which = _WHICH.fullmatch(command)
    return which[1] if which else untold(f"shell {command}")


def _if(values: Values, arguments: list[str]) -> str:
    condition = values.expand(arguments[0]).strip()
    chosen = [values.expand(argument.strip()) for argument in (*arguments[1:3], "")][:2]
    if is_known(condition):
        return chosen[0] if condition else chosen[1]
    return chosen[0] if chosen[0] == chosen[1] else untold(f"if {','.join(arguments)}")


def _or(values: Values, arguments: list[str]) -> str:
    found = [values.expand(argument.strip()) for argument in arguments]
    return next((value for value in found if value and not is_unknown(value)), found[-1])


def _and(values: Values, arguments: list[str]) -> str:
    found = [values.expand(argument.strip()) for argument in arguments]
    return found[-1] if all(value and is_known(value) for value in found) else untold("-and")


def _call(values: Values, arguments: list[str]) -> str:
    name = values.expand(arguments[0]).strip()
    return values.with_scope(values.parameters(name, arguments[1:])).reference(name)


def _foreach(values: Values, arguments: list[str]) -> str:
    name, words = values.expand(arguments[0]).strip(), values.expand(arguments[1]).split()
    return " ".join(values.with_scope({name: word}).expand(",".join(arguments[2:])) for word in words[:100])


def _words(change: Callable[..., str], count: int) -> Function:
    """Return a function that expands its `count` arguments, the last one with its commas, and then changes them."""

    def function(values: Values, arguments: list[str]) -> str:
        last = ",".join(arguments[count - 1 :])
        given = [values.expand(argument) for argument in (*arguments[: count - 1], last)]
        return change(*given) if len(given) == count else untold("...")

    return function


def _each(change: Callable[[str], str]) -> Function:
    return _words(lambda text: " ".join(change(word) for word in text.split()), 1)


def _absolute(path: str) -> str:
    return path if path.startswith("/") or not is_known(path[:1]) else f"{unknown('PWD')}/{path}"


def _nothing(_values: Values, _arguments: list[str]) -> str:
    return ""


def _untold(_values: Values, arguments: list[str]) -> str:
    return untold(",".join(arguments))


FUNCTIONS: dict[str, Function] = {
    "abspath": _each(_absolute),
    "addprefix": _words(lambda prefix, text: " ".join(prefix + word for word in text.split()), 2),
    "addsuffix": _words(lambda suffix, text: " ".join(word + suffix for word in text.split()), 2),
    "and": _and,
    "basename": _each(lambda word: re.sub(r"\.[^./]*\Z", "", word)),
    "call": _call,
    "dir": _each(lambda word: word[: word.rfind("/") + 1] or "./"),
    "error": _nothing,
    "eval": _nothing,
    "file": _untold,
    "filter": _untold,
    "filter-out": _untold,
    "findstring": _untold,
    "firstword": _words(lambda text: (text.split() or [""])[0], 1),
    "flavor": _untold,
    "foreach": _foreach,
    "if": _if,
    "info": _nothing,
    "join": _untold,
    "lastword": _words(lambda text: (text.split() or [""])[-1], 1),
    "notdir": _each(lambda word: word[word.rfind("/") + 1 :]),
    "or": _or,
    "origin": _untold,
    "patsubst": _words(patsubst, 3),
    "realpath": _each(_absolute),
    "shell": _shell,
    "sort": _words(lambda text: " ".join(sorted(set(text.split()))), 1),
    "strip": _words(lambda text: " ".join(text.split()), 1),
    "subst": _words(lambda before, after, text: text.replace(before, after) if before else text, 3),
    "suffix": _untold,
    "value": _untold,
    "warning": _nothing,
    "wildcard": _untold,
    "word": _untold,
    "wordlist": _untold,
    "words": _untold,
}
