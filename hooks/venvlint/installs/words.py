"""A command line's words to options and arguments, the ways of optparse, argparse, getopt and clap."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from venvlint.values import CLOSE, OPEN, is_known, is_unknown

# Each spelling of an option, to what it sets and its action: "value" and "values" (repeatable) take one, "true",
# "false" and "count" take none, "help" prints something and ends the program.
Options = Mapping[str, tuple[str, str]]

_MARK = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")
_TAKES_VALUE = frozenset({"value", "values"})
_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
_FALSE = frozenset({"n", "no", "f", "false", "off", "0"})


class Refused(Exception):  # noqa: N818 - an outcome rather than an error of ours
    """The program would print something and end, or refuse its command line: nothing is installed."""


@dataclass(slots=True)
class Parsed:
    """What a command line says: options and arguments in order, arguments under the name ""."""

    given: list[tuple[str, str]] = field(default_factory=list)
    has_unknown_words: bool = False

    @property
    def arguments(self) -> list[str]:
        """The words that are no options, in order."""
        return self.all("")

    def all(self, name: str) -> list[str]:
        """Every value given for `name`, in order."""
        return [value for given, value in self.given if given == name]

    def last(self, name: str) -> str | None:
        """The value of `name` that counts; of a flag "1" or "0"."""
        values = self.all(name)
        return values[-1] if values else None

    def has(self, name: str) -> bool:
        """Tell whether the flag `name` is set."""
        return self.last(name) == "1"


def table(values: str, flags: str, endings: str) -> dict[str, tuple[str, str]]:
    """Make a table from options' names: those that take a value, those that don't, those that end the program.

    A letter is the short form of the name in front of it.
    """
    rows: dict[str, tuple[str, str]] = {}
    for names, action in ((values, "value"), (flags, "true"), (endings, "help")):
        last = ""
        for name in names.split():
            last = last if name.startswith("-") else name
            rows[name if name.startswith("-") else f"--{name}"] = (last, action)
    return rows


def boolean(value: str | None) -> bool:
    """Read a variable's value as pip, uv and click do; unset, empty and unknown ones are false."""
    if not value or not is_known(value) or value.lower() in _FALSE:
        return False
    if value.lower() in _TRUE:
        return True
    raise Refused(value)


def is_true(value: str) -> bool:
    """Tell whether `value` is one of the words for true."""
    return value.lower() in _TRUE


def base_name(path: str) -> str:
    """Return the name of the program at `path` in lower case, without .exe; an unknown part counts as a digit.

    The name is empty where nothing of it is known.
    """
    name = re.split(r"[/\\]", _MARK.sub("\0", path))[-1].lstrip("\0").replace("\0", "0").lower()
    return re.sub(r"\.(exe|bat|cmd)$", "", name)


def is_path(program: str) -> bool:
    """Tell whether `program` is found by path rather than looked up on PATH."""
    bare = _MARK.sub("\0", program)
    return "/" in bare or "\\" in bare or (bare.startswith("\0") and bare != "\0")


def parse(
    words: Sequence[str], options: Options, *, abbreviates: bool = True, equals: bool = False, stops: bool = False
) -> Parsed:
    """Read `words` by a table of options.

    `abbreviates`: long options may be cut down to a prefix that is unique. `equals`: a value may stick to a short
    option by "=", too (-n=x). `stops`: the first argument ends the options; it and all that follows are arguments. An
    option that the table lacks is a flag of no effect, for installers of other versions know others. Raises Refused.
    """
    parsed = Parsed()
    rest = deque(words)
    while rest:
        word = rest.popleft()
        if word == "--":
            break
        if not word.startswith("-") or word == "-":
            parsed.has_unknown_words |= is_unknown(word)
            parsed.given.append(("", word))
            if stops:
                break
        elif word.startswith("--"):
            _long(parsed, word, rest, options, abbreviates)
        else:
            _bundle(parsed, word, rest, options, equals)
    parsed.given += [("", word) for word in rest]
    return parsed


def _long(parsed: Parsed, word: str, rest: deque[str], options: Options, abbreviates: bool) -> None:
    written, equals, value = word.partition("=")
    if not is_known(written):
        parsed.has_unknown_words = True
        return
    name = _spelled_out(written, options) if abbreviates else written
    if name in options:
        _store(parsed, options[name], value if equals else None, rest)


def _spelled_out(written: str, options: Options) -> str:
    if written in options:
        return written
    found = [name for name in options if name.startswith(written)]
    if len(found) > 1:
        raise Refused(written)
    return found[0] if found else written


def _bundle(parsed: Parsed, word: str, rest: deque[str], options: Options, equals: bool) -> None:
    letters = word[1:]
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter == OPEN:
            parsed.has_unknown_words = True
            return
        option = options.get(f"-{letter}")
        if option and option[1] in _TAKES_VALUE:
            _store(parsed, option, (letters.removeprefix("=") if equals else letters) or None, rest)
            return
        if option:
            _store(parsed, option, None, rest)


def _store(parsed: Parsed, option: tuple[str, str], value: str | None, rest: deque[str]) -> None:
    name, action = option
    if action == "help":
        raise Refused(name)
    if action in _TAKES_VALUE:
        if value is None:
            if not rest:
                raise Refused(name)
            value = rest.popleft()
    elif value is not None:
        raise Refused(name)
    else:
        value = "0" if action == "false" else "1"
    parsed.given.append((name, value))
