"""What makes a directory an environment: by the names in it, and as the real tools make it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.environment_makers import LAYOUTS, TOOLS, Tool, lay_out, make
from venvlint import environments

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


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_real_tool(tool: Tool, made: Path, repository: Path, call: Callable[[Sequence[str]], Outcome]) -> None:
    make(tool, made)
    found_reported_fixed_silent(tool.path, call)


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str, repository: Path, call: Callable[[Sequence[str]], Outcome]) -> None:
    lay_out(name)
    path, _ = LAYOUTS[name]
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
