"""Interpreters among tracked files: binaries by what they begin with, links by where they lead."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection

# https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html, Apple's loader.h and fat.h, Microsoft's PE format
_MAGIC = (
    (b"\x7fELF", "ELF"),
    (b"MZ", "PE"),
    (b"\xca\xfe\xba\xbe", "Mach-O"),
    (b"\xce\xfa\xed\xfe", "Mach-O"),
    (b"\xcf\xfa\xed\xfe", "Mach-O"),
    (b"\xfe\xed\xfa\xce", "Mach-O"),
    (b"\xfe\xed\xfa\xcf", "Mach-O"),
)
_INTERPRETER = re.compile(r"(?:python|pypy|graalpy)(?:[23](?:\.\d+)?t?)?w?(?:\.exe)?", re.IGNORECASE)
# Where tools keep environments, and what those are called. `.env` and `env` are as often a file of settings.
_HOME = re.compile(r"/(?:\.venvs|\.?virtualenvs|venvs)/.|(?:conda|forge|mamba)[^/]*/(?:.*/)?envs/.|/\.pyenv/versions/.")
_INSIDE = re.compile(r"(?:^|/)(?:\.?virtualenv|\.?venv|dist-packages|site-packages)(?:/|$)")


def binary_format(head: bytes) -> str | None:
    """Return the name of the executable format that a file's first bytes are of."""
    return next((name for magic, name in _MAGIC if head.startswith(magic)), None)


def destination(path: str, target: str, names: Collection[str], is_on_disk: bool) -> str | None:
    """Return what the link at `path` leads to if that is an interpreter or environment outside of the repository.

    `names` are those that environments go by in this project. With `is_on_disk` the place is looked at where it exists.
    """
    target = target.replace("\\", "/")
    is_absolute = target.startswith("/") or bool(re.match(r"[A-Za-z]:/", target))
    if not is_absolute:
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        if inside != ".." and not inside.startswith("../"):
            return None
    parts = [part for part in target.split("/") if part not in ("", ".", "..")]
    if not parts:
        return None
    if _INTERPRETER.fullmatch(parts[-1]) and not (is_on_disk and is_absolute and os.path.isdir(target)):  # noqa: PTH112 - pathlib's import would double the start-up time
        return "interpreter"
    return "environment" if _is_environment(path, target, parts, names, is_on_disk) else None


def _is_environment(path: str, target: str, parts: list[str], names: Collection[str], is_on_disk: bool) -> bool:
    if _HOME.search(target) or _INSIDE.search(target) or not set(names).isdisjoint((*parts, posixpath.basename(path))):
        return True
    return is_on_disk and target.startswith("/") and os.path.isfile(posixpath.join(target, "pyvenv.cfg"))  # noqa: PTH113 - as above
