"""Every rule is whole: module, page, examples that run, cases on both sides, and a place wherever rules are listed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml

from tests.conftest import Outcome, lay_out
from tests.documents import COMMAND_OF, HOOK_OF, Section, as_json, cases, sections, with_files
from venvlint.rules import CATALOGUE, load

ROOT = Path(__file__).parent.parent
PAGE = ["Why", "Bad", "Good", "Limits"]
NO_RULES = {"--init--", "advice", "amounts", "judge"}  # what else stands in rules/
MANIFEST = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())


def page(rule: str) -> tuple[Section, ...]:
    return tuple(sections(load(rule).__doc__ or "", f"{rule}'s docstring"))


@pytest.mark.parametrize("rule", HOOK_OF)
def test_page(rule: str) -> None:
    docstring = load(rule).__doc__ or ""
    assert [section.title for section in page(rule)[1:]] == PAGE
    assert re.fullmatch(r"[A-Z`][^\n]{10,90}\.", docstring.partition("\n")[0]), "first line: the fault in one phrase"
    assert all(re.search(rf"## {title}\n\n\S", docstring) for title in PAGE), "a section without text"


@pytest.mark.parametrize("rule", HOOK_OF)
def test_bad_example(rule: str, repository: Path, call: Callable[[Sequence[str]], Outcome]) -> None:
    found = run(rule, "Bad", repository, call)
    assert {finding["rule"] for finding in found.report["findings"]} == {rule}
    if HOOK_OF[rule] == "no-global-pip":
        files = {block.file for block in examples(rule, "Bad").blocks if block.file}
        assert {finding["path"] for finding in found.report["findings"]} >= files
    assert found.code == 1


@pytest.mark.parametrize("rule", HOOK_OF)
def test_good_example(rule: str, repository: Path, call: Callable[[Sequence[str]], Outcome]) -> None:
    found = run(rule, "Good", repository, call)
    assert (found.report["findings"], found.report["skipped"], found.code) == ([], [], 0)


def examples(rule: str, title: str) -> Section:
    section = next(section for section in page(rule) if section.title == title)
    assert section.blocks
    assert all(block.file or block.info == "console" for block in section.blocks)
    return section


def run(rule: str, title: str, repository: Path, call: Callable[[Sequence[str]], Outcome]) -> Outcome:
    blocks = examples(rule, title).blocks
    lay_out(blocks, repository)
    return call(as_json(with_files(COMMAND_OF[rule], blocks)))


@pytest.mark.parametrize("rule", HOOK_OF)
def test_cases_on_both_sides(rule: str) -> None:
    found = [case.expected.body for case in cases(ROOT / f"tests/cases/{rule}.md")]
    assert any(re.search(rf"^\S.* {rule}( \[possible\])?: ", findings, re.MULTILINE) for findings in found)
    assert any(not findings for findings in found)


def test_no_stray_module() -> None:
    modules = {path.stem.replace("_", "-") for path in Path(load("global-install").__file__ or "").parent.glob("*.py")}
    assert modules == {*HOOK_OF, *NO_RULES}


def test_manifest() -> None:
    assert [hook["id"] for hook in MANIFEST] == list(CATALOGUE)
    for hook in MANIFEST:
        assert (hook["name"], hook["entry"], hook["language"]) == (hook["id"], hook["id"], "python")
        assert re.fullmatch(r"[a-z][^.\n]{10,90}", hook["description"])
        assert re.fullmatch(r"\d+\.\d+\.\d+", hook["minimum_pre_commit_version"])
        if hook["id"] == "no-global-pip":
            assert hook["types"] == ["text"]
        else:
            assert (hook["pass_filenames"], hook["always_run"]) == (False, True)


def test_console_scripts() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert sorted(scripts) == sorted(CATALOGUE)
    installed = {script.name: script for script in entry_points(group="console_scripts") if script.name in scripts}
    assert {name: script.value for name, script in installed.items()} == scripts
    assert all(callable(script.load()) for script in installed.values())
