"""Is a command an install, of what, and into what: from its words and variables alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from venvlint.installs.request import Program, Request, Variables
from venvlint.installs.words import Refused, base_name, is_path

__all__ = ["Program", "Request", "Variables", "may_install", "read"]

_INSTALLER = re.compile(
    r"pip|python|pypy|graalpy|py$|uv$|conda$|mamba$|micromamba$|easy_install|setup\.py$|get-pip\.py$|poetry$|pdm$|flit$"
)


def may_install(argv: Sequence[str]) -> bool:
    """Tell by its name alone whether a command may be an install: of most it is clear that they aren't."""
    return bool(argv) and _may_install(argv[0])


@lru_cache(maxsize=1024)
def _may_install(program: str) -> bool:
    name = base_name(program)
    return not name or _INSTALLER.match(name) is not None


def read(argv: Sequence[str], variables: Variables) -> Request | None:
    """Return what the command asks for, or None where it installs nothing and opens no way for it.

    `argv` is the command without wrappers (`sudo`, `env`, `conda run`) and without quotes. None also stands for what
    the installer would refuse, and for what a tool isolates by itself.
    """
    if not may_install(argv):
        return None
    name = base_name(argv[0])
    program = Program("path" if is_path(argv[0]) else "name" if name else "unknown", argv[0])
    from venvlint.installs import programs  # most commands are none: they don't pay for the tables

    try:
        return programs.read(name, argv[1:], program, variables)
    except Refused:
        return None
