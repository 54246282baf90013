"""What each tool makes, committed by git: one finding in every scope and in the history, and silence once mended."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.environment_makers import LAYOUTS, TOOLS, Tool, as_on_windows, lay_out, make

Call = Callable[[Sequence[str]], Outcome]
PYTHON = f"Python {platform.python_version()}"
# Poetry, Pipenv, PDM and Hatch have virtualenv make their environments, and these don't say more.
DESCRIPTIONS = {
    "hatch": f"a virtual environment (virtualenv for {PYTHON})",
    "nox": f"a directory of nox environments ({PYTHON})",
    "pdm": f"a virtual environment (virtualenv for {PYTHON})",
    "pipenv": f"a virtual environment (virtualenv for {PYTHON})",
    "poetry": f"a virtual environment (virtualenv for {PYTHON})",
    "tox": f"a directory of tox environments ({PYTHON})",
    "uv": f"a virtual environment (uv for {PYTHON})",
    "venv": f"a virtual environment (venv for {PYTHON})",
    "virtualenv": f"a virtual environment (virtualenv for {PYTHON})",
    "virtualenv-without-ignore": f"a virtual environment (virtualenv for {PYTHON})",
    "PEP 582": "a directory of PEP 582 packages (Python 3.12)",
    "conda": "a conda environment (Python 3.12.4)",
    "conda on Windows": "a conda environment (Python 3.12.4)",
    "pixi": "a directory of pixi environments (Python 3.13.1)",
}


@pytest.mark.parametrize("is_windows", [pytest.param(False, id="here"), pytest.param(True, id="as on Windows")])
@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_real_tool(tool: Tool, is_windows: bool, made: Path, repository: Path, call: Call) -> None:
    make(tool, made)
    if is_windows:
        as_on_windows(Path(tool.path))
    found_in_every_scope_and_mended(tool.path, DESCRIPTIONS[tool.name], call)


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str, repository: Path, call: Call) -> None:
    lay_out(name)
    found_in_every_scope_and_mended(LAYOUTS[name][0], DESCRIPTIONS[name], call)


def found_in_every_scope_and_mended(path: str, described: str, call: Call) -> None:
    git("commit", "-qm", "nothing yet", "--allow-empty")
    git("add", "--force", ".")
    total = len(git("ls-files", "-z", "--", path).split("\0")) - 1
    assert total > 1

    def found(*scope: str) -> list[tuple[str, str, str, int]]:
        report = call([*scope, "--format", "json"]).report["findings"]
        return [(one["rule"], one["path"], one["message"].partition(":")[0], one["files"]) for one in report]

    def expected(rule: str, state: str) -> list[tuple[str, str, str, int]]:
        return [(rule, path, f"{described} {state}", total)]

    staged = expected("committed-environment", "would be committed")
    tracked = expected("committed-environment", "is tracked")
    past = expected("environment-in-history", "is in the history")
    assert found("no-site-packages", "--staged") == staged
    assert found("no-site-packages") == tracked
    git("commit", "-qm", "everything")
    assert found("no-site-packages", "--staged") == []
    assert found("no-site-packages") == found("no-site-packages", "--rev", "HEAD") == tracked
    assert found("venvlint", "history") == past
    assert call(["no-site-packages", "--fix"]).code == 1
    assert call(["no-site-packages", "--format", "json"]).report["findings"] == []
    assert call(["no-site-packages"]).code == 0
    assert Path(path).is_dir()
    git("add", ".")  # the lines that were added to the ignore file hold
    git("commit", "-qm", "without it")
    assert git("ls-files", "--", path) == ""
    assert found("no-site-packages", "--rev", "HEAD") == []
    assert found("venvlint", "history") == past


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()
