"""The command line: what is checked, with which rules, and how a run ends."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Outcome
from venvlint import __version__, arguments, checks, options

Call = Callable[[Sequence[str]], Outcome]
HOOKS = ("venv-gitignored", "no-site-packages", "no-global-pip", "venvlint")
BAD = "pip install requests\n"


@pytest.fixture
def files(repository: Path) -> Path:
    """Return a repository with a clean file, and with faults in what is committed, staged, and not tracked."""
    (repository / "clean.sh").write_text("echo hello\n")
    (repository / "committed.sh").write_text(BAD)
    (repository / "sub").mkdir()
    (repository / "sub/deep.sh").write_text(BAD)
    (repository / ".gitignore").write_text(".venv/\nvenv/\n")
    git("add", "--all")
    git("commit", "--quiet", "--message", "first")
    (repository / "staged.sh").write_text(BAD)
    git("add", "staged.sh")
    (repository / "untracked.sh").write_text(BAD)
    return repository


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True)


def paths(outcome: Outcome) -> list[str]:
    return [finding["path"] for finding in outcome.report["findings"]]


@pytest.mark.parametrize("hook", HOOKS)
def test_version(call: Call, hook: str) -> None:
    assert call([hook, "--version"]).out == f"{hook} {__version__}\n"


@pytest.mark.parametrize("words", [(), ("a.sh",), ("a.sh", "sub/"), ("",)])
def test_files_alone_are_read_as_by_the_parser(words: tuple[str, ...]) -> None:
    parser = arguments.parser("no-global-pip", "", takes_paths=True)
    assert vars(options.parsed("no-global-pip", "", words, takes_paths=True)) == vars(
        parser.parse_args(words, options.Options())
    )


@pytest.mark.parametrize("hook", HOOKS)
def test_usage_error(call: Call, hook: str) -> None:
    found = call([hook, "--format", "yaml"])
    assert (found.code, found.out) == (2, "")
    assert "invalid choice: 'yaml'" in found.err


@pytest.mark.parametrize("hook", HOOKS)
def test_unknown_rule(repository: Path, call: Call, hook: str) -> None:
    for option in ("--select", "--ignore"):
        found = call([hook, option, "global-installs"])
        assert (found.code, found.out) == (2, "")
        assert found.err == f"error: {option}: no rule is called 'global-installs': did you mean 'global-install'?\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param((), ["committed.sh", "staged.sh", "sub/deep.sh"], id="all that is tracked"),
        pytest.param(("--staged",), ["staged.sh"], id="what is staged"),
        pytest.param(("--rev", "HEAD"), ["committed.sh", "sub/deep.sh"], id="a commit"),
        pytest.param(("--rev", "HEAD", "sub"), ["sub/deep.sh"], id="a directory of a commit"),
        pytest.param(("untracked.sh",), ["untracked.sh"], id="a file that is named"),
        pytest.param(("sub", "clean.sh"), ["sub/deep.sh"], id="a directory"),
        pytest.param(("sub/deep.sh", "sub", "./sub/../sub/deep.sh"), ["sub/deep.sh"], id="each once"),
        pytest.param((".",), ["committed.sh", "staged.sh", "sub/deep.sh"], id="the repository as a directory"),
    ],
)
@pytest.mark.parametrize("hook", ["no-global-pip", "venvlint"])
def test_scope(files: Path, call: Call, hook: str, arguments: tuple[str, ...], expected: list[str]) -> None:
    assert paths(call([hook, "--format", "json", *arguments])) == expected


def test_staged_content_counts(files: Path, call: Call) -> None:
    (files / "staged.sh").write_text("echo mended, but not staged\n")
    assert paths(call(["no-global-pip", "--format", "json", "--staged"])) == ["staged.sh"]
    assert "staged.sh" not in paths(call(["no-global-pip", "--format", "json"]))


def test_unborn_branch(repository: Path, call: Call) -> None:
    (repository / "a b\n'.sh").write_text(BAD)
    git("add", "--all")
    for scope in ((), ("--staged",)):
        assert paths(call(["no-global-pip", "--format", "json", *scope])) == ["a b\n'.sh"]


def test_bare_repository(files: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (files / "pyproject.toml").write_text('[tool.venvlint]\nexclude = ["sub/"]\n')
    git("add", "pyproject.toml")
    git("commit", "--quiet", "--message", "second")
    git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path / "bare.git")
    for hook in ("no-global-pip", "venvlint"):
        assert paths(call([hook, "--format", "json", "--rev", "HEAD^"])) == ["committed.sh", "sub/deep.sh"]
        assert paths(call([hook, "--format", "json", "--rev", "main"])) == ["committed.sh", "staged.sh"]
        found = call([hook])
        assert (found.code, found.err) == (
            2,
            "error: a bare repository has no files checked out: name a commit with --rev\n",
        )


def test_no_such_revision(files: Path, call: Call) -> None:
    found = call(["no-global-pip", "--rev=--output=x"])
    assert (found.code, found.err) == (2, "error: no commit is called '--output=x'\n")


def test_run_in_a_subdirectory(files: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files / "sub")
    assert paths(call(["no-global-pip", "--format", "json", "deep.sh", "../committed.sh"])) == [
        "committed.sh",
        "sub/deep.sh",
    ]
    assert paths(call(["no-global-pip", "--format", "json"])) == ["committed.sh", "staged.sh", "sub/deep.sh"]
    assert paths(call(["no-global-pip", "--format", "json", "."])) == ["sub/deep.sh"]


def test_another_repository(files: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert paths(call(["no-global-pip", "--format", "json", str(files)])) == [
        "committed.sh",
        "staged.sh",
        "sub/deep.sh",
    ]
    assert paths(call(["no-global-pip", "--format", "json", str(files / "sub/deep.sh")])) == ["sub/deep.sh"]


def test_outside_of_a_repository(home: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain/sub").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "plain")
    Path("a.sh").write_text(BAD)
    Path("sub/b.sh").write_text(BAD)
    assert paths(call(["no-global-pip", "--format", "json", "a.sh", "sub"])) == ["a.sh", "sub/b.sh"]
    assert paths(call(["venvlint", "--format", "json", "a.sh", "sub"])) == ["a.sh", "sub/b.sh"]
    for hook in set(HOOKS) - {"venv-gitignored"}:  # which does without
        found = call([hook])
        assert (found.code, found.out) == (2, "")
        assert found.err.startswith("error: ")
        assert "isn't in a git repository" in found.err


def test_standard_input(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    found = call(["no-global-pip", "--format", "json", "--stdin-filename", "sub/x.sh", "-"])
    assert paths(found) == ["sub/x.sh"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"#!/bin/sh\n" + BAD.encode())))
    assert paths(call(["no-global-pip", "--format", "json", "-"])) == ["stdin"]


def test_named_files_leave_the_rest_alone(files: Path, call: Call) -> None:
    (files / ".gitignore").unlink()
    (files / "venv/bin").mkdir(parents=True)
    (files / "venv/pyvenv.cfg").write_text("home = /usr/bin\n")
    (files / "venv/bin/activate").write_text("")
    git("add", "--all")
    assert call(["venvlint", "--format", "json", "clean.sh"]).report["findings"] == []
    assert "venv" in paths(call(["venvlint", "--format", "json", "."]))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("clean.sh",), 0, id="clean"),
        pytest.param(("committed.sh",), 1, id="findings"),
        pytest.param(("committed.sh", "--exit-zero"), 0, id="findings, which are fine"),
        pytest.param(("committed.sh", "gone.sh"), 2, id="a file that isn't there"),
        pytest.param(("committed.sh", "gone.sh", "--exit-zero"), 2, id="which is never fine"),
        pytest.param(("committed.sh", "--ignore", "global-install"), 0, id="a rule that is switched off"),
        pytest.param(("committed.sh", "--select", "sudo-install,user-install"), 0, id="another rule"),
        pytest.param(
            ("committed.sh", "--select", "sudo-install", "--select", "global-install"), 1, id="options add up"
        ),
    ],
)
def test_exit_code(files: Path, call: Call, arguments: tuple[str, ...], code: int) -> None:
    assert call(["no-global-pip", *arguments]).code == code


def test_possible_is_asked_for(repository: Path, call: Call) -> None:
    (repository / "a.sh").write_text("if x; then . .venv/bin/activate; fi\npip install x\n")
    assert call(["no-global-pip", "a.sh"]).code == 0
    found = call(["no-global-pip", "--possible", "a.sh"])
    assert found.code == 1
    assert " [possible]: " in found.out


@pytest.mark.parametrize("hook", HOOKS)
def test_quiet(files: Path, call: Call, hook: str) -> None:
    assert call([hook]).err
    assert call([hook, "--quiet"]).err == ""


def test_summaries(files: Path, call: Call) -> None:
    assert call(["no-global-pip", "clean.sh"]).err == "no findings in 1 file\n"
    assert call(["no-global-pip", "clean.sh", "--config", os.devnull]).err == "no findings in 1 file\n"
    assert call(["no-global-pip", "clean.sh", "committed.sh"]).err == "1 finding in 2 files\n"


def test_a_crash_is_no_finding(files: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(checks, "unsilenced", crash)
    found = call(["no-global-pip", "committed.sh"])
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("internal error: ZeroDivisionError: oops; please report it at https://")
    monkeypatch.setenv("VENVLINT_DEBUG", "1")
    assert "Traceback" in call(["no-global-pip", "committed.sh"]).err


def test_a_crash_over_one_file_spares_the_others(files: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    real = checks.script_findings

    def crash(source: object, *rest: object) -> object:
        if getattr(source, "path", "") == "staged.sh":
            raise ZeroDivisionError("oops")
        return real(source, *rest)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(checks, "script_findings", crash)
    found = call(["no-global-pip", "--format", "json"])
    assert paths(found) == ["committed.sh", "sub/deep.sh"]
    assert found.report["skipped"] == [{"path": "staged.sh", "reason": "internal error: ZeroDivisionError: oops"}]
    assert found.code == 2


def test_reader_that_goes_away(files: Path) -> None:
    command = [sys.executable, "-m", "venvlint.no_global_pip", "--format", "sarif", "--possible"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() == 2


def test_module_runs(files: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "venvlint", "committed.sh"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout.startswith("committed.sh:1:1: global-install: ")
