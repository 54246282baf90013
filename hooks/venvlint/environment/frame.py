"""Where a piece of shell code stands: spans of its nodes lead to the host file, also through code inside code."""

from __future__ import annotations

from dataclasses import dataclass

from venvlint.model import Shell, Span
from venvlint.source import Offsets


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Text of one shell's code, of the host file `path`; `fixed` is set where it stands nowhere letter for letter."""

    path: str
    text: str
    shell: Shell
    offsets: Offsets | None = None
    parent: Frame | None = None
    fixed: Span | None = None
    depth: int = 0

    def span(self, start: int, end: int) -> Span:
        """Return the host span of the code's characters from `start` up to, not including, `end`."""
        if self.fixed is not None:
            return self.fixed
        if self.offsets is None:
            raise AssertionError("unreachable: a frame has offsets or a fixed span")
        span = self.offsets.span(start, end)
        return self.parent.span(*span) if self.parent is not None else span
