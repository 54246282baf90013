"""Shell patterns: what `${X#p}`, `${X/p/r}`, and `case` match."""

from __future__ import annotations

import re
from functools import lru_cache

from venvlint.values import CLOSE, OPEN, is_known, without_unknown

_MAGIC = re.compile(r"[*?\[]")
_UNKNOWN = re.compile(rf"{OPEN}[^{CLOSE}]*{CLOSE}|[][*?()|@+!\\]")  # what may stand for something else


@lru_cache(maxsize=512)
def _expression(pattern: str, greedy: bool) -> str:
    """Return a pattern as a regular expression."""
    out, at = "", 0
    star = ".*" if greedy else ".*?"
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            out += star
        elif character == "?":
            out += "."
        elif character == "[" and (close := pattern.find("]", at + 1)) > 0:
            inner = pattern[at:close].replace("\\", "\\\\").replace("[", "\\[")
            out += "[" + ("^" + inner[1:] if inner.startswith(("!", "^")) else inner) + "]"
            at = close + 1
        elif character == "\\" and at < len(pattern):
            out += re.escape(pattern[at])
            at += 1
        else:
            out += re.escape(character)
    return out


def matches(value: str, pattern: str) -> bool:
    """Tell whether a whole value matches a pattern."""
    try:
        return re.fullmatch(_expression(pattern, True), value, re.DOTALL) is not None
    except re.error:
        return False


def surely_matches(value: str, pattern: str) -> bool:
    """Tell whether a value matches a pattern of stars whatever its unknown parts are."""
    is_plain = is_known(pattern) and "?" not in pattern and "[" not in pattern
    return is_plain and matches(without_unknown(value), pattern)


def surely_differs(value: str, pattern: str) -> bool:
    """Tell whether a value can't match a pattern, whatever their unknown parts are: they start or end otherwise."""
    ends = [(_UNKNOWN.split(text)[0], _UNKNOWN.split(text)[-1]) for text in (value, pattern)]
    (start, end), (other_start, other_end) = ends
    is_possible = start.startswith(other_start) or other_start.startswith(start)
    return not is_possible or not (end.endswith(other_end) or other_end.endswith(end))


def has_magic(pattern: str) -> bool:
    """Tell whether a pattern can match anything but itself."""
    return _MAGIC.search(pattern) is not None


def remove(value: str, operator: str, pattern: str) -> str:
    """Return `${value#pattern}` and its like."""
    is_long = len(operator) == 2
    try:
        if operator[0] == "#":
            match = re.match(_expression(pattern, is_long), value, re.DOTALL)
            return value[match.end() :] if match else value
        expression = re.compile(f"(?:{_expression(pattern, True)})\\Z", re.DOTALL)
        starts = range(len(value) + 1) if is_long else range(len(value), -1, -1)
        for start in starts:
            if expression.match(value, start):
                return value[:start]
    except re.error:
        pass
    return value


def replace(value: str, operator: str, pattern: str, replacement: str) -> str:
    """Return `${value/pattern/replacement}`, `//` for every match."""
    if not pattern:
        return value
    count = 0 if operator == "//" else 1
    prefix = suffix = ""
    if operator == "/" and pattern[0] in "#%":
        prefix, suffix = ("", r"\Z") if pattern[0] == "%" else (r"\A", "")
        pattern = pattern[1:]
    try:
        expression = re.compile(f"{prefix}(?:{_expression(pattern, True)}){suffix}", re.DOTALL)
    except re.error:
        return value
    return expression.sub(lambda _: replacement, value, count=count)
