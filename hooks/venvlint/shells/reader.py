"""What the readers of our own have in common: a stretch of a script, and how far it is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

from venvlint.shells import tree

DEEPEST = 60  # substitutions and blocks inside of each other


class Reader(ABC):
    """Reads a stretch of a script. Each method reads on from the offset `at`, and leaves it behind what it has read."""

    def __init__(self, text: str, start: int, stop: int, depth: int) -> None:
        self.text = text
        self.start = self.at = start
        self.stop = stop
        self.unparsed: list[tree.Unparsed] = []
        self._depth = depth

    @abstractmethod
    def whole(self) -> tree.Node:
        """Return the commands of the stretch."""

    def _nested(self, start: int, stop: int) -> tree.Node:
        """Return the commands of a substitution."""
        if self._depth >= DEEPEST:
            return tree.Sequence((), start, stop)
        return type(self)(self.text, start, stop, self._depth + 1).whole()

    def _give_up(self, start: int) -> tree.Node:
        """Return what stands from an offset on as something that can't be made sense of."""
        rest = tree.Unparsed(start, self.stop)
        self.unparsed.append(rest)
        self.at = self.stop
        return rest


def quoted(text: str, at: int, end: int, part: Callable[[int], tuple[tree.Part, int] | None]) -> Iterator[tree.Part]:
    """Yield what stands in quotes: the parts that `part` finds, with the offset behind each, and the text between."""
    start = at
    while at < end:
        found = part(at)
        if found is None:
            at += 1
            continue
        if at > start:
            yield tree.Text(text[start:at], True, start)
        yield found[0]
        start = at = found[1]
    if end > start:
        yield tree.Text(text[start:end], True, start)
