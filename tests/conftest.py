"""A scratch repository that nothing of this machine reaches into, and hooks that run inside this process."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.documents import Block

GIT_SETTINGS = """\
[user]
    name = A Tester
    email = tester@example.org
[init]
    defaultBranch = main
[commit]
    gpgSign = false
[protocol "file"]
    allow = always
"""
# What a shell, a CI job, or the hook that runs these tests may have exported, and what venvlint, git or pip would obey.
LEAKS = ("GIT_", "PIP_", "UV_", "CONDA", "VIRTUAL_ENV", "PYTHONPATH", "BASH_ENV", "GITHUB_", "NO_COLOR", "FORCE_COLOR")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """Return the JSON that was printed."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home of its own, so that nobody's settings of git reach the test."""
    for name in list(os.environ):
        if name.startswith(LEAKS):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(GIT_SETTINGS)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "100")
    return home


@pytest.fixture(scope="session")
def empty_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository just made, to be copied: that is faster than making each anew."""
    path = tmp_path_factory.mktemp("template") / "repository"
    subprocess.run(["git", "init", "--quiet", "--template=", "--initial-branch=main", path], check=True)
    (path / ".git/info").mkdir(exist_ok=True)
    return path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory that all tests of this run share, also those in other processes of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    path = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made"
    path.mkdir(exist_ok=True)
    return path


@pytest.fixture
def repository(tmp_path: Path, home: Path, empty_repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty repository, made the current directory."""
    path = tmp_path / "repository"
    shutil.copytree(empty_repository, path)
    monkeypatch.chdir(path)
    return path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[[Sequence[str]], Outcome]:
    """Return a function that runs a console script's `main` in this process, which saves a start of Python."""

    def call(command: Sequence[str]) -> Outcome:
        script, *arguments = command
        module = "cli" if script == "venvlint" else script.replace("-", "_")
        main = importlib.import_module(f"venvlint.{module}").main
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = stop.code
        printed = capsys.readouterr()
        return Outcome(code or 0, printed.out, printed.err)

    return call


def lay_out(inputs: Iterable[Block], root: Path) -> None:
    """Write the files of a document, and run its console blocks in real bash, in the order in which they stand."""
    for block in inputs:
        if block.info == "console":
            console(block.body, root)
        else:
            file = root / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(block.body.encode("utf-8", "surrogateescape"))


def console(script: str, cwd: Path) -> None:
    """Run shell commands; fail the test, with what they printed, if one fails. They can't install globally, either."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=cwd,
        env=os.environ | {"PIP_REQUIRE_VIRTUALENV": "1"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.fail(f"exit {done.returncode} from\n{script}\n{done.stdout}{done.stderr}", pytrace=False)


def described(outcome: Outcome, *, with_help: bool, root: Path) -> str:
    """Return a run's outcome as the `findings` block of a case states it, a line for each finding and skipped file."""
    try:
        report = outcome.report
    except ValueError:
        lines = [f"exit {outcome.code}", *(f"{outcome.out}{outcome.err}".splitlines())]
    else:
        lines = [line for finding in report["findings"] for line in _described(finding, with_help)]
        lines += [f"{_place(entry)} skipped: {entry['reason']}" for entry in report["skipped"]]
        if outcome.code != bool(report["findings"]):
            lines.append(f"exit {outcome.code}")
    return "".join(f"{line}\n" for line in lines).replace(str(root), ".")


def _described(finding: dict[str, Any], with_help: bool) -> Iterable[str]:
    possible = " [possible]" if finding["certainty"] == "possible" else ""
    yield f"{_place(finding)} {finding['rule']}{possible}: {finding['message']}"
    if with_help:
        yield f"    help: {finding['help']}"


def _place(entry: dict[str, Any]) -> str:
    path: str = entry["path"]
    if not path.isprintable():
        path = json.dumps(path)
    if entry.get("column"):
        return f"{path}:{entry['line']}:{entry['column']}-{entry['end_line']}:{entry['end_column']}"
    return f"{path}:{entry['line']}" if entry.get("line") else path
