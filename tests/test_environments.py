"""What makes a directory an environment: by the names in it, and as the real tools make it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import Outcome
from venvlint import environments

BIN = Path(sys.executable).parent
PROJECT = '[project]\nname = "project"\nversion = "0"\nrequires-python = ">=3.9"\n'
VENV = ["pyvenv.cfg", "bin/activate"]
VIRTUALENV = b"HOME=/usr/bin\r\nversion_info = 3.11.2.final.0\r\nvirtualenv = 20.1\r\n"
UV = b"\xef\xbb\xbfhome = C:\\Py = thon\nuv = 0.5\nversion_info = 3.13\n"


def kind_of(path: str, files: Sequence[str]) -> str | None:
    """Return what `environments.kind` makes of a directory that holds these files."""

    def inside(below: str) -> Collection[str]:
        prefix = f"{below}/" if below else ""
        return {file[len(prefix) :].partition("/")[0] for file in files if file.startswith(prefix)}

    return environments.kind(path, inside(""), inside)


@pytest.mark.parametrize(
    ("path", "files", "expected"),
    [
        pytest.param("any", VENV, "venv", id="venv"),
        pytest.param("any", ["pyvenv.cfg"], "venv", id="only what marks it"),
        pytest.param(
            "any", ["Scripts/activate.bat", "Scripts/python.exe"], "venv", id="of Windows, without pyvenv.cfg"
        ),
        pytest.param("any", ["bin/activate", "bin/activate_this.py"], "venv", id="of an old virtualenv"),
        pytest.param("any", ["bin/activate", "bin/activate.fish"], "venv", id="two activate scripts"),
        pytest.param("any", ["bin/activate", "bin/deploy"], None, id="a bin/activate of the project's own"),
        pytest.param("any", ["bin/python", "bin/pip"], None, id="an interpreter only"),
        pytest.param("any", ["conda-meta/history"], "conda", id="conda"),
        pytest.param("any", ["conda-meta/pixi", "bin/python"], "conda", id="pixi's"),
        pytest.param("any", ["conda-meta/meta.yaml"], None, id="a directory that is called conda-meta"),
        pytest.param("a/.tox", [f"py/{file}" for file in VENV], "tox", id="tox"),
        pytest.param("a/.tox", [".pkg/PKG-INFO", "log/1.log"], None, id="tox without environments"),
        pytest.param("a/tox", [f"py/{file}" for file in VENV], None, id="another name"),
        pytest.param(".nox", [f"tests/{file}" for file in VENV], "nox", id="nox"),
        pytest.param("a/.pixi/envs", ["default/conda-meta/history"], "pixi", id="pixi"),
        pytest.param("a/envs", ["default/conda-meta/history"], None, id="a directory of conda environments"),
        pytest.param("__pypackages__", ["3.12/lib/requests/api.py"], "pypackages", id="PEP 582"),
        pytest.param("__pypackages__", ["3.12-32/lib/x.py"], "pypackages", id="PEP 582 on 32 bits"),
        pytest.param("__pypackages__", ["README"], None, id="PEP 582 only in name"),
        pytest.param("any", [], None, id="empty"),
    ],
)
def test_kind(path: str, files: Sequence[str], expected: str | None) -> None:
    assert kind_of(path, files) == expected
    names = {file.partition("/")[0] for file in files}
    assert expected is None or environments.is_candidate(path, names)


@pytest.mark.parametrize(
    ("data", "tool", "python", "home"),
    [
        pytest.param(b"home = /usr/bin\nversion = 3.12.4\n", "venv", "3.12.4", "/usr/bin", id="venv"),
        pytest.param(VIRTUALENV, "virtualenv", "3.11.2", "/usr/bin", id="virtualenv"),
        pytest.param(UV, "uv", "3.13", "C:\\Py = thon", id="uv"),
        pytest.param(b"\xff\xfe no sense\n\n=", "venv", "", "", id="not one"),
        pytest.param(b"", "venv", "", "", id="empty"),
    ],
)
def test_config(data: bytes, tool: str, python: str, home: str) -> None:
    config = environments.config(data)
    assert (config.tool, config.python, config.home) == (tool, python, home)


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
    "pixi": (".pixi/envs", ("default/conda-meta/history", "default/conda-meta/pixi", "default/bin/python")),
    "PEP 582": ("__pypackages__", ("3.12/lib/requests/__init__.py", "3.12/bin/pip")),
}


def make(tool: Tool) -> None:
    """Have the tool make its environment; skip the test where the tool isn't installed."""
    program = str(BIN / tool.command[0])  # an absolute one stays what it is
    if not os.access(program, os.X_OK):
        pytest.skip(f"{tool.name} isn't installed")
    for name, text in tool.files.items():
        Path(name).write_text(text)
    environment = {**os.environ, **tool.variables, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([program, *tool.command[1:]], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_real_tool(tool: Tool, repository: Path, call: Callable[[Sequence[str]], Outcome]) -> None:
    make(tool)
    found_reported_fixed_silent(tool.path, call)


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str, repository: Path, call: Callable[[Sequence[str]], Outcome]) -> None:
    path, files = LAYOUTS[name]
    for file in files:
        place = Path(path, file)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("")
    found_reported_fixed_silent(path, call)


def found_reported_fixed_silent(path: str, call: Callable[[Sequence[str]], Outcome]) -> None:
    findings = call(["venv-gitignored", "--format", "json"]).report["findings"]
    about = [finding["rule"] for finding in findings if finding["path"] == path]
    is_covered_inside = Path(path, ".gitignore").exists()
    assert about == ["ignored-only-locally" if is_covered_inside else "unignored-environment"]
    assert call(["venv-gitignored", "--fix"]).code == 1
    subprocess.run(["git", "add", ".gitignore"], check=True)
    after = call(["venv-gitignored", "--format", "json"])
    assert (after.report["findings"], after.code) == ([], 0)
    inside = next(file for file in Path(path).rglob("*") if file.is_file())
    subprocess.run(["git", "check-ignore", "--quiet", str(inside)], check=True)
    added = subprocess.run(["git", "add", "--all", "--dry-run"], capture_output=True, text=True, check=True).stdout
    assert path not in added
