"""What the documentation says is so: tables and pages are the rules', settings load, options exist, commands run."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml
from scripts import docs, readme

from tests.checkout import ROOT
from tests.conftest import Outcome
from tests.documents import HOOK_OF, sections
from venvlint import __version__, arguments, settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = [block for section in sections(README, "README.md") for block in section.blocks]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
OTHERS_OPTIONS = {"--spec", "--numprocesses", "--all", "--not", "--remotes"}  # pipx's, pytest's, git's


def blocks(language: str) -> list[str]:
    found = [block.body for block in BLOCKS if block.language == language]
    assert found
    return found


def test_generated_parts() -> None:
    assert not docs.stale(), "python scripts/docs.py writes them"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_settings(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    (tmp_path / "pyproject.toml").write_text(text)
    loaded = settings.load(str(tmp_path))
    given, default = loaded._asdict(), settings.Settings()._asdict()
    assert [name for name in default if given[name] == default[name]] == ["select"]  # which the text only names
    assert "`select`" in text


def test_pre_commit_snippet() -> None:
    (repo,) = yaml.safe_load(blocks("yaml")[0])["repos"]
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in repo["hooks"]] == [hook["id"] for hook in manifest if hook["id"] != "venvlint"]
    assert set(re.findall(r"(?:rev: |venvlint@)v([\d.]+)", README)) == {__version__}


def test_options() -> None:
    known = {
        name for action in arguments.parser("venvlint", "", takes_paths=True)._actions for name in action.option_strings
    }
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", docs.PART.sub("", README))) <= known | OTHERS_OPTIONS


def test_rule_names() -> None:
    listed = set(re.findall(r"\]\(docs/rules/([\w-]+)\.md\)", README))
    assert listed == set(HOOK_OF)
    named = {name for names in re.findall(r"ignore(?:-file)?\[([^\]]+)\]", README) for name in names.split(", ")}
    assert named <= set(HOOK_OF)


def test_example(repository: Path, call: Callable[[Sequence[str]], Outcome]) -> None:
    command, _, output = blocks("console")[0].partition("\n")
    (repository / "setup.sh").write_text(
        "python3 -m venv .venv\n(source .venv/bin/activate)\npip install -r requirements.txt\n"
    )
    assert call(command.removeprefix("$ ").split()).out == output


@pytest.mark.parametrize("name", ["run", "test"])
def test_commands_obey_the_golden_rule(name: str, repository: Path, call: Callable[[Sequence[str]], Outcome]) -> None:
    (repository / "pasted.sh").write_text(readme.commands()[name] + "\n")
    assert call(["no-global-pip", "--possible", "pasted.sh"]).code == 0
    assert re.match(r"python3 -m venv \.venv && \.venv/bin/pip install ", readme.commands()[name])


def test_ci_snippets_obey_the_golden_rule(repository: Path, call: Callable[[Sequence[str]], Outcome]) -> None:
    _, *github, gitlab = blocks("yaml")
    for number, steps in enumerate(github):
        job = "".join(f"    {line}\n" for line in ["runs-on: ubuntu-latest", *steps.splitlines()])
        workflow = repository / f".github/workflows/{number}.yml"
        workflow.parent.mkdir(parents=True, exist_ok=True)
        workflow.write_text(f"on: push\njobs:\n  check:\n{job}")
    (repository / ".gitlab-ci.yml").write_text(gitlab)
    subprocess.run(["git", "add", "--all"], check=True)
    report = call(["no-global-pip", "--possible", "--format", "json", ".github", ".gitlab-ci.yml"]).report
    assert (report["findings"], report["skipped"], report["summary"]["files"]) == ([], [], len(github) + 1)


def test_changelog() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(__version__)}\b", changes, re.MULTILINE)
    entries = re.findall(r"^- (.*)", changes, re.MULTILINE)
    assert all(re.match(r"`[\w-]+`", entry) for entry in entries), "an entry starts with the rule or hook"
