"""Which reader understands the command line of which program."""

from __future__ import annotations

import re
from collections.abc import Sequence

from venvlint.installs import conda, legacy, pip, projects, python, uv
from venvlint.installs.request import Program, Request, Variables

_PIP = re.compile(r"pip-?(\d[\d.]*t?)?$|pip-(python|pypy)\d?$")
_PYTHON = re.compile(r"(python|pypy|graalpy)w?-?(\d[\d.]*)?[twd]*$")
_EASY_INSTALL = re.compile(r"easy_install(-?\d[\d.]*)?$")


def read(name: str, words: Sequence[str], program: Program, variables: Variables) -> Request | None:
    """Read the words after a program called `name`; "" is one that only the running shell knows."""
    if _PIP.match(name):
        return pip.read(words, program, variables)
    if not name or _PYTHON.match(name):
        return python.read(words, program, variables)
    if name == "py":
        return python.read_launcher(words, variables)
    if name == "uv":
        return uv.read(words, None, variables)
    if name in ("conda", "mamba", "micromamba"):
        return conda.read(name, words, variables)
    if _EASY_INSTALL.match(name):
        return legacy.read_easy_install(words, program)
    if name == "setup.py":
        return legacy.read_setup(program.value, words, Program("name", "python"))
    if name == "get-pip.py":
        return pip.read(["install", "pip", *words], Program("name", "python"), variables)
    if name == "pip-sync":
        return projects.read_pip_sync(words, program, variables)
    return projects.read(name, words, program, variables)
