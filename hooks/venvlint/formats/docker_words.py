"""Words of ENV, ARG, and FROM to words of a shell that mean the same, with what the file has set put in.

A value here is what stands between double quotes in a shell: text with escapes, and `${NAME}` for what the file
doesn't set. https://docs.docker.com/reference/dockerfile/#environment-replacement
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.formats.dockerfile_reader import words
from venvlint.values import is_unknown, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#]")
_SPECIAL = re.compile(r'[\\"$`]')


def pairs(keyword: str, text: str, escape: str) -> Iterator[tuple[str, str | None]]:
    """Yield name and raw value of each assignment of an ENV or ARG; None for an ARG without a default."""
    found = [text[start:end] for start, end in words(text, escape)]
    if keyword == "ENV" and len(found) > 1 and "=" not in found[0]:  # ENV NAME all the rest
        yield found[0], text[len(found[0]) :].strip()
        return
    for word in found:
        name, equals, value = word.partition("=")
        yield name, value if equals else None


def expand(raw: str, values: Mapping[str, str], escape: str) -> str:
    """Return the value of a raw word, with the references to `values` replaced by theirs."""
    return "".join(_parts(raw, values, escape))


def quoted(text: str) -> str:
    """Return plain text as a value."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def plain(value: str) -> str:
    """Return a value as plain text: `$PATH` for what the image has, a mark for each other thing that isn't known."""
    value = re.sub(r"(?<!\\)\$\{(\w+)[^}]*\}", _unset, value)
    return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)


def _unset(reference: re.Match[str]) -> str:
    return "$PATH" if reference[1].upper() == "PATH" else unknown(reference[1])


def _parts(raw: str, values: Mapping[str, str], escape: str) -> Iterator[str]:
    at = 0
    quote = ""
    while at < len(raw):
        character = raw[at]
        at += 1
        if character == quote:
            quote = ""
        elif quote == "'":
            yield quoted(character)
        elif character in "'\"" and not quote:
            quote = character
        elif character == escape and at < len(raw):
            if quote and raw[at] not in ('"', "$", escape):
                yield quoted(character)
            yield quoted(raw[at])
            at += 1
        elif character == "$":
            value, at = _reference(raw, at, values, escape)
            yield value
        else:
            yield quoted(character)


def _reference(raw: str, at: int, values: Mapping[str, str], escape: str) -> tuple[str, int]:
    """Return the value of the reference whose `$` stands before `at`, and where it ends."""
    if not raw.startswith("{", at):
        name = _NAME.match(raw, at)
        return (values.get(name[0], f"${{{name[0]}}}"), name.end()) if name else (r"\$", at)
    name = _NAME.match(raw, at + 1)
    end = _closing(raw, at)
    if not name:
        return unknown(raw[at:end]), end
    operator = re.match(r":?[-+?]|[#%/]+|", raw[name.end() : end - 1])
    assert operator  # the pattern matches the empty string
    operand = expand(raw[name.end() + operator.end() : end - 1], values, escape)
    return _operation(name[0], operator[0], operand, values.get(name[0])), end


def _closing(raw: str, at: int) -> int:
    depth = 0
    for index in range(at, len(raw)):
        depth += {"{": 1, "}": -1}.get(raw[index], 0)
        if not depth:
            return index + 1
    return len(raw) + 1


def _operation(name: str, operator: str, operand: str, value: str | None) -> str:
    is_set = value is not None and not is_unknown(value) and (value != "" or not operator.startswith(":"))
    if operator[-1:] == "-":
        return value if is_set and value is not None else operand
    if operator[-1:] == "+":
        return operand if is_set else f"${{{name}{operator}{operand}}}" if value is None else ""
    if operator in ("", ":?", "?"):
        return f"${{{name}}}" if value is None else value
    return unknown(name + operator)
