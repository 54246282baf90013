"""Words to what they expand to: variables, defaults, substitutions whose output can be told, field splitting."""

from __future__ import annotations

import re
from collections.abc import Callable

from venvlint.environment import parameters, places
from venvlint.environment.fields import Field, Piece, split
from venvlint.environment.patterns import remove, replace
from venvlint.environment.state import ACTIVE_VARIABLES, State
from venvlint.shells import tree
from venvlint.values import OPEN, is_known, is_unknown, unknown

_AMBIGUOUS = re.compile(r"[\s/:;]+")
_CASES: dict[str, Callable[[str], str]] = {
    ",": lambda value: value[:1].lower() + value[1:],
    ",,": str.lower,
    "^": lambda value: value[:1].upper() + value[1:],
    "^^": str.upper,
}
_SLICE = re.compile(r"\s*(\d+)\s*(?::\s*(\d+)\s*)?")  # of `${array[@]:1:2}`
_LONGEST = 100_000  # characters of one value; a script that doubles a variable in a loop is cut off here


Output = Callable[[tree.Substitution, State], str | None]
Ending = Callable[[State], None]


class Expander:
    """Expands words.

    `output` runs a substitution's commands and returns what they print, None if that is unknown; `ending` is told of a
    shell that a word may end: `${VIRTUAL_ENV:?}`.
    """

    def __init__(self, output: Output, ending: Ending) -> None:
        self._output = output
        self._ending = ending

    def text(self, word: tree.Word | None, state: State) -> str:
        """Return a word as one string, as assignments, redirections, and `case` have it: never split."""
        if word is None:
            return ""
        return "".join(piece.text for piece in self.pieces(word, state))[:_LONGEST]

    def pieces(self, word: tree.Word, state: State) -> Field:
        """Return a word as one field with the places that its text comes from."""
        field: Field = []
        for index, part in enumerate(word.parts):
            if isinstance(part, tree.Text):
                text = part.text
                if index == 0 and not part.quoted and text.startswith("~"):
                    home = text.partition("/")[0]
                    field.append(Piece(_home(home, state)))
                    text, start = text[len(home) :], part.start + len(home)
                else:
                    start = part.start
                field.append(Piece(text, start))
            else:
                field.append(Piece(" ".join(self._values(part, state))))
        return field

    def fields(self, word: tree.Word, state: State) -> list[Field]:
        """Return the fields that a word of a command expands to: none, one, or several."""
        first = word.parts[0] if len(word.parts) == 1 else None
        if isinstance(first, tree.Text):
            return [self.pieces(word, state) if first.text.startswith("~") else [Piece(first.text, first.start)]]
        fields: list[Field] = []
        current: Field | None = None
        for index, part in enumerate(word.parts):
            if isinstance(part, tree.Text):
                current = [] if current is None else current
                if index == 0 and part.text.startswith("~"):
                    current.extend(self.pieces(tree.Word((part,), word.start, word.end), state))
                else:
                    current.append(Piece(part.text, part.start))
                continue
            values = self._values(part, state)
            if not part.quoted:
                values = [field for value in values for field in split(value, state.shell)]
                if len(values) == 1 and values[0] == "" and current is None:
                    continue
            elif isinstance(part, tree.Variable) and parameters.is_list(part) and not values:
                if current == [Piece("")] and index + 1 == len(word.parts):
                    current = None  # "$@" without arguments is no word at all
                continue
            for number, value in enumerate(values):
                if number:
                    fields.append(current or [])
                    current = None
                current = [] if current is None else current
                current.append(Piece(value))
        if current is not None:
            fields.append(current)
        return fields

    def _values(self, part: tree.Variable | tree.Substitution | tree.Opaque, state: State) -> list[str]:
        """Return what a part stands for: one string, or several for an array or the positional parameters."""
        if isinstance(part, tree.Opaque):
            return [unknown(part.text)]
        if isinstance(part, tree.Substitution):
            output = self._output(part, state)
            return [output] if output is not None else [unknown(f"substitution {id(part)}")]
        if parameters.is_list(part):
            values = parameters.list_of(part, state)
            if values is not None:
                return self._sliced(part, values)
            return [unknown(part.name if part.name != "*" else "@")]
        return [self._variable(part, state)]

    def _sliced(self, part: tree.Variable, values: list[str]) -> list[str]:
        if part.operator != ":" or part.operand is None:
            return values
        text = "".join(piece.text if isinstance(piece, tree.Text) else "?" for piece in part.operand.parts)
        bounds = _SLICE.fullmatch(text)
        if bounds is None:
            return [unknown(f"slice {id(part)}")]
        start = int(bounds[1]) - (part.name in "@*")  # "${@:1}" is all; $0 is none of them
        end = start + int(bounds[2]) if bounds[2] else len(values)
        return values[max(start, 0) : max(end, 0)]

    def _variable(self, part: tree.Variable, state: State) -> str:
        value = parameters.value_of(part, state)
        is_set = value is not None
        operator = part.operator
        if operator == "!":
            name = value or ""
            return state.text(name) if name.isidentifier() else unknown(f"indirect {name}")
        if not operator:
            if "u" in state.options and part.name in ACTIVE_VARIABLES and part.name not in state.variables:
                return self._demanded(part.name, state)
            return value or ""
        if operator.strip(":") in ("-", "=", "+", "?"):
            return self._defaulted(part, state, value, is_set)
        if part.operand is None or value is None:
            return value or ""
        operand = self.text(part.operand, state)
        if operator in _CASES and not operand and is_known(value):
            return _CASES[operator](value)
        if operator in ("#", "##", "%", "%%"):
            result = remove(value, operator, operand)
        elif operator in ("/", "//"):
            result = replace(value, operator, *self._halves(part.operand, state))
        else:
            result = value
            if operator != "@":
                return unknown(f"{part.name}{operator}{operand}")
        if result == value and not is_known(value) and not value.endswith(places.SYSTEM_PATH):
            return (
                value if is_known(operand) and "*" not in operand else unknown(_name(f"{part.name}{operator}{operand}"))
            )
        return result

    def _defaulted(self, part: tree.Variable, state: State, value: str | None, is_set: bool) -> str:
        """Return `${X:-operand}` and its like; a variable that the script doesn't set counts as unset."""
        is_foreign = part.name not in state.variables and not part.name.isdigit() and part.name not in "@*#?"
        if part.name.isdigit() and value is not None and is_unknown(value):
            is_foreign = True
        has_value = is_set and not is_foreign and (value != "" or not part.operator.startswith(":"))
        kind = part.operator[-1]
        if kind == "?":
            if is_foreign and part.name in ACTIVE_VARIABLES:
                return self._demanded(part.name, state)
            return value or ""
        if kind == "+":
            if is_foreign:
                return unknown(part.name)  # nobody knows whether it is set
            return self.text(part.operand, state) if has_value else ""
        if has_value:
            return value or ""
        default = self.text(part.operand, state)
        if default == "" and is_foreign and kind == "-":
            return value or ""  # `${CI:-}`: it may be set, or not
        if kind == "=":
            state.set(part.name, default)
        return default

    def _demanded(self, name: str, state: State) -> str:
        """Return a variable that says what is active: where nothing is, the shell ends here."""
        self._ending(state.fork())
        state.assume_active()
        return state.text(name)

    def _halves(self, operand: tree.Word, state: State) -> tuple[str, str]:
        """Return pattern and replacement of `${X/pattern/replacement}`, parted at the first slash that is bare."""
        halves = [[], []]  # type: list[list[tree.Part]]
        side = 0
        for part in operand.parts:
            if side == 0 and isinstance(part, tree.Text) and (slash := re.search(r"(?<!\\)/", part.text)):
                halves[0].append(tree.Text(part.text[: slash.start()], True))
                halves[1].append(tree.Text(part.text[slash.end() :], True))
                side = 1
            else:
                halves[side].append(part)
        pattern, replacement = (
            self.text(tree.Word(tuple(parts), operand.start, operand.end), state) for parts in halves
        )
        return pattern.replace("\\/", "/"), replacement.replace("\\/", "/")


def _name(text: str) -> str:
    """Return a name for an unknown value in which nothing looks like a path, a list, or several words."""
    return _AMBIGUOUS.sub("_", text.replace(OPEN, ""))


def _home(tilde: str, state: State) -> str:
    if tilde == "~":
        return state.text("HOME") or places.HOME
    return state.cwd if tilde == "~+" else f"/home/{tilde[1:]}"
