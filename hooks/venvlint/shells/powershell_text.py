"""What PowerShell's text is made of: names of variables, and where quotes and brackets close."""

from __future__ import annotations

import re

from venvlint.shells import tree

SINGLE, DOUBLE = "'\u2018\u2019\u201a\u201b", '"\u201c\u201d\u201e'  # the curly ones are quotes to PowerShell, too
HERE = re.compile(r"@[\"'][ \t]*\r?\n")
_CANONICAL = {name.upper(): name for name in ("pythonLocation", "Python_ROOT_DIR", "Python3_ROOT_DIR")}
_AUTOMATIC = {"pwd": "PWD", "home": "HOME", "psscriptroot": "PSScriptRoot", "psitem": "_"}
_CONSTANTS = {"true": "True", "false": "False", "null": ""}


def environment_name(name: str) -> str:
    """Return the one spelling under which an environment variable is kept: Windows doesn't tell cases apart."""
    return _CANONICAL.get(name.upper(), name.upper())


def variable_name(name: str) -> str:
    """Return the name that a variable is kept under: capitals in the environment, small letters in PowerShell."""
    scope, colon, rest = name.partition(":")
    if colon and scope.lower() == "env":
        return environment_name(rest)
    plain = (rest if colon else name).lower()
    return _AUTOMATIC.get(plain, f"_{plain}" if plain.isdigit() else plain)


def variable(written: str, *, is_list: bool = False) -> tree.Part:
    """Return what `$name` stands for. A list keeps its items apart where a command gets it as an argument."""
    name = written.strip("${}")
    if name.lower() in _CONSTANTS:
        return tree.Text(_CONSTANTS[name.lower()], True)
    if name.lower() == "args":
        return tree.Variable("@", True)
    return tree.Variable(variable_name(name), True, index="@" if is_list else "")


def string_end(text: str, at: int, stop: int) -> int:
    """Return the offset behind a string literal that begins at `at`."""
    here = HERE.match(text, at)
    if here is not None:
        quotes = SINGLE if text[at + 1] in SINGLE else DOUBLE
        close = re.compile(rf"\r?\n[{quotes}]@").search(text, here.end() - 1, stop)
        return close.end() if close is not None else stop
    quotes, at = SINGLE if text[at] in SINGLE else DOUBLE, at + 1
    while at < stop:
        if text[at] in quotes:
            if at + 1 >= stop or text[at + 1] not in quotes:
                return at + 1
            at += 1
        elif quotes is DOUBLE and text[at] == "`":
            at += 1
        elif quotes is DOUBLE and text.startswith("$(", at):
            at = closing(text, at + 1, stop)
        at += 1
    return stop


def closing(text: str, at: int, stop: int) -> int:
    """Return the offset of the bracket that closes the one at `at`, `stop` where there is none."""
    depth = 0
    while at < stop:
        character = text[at]
        if character in SINGLE or character in DOUBLE or HERE.match(text, at):
            at = string_end(text, at, stop)
            continue
        if character == "`":
            at += 1
        elif character == "#" and text[at - 1 : at] in " \t\r\n;({":
            line_end = text.find("\n", at, stop)
            at = stop if line_end < 0 else line_end
        elif text.startswith("<#", at):
            close = text.find("#>", at, stop)
            at = stop if close < 0 else close + 1
        elif character in "({[":
            depth += 1
        elif character in ")}]":
            depth -= 1
            if depth <= 0:
                return at
        at += 1
    return stop
