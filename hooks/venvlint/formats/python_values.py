"""What an expression of a Python module comes to, as far as a command can be made of it: a string, or words."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from venvlint.formats import argv
from venvlint.formats.pieces import Piece
from venvlint.formats.python_text import Text
from venvlint.source import Builder
from venvlint.values import RUNNING_PYTHON, is_known, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from venvlint.formats.python_scope import Definition, Module, Scope

_DEEPEST = 24
_MOST_WORDS = 400
_PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0 +]*[\d.*]*(?P<kind>[srdi%])")
_BRACES = re.compile(r"\{\{|\}\}|\{(?P<name>\w*)(?:![rsa])?(?::[^{}]*)?\}")
# Calls that hand on what they are given, and those that give a default where nobody knows the value.
_SAME = frozenset({"str", "os.fspath", "os.fsdecode", "os.path.abspath", "os.path.expanduser", "os.path.expandvars"})
_PATHS = frozenset({"os.path.join", "Path", "pathlib.Path", "pathlib.PurePath", "posixpath.join", "ntpath.join"})
_SAME_PATHS = frozenset({"os.path.normpath", "os.path.realpath", "shlex.quote", "pipes.quote", "list", "tuple", "sum"})
_LOOKUPS = frozenset({"os.environ.get", "os.getenv"})
_SAME_METHODS = frozenset(
    {"strip", "rstrip", "lstrip", "resolve", "absolute", "expanduser", "as_posix", "encode", "copy"}
)


class Words(list[Piece]):
    """A list of strings; `is_loop` where it stands for what a loop's variable takes, one after the other."""

    is_loop = False


Value = Piece | Words


class At(NamedTuple):
    """Where an expression is looked at from: names have the values that they have there."""

    text: Text
    scope: Scope
    start: tuple[int, int]
    blocks: tuple[int, ...] = ()
    bound: dict[str, Value] | None = None  # the parameters of a function that is looked at from one of its calls
    depth: int = 0


class Evaluator:
    """Evaluates expressions of one module."""

    def __init__(self, module: Module, text: Text) -> None:
        self.module, self.text = module, text

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
            return self._name(node, inner, keeps_place=keeps_place)
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
        return self._mark(node, at)

    def unknown(self, node: ast.expr, at: At, name: str = "") -> Piece:
        """Return a value of which nothing is known."""
        start, end = at.text.span(node)
        written = name or at.text.text[start:end]
        return at.text.placed(unknown(re.sub(r"[^\w.]+", "_", written)[:60]), start, end)

    def _mark(self, node: ast.expr, at: At) -> Piece:
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

    # Names

    def _name(self, node: ast.Name, at: At, *, keeps_place: bool) -> Value:
        if at.bound and node.id in at.bound:
            value: Value | None = at.bound[node.id]
        else:
            value = self._looked_up(node.id, at)
        if value is None:
            return self._mark(node, at)
        return value if keeps_place else self._moved(value, node, at)

    def _moved(self, value: Value, node: ast.expr, at: At) -> Value:
        """Return a value as standing where `node` does: elsewhere it is one part of many."""
        start, end = at.text.span(node)
        if isinstance(value, Piece):
            return at.text.placed(value.text, start, end)
        moved = Words(at.text.placed(each.text, start, end) for each in value)
        moved.is_loop = value.is_loop
        return moved

    def _looked_up(self, name: str, at: At) -> Value | None:
        """Return the value of a name; None where it isn't known."""
        scope: Scope | None = at.scope
        is_own = True
        while scope is not None:
            if name in scope.names:
                seen = at._replace(text=self.text, scope=scope, bound=at.bound if is_own else None)
                return self._defined(scope.names[name], seen, is_own=is_own)
            if name in scope.parameters:
                return None
            scope, is_own = scope.parent, False
        return None

    def _defined(self, definitions: Sequence[Definition], at: At, *, is_own: bool) -> Value | None:
        """Return what a name stands for after its definitions in one scope."""
        before = [each for each in definitions if not is_own or each.start < at.start]
        givers = [index for index, each in enumerate(before) if each.kind in ("assign", "loop", "other")]
        if not givers or (not is_own and len(givers) > 1):
            return None
        last = before[givers[-1]]
        if is_own and last.blocks != at.blocks[: len(last.blocks)]:
            return None  # in a branch: nobody knows whether it ran
        if last.kind == "other" or last.value is None:
            return None
        there = at._replace(start=last.start, blocks=last.blocks)
        value = self.value(last.value, there, keeps_place=True)
        if last.kind == "loop":
            if not isinstance(value, Words):
                return None
            value = Words(value)
            value.is_loop = True
        for change in before[givers[-1] + 1 :]:
            value = self._changed(value, change, at, is_own=is_own)
        return value

    def _changed(self, value: Value, change: Definition, at: At, *, is_own: bool) -> Value:
        """Return a value after `+=`, `append`, or `extend`."""
        if change.kind == "key" or change.value is None:
            return value
        there = at._replace(start=change.start, blocks=change.blocks)
        added = self.value(change.value, there)
        if is_own and change.blocks != at.blocks[: len(change.blocks)]:
            added = self.unknown(change.value, there)  # perhaps
        if isinstance(value, Piece):
            return concatenated([value, at.text.placed(as_text(added), *at.text.span(change.value))], value)
        more = [added] if isinstance(added, Piece) else list(added)
        return Words([*value, *more])

    # Operations

    def _operation(self, node: ast.BinOp, at: At) -> Value:
        left = self.value(node.left, at)
        if isinstance(node.op, ast.Mod) and isinstance(left, Piece):
            return self._formatted(left, node.right, at)
        right = self.value(node.right, at)
        if isinstance(node.op, ast.Div):
            return _path([left, right], at.text.placed("", *at.text.span(node)))
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
        named = _pairs(given) if isinstance(given, ast.Dict) else {}
        order = iter(values)

        def replaced(match: re.Match[str]) -> str:
            if match["kind"] == "%":
                return "%"
            node = named.get(match["name"]) if match["name"] else next(order, None)
            return as_text(self.value(node, at)) if node is not None else unknown("format")

        return _substituted(piece, _PERCENT, replaced)

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
            return _path([self.value(each, at) for each in node.args], at.text.placed("", start, end))
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
                return _path([holder, *(self.value(each, at) for each in given)], at.text.placed("", start, end))
            if isinstance(holder, Piece) and isinstance(first, Words):
                return concatenated(_between(first, holder.text), at.text.placed("", start, end))
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

        return _substituted(piece, _BRACES, replaced)


