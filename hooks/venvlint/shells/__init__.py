"""Shell parsers: text of a script to a tree of commands."""

from __future__ import annotations

from venvlint.model import Shell
from venvlint.shells import tree


def parse(text: str, shell: Shell) -> tuple[tree.Node, tuple[tree.Unparsed, ...]]:
    """Return a script's tree, and the stretches that the parser couldn't make sense of."""
    from venvlint.shells import posix

    return posix.parse(text)
