"""What an expression of a Python module comes to, as far as a command can be made of it: a string, or words."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from venvlint.formats import argv, machine_scripts
from venvlint.formats.pieces import Piece
from venvlint.formats.python_names import At, Names
from venvlint.formats.python_text import Text
from venvlint.formats.python_words import (
    Value,
    Words,
    as_text,
    as_words,
    between,
    concatenated,
    pairs,
    path,
)
from venvlint.values import RUNNING_PYTHON, is_known, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from venvlint.formats.python_scope import Module

_DEEPEST = 24
_MOST_WORDS = 400
_PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0 +]*[\d.*]*(?P<kind>[srdi%])")
_BRACES = re.compile(r"\{\{|\}\}|\{(?P<name>\w*)(?:![rsa])?(?::[^{}]*)?\}")
# Calls that hand on what they are given, and those that give a default where nobody knows the value.
_SAME = frozenset({"str", "os.fspath", "os.fsdecode", "os.path.abspath", "os.path.expanduser", "os.path.expandvars"})
_PATHS = frozenset({"os.path.join", "Path", "pathlib.Path", "pathlib.PurePath", "posixpath.join", "ntpath.join"})
_SAME_PATHS = frozenset({"os.path.normpath", "os.path.realpath", "shlex.quote", "pipes.quote", "list", "tuple"})
_LOOKUPS = frozenset({"os.environ.get", "os.getenv"})
_SAME_METHODS = frozenset(
    {"strip", "rstrip", "lstrip", "resolve", "absolute", "expanduser", "as_posix", "encode", "copy"}
)


class Evaluator:
    """Evaluates expressions of one module."""

    def __init__(self, module: Module, text: Text) -> None:
        self.module, self.text = module, text
        self.names = Names(self)

    def value(self, node: ast.expr, at: At, *, keeps_place: bool = False) -> Value:
        """Return what an expression comes to. With `keeps_place`, what a name stands for stays where it is written."""
        if at.depth > _DEEPEST:
            return self.unknown(node, at)
        inner = at._replace(depth=at.depth + 1)
        if isinstance(node, ast.Constant):
            return self._constant(node, at)
        if isinstance(node, ast.JoinedStr):
            return self._joined(node, inner)
        if isinstance(node, ast.Name):
            return self.names.value(node, inner, keeps_place=keeps_place)
        if isinstance(node, ast.List | ast.Tuple):
            return self._words(node.elts, inner)
        if isinstance(node, ast.BinOp):
            return self._operation(node, inner)
        if isinstance(node, ast.IfExp):
            return self._choice(node, inner)
        if isinstance(node, ast.Call):
            return self._call(node, inner)
        if isinstance(node, ast.NamedExpr | ast.Await | ast.Starred):
            return self.value(node.value, inner, keeps_place=keeps_place)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            return self._default(node, inner)
        return self.mark(node, at)

    def unknown(self, node: ast.expr, at: At, name: str = "") -> Piece:
        """Return a value of which nothing is known."""
        start, end = at.text.span(node)
        written = name or at.text.text[start:end]
        return at.text.placed(unknown(machine_scripts.mark(written)), start, end)

    def mark(self, node: ast.expr, at: At) -> Piece:
        """Return what stands for an expression that nobody can compute."""
        start, end = at.text.span(node)
        name = self.module.dotted(node)
        if name == "sys.executable":
            return at.text.placed(RUNNING_PYTHON, start, end)
        if isinstance(node, ast.Subscript) and self.module.dotted(node.value) == "os.environ":
            key = self.value(node.slice, at)
            if isinstance(key, Piece) and is_known(key.text):
                return self.unknown(node, at, key.text)
        return self.unknown(node, at)

    def _constant(self, node: ast.Constant, at: At) -> Piece:
        start, end = at.text.span(node)
        if isinstance(node.value, str | bytes):
            parts = [part for part in at.text.literal(node) if isinstance(part, Piece)]
            wanted = node.value if isinstance(node.value, str) else node.value.decode(errors="replace")
            if "".join(part.text for part in parts) == wanted:
                return concatenated(parts, at.text.placed("", start, end))
            return at.text.placed(wanted, start, end)
        return at.text.placed("" if node.value is None else str(node.value), start, end)

    def _joined(self, node: ast.JoinedStr, at: At) -> Piece:
        start, end = at.text.span(node)
        parts = []
        for part in at.text.literal(node):
            if isinstance(part, Piece):
                parts.append(part)
                continue
            value = unknown("f")
            if part.expression is not None and part.text is not None:
                value = as_text(self.value(part.expression, at._replace(text=part.text)))
            parts.append(at.text.placed(value, part.start, part.end))
        return concatenated(parts, at.text.placed("", start, end))

    def _words(self, nodes: Iterable[ast.expr], at: At) -> Words:
        found = Words()
        for node in nodes:
            value = self.value(node, at)
            if isinstance(value, Piece):
                found.append(value)
            elif isinstance(node, ast.Starred) or value.is_loop:
                found.extend(value)
            else:
                found.append(self.unknown(node, at))
            if len(found) > _MOST_WORDS:
                break
        return found

    # Operations

    def _operation(self, node: ast.BinOp, at: At) -> Value:
        left = self.value(node.left, at)
        if isinstance(node.op, ast.Mod) and isinstance(left, Piece):
            return self._formatted(left, node.right, at)
        right = self.value(node.right, at)
        if isinstance(node.op, ast.Div):
            return path([left, right], at.text.placed("", *at.text.span(node)))
        if not isinstance(node.op, ast.Add):
            return self.unknown(node, at)
        left, right = (self._moved_loop(value, side, at) for value, side in ((left, node.left), (right, node.right)))
        if isinstance(left, Words) or isinstance(right, Words):
            return Words(
                [*([left] if isinstance(left, Piece) else left), *([right] if isinstance(right, Piece) else right)]
            )
        return concatenated([left, right], left)

    def _moved_loop(self, value: Value, node: ast.expr, at: At) -> Value:
        """Return what a loop's variable takes as one string."""
        is_loop = isinstance(value, Words) and value.is_loop
        return at.text.placed(as_text(value), *at.text.span(node)) if is_loop else value

    def _formatted(self, piece: Piece, given: ast.expr, at: At) -> Piece:
        """Return `"..." % given`."""
        values = list(given.elts) if isinstance(given, ast.Tuple) else [given]
        named = pairs(given) if isinstance(given, ast.Dict) else {}
        order = iter(values)

        def replaced(match: re.Match[str]) -> str:
            if match["kind"] == "%":
                return "%"
            node = named.get(match["name"]) if match["name"] else next(order, None)
            return as_text(self.value(node, at)) if node is not None else unknown("format")

        return piece.replaced(_PERCENT, replaced)

    def _choice(self, node: ast.IfExp, at: At) -> Value:
        """Return either of two values where it makes no difference: `pip` or `pip3`, but not a path."""
        first, second = self.value(node.body, at), self.value(node.orelse, at)
        if not isinstance(first, Piece) or not isinstance(second, Piece):
            return self.unknown(node, at)
        is_plain = all(re.fullmatch(r"[\w.-]+", each.text) for each in (first, second))
        return first if is_plain and "-" not in (first.text + second.text)[:1] else self.unknown(node, at)

    def _default(self, node: ast.BoolOp, at: At) -> Value:
        """Return the last of `a or b` where the others are looked up outside of the module."""
        for each in node.values[:-1]:
            if not isinstance(each, ast.Call) or self.module.dotted(each.func) not in (*_LOOKUPS, "shutil.which"):
                return self.unknown(node, at)
        return self.value(node.values[-1], at)

    def _call(self, node: ast.Call, at: At) -> Value:
        name = self.module.dotted(node.func)
        start, end = at.text.span(node)
        given = [argument for argument in node.args if not isinstance(argument, ast.Starred)]
        if name in _LOOKUPS:
            return self.value(given[1], at) if len(given) > 1 else self._variable(node, given, at)
        if name in _PATHS and given:
            return path([self.value(each, at) for each in node.args], at.text.placed("", start, end))
        if given and (name in _SAME or name in _SAME_PATHS or name.endswith("which")):
            return self.value(given[0], at)
        if name == "shlex.split" and given:
            return as_words(self.value(given[0], at))
        if name == "shlex.join" and given:
            return concatenated([argv.command(as_words(self.value(given[0], at)))[1]], at.text.placed("", start, end))
        if isinstance(node.func, ast.Attribute):
            return self._method(node, node.func, given, at)
        return self.unknown(node, at)

    def _variable(self, node: ast.Call, given: list[ast.expr], at: At) -> Value:
        key = self.value(given[0], at) if given else None
        return self.unknown(node, at, key.text if isinstance(key, Piece) and is_known(key.text) else "")

    def _method(self, node: ast.Call, func: ast.Attribute, given: list[ast.expr], at: At) -> Value:
        start, end = at.text.span(node)
        if func.attr in ("join", "joinpath") and given:
            holder, first = self.value(func.value, at), self.value(given[0], at)
            if func.attr == "joinpath":
                return path([holder, *(self.value(each, at) for each in given)], at.text.placed("", start, end))
            if isinstance(holder, Piece) and isinstance(first, Words):
                return concatenated(between(first, holder.text), at.text.placed("", start, end))
        elif func.attr == "split" and not given:
            return as_words(self.value(func.value, at))
        elif func.attr == "format":
            return self._filled(node, self.value(func.value, at), at)
        elif func.attr in _SAME_METHODS:
            return self.value(func.value, at)
        return self.unknown(node, at)

    def _filled(self, node: ast.Call, piece: Value, at: At) -> Value:
        """Return `"...".format(...)`."""
        if not isinstance(piece, Piece):
            return self.unknown(node, at)
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        order = iter(node.args)

        def replaced(match: re.Match[str]) -> str:
            if match["name"] is None:
                return match[0][0]
            key = match["name"]
            value = next(order, None) if not key else named.get(key)
            if key.isdigit() and int(key) < len(node.args):
                value = node.args[int(key)]
            return as_text(self.value(value, at)) if value is not None else unknown("format")

        return piece.replaced(_BRACES, replaced)
