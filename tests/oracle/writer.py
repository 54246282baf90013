"""What the generator's parts share: the random source, names handed out so far, and where in a script one is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal, TypeVar

from tests.oracle.case import Toggle

T = TypeVar("T")
Lines = list[str]
# Starts a line that must keep its place at the left edge, as a heredoc's end does.
RAW = "\0"


@dataclass(frozen=True, slots=True)
class Context:
    """Where in a script a command is to stand."""

    depth: int = 0
    in_loop: bool = False
    in_function: bool = False
    # Runs at most once per run of the script and in the script's own order: what stays the same for a whole run (a
    # variable that the caller sets) may be asked about, as it can't be asked a second time.
    is_once: bool = True
    quoting: int = 0


@dataclass(slots=True)
class Writer:
    """State of one script in the making."""

    random: Random
    shell: Literal["bash", "sh"]
    name: str
    files: list[tuple[str, str]] = field(default_factory=list)
    toggles: list[Toggle] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    opening: dict[str, str] = field(default_factory=dict)  # lines that what stands below relies on, by topic
    _count: int = 0

    @property
    def is_bash(self) -> bool:
        return self.shell == "bash"

    def number(self) -> int:
        """Return a number not handed out before in this script."""
        self._count += 1
        return self._count

    def tag(self) -> str:
        """Return a package name that this script has nowhere else."""
        return f"tag{self.number()}"

    def idle_tag(self) -> str:
        """Return a package name for what looks like an install and must never be taken for one."""
        tag = self.tag()
        self.idle.append(tag)
        return tag

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def one(self, options: Sequence[T]) -> T:
        return self.random.choice(options)

    def weighted(self, options: Sequence[tuple[float, T]]) -> T:
        return self.random.choices([option for _, option in options], [weight for weight, _ in options])[0]

    def need(self, topic: str, line: str) -> None:
        """See to it that the script opens with `line`, unless another line does that for the same topic."""
        self.opening.setdefault(topic, line)


Producer = Callable[[Writer, Context], Lines]


def indented(lines: Lines) -> Lines:
    """Return `lines` one level deeper, apart from those that mustn't move."""
    return [line if line.startswith(RAW) or not line else "    " + line for line in lines]


def finished(lines: Lines) -> str:
    """Return the text of all lines."""
    return "".join(line.removeprefix(RAW) + "\n" for line in lines)
