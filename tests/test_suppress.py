"""Suppression comments: where they count, in which host, and when they are of no use."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Outcome
from venvlint.model import Finding, Span
from venvlint.source import Source
from venvlint.suppress import Comments

Call = Callable[[Sequence[str]], Outcome]
FAULT = "pip install x"


def is_silenced(path: str, text: str, rule: str = "global-install") -> bool:
    """Tell whether the comments of a file silence a finding at the `pip install x` in its text."""
    start = text.index(FAULT)
    finding = Finding(rule, path, "message", "help", Span(start, start + len(FAULT)))
    return Comments(Source(path, text.encode())).silencing(finding) is not None


def notebook(*lines: str) -> str:
    cells = [{"cell_type": "code", "source": [f"{line}\n" for line in lines]}]
    return json.dumps({"cells": cells, "nbformat": 4}, indent=1)


IGNORE = "venvlint: ignore[global-install]"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("a.sh", f"{FAULT}  # {IGNORE} it is a throw-away machine\n", id="same line"),
        pytest.param("a.sh", f"# {IGNORE}\n{FAULT}\n", id="line above"),
        pytest.param("a.sh", f"if x; then\n  # {IGNORE}\n  {FAULT}\nfi\n", id="indented"),
        pytest.param("a.sh", f"#{IGNORE}\n{FAULT}\n", id="no space"),
        pytest.param("a.sh", f"## VENVLINT: Ignore[ user-install , global-install ]\n{FAULT}\n", id="case and spaces"),
        pytest.param("a.sh", f"# {IGNORE}\r\n{FAULT}\r\n", id="CRLF"),
        pytest.param("a.sh", f"# venvlint: ignore[user-install]\n# {IGNORE}\n{FAULT}\n", id="stacked, below"),
        pytest.param("a.sh", f"# {IGNORE}\n# venvlint: ignore[user-install]\n{FAULT}\n", id="stacked, above"),
        pytest.param("a.sh", f"# {IGNORE}\necho && \\\n  {FAULT} \\\n  y\n", id="above a continued command"),
        pytest.param("a.sh", f"echo && \\\n  {FAULT} \\\n  y  # {IGNORE}\n", id="after a continued command"),
        pytest.param("a.sh", f"#!/bin/sh\n# venvlint: ignore-file[global-install] old\n\n\n{FAULT}\n", id="file"),
        pytest.param("a.bat", f"REM {IGNORE}\n{FAULT}\n", id="REM"),
        pytest.param("a.bat", f"@rem {IGNORE}\n{FAULT}\n", id="rem with an at sign"),
        pytest.param("a.cmd", f":: {IGNORE}\n{FAULT}\n", id="two colons"),
        pytest.param("a.cmd", f":: {IGNORE}\necho && ^\n{FAULT}\n", id="caret"),
        pytest.param("a.ps1", f"<# {IGNORE} #>\n{FAULT}\n", id="PowerShell block"),
        pytest.param("a.ps1", f"# {IGNORE}\nWrite-Host x; `\n{FAULT}\n", id="PowerShell backtick"),
        pytest.param("Jenkinsfile", f"// {IGNORE}\nsh '{FAULT}'\n", id="slashes"),
        pytest.param("Jenkinsfile", f"sh '{FAULT}' /* {IGNORE} */\n", id="slash and star"),
        pytest.param("a.lua", f"-- {IGNORE}\n{FAULT}\n", id="dashes"),
        pytest.param("a.ini", f"; {IGNORE}\n{FAULT}\n", id="semicolon"),
        pytest.param("a.md", f"<!-- {IGNORE} -->\n{FAULT}\n", id="HTML"),
        pytest.param("ci.yml", f"- run: {FAULT}  # {IGNORE}\n", id="YAML, plain scalar"),
        pytest.param("ci.yml", f"- run: |\n    # {IGNORE}\n    {FAULT}\n", id="YAML, block scalar"),
        pytest.param("ci.yml", f"- run: |\n    {FAULT}  # {IGNORE}\n", id="YAML, in the script"),
        pytest.param("ci.yml", f"# {IGNORE}\n- {FAULT}\n", id="YAML, item below"),
        pytest.param("Makefile", f"x:\n\t@# {IGNORE}\n\t{FAULT}\n", id="recipe line"),
        pytest.param(
            "Dockerfile", f"RUN apt-get update && \\\n    # {IGNORE}\n    {FAULT}\n", id="Dockerfile, inside RUN"
        ),
        pytest.param(
            "Dockerfile", f"# {IGNORE}\nRUN a && \\\n# more\n    b && \\\n    {FAULT}\n", id="Dockerfile, above RUN"
        ),
        pytest.param("Dockerfile", f"# escape=`\n# {IGNORE}\nRUN a; `\n    {FAULT}\n", id="Dockerfile, backtick"),
        pytest.param("a.ipynb", notebook("import x", f"# {IGNORE}", f"!{FAULT}"), id="notebook, line above"),
        pytest.param("a.ipynb", notebook(f"!{FAULT}  # {IGNORE}"), id="notebook, same line"),
        pytest.param("a.ipynb", json.dumps({"source": f"x\n# {IGNORE}\n!{FAULT}"}), id="notebook, cell in one string"),
        pytest.param(
            "a.ipynb", notebook("import x", "# venvlint: ignore-file[global-install]", FAULT), id="notebook, file"
        ),
    ],
)
def test_silenced(path: str, text: str) -> None:
    assert is_silenced(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("a.sh", f"{FAULT}\n", id="no comment"),
        pytest.param("a.sh", f"# venvlint: ignore[user-install]\n{FAULT}\n", id="another rule"),
        pytest.param("a.sh", f"# venvlint: ignore\n{FAULT}\n", id="no rule"),
        pytest.param("a.sh", f"# venvlint: ignore[]\n{FAULT}\n", id="empty"),
        pytest.param("a.sh", f"# {IGNORE}\n\n{FAULT}\n", id="two lines above"),
        pytest.param("a.sh", f"{FAULT}\n# {IGNORE}\n", id="line below"),
        pytest.param("a.sh", f"echo  # {IGNORE}\n{FAULT}\n", id="after something on the line above"),
        pytest.param("a.sh", f"# {IGNORE}\necho\n{FAULT}\n", id="that of the line between"),
        pytest.param("a.sh", f"x {IGNORE}\n{FAULT}\n", id="not a comment"),
        pytest.param("a.sh", f"a#{IGNORE}\n{FAULT}\n", id="part of a word"),
        pytest.param(
            "a.sh", "\n" * 20 + f"# venvlint: ignore-file[global-install]\n{FAULT}\n", id="file, too far down"
        ),
        pytest.param(
            "a.ipynb", json.dumps({"source": f"# {IGNORE}\nx\n!{FAULT}"}), id="notebook, line between in one string"
        ),
        pytest.param("a.ipynb", notebook(f"# {IGNORE}", "x", f"!{FAULT}"), id="notebook, line between"),
    ],
)
def test_not_silenced(path: str, text: str) -> None:
    assert not is_silenced(path, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"{FAULT}  # {IGNORE}\n", [], id="used"),
        pytest.param(f"if x; then . .venv/bin/activate; fi\n{FAULT}  # {IGNORE}\n", [], id="used for what is possible"),
        pytest.param(
            "echo pip # venvlint: ignore[uninstall]\n",
            ["no rule is called `uninstall`, so this comment doesn't silence it"],
            id="unknown",
        ),
        pytest.param(
            f".venv/bin/{FAULT}  # {IGNORE}\n",
            ["this comment silences nothing: there is no finding of `global-install` here"],
            id="unused",
        ),
        pytest.param(
            f"{FAULT}  # venvlint: ignore[global-install, sudo-install, user-install]\n",
            ["this comment silences nothing: there is no finding of `sudo-install`, `user-install` here"],
            id="partly unused",
        ),
        pytest.param(
            "echo pip  # venvlint: ignore\n", ["this comment names no rule, so it silences nothing"], id="no rule"
        ),
        pytest.param(
            "\n" * 30 + "# venvlint: ignore-file[global-install]\necho pip\n",
            ["`ignore-file` counts only in the first lines of a file"],
            id="too far down",
        ),
        pytest.param(
            f"# venvlint: ignore[unused-suppression]\n.venv/bin/{FAULT}  # {IGNORE}\n", [], id="kept on purpose"
        ),
        pytest.param(
            f"# venvlint: ignore-file[unused-suppression]\n.venv/bin/{FAULT}  # {IGNORE}\n",
            [],
            id="kept in all the file",
        ),
        pytest.param("echo pip  # venvlint: ignore[committed-environment]\n", [], id="of another hook"),
    ],
)
def test_unused(repository: Path, call: Call, text: str, expected: list[str]) -> None:
    (repository / "a.sh").write_text(text)
    found = call(["no-global-pip", "--format", "json", "a.sh"]).report["findings"]
    assert [each["message"] for each in found] == expected
    assert {each["rule"] for each in found} <= {"unused-suppression"}


@pytest.mark.parametrize("option", [("--ignore", "global-install"), ("--select", "unused-suppression,sudo-install")])
def test_rules_that_did_not_run_are_not_judged(repository: Path, call: Call, option: tuple[str, str]) -> None:
    (repository / "a.sh").write_text(f".venv/bin/{FAULT}  # {IGNORE}\n")
    assert call(["no-global-pip", *option, "a.sh"]).code == 0


def test_rules_switched_off_for_the_file(repository: Path, call: Call) -> None:
    (repository / "a.sh").write_text(f".venv/bin/{FAULT}  # {IGNORE}\n")
    (repository / "venvlint.toml").write_text('per-file-ignores = {"a.sh" = ["global-install"]}')
    assert call(["no-global-pip", "a.sh"]).code == 0


def test_stale_comment_in_an_empty_script(repository: Path, call: Call) -> None:
    (repository / "a.sh").write_text(f"#!/bin/sh\n# {IGNORE}\necho gone\n")
    assert call(["no-global-pip", "a.sh"]).code == 1


def test_suppressed_are_counted(repository: Path, call: Call) -> None:
    (repository / "a.sh").write_text(f"{FAULT}  # {IGNORE}\n{FAULT}\n")
    found = call(["no-global-pip", "--format", "json", "a.sh"]).report
    assert found["summary"] == {"files": 1, "findings": 1, "suppressed": 1, "baselined": 0}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("echo pip  # venvlint: ignore[user-install] why\n", "echo pip\n", id="at the end"),
        pytest.param("# venvlint: ignore[user-install]\necho pip\n", "echo pip\n", id="alone"),
        pytest.param("echo pip\r\n  # venvlint: ignore[user-install]\r\n", "echo pip\r\n", id="CRLF"),
        pytest.param("echo pip\n# venvlint: ignore[user-install]", "echo pip\n", id="no final newline"),
        pytest.param(
            f"{FAULT}  # venvlint: ignore[user-install, global-install] why\n",
            f"{FAULT}  # {IGNORE} why\n",
            id="one of two",
        ),
    ],
)
def test_fix(repository: Path, call: Call, before: str, after: str) -> None:
    (repository / "a.sh").write_bytes(before.encode())
    assert call(["no-global-pip", "--fix", "a.sh"]).code == 1
    assert (repository / "a.sh").read_bytes() == after.encode()
    assert call(["no-global-pip", "a.sh"]).code == 0
