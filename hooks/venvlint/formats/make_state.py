"""What reading a makefile leaves behind: variables, what is exported, and targets with their recipes."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from venvlint.formats.make_functions import untold
from venvlint.formats.make_reader import Assignment, Directive, RecipeLine, Rule, Statement, statements
from venvlint.formats.make_values import Values, Variable, merged
from venvlint.source import Source
from venvlint.values import is_known, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.formats.pieces import Piece

_MOST_INCLUDED = 50


@dataclass(slots=True)
class Target:
    """A rule: the first of its targets names it."""

    name: str
    names: list[str]
    prerequisites: list[str]
    newer: list[str]  # `$^`: without the order-only ones
    recipe: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class _Branches:
    """A conditional: the variables before it, and those that each of its branches left."""

    before: dict[str, Variable]
    condition: str
    ends: list[dict[str, Variable]] = field(default_factory=list)
    has_else: bool = False


class Reading:
    """Takes a makefile's statements; afterwards, says what its recipes are run with."""

    def __init__(self, path: str, read: Read) -> None:
        self.path, self.read = path, read
        self.variables: dict[str, Variable] = {".SHELLFLAGS": Variable("-c", is_recursive=False)}
        self.specific: dict[str, dict[str, Variable]] = {}
        self.exports: dict[str, bool] = {"PATH": True}
        self.targets: list[Target] = []
        self.by_name: dict[str, list[Target]] | None = None  # once all are read
        self.pieces: list[Piece] = []  # of this file, what may hold `$(shell ...)`
        self.open: list[_Branches] = []
        self.included: list[str] = []
        self.is_one_shell = False
        self.exports_all = False
        self.is_host = True

    def take(self, statement: Statement) -> None:
        """Take the next statement."""
        if isinstance(statement, Assignment):
            self._note(statement.value)
            self._assign(statement)
        elif isinstance(statement, Rule):
            self._note(statement.prerequisites)
            self._rule(statement)
        elif isinstance(statement, RecipeLine):
            self._note(statement.text)
            if self.is_host and self.targets:
                self.targets[-1].recipe.append(statement.text)
        else:
            self._note(statement.arguments)
            self._directive(statement)

    def close_all(self) -> None:
        """End the conditionals that the file leaves open."""
        while self.open:
            self._close()

    def values(self, target: Target | None = None) -> Values:
        """Return the values that a target's recipe is expanded with, or those at the end of the makefiles."""
        if target is None:
            return Values(self.variables)
        newer = [name for each in self.targets if each.name == target.name for name in each.newer]
        scope = {"@": target.name, "<": "".join(newer[:1]), "^": " ".join(dict.fromkeys(newer)), "+": " ".join(newer)}
        if "%" in target.name + scope["^"]:
            scope = {name: untold(name) for name in scope}
        for name in ("@", "<", "^"):
            scope[f"{name}D"] = posixpath.dirname(scope[name]) or "."
            scope[f"{name}F"] = posixpath.basename(scope[name])
        scope.update({name: untold(name) for name in "*?%|"})
        return Values({**self.variables, **self._specific(target)}, scope)

    def exported(self, values: Values) -> Iterator[tuple[str, str]]:
        """Yield the variables that recipes find in their environment; `$PATH` in them is what make was started with."""
        for name in values.variables if self.exports_all else self.exports:
            if (
                name in values.variables
                and self.exports.get(name, self.exports_all)
                and re.fullmatch(r"[A-Za-z_]\w*", name)
            ):
                yield name, values.reference(name).replace(unknown("PATH"), "$PATH")

    def before(self, target: Target) -> tuple[str, ...]:
        """Return the machines of what `target` needs, the nearest last."""
        found = [other.name for other in self._needed(target, set()) if other is not target]
        return tuple(dict.fromkeys(f"target {name}" for name in found if name != target.name))

    def ordered(self) -> list[Target]:
        """Return the targets such that what one needs comes before it."""
        seen: set[int] = set()
        return [each for target in self.targets for each in self._needed(target, seen)]

    def _note(self, piece: Piece) -> None:
        if (self.is_host and "$(shell" in piece.text) or "${shell" in piece.text:
            self.pieces.append(piece)

    def _needed(self, target: Target, seen: set[int]) -> list[Target]:
        """Return the targets that `target` needs and haven't been seen, in order, and itself last."""
        if self.by_name is None:
            self.by_name = {}
            for each in self.targets:
                for name in each.names:
                    self.by_name.setdefault(name, []).append(each)
        found: list[Target] = []
        waiting = [(target, False)]
        while waiting:
            each, is_done = waiting.pop()
            if is_done:
                found.append(each)
            elif id(each) not in seen:
                seen.add(id(each))
                waiting.append((each, True))
                needed = [name for other in self.by_name.get(each.name, ()) for name in other.prerequisites]
                waiting.extend(
                    (other, False) for name in reversed(needed) for other in reversed(self.by_name.get(name, ()))
                )
        return found

    def _assign(self, statement: Assignment) -> None:
        values = self.values()
        name = values.expand(statement.name.text)
        if not is_known(name):
            return
        for target in values.expand(statement.targets.text).split() if statement.targets else [""]:
            variables = self.specific.setdefault(target, {}) if target else self.variables
            variables[name] = self._variable(statement, variables.get(name) or self.variables.get(name))
        if statement.modifiers & {"export", "unexport"}:
            self.exports[name] = "export" in statement.modifiers

    def _variable(self, statement: Assignment, old: Variable | None) -> Variable:
        text = statement.value.text
        operator = statement.operator
        if operator == "?=" and old:
            return old
        if operator == "!=":
            return Variable(self.values().expand(f"$(shell {text})"), is_recursive=False)
        if operator == ":=":
            return Variable(self.values().expand(text), is_recursive=False)
        if operator == "+=" and old:
            more = text if old.is_recursive else self.values().expand(text)
            return Variable(f"{old.value} {more}".lstrip(), old.is_recursive)
        piece = statement.value if statement.is_multiline and self.is_host else None
        return Variable(text, is_recursive=True, piece=piece)

    def _rule(self, statement: Rule) -> None:
        names = self.values().expand(statement.targets.text).replace("&", " ").split()
        newer, _, only_first = self.values().expand(statement.prerequisites.text).partition("|")
        _, colon, pattern_needs = newer.partition(":")  # `a.o b.o: %.o: %.c`
        self.is_one_shell |= ".ONESHELL" in names
        self.exports_all |= ".EXPORT_ALL_VARIABLES" in names
        if self.is_host:
            needed = (pattern_needs if colon else newer).split()
            self.targets.append(Target(names[0] if names else "", names, [*needed, *only_first.split()], needed))

    def _directive(self, statement: Directive) -> None:
        word, arguments = statement.word, statement.arguments.text
        if word.startswith("if"):
            self.open.append(_Branches(dict(self.variables), arguments))
        elif word == "else" and self.open:
            branches = self.open[-1]
            branches.ends.append(self.variables)
            branches.condition += " " + arguments
            branches.has_else = not arguments.strip()
            self.variables = dict(branches.before)
        elif word == "endif" and self.open:
            self._close()
        elif word in ("include", "-include", "sinclude"):
            for path in self.values().expand(arguments).split():
                self._include(path)
        elif word in ("export", "unexport"):
            names = self.values().expand(arguments).split()
            self.exports.update(dict.fromkeys(names, word == "export"))
            self.exports_all |= word == "export" and not names
        elif word == "undefine":
            self.variables.pop(arguments.strip(), None)

    def _close(self) -> None:
        branches = self.open.pop()
        ends = [*branches.ends, self.variables, *([] if branches.has_else else [branches.before])]
        result: dict[str, Variable] = {}
        for name in dict.fromkeys(name for end in ends for name in end):
            variable = merged(name, [end.get(name) for end in ends], branches.condition)
            if variable:
                result[name] = variable
        self.variables = result

    def _include(self, path: str) -> None:
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), path))
        if not is_known(path) or len(self.included) >= _MOST_INCLUDED or beside in self.included:
            return
        self.included.append(beside)
        data = self.read(beside)
        if data is None:
            data = self.read(posixpath.normpath(path))
        if data is None:
            return
        was_host, self.is_host = self.is_host, False
        depth = len(self.open)
        for statement in statements(Source(beside, data).text):
            self.take(statement)
        while len(self.open) > depth:
            self._close()
        self.is_host = was_host

    def _specific(self, target: Target) -> dict[str, Variable]:
        """Return the target's own variables; where only some of those that need it have one, it can't be told."""
        own = {name: value for each in target.names for name, value in self.specific.get(each, {}).items()}
        inherited: dict[str, Variable] = {}
        for other in self.targets if self.specific else ():
            if other is target or not any(name in self.specific for name in other.names):
                continue
            if any(each is target for each in self._needed(other, set())):
                for name in other.names:
                    inherited.update(dict.fromkeys(self.specific.get(name, {}), Variable("", is_recursive=False)))
        return {**{name: Variable(untold(name), is_recursive=False) for name in inherited}, **own}
