"""Shell parsers: text of a script to a tree of commands."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from venvlint.model import Shell
from venvlint.shells import tree

# Modules of this package; the shells that aren't here are read as POSIX shells.
_PARSERS: dict[Shell, str] = {"cmd": "batch", "csh": "csh", "fish": "fish", "pwsh": "powershell"}


def parse(text: str, shell: Shell) -> tuple[tree.Node, tuple[tree.Unparsed, ...]]:
    """Return a script's tree, and the stretches that the parser couldn't make sense of."""
    module = import_module(f"{__name__}.{_PARSERS.get(shell, 'posix')}")
    parsed: tuple[tree.Node, tuple[tree.Unparsed, ...]] = module.parse(text)
    return parsed


@lru_cache(maxsize=256)
def inner(text: str, shell: Shell) -> tree.Node:
    """Return the tree of code that stands inside of other code, where the same may be run again and again."""
    return parse(text, shell)[0]
