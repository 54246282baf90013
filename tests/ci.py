"""Reads the scripts of a CI file, for the tests of every CI system."""

from __future__ import annotations

from importlib import import_module
from textwrap import dedent

from venvlint.model import Script, Skipped
from venvlint.source import ELSEWHERE, Source
from venvlint.values import shown


def read(module: str, path: str, text: str, **files: str) -> list[Script | Skipped]:
    others = {name.replace("__", "/") + ".yml": dedent(body).encode() for name, body in files.items()}
    source = Source(path, dedent(text).encode())
    return list(import_module(f"venvlint.formats.{module}").scripts(source, {path: source.data, **others}.get))


def outline(module: str, path: str, text: str, **files: str) -> list[str]:
    """Return a line for each script: how it runs, then its commands, those of other files in brackets."""
    found = []
    for script in read(module, path, text, **files):
        assert isinstance(script, Script)
        assert (script.place, "") == ("runner", script.machine and "")
        at, commands = 0, []
        for line in script.text.splitlines(keepends=True):
            is_elsewhere = script.offsets.at(at) == ELSEWHERE
            commands.append(f"[{shown(line.strip())}]" if is_elsewhere else shown(line.strip()))
            at += len(line)
        how = " ".join(filter(None, [script.shell, script.options and f"-{script.options}", script.start]))
        found.append(f"{how}: {'; '.join(commands)}")
    return found
