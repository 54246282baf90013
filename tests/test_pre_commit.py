"""The hooks as pre-commit runs them: it installs this checkout by itself, and calls them with what git gives it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ENVIRONMENT, IDENTITY, copy

SCRIPT = "set up \"all\"\nof 'it'.sh"  # a space, both quotes, and a line break
SHOWN = "set up \"all\"\\nof 'it'.sh"


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy(tmp_path_factory.mktemp("pre-commit") / "venvlint")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a repository with a real environment elsewhere, to which its `.venv` is a symbolic link."""
    project = tmp_path / "project"
    project.mkdir()
    git(project, "init", "--quiet")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "elsewhere")], check=True)
    (project / ".venv").symlink_to(tmp_path / "elsewhere")
    return project


def git(cwd: Path, *arguments: str) -> None:
    subprocess.run(["git", *IDENTITY, *arguments], cwd=cwd, env=ENVIRONMENT, check=True)


def try_repo(hooks: Path, project: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(hooks), "--all-files", "--color=never", "--verbose"]
    return subprocess.run(command, cwd=project, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def test_faults(hooks: Path, project: Path, tmp_path: Path) -> None:
    (project / ".gitignore").write_text(".venv/\nvenv/\n")  # with a slash: a link isn't matched
    (project / SCRIPT).write_text("python3 -m venv .venv\npip install requests\n")
    git(project, "add", "--all")
    (project / "venv").symlink_to(tmp_path / "elsewhere")  # not tracked yet
    done = try_repo(hooks, project)
    assert statuses(done.stdout) == {
        "venv-gitignored": "Failed",
        "no-site-packages": "Failed",
        "no-global-pip": "Failed",
        "venvlint": "Failed",
    }, done.stdout + done.stderr
    install = (
        f"{SHOWN}:2:1: global-install: pip installs globally: no environment is active here; "
        "install into an environment: .venv/bin/pip install requests"
    )
    assert done.stdout.splitlines().count(install) == 2  # by its own hook, and by the one that is all of them
    for start in (".venv: committed-interpreter: ", "venv: unignored-environment: "):
        assert sum(line.startswith(start) for line in done.stdout.splitlines()) == 2
    assert done.returncode == 1


def test_mended(hooks: Path, project: Path) -> None:
    (project / ".gitignore").write_text(".venv\nvenv/\n")
    (project / SCRIPT).write_text("python3 -m venv .venv\n.venv/bin/pip install requests\n")
    git(project, "add", "--all")
    done = try_repo(hooks, project)
    assert set(statuses(done.stdout).values()) == {"Passed"}, done.stdout + done.stderr
    assert done.returncode == 0


def statuses(output: str) -> dict[str, str]:
    """Return each hook's name and what pre-commit says of it."""
    lines = (line.partition(".") for line in output.splitlines() if line.endswith(("Passed", "Failed", "Skipped")))
    return {name: rest.rpartition(".")[2] for name, _, rest in lines}