def concatenated(parts: Sequence[Piece], empty: Piece) -> Piece:
    """Return strings joined to one; `empty` says where that stands if it has no characters."""
    builder = Builder()
    for part in parts:
        builder.extend(part.text, part.offsets)
    text, offsets = builder.build()
    return Piece(text, offsets) if text else Piece("", empty.offsets)


def as_text(value: Value) -> str:
    """Return a value as text to stand in a string: of a loop's variable all that it takes."""
    if isinstance(value, Piece):
        return value.text
    return " ".join(each.text for each in value) if value.is_loop else unknown("list")


def as_words(value: Value) -> Words:
    """Return the words of a string as `shlex.split` makes them."""
    return value if isinstance(value, Words) else Words(argv.split(value))


def _between(words: Words, separator: str) -> list[Piece]:
    found: list[Piece] = []
    for index, word in enumerate(words):
        if index and separator:
            builder = Builder()
            builder.replace(separator, max(word.offsets.at(0) - 1, 0))
            found.append(Piece(*builder.build()))
        found.append(word)
    return found


def _path(values: Sequence[Value], empty: Piece) -> Piece:
    """Return the parts of a path joined."""
    found = Words()
    for value in values:
        piece = value if isinstance(value, Piece) else Piece(unknown("path"), empty.offsets)
        if piece.text.startswith("/"):
            found = Words()
        if piece.text:
            found.append(piece)
    return concatenated(_between(found, "/"), empty)


def _pairs(node: ast.Dict) -> dict[str, ast.expr]:
    pairs = zip(node.keys, node.values, strict=True)
    return {key.value: value for key, value in pairs if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def _substituted(piece: Piece, pattern: re.Pattern[str], replaced: Callable[[re.Match[str]], str]) -> Piece:
    builder = Builder()
    at = 0
    for match in pattern.finditer(piece.text):
        builder.extend(piece.text, piece.offsets, at, match.start())
        span = piece.offsets.span(match.start(), match.end())
        builder.replace(replaced(match), span.start, span.end - span.start)
        at = match.end()
    builder.extend(piece.text, piece.offsets, at)
    text, offsets = builder.build()
    return Piece(text, offsets if text else piece.offsets)
