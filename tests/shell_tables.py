"""What the tables of scenarios for one shell share: where installs land, by the analysis and by the shell itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from venvlint import environment, formats
from venvlint.model import Install, Skipped
from venvlint.source import Source

_WHERE = {"environment": "isolated", "directory": "isolated", "unknown": "unknown", "maybe": "mixed"}

_STUB = '#!/bin/sh\ncase "$*" in *install*) echo "LANDS $0 ${*##*install }" >> "@LOG@";; esac\n'


def case(script: str, expected: str, id: str) -> ParameterSet:
    return pytest.param(script, expected, id=id)


def landings(path: str, text: str, others: Mapping[str, str] | None = None) -> str:
    """Return `package where` for each install, in order: "a global, b isolated, c mixed".

    An activation that does nothing stands as `line ineffective`, what wasn't understood as `line skipped`.
    """
    files = {name: body.encode() for name, body in (others or {}).items()}
    source = Source(path, text.encode())
    found: list[str] = []
    for item in environment.follow(source, (each for each in formats.scripts(source, files.get)), files.get):  # type: ignore[misc]
        if isinstance(item, Skipped):
            found.append(f"{item.line} skipped")
        elif item.kind == "activation":
            found.append(f"{source.position(item.span.start)[0]} ineffective")
        else:
            found.append(f"{' '.join(item.packages)} {_landing(item)}")
    return ", ".join(found)


def _landing(install: Install) -> str:
    if install.where != "global":
        return _WHERE[install.where]
    return "global" if install.certainty == "certain" else "mixed"


def run_for_real(
    command: list[str], files: Mapping[str, str], programs: Iterable[str], directory: Path
) -> tuple[set[tuple[str, str]], str]:
    """Run a command in a directory with two environments; return each package with where it landed, and stderr.

    `files` go into the directory; where one stands below `bin/`, each environment gets it, with its own path for @ENV@.
    Of the machine's programs, the script finds those of `programs`.
    """
    log = directory / "log"
    log.touch()
    for place in ("usr/bin", ".venv/bin", "venv/bin"):
        (directory / place).mkdir(parents=True)
        for name in ("pip", "python"):
            stub = directory / place / name
            stub.write_text(_STUB.replace("@LOG@", str(log)))
            stub.chmod(0o755)
    for name, text in files.items():
        for home in (".venv", "venv") if name.startswith("bin/") else (".",):
            (directory / home / name).write_text(text.replace("@ENV@", str(directory / home)))
    for name in programs:
        (directory / "usr/bin" / name).symlink_to(shutil.which(name) or "/bin/false")
    environ = {"PATH": f"{directory}/usr/bin", "HOME": str(directory), "PWD": str(directory), "PIP_NO_INDEX": "1"}
    done = subprocess.run(command, cwd=directory, env=environ, capture_output=True, text=True, timeout=30, check=False)
    lines = re.findall(r"LANDS (\S+) (.*)", log.read_text())
    return {(tag, place_of(program)) for program, tags in lines for tag in tags.split()}, done.stderr


def place_of(program: str) -> str:
    return "isolated" if "venv" in program.lower() else "global"


def contradictions(landed: set[tuple[str, str]], expected: str) -> set[tuple[str, str]]:
    """Return what landed elsewhere than a scenario states."""
    pairs = [pair.split(" ") for pair in expected.split(", ") if pair and "ineffective" not in pair]
    stated = {tag: where for *tags, where in pairs for tag in tags}
    return {(tag, where) for tag, where in landed if stated.get(tag, "never") not in (where, "mixed")}
