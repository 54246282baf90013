"""The values that the names of a Python module have at one place of it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from venvlint.formats.pieces import Piece
from venvlint.formats.python_words import Value, Words, as_text, concatenated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from venvlint.formats.python_scope import Definition, Scope
    from venvlint.formats.python_text import Text
    from venvlint.formats.python_values import Evaluator


class At(NamedTuple):
    """Where an expression is looked at from: names have the values that they have there."""

    text: Text
    scope: Scope
    start: tuple[int, int]
    blocks: tuple[int, ...] = ()
    bound: dict[str, Value] | None = None  # the parameters of a function that is looked at from one of its calls
    depth: int = 0


class Names:
    """Looks names up."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def value(self, node: ast.Name, at: At, *, keeps_place: bool) -> Value:
        """Return the value of a name; with `keeps_place` it stays where it is written."""
        if at.bound and node.id in at.bound:
            value: Value | None = at.bound[node.id]
        else:
            value = self._looked_up(node.id, at)
        if value is None:
            return self.evaluator.mark(node, at)
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
                seen = at._replace(text=self.evaluator.text, scope=scope, bound=at.bound if is_own else None)
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
        value = self.evaluator.value(last.value, there, keeps_place=True)
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
        added = self.evaluator.value(change.value, there)
        if is_own and change.blocks != at.blocks[: len(change.blocks)]:
            added = self.evaluator.unknown(change.value, there)  # perhaps
        if isinstance(value, Piece):
            return concatenated([value, at.text.placed(as_text(added), *at.text.span(change.value))], value)
        more = [added] if isinstance(added, Piece) else list(added)
        return Words([*value, *more])
