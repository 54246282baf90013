"""What a command asks an installer to do, told from its words and variables alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

# Value of an environment variable that the command sees; None where it is unset, or not known to be set.
Variables = Callable[[str], str | None]

# How the environment of an install is found, and what `Program.value` then holds:
#   name      a program or interpreter looked up on PATH ("pip3", "python"): the environment that is active there
#   path      the path of a program or interpreter ("venv/bin/pip", "/usr/bin/python3")
#   prefix    the directory of an environment ("venv")
#   launcher  the py launcher of Windows with the version asked for ("-3", or "" for its default)
#   uv        uv's own search: VIRTUAL_ENV, CONDA_PREFIX, the nearest .venv, an environment on PATH, else it refuses
#   conda     a conda environment by name, "" for the active one, "base" for the base
#   system    the system's Python whatever is active (`uv pip install --system`)
#   unknown   an interpreter that only the running shell or program knows ("$PYTHON -m pip")
How = Literal["name", "path", "prefix", "launcher", "uv", "conda", "system", "unknown"]


@dataclass(frozen=True, slots=True)
class Program:
    """How to find the environment that an install goes into, as long as it isn't told to use a directory."""

    how: How
    value: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One command that would install ("install"), or that opens the way for it ("setting").

    Strings may hold parts that only the running shell knows, marked as `venvlint.values` says.
    """

    kind: Literal["install", "setting"]
    installer: str  # "pip", "uv", "conda", "mamba", "poetry", "easy_install", "setup.py", ...
    verb: str
    program: Program
    # As written: "requests>=2", "./dist/x.whl". What has no name to judge by keeps its option: "-r requirements.txt".
    packages: tuple[str, ...] = ()
    # The directory that it installs into whatever is active: --target, --prefix, --root.
    target: str | None = None
    # "user" (--user), "override" (PEP 668 overridden), "uv-system", "legacy", "base" (conda's, by name), "unisolated".
    traits: frozenset[str] = frozenset()
    # The installer refuses outside an environment: --require-virtualenv.
    requires_environment: bool = False
    # Some word is wholly unknown (`pip install $FLAGS x`): it may be an option or a package, or nothing at all. An
    # install it stays: of all options only a few redirect it, and who writes one of those seldom hides it.
    has_unknown_words: bool = False
