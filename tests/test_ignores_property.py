"""Repositories made at random: what the hook finds is what `git add --all` would add, and what it mends stays mended.

`REPOSITORIES=5000 pytest tests/test_ignores_property.py` for the long run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Outcome
from tests.random_repositories import Made, Maker
from venvlint import repo
from venvlint.ignores import survey
from venvlint.settings import Settings

COUNT = int(os.environ.get("REPOSITORIES", "300"))
FIRST = int(os.environ.get("FIRST_SEED", "0"))
BATCH = 25  # repositories for each test: the fixtures cost more than they do


@pytest.fixture
def make(repository: Path, empty_repository: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Made]:
    """Return a function that makes the repository of a seed and goes there."""

    def make(seed: int) -> Made:
        place = repository.parent / f"seed-{seed}"
        shutil.copytree(empty_repository, place / "repository")
        monkeypatch.chdir(place / "repository")
        return Maker(seed).make()

    return make


def added_by_git() -> set[str]:
    """Return what `git add --all` says that it would add."""
    done = subprocess.run(["git", "add", "--all", "--dry-run", "--ignore-errors"], capture_output=True)
    lines = os.fsdecode(done.stdout).removesuffix("'\n").split("'\n")
    return {line.removeprefix("add '") for line in lines if line.startswith("add '")}


def new_by_git() -> set[str]:
    """Return those of them that aren't tracked."""
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True).stdout
    return added_by_git() - set(os.fsdecode(tracked).split("\0"))


def by_environment(paths: set[str], made: Made) -> dict[str, set[str]]:
    """Group paths by the outermost of the environments that were made."""
    found: dict[str, set[str]] = {}
    for path in paths:
        homes = [each for each in made.environments if path == each or path.startswith(f"{each}/")]
        if homes:
            found.setdefault(min(homes, key=len), set()).add(path)
    return found


def seeds(batch: int) -> Iterator[int]:
    yield from range(FIRST + batch, min(FIRST + batch + BATCH, FIRST + COUNT))


@pytest.mark.parametrize("batch", range(0, COUNT, BATCH))
def test_finds_what_git_would_add(batch: int, make: Callable[[int], Made]) -> None:
    for seed in seeds(batch):
        made = make(seed)
        here = repo.find()
        assert here
        found = {each.path: set(each.added) for each in survey(here, Settings()).environments if each.added}
        assert found == by_environment(new_by_git(), made), f"seed {seed}"


@pytest.mark.parametrize("batch", range(0, COUNT, BATCH))
def test_mends_for_good(batch: int, make: Callable[[int], Made], call: Callable[[Sequence[str]], Outcome]) -> None:
    for seed in seeds(batch):
        made = make(seed)
        before = ignore_files()
        first = call(["venv-gitignored", "--format", "json"]).report["findings"]
        call(["venv-gitignored", "--fix"])
        after = ignore_files()
        subprocess.run(
            ["git", "--literal-pathspecs", "add", "--force", "--", *of_the_project(before, after, made)], check=True
        )
        left = call(["venv-gitignored", "--format", "json"])
        fixable = {(each["rule"], each["path"]) for each in first if each["fixable"]} - tracked(first)
        assert fixable.isdisjoint((each["rule"], each["path"]) for each in left.report["findings"]), f"seed {seed}"
        for path in {path for rule, path in fixable if rule in ("unignored-environment", "ignored-only-locally")}:
            assert not by_environment(new_by_git(), made).get(path), f"seed {seed}: {path}"
        for path, text in after.items():
            new = list(text)
            for line in before.get(path, []):
                assert line in new, f"seed {seed}: {path} lost {line!r}"
                new.remove(line)
            assert len(new) == len(set(new)), f"seed {seed}: {path} has doubled lines: {new}"
        call(["venv-gitignored", "--fix"])
        assert ignore_files() == after, f"seed {seed}: a second --fix changed something"


def tracked(findings: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Return the rule and path of findings that say what no ignore file can mend."""
    return {(each["rule"], each["path"]) for each in findings if "git rm -r --cached" in each["help"]}


def of_the_project(before: dict[str, list[bytes]], after: dict[str, list[bytes]], made: Made) -> Iterator[str]:
    """Yield the ignore files that somebody would add: what is new, and those outside of ignored directories."""
    for path in set(after) - inside(made, after):
        place = path.rpartition("/")[0]
        is_ignored = place and subprocess.run(["git", "check-ignore", "--quiet", "--no-index", place]).returncode == 0
        if after[path] != before.get(path) or not is_ignored:
            yield path


def inside(made: Made, paths: Iterable[str]) -> set[str]:
    """Return the paths that lie in an environment."""
    return {path for found in by_environment(set(paths), made).values() for path in found}


def ignore_files() -> dict[str, list[bytes]]:
    """Return the lines of the ignore files outside of `.git`."""
    found = (Path(place, name) for place, _, names in os.walk(".") for name in names if name == ".gitignore")
    return {str(path): lines(path.read_bytes()) for path in found if path.parts[0] != ".git"}


def lines(data: bytes) -> list[bytes]:
    """Return the lines of an ignore file, a byte order mark, which stays where it is, by itself."""
    return [BOM_UTF8] * data.startswith(BOM_UTF8) + data.removeprefix(BOM_UTF8).splitlines()
