"""What make's variables come to, as far as the makefiles alone tell: the rest is marked as unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from venvlint.formats import make_functions
from venvlint.formats.make_reader import closing, unnested
from venvlint.formats.pieces import Piece
from venvlint.source import Builder
from venvlint.values import is_known, unknown

_MOST_NESTED = 40
_MOST_REFERENCES = 3_000
_LONGEST = 20_000
_FUNCTION = re.compile(r"([a-z][a-z-]*)(?:[ \t]+|\Z)")
# Programs that are found on PATH, so that whichever a makefile picks makes no difference here.
_ON_PATH = re.compile(r"(py|python|pip)[\d.]*(\.exe)?( -m pip)?\s*")
_BUILT_IN = {"CURDIR": unknown("PWD"), "MAKE": "make", "RM": "rm -f", "SHELL": "/bin/sh", "NULL": ""}
_SILENCER = re.compile(r"[@+-]*\s*")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable's text, expanded where it is read if `is_recursive`. `piece`: the text where it stands in the host."""

    value: str
    is_recursive: bool
    piece: Piece | None = None  # of a multi-line one


Scope = Mapping[str, str]
Variables = Mapping[str, Variable]


class Values:
    """The values of one state of the variables, with those of `scope` before them: `$@`, `$1`, target-specific ones."""

    def __init__(self, variables: Variables, scope: Scope | None = None) -> None:
        self.variables = variables
        self.scope = scope or {}
        self.active: frozenset[str] = frozenset()
        self.depth = 0
        self.budget = [_MOST_REFERENCES]  # shared by those made of this one

    def expand(self, text: str) -> str:
        """Return `text` with its references replaced, those that can't be told by marks."""
        if "$" not in text:
            return text
        return "".join(value if end is None else text[at:end] for at, end, value in self._parts(text))

    def expand_piece(self, piece: Piece, builder: Builder) -> None:
        """Append what `piece` expands to: each reference's value stands where the reference does."""
        for at, end, value, next_at in self._spans(piece.text):
            if end is not None:
                builder.extend(piece.text, piece.offsets, at, end)
                continue
            inner = self._canned(piece.text[at:next_at])
            if inner:
                values, body = inner
                values.expand_piece(body, builder)
            elif value:
                span = piece.offsets.span(at, next_at)
                builder.replace(value, span.start, span.end - span.start)

    def reference(self, name: str) -> str:
        """Return the value of the variable called `name`."""
        if name in self.scope:
            return self.scope[name]
        variable = self.variables.get(name)
        if variable is None:
            return _BUILT_IN.get(name, make_functions.untold(name))
        if not variable.is_recursive:
            return variable.value
        if name in self.active or not self._may_go_on():
            return make_functions.untold(name)
        return self._deeper(name=name).expand(variable.value)

    def with_scope(self, scope: Scope) -> Values:
        """Return the same with `scope` in front."""
        return self._deeper({**self.scope, **scope})

    def _deeper(self, scope: Scope | None = None, name: str = "") -> Values:
        values = Values(self.variables, self.scope if scope is None else scope)
        values.active, values.depth, values.budget = self.active | {name}, self.depth + 1, self.budget
        return values

    def _may_go_on(self) -> bool:
        self.budget[0] -= 1
        return self.depth < _MOST_NESTED and self.budget[0] > 0

    def _parts(self, text: str) -> list[tuple[int, int | None, str]]:
        parts = [(at, end, value) for at, end, value, _ in self._spans(text)]
        return parts if sum(len(value) for *_, value in parts) < _LONGEST else [(0, None, make_functions.untold("..."))]

    def _spans(self, text: str) -> list[tuple[int, int | None, str, int]]:
        """Return literal stretches (from, to, "", to) and references (from, None, value, to)."""
        found: list[tuple[int, int | None, str, int]] = []
        at = 0
        while at < len(text):
            dollar = text.find("$", at)
            if dollar < 0 or dollar + 1 >= len(text):
                found.append((at, len(text), "", len(text)))
                break
            if dollar > at:
                found.append((at, dollar, "", dollar))
            following = text[dollar + 1]
            end = closing(text, dollar + 1) if following in "({" else dollar + 2
            value = (
                "$" if following == "$" else self._inner(text[dollar + 2 : end - 1] if end > dollar + 2 else following)
            )
            found.append((dollar, None, value, end))
            at = end
        return found

    def _inner(self, content: str) -> str:
        """Return the value of what stands between the parentheses of a reference."""
        function = _FUNCTION.match(content)
        if not self._may_go_on():
            return make_functions.untold(content)
        if function and function[1] in make_functions.FUNCTIONS and function.end() > function.end(1):
            return make_functions.call(function[1], self._deeper(), make_functions.split(content[function.end() :]))
        colon = next((at for at, letter in unnested(content) if letter == ":"), None)
        if colon is not None and "=" in content[colon:]:
            before, _, after = self.expand(content[colon + 1 :]).partition("=")
            value = self.reference(self.expand(content[:colon]))
            pattern = before if "%" in before else f"%{before}"
            return make_functions.patsubst(pattern, after if "%" in before else f"%{after}", value)
        name = self.expand(content)
        return self.reference(name) if is_known(name) else make_functions.untold(name)

    def _canned(self, text: str) -> tuple[Values, Piece] | None:
        """Return a multi-line variable's body, where `text` is a reference or a call of one."""
        match = re.fullmatch(r"\$[({](?:call[ \t]+)?([\w.-]+)(,.*)?[)}]", text, re.DOTALL)
        variable = self.variables.get(match[1]) if match else None
        if not match or not variable or not variable.piece or match[1] in self.active or not self._may_go_on():
            return None
        return self.with_scope(
            self.parameters(match[1], make_functions.split(match[2][1:]) if match[2] else [])
        ), variable.piece

    def parameters(self, name: str, arguments: list[str]) -> dict[str, str]:
        """Return `$0`, `$1`, ... of a call."""
        given = {str(number): self.expand(argument) for number, argument in enumerate(arguments, 1)}
        return {"0": name, **{str(number): "" for number in range(len(given) + 1, 10)}, **given}


def merged(name: str, found: list[Variable | None], condition: str) -> Variable | None:
    """Return what a variable is after a conditional whose branches leave it as `found`; None: it isn't set."""
    variables = [variable for variable in found if variable is not None]
    texts = {variable.value.strip() for variable in variables}
    if not variables:
        return None
    if len(variables) == len(found) and len(texts) == 1:
        return variables[-1]
    if len(variables) < len(found) and len(texts) == 1 and re.search(rf"\b{re.escape(name)}\b", condition):
        return variables[-1]  # `ifndef X`, `X = default`
    if all(_SILENCER.fullmatch(text) for text in texts):
        return Variable("", is_recursive=False)
    if all(_ON_PATH.fullmatch(text) for text in texts) and len(variables) == len(found):
        return variables[-1]
    return Variable(make_functions.untold(name), is_recursive=False)
