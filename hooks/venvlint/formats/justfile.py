"""Justfiles: each recipe line in a shell of its own, recipes that begin with `#!` as one script."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from venvlint.formats import argv, machine_scripts
from venvlint.formats.pieces import Piece
from venvlint.model import Script, Skipped
from venvlint.source import Builder, Offsets
from venvlint.values import is_known, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.source import Source

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_RECIPE = re.compile(r"@?(?P<name>[A-Za-z_][\w-]*)(?:\s+[^:=\n]*(?:=[^:\n]*)?)?:(?!=)")
_ASSIGNMENT = re.compile(r"(?P<export>export\s+)?(?P<name>[A-Za-z_][\w-]*)\s*:=\s*(?P<value>.*)")
_SHELL = re.compile(r"set\s+shell\s*:=\s*\[(?P<words>[^\]]*)\]")
_EXPORTS = re.compile(r"set\s+export\s*(?::=\s*true\s*)?$")
_STRING = re.compile(r"\"((?:\\.|[^\"\\])*)\"|'([^']*)'")
_TERM = re.compile(
    r"""\s*(?:(?P<string>f?"(?:\\.|[^"\\])*"|'[^']*')|(?P<env>env(?:_var)?(?:_or_default)?)\(\s*["'](?P<of>\w+)["'][^)]*\)
    |(?P<name>[A-Za-z_][\w-]*)(?!\())\s*(?P<operator>[+/])?""",
    re.VERBOSE,
)
_INTERPOLATION = re.compile(r"(?<!\{)\{\{(?!\{)(?P<name>.*?)\}\}")
_PREFIX = re.compile(r"[@-]{0,2}[ \t]*")


@dataclass(slots=True)
class _Justfile:
    """What a justfile has set so far; settings and variables hold for all of its recipes."""

    shell: argv.Interpreter | None = field(default_factory=lambda: argv.Interpreter("sh", "", 0))
    values: dict[str, str] = field(default_factory=dict)
    exported: dict[str, str] = field(default_factory=dict)
    exports_all: bool = False

    def read(self, line: str) -> None:
        if match := _SHELL.match(line):
            words = ["".join(found) for found in _STRING.findall(match["words"])]
            self.shell = argv.shell_of(words) if words else self.shell
        elif _EXPORTS.match(line):
            self.exports_all = True
        elif match := _ASSIGNMENT.match(line):
            value = self.value(match["value"], is_exported=bool(match["export"]))
            self.values[match["name"]] = value.replace("$PATH", unknown("PATH"))
            if match["export"] or self.exports_all:
                self.exported[match["name"]] = value

    def value(self, expression: str, *, is_exported: bool) -> str:
        """Return what an expression comes to: strings and names, joined by `+` and `/`."""
        found, at = "", 0
        while match := _TERM.match(expression, at):
            if match["string"] is not None:
                found += match["string"][1:-1]
            elif match["env"]:
                found += "$PATH" if match["of"] == "PATH" and is_exported else unknown(match["of"])
            else:
                found += self.values.get(match["name"], unknown(machine_scripts.mark(match["name"])))
            at = match.end()
            if match["operator"] is None:
                break
            found += "/" if match["operator"] == "/" else ""
        rest = expression[at:].strip()
        return unknown(machine_scripts.mark(expression)) if not at or (rest and not rest.startswith("#")) else found


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield what the recipes run."""
    del read  # modules and imports are justfiles of their own
    whole = Piece(source.text, Offsets.shifted(0))
    lines = [match.span() for match in _LINE.finditer(source.text) if match[0]]
    justfile = _Justfile()
    for start, end in lines:
        justfile.read(source.text[start:end])
    name, body = "", list[Piece]()
    for start, end in lines:
        text = source.text[start:end]
        if text[:1] in " \t" and name:
            body.append(whole.cut(start, end))
        elif text.strip():
            yield from _recipe(justfile, name, body)
            recipe = _RECIPE.match(text)
            name, body = (recipe["name"] if recipe else ""), []
    yield from _recipe(justfile, name, body)


def _recipe(justfile: _Justfile, name: str, body: list[Piece]) -> Iterator[Script]:
    machine = f"recipe {name}"
    variables = tuple(justfile.exported.items())
    first = next((piece.strip().text for piece in body if piece.text.strip()), "")
    if first.startswith("#!"):
        shell = argv.shebang(first)
        if shell is not None:
            script = _filled(_joined(body), justfile)
            yield machine_scripts.line(
                script, shell.shell, machine=machine, name="recipe", variables=variables, options=shell.options
            )
        return
    if justfile.shell is None:
        return  # another program's lines
    for logical in _logical(body):
        piece = logical.strip()
        piece = _filled(piece.cut(_prefix(piece.text)), justfile)
        if piece.text and not piece.text.startswith("#"):
            yield machine_scripts.line(
                piece,
                justfile.shell.shell,
                machine=machine,
                name="recipe line",
                variables=variables,
                options=justfile.shell.options,
            )


def _prefix(text: str) -> int:
    match = _PREFIX.match(text)
    return match.end() if match else 0


def _logical(body: list[Piece]) -> Iterator[Piece]:
    """Yield lines with those that a backslash joins to them."""
    waiting: list[Piece] = []
    for piece in body:
        waiting.append(piece)
        if not piece.text.rstrip("\r\n").endswith("\\"):
            yield _joined(waiting)
            waiting = []
    if waiting:
        yield _joined(waiting)


def _joined(pieces: list[Piece]) -> Piece:
    builder = Builder()
    for piece in pieces:
        builder.extend(*piece)
    return Piece(*builder.build())


def _filled(piece: Piece, justfile: _Justfile) -> Piece:
    values = {name: value for name, value in justfile.values.items() if is_known(value)}
    return machine_scripts.filled(piece, _INTERPOLATION, values)
