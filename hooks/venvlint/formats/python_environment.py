"""The variables that a Python module gives to the commands that it runs."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from venvlint.formats.pieces import Piece
from venvlint.formats.python_names import At
from venvlint.formats.python_values import Evaluator

if TYPE_CHECKING:
    from collections.abc import Sequence

_ACTIVE = frozenset({"PATH", "VIRTUAL_ENV", "CONDA_PREFIX"})
_DEEPEST = 4


class Environment:
    """Reads the `env` of calls."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator, self.module = evaluator, evaluator.module

    def variables(self, node: ast.expr, at: At, depth: int = 0) -> tuple[tuple[str, str], ...] | None:
        """Return the variables of `env=...` beyond those of the program itself; None where they can't be told."""
        name = self.module.dotted(node.func) if isinstance(node, ast.Call) else self.module.dotted(node)
        if name in ("os.environ", "os.environ.copy", "None") or (isinstance(node, ast.Constant) and not node.value):
            return ()
        if depth > _DEEPEST:
            return None
        if isinstance(node, ast.Call) and name in ("dict", "copy.copy", "copy.deepcopy") and node.args:
            inner = self.variables(node.args[0], at, depth + 1)
            own = self._pairs([(each.arg or "", each.value) for each in node.keywords], at)
            return None if inner is None or own is None else inner + own
        if isinstance(node, ast.Dict):
            return self._display(node, at, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            left, right = (self.variables(side, at, depth + 1) for side in (node.left, node.right))
            return None if left is None or right is None else left + right
        if isinstance(node, ast.Name):
            return self._named(node, at, depth)
        return None

    def _named(self, node: ast.Name, at: At, depth: int) -> tuple[tuple[str, str], ...] | None:
        definitions = at.scope.names.get(node.id, ())
        given = [each for each in definitions if each.kind != "key"]
        if len(given) != 1 or given[0].kind != "assign" or given[0].value is None:
            return None
        found = self.variables(given[0].value, at, depth + 1)
        keys = [each for each in definitions if each.kind == "key" and each.start < at.start]
        own = [(each.key.value, each.value) for each in keys if isinstance(each.key, ast.Constant) and each.value]
        added = self._pairs(own, at) if len(own) == len(keys) else None
        return None if found is None or added is None else found + added

    def _display(self, node: ast.Dict, at: At, depth: int) -> tuple[tuple[str, str], ...] | None:
        found: tuple[tuple[str, str], ...] = ()
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                part = self.variables(value, at, depth + 1)
            else:
                part = self._pairs([(key.value, value)], at) if isinstance(key, ast.Constant) else None
            if part is None:
                return None
            found += part
        return found

    def _pairs(self, pairs: Sequence[tuple[object, ast.expr]], at: At) -> tuple[tuple[str, str], ...] | None:
        found = []
        for name, node in pairs:
            if not isinstance(name, str) or name in _ACTIVE or not name:
                return None
            value = self.evaluator.value(node, at)
            if isinstance(value, Piece):
                found.append((name, value.text))
        return tuple(found)
