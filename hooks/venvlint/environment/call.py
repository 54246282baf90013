"""A command about to run, as all that take care of one get it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from venvlint.environment.fields import Field
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import State
from venvlint.shells import tree

if TYPE_CHECKING:
    from venvlint.environment.evaluate import Evaluator


@dataclass(frozen=True, slots=True)
class Call:
    """A command: its node, its expanded words, and how it came to be."""

    node: tree.Command
    fields: tuple[Field, ...]
    argv: tuple[str, ...]
    is_external: bool = False  # run by a wrapper that knows no functions and built-ins
    is_possible: bool = False

    def behind(self, index: int, **changes: object) -> Call:
        """Return the call that is left when the first `index` words are taken off."""
        rest: Call = replace(self, fields=self.fields[index:], argv=self.argv[index:], **changes)  # type: ignore[arg-type]
        return rest


Handler = Callable[["Evaluator", Call, State], list[Outcome]]
