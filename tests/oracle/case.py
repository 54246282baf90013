"""What one script is to the oracle: its text, the files beside it, and what may differ from run to run."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

# Stands before absolute paths in a generated script: nothing for the analysis, the scratch system's root in a run.
ROOT = "@ROOT@"
TAG = re.compile(r"\btag\d+\b")


@dataclass(frozen=True, slots=True)
class Toggle:
    """One thing about the machine that the script can't know: alternatives, of which each run takes one."""

    kind: Literal["variable", "arguments", "environment", "directory"]
    name: str
    values: tuple[str | None, ...]  # None: unset, not there


@dataclass(frozen=True, slots=True)
class Case:
    """A script whose installs are told apart by package names `tag1`, `tag2` ..."""

    name: str
    shell: Literal["bash", "sh"]
    text: str
    files: tuple[tuple[str, str], ...] = ()  # (name, text) of what the script sources
    toggles: tuple[Toggle, ...] = ()
    idle: tuple[str, ...] = ()  # tags of what only looks like an install

    @property
    def path(self) -> str:
        """Return the script's file name."""
        return f"{self.name}.sh"

    @property
    def tags(self) -> tuple[str, ...]:
        """Return every tag that stands in the script, also where it is no command, in order."""
        return tuple(dict.fromkeys(TAG.findall(self.text)))

    def written(self, root: str = "") -> str:
        """Return the script's text with absolute paths below `root`."""
        return self.text.replace(ROOT, root)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did: where each tag landed, and how it drew from the bits that decide unknown conditions."""

    # (tag, is it global) in the order of the log; an install into another directory isn't, nor one that is refused.
    landed: tuple[tuple[str, bool], ...]
    drawn: str  # kinds of the draws: "c" for a condition, "p" for an installer's status
    is_valid: bool = True  # False: timed out, or activated what isn't there
    is_made: bool = True  # False: an environment or a directory couldn't be made


@dataclass(slots=True)
class Truth:
    """All the places where a script's tags landed over several outcomes."""

    landed: dict[str, set[bool]] = field(default_factory=dict)
    landed_if_made: dict[str, set[bool]] = field(default_factory=dict)  # only the runs in which all that could be made
    runs: int = 0
    invalid: int = 0  # outcomes outside of the claim, which count for nothing else
    is_exhaustive: bool = False

    def add(self, outcome: Outcome) -> None:
        """Take one run into account."""
        if not outcome.is_valid:
            self.invalid += 1
            return
        self.runs += 1
        for tag, is_global in outcome.landed:
            self.landed.setdefault(tag, set()).add(is_global)
            if outcome.is_made:
                self.landed_if_made.setdefault(tag, set()).add(is_global)

    def of(self, tag: str) -> Literal["global", "isolated", "mixed", "never"]:
        """Return where `tag` lands, taken over all runs."""
        seen = self.landed.get(tag, set())
        if len(seen) == 2:
            return "mixed"
        return "never" if not seen else "global" if True in seen else "isolated"
