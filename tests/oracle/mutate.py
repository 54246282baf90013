"""Ways to break the analysis on purpose, each of which the oracle must notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from venvlint.environment.evaluate import Evaluator
from venvlint.environment.state import State, Value


def _drop_subshell_scope() -> None:
    def subshell(run: Evaluator, body: Any, state: State, *_: Any) -> Any:
        return [end._replace(ending="normal") for end in run.run(body, state)]

    _patch(Evaluator, "subshell", subshell)


def _ignore_deactivate() -> None:
    real = State.deactivate

    def deactivate(state: State, *, is_again: bool = False) -> None:
        if is_again:
            real(state, is_again=True)

    _patch(State, "deactivate", deactivate)


def _append_as_prepend() -> None:
    real = State.set

    def set_(state: State, name: str, value: Value, *, export: bool | None = None) -> None:
        before = f"{state.path}:"
        if name == "PATH" and isinstance(value, str) and value.startswith(before):
            value = f"{value.removeprefix(before)}:{state.path}"
        real(state, name, value, export=export)

    _patch(State, "set", set_)


def _patch(owner: type, name: str, replacement: Any) -> None:
    assert hasattr(owner, name), f"{owner.__name__} has no {name} any more: mend the mutation"
    setattr(owner, name, replacement)


MUTATIONS: dict[str, Callable[[], None]] = {
    "append-as-prepend": _append_as_prepend,
    "drop-subshell-scope": _drop_subshell_scope,
    "ignore-deactivate": _ignore_deactivate,
}
