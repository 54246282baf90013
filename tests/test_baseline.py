"""Baselines: what is known stays out, what is new comes through."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Outcome

Call = Callable[[Sequence[str]], Outcome]


@pytest.fixture
def known(repository: Path, call: Call) -> Path:
    """Return a repository with a baseline that holds its one finding."""
    (repository / "a.sh").write_text("pip install x\n")
    written = call(["venvlint", "baseline", "--output", "known.json", "a.sh"])
    assert (written.code, written.out, written.err) == (0, "", "1 finding written to known.json\n")
    return repository


def test_known_findings_are_left_out(known: Path, call: Call) -> None:
    found = call(["no-global-pip", "--format", "json", "--baseline", "known.json", "a.sh"])
    assert found.code == 0
    assert found.report["summary"] == {"files": 1, "findings": 0, "suppressed": 0, "baselined": 1}
    assert found.err == "no findings in 1 file, 1 in the baseline\n"


def test_new_findings_are_not(known: Path, call: Call) -> None:
    (known / "a.sh").write_text("echo moved\n\npip install x\npip install y\npip  install x\n")
    found = call(["no-global-pip", "--format", "json", "--baseline", "known.json", "a.sh"])
    assert [each["line"] for each in found.report["findings"]] == [4, 5]
    assert found.code == 1


def test_setting(known: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    (known / "venvlint.toml").write_text('baseline = "known.json"\n')
    assert call(["no-global-pip", "a.sh"]).code == 0
    (known / "sub").mkdir()
    monkeypatch.chdir(known / "sub")
    assert call(["no-global-pip", "../a.sh"]).code == 0


def test_written_again_it_holds_everything(known: Path, call: Call) -> None:
    (known / "venvlint.toml").write_text('baseline = "known.json"\n')
    (known / "a.sh").write_text("pip install x\npip install y\n")
    assert call(["venvlint", "baseline", "a.sh"]).err.startswith("2 findings written to ")
    assert call(["no-global-pip", "a.sh"]).code == 0


def test_place_without_a_setting(repository: Path, call: Call) -> None:
    (repository / "a.sh").write_text("pip install x\n")
    call(["venvlint", "baseline", "a.sh"])
    content = json.loads((repository / ".venvlint-baseline.json").read_text())
    assert [(each["path"], each["rule"]) for each in content["findings"]] == [("a.sh", "global-install")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(None, "no such baseline: `venvlint baseline --output x.json` writes it", id="missing"),
        pytest.param("{", "not a baseline: `venvlint baseline --output x.json` writes one", id="not JSON"),
        pytest.param("[]", "not a baseline: `venvlint baseline --output x.json` writes one", id="a list"),
        pytest.param(
            '{"schema": 2, "findings": []}',
            "not a baseline: `venvlint baseline --output x.json` writes one",
            id="schema",
        ),
    ],
)
def test_bad_baseline(repository: Path, call: Call, content: str | None, reason: str) -> None:
    (repository / "a.sh").write_text("echo\n")
    if content is not None:
        (repository / "x.json").write_text(content)
    found = call(["no-global-pip", "--baseline", "x.json", "a.sh"])
    assert (found.code, found.err) == (2, f"error: x.json: {reason}\n")
