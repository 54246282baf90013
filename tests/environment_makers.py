"""Environments to test with: what the real tools make, and what those lay out that don't come from PyPI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from filelock import FileLock

BIN = Path(sys.executable).parent
PROJECT = '[project]\nname = "project"\nversion = "0"\nrequires-python = ">=3.9"\n'


@dataclass(frozen=True)
class Tool:
    """A tool, how to have it make an environment in the current directory, and where that then is."""

    name: str
    command: Sequence[str]
    path: str
    files: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)


NOXFILE = 'import nox\n\n\n@nox.session\ndef tests(session):\n    session.run("python", "-c", "pass")\n'
TOX = "[tox]\nenv_list = py\nskipsdist = true\n[testenv]\nskip_install = true\ncommands = python -c pass\n"
HATCH = f'{PROJECT}[tool.hatch.envs.default]\nskip-install = true\npath = ".hatch/default"\n'
TOOLS = (
    Tool("venv", (sys.executable, "-m", "venv", "--without-pip", "env-of-venv"), "env-of-venv"),
    Tool("virtualenv", ("virtualenv", "--no-download", "tools/made"), "tools/made"),
    Tool("virtualenv-without-ignore", ("virtualenv", "--no-download", "--no-vcs-ignore", "made"), "made"),
    Tool("uv", ("uv", "venv", "--offline", "--python", sys.executable, "made-by-uv"), "made-by-uv"),
    Tool(
        "poetry",
        ("poetry", "--no-interaction", "env", "use", sys.executable),
        ".venv",
        {"pyproject.toml": f"{PROJECT}[tool.poetry]\npackage-mode = false\n"},
        {"POETRY_VIRTUALENVS_IN_PROJECT": "true"},
    ),
    Tool(
        "pipenv",
        ("pipenv", "--python", sys.executable, "run", "python", "-c", "pass"),
        ".venv",
        {"Pipfile": ""},
        {"PIPENV_VENV_IN_PROJECT": "1", "PIPENV_YES": "1"},
    ),
    Tool(
        "pdm",
        ("pdm", "venv", "create", sys.executable),
        ".venv",
        {"pyproject.toml": PROJECT},
        {"PDM_CHECK_UPDATE": "0"},
    ),
    Tool("hatch", ("hatch", "env", "create"), ".hatch/default", {"pyproject.toml": HATCH}),
    Tool("tox", ("tox",), ".tox", {"tox.ini": TOX}),
    Tool("nox", ("nox",), ".nox", {"noxfile.py": NOXFILE}),
)
# Where the tool can't come from PyPI, what it lays out.
LAYOUTS = {
    "conda": (
        "envs/data",
        ("conda-meta/history", "conda-meta/python-3.12.4-h99e199e_1.json", "bin/python", "lib/x.so"),
    ),
    "pixi": (
        ".pixi/envs",
        (
            "default/conda-meta/history",
            "default/conda-meta/pixi",
            "default/conda-meta/python-3.13.1-ha99a958_103_cp313.json",
            "default/bin/python",
        ),
    ),
    "conda on Windows": (
        "envs/data",
        (
            "conda-meta/history",
            "conda-meta/python-3.12.4-h14ffc60_1.json",
            "python.exe",
            "Scripts/pip.exe",
            "Library/bin/zlib.dll",
            "Lib/site-packages/six.py",
        ),
    ),
    "PEP 582": ("__pypackages__", ("3.12/lib/requests/__init__.py", "3.12/bin/pip")),
}


def make(tool: Tool, cache: Path) -> None:
    """Put what the tool makes into the current directory; skip the test where the tool isn't installed.

    Most tools take seconds, so each makes its environment once, in `cache`, which all tests share.
    """
    program = BIN / tool.command[0]  # an absolute one stays what it is
    if not os.access(program, os.X_OK):
        pytest.skip(f"{tool.name} isn't installed")
    place = cache / tool.name
    with FileLock(f"{place}.lock"):
        if not place.exists():
            _run(tool, program, cache / f"{tool.name}.new").rename(place)
    shutil.copytree(place, ".", symlinks=True, dirs_exist_ok=True)


def _run(tool: Tool, program: Path, place: Path) -> Path:
    place.mkdir(exist_ok=True)
    for name, text in tool.files.items():
        (place / name).write_text(text)
    variables = {**os.environ, **tool.variables, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    command = [str(program), *tool.command[1:]]
    done = subprocess.run(command, cwd=place, env=variables, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return place


def as_on_windows(place: Path) -> None:
    """Turn the environments below a directory into what the same tools lay out on Windows."""
    for config in [*place.rglob("pyvenv.cfg")]:
        top = config.parent
        packages = next(top.glob("lib/*/site-packages"), None)
        if packages:
            packages.rename(top / "packages")
        for name in ("lib", "lib64"):  # in this order: on some systems, `lib` and `Lib` are one
            if (top / name).is_symlink():
                (top / name).unlink()
            else:
                shutil.rmtree(top / name, ignore_errors=True)
        if packages:
            (top / "Lib").mkdir()
            (top / "packages").rename(top / "Lib/site-packages")
        (top / "bin").rename(top / "Scripts")
        for program in top.glob("Scripts/*"):
            if program.is_symlink() or program.name == "activate.csh":
                program.unlink()
        for name in ("python.exe", "pythonw.exe"):
            (top / "Scripts" / name).write_bytes(b"MZ\x90\0")


def lay_out(name: str) -> None:
    """Write the files of one of LAYOUTS, each with something in it."""
    path, files = LAYOUTS[name]
    for file in files:
        place = Path(path, file)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{file}\n")
