"""Repositories in odd states: the index, what is staged, a commit, and the history tell of the same environments."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Outcome
from tests.test_tracked import commit, commit_of_something, environment, git

Call = Callable[[Sequence[str]], Outcome]
INDEX, STAGED, COMMIT = ("no-site-packages",), ("no-site-packages", "--staged"), ("no-site-packages", "--rev=HEAD")
HISTORY = ("venvlint", "history")


def found(call: Call, command: Sequence[str]) -> list[tuple[str, int]]:
    """Return path and number of files of each finding."""
    report = call([*command, "--format", "json"]).report
    return [(one["path"], one["files"]) for one in report["findings"]]


def everywhere(call: Call, *commands: Sequence[str]) -> list[tuple[str, int]]:
    """Return what all commands find, the same from each; the history begins with the largest."""
    first, *others = (sorted(found(call, command)) for command in commands)
    assert others == [first] * len(others)
    return first


def test_no_commits(repository: Path, call: Call) -> None:
    assert everywhere(call, INDEX, STAGED, HISTORY) == []
    environment(repository / "env")
    git("add", ".")
    assert everywhere(call, INDEX, STAGED) == [("env", 1)]
    outcome = call(COMMIT)
    assert (outcome.code, outcome.err) == (2, "error: no commit is called 'HEAD'\n")
    assert call(["no-site-packages", "--fix"]).code == 1
    assert everywhere(call, INDEX, STAGED, HISTORY) == []


def test_names_that_differ_in_case_only(repository: Path, call: Call) -> None:
    """As committed where case matters; a checkout on other systems has only one of them."""
    blob = git("hash-object", "-w", "--stdin", stdin=b"home = /usr/bin\n").strip()
    for path in ("env/pyvenv.cfg", "ENV/pyvenv.cfg", "Env/PYVENV.CFG"):
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")
    git("config", "core.ignoreCase", "true")
    assert everywhere(call, INDEX, STAGED) == [("ENV", 1), ("env", 1)]
    git("commit", "-qm", "x")
    assert everywhere(call, INDEX, COMMIT, HISTORY) == [("ENV", 1), ("env", 1)]


def test_names_in_no_encoding(repository: Path, call: Call) -> None:
    for name in (b"caf\xe9", b"two\nlines", b"tab\t", "école".encode()):
        environment(Path(os.fsdecode(name)))
    git("add", ".")
    names = everywhere(call, INDEX, STAGED)
    git("commit", "-qm", "x")
    assert len(names) == 4
    assert everywhere(call, INDEX, COMMIT, HISTORY) == names


@pytest.fixture
def conflict(repository: Path) -> Path:
    """Return a repository in the middle of a merge: `both` has stages 1 to 3, `theirs` 1 and 3, `ours` 1 and 2."""
    for name in ("both", "ours", "theirs"):
        environment(repository / name)
    (repository / "app.py").write_text("x = 1\n")
    commit(".")
    git("switch", "-qc", "other")
    for name in ("both", "theirs"):
        (repository / name / "pyvenv.cfg").write_text("home = /opt\nversion = 3.13.0\n")
    git("rm", "-rq", "ours")
    commit("both", "theirs")
    git("switch", "-q", "main")
    for name in ("both", "ours"):
        (repository / name / "pyvenv.cfg").write_text("home = /usr/local\nversion = 3.11.0\n")
    git("rm", "-rq", "theirs")
    commit("both", "ours")
    assert subprocess.run(["git", "merge", "-q", "other"], capture_output=True).returncode == 1
    stages = [line.split()[2:] for line in git("ls-files", "-u").splitlines()]
    assert [path[:4] + stage for stage, path in stages] == [
        *("both1", "both2", "both3", "ours1", "ours2", "thei1", "thei3"),
    ]
    return repository


def test_unfinished_merge(conflict: Path, call: Call) -> None:
    assert found(call, INDEX) == [("both", 1), ("ours", 1), ("theirs", 1)]
    assert found(call, COMMIT) == [("both", 1), ("ours", 1)]
    assert call(["no-site-packages", "--fix"]).code == 1
    assert git("ls-files") == "app.py\n"
    assert found(call, INDEX) == []


def test_unfinished_merge_staged(conflict: Path, call: Call) -> None:
    """Git refuses to commit it; what is said must neither crash nor hide what the other side brings."""
    assert call(STAGED).code in (0, 1)
    git("add", "theirs")
    assert ("theirs", 1) in found(call, STAGED)


def test_sparse_index(repository: Path, call: Call) -> None:
    environment(repository / "far/away/env")
    (repository / "near").mkdir()
    (repository / "near/app.py").write_text("x = 1\n")
    commit(".")
    git("sparse-checkout", "set", "--cone", "--sparse-index", "near")
    assert "far/\n" in git("ls-files", "--sparse")
    assert everywhere(call, INDEX, COMMIT, HISTORY) == [("far/away/env", 1)]
    assert call(["no-site-packages", "--fix"]).code == 1
    assert git("ls-files").splitlines() == ["near/app.py"]
    environment(repository / "near/env")
    git("add", ".")
    assert found(call, STAGED) == [("near/env", 1)]


def test_submodules_and_nested_repositories_are_others(repository: Path, call: Call, tmp_path: Path) -> None:
    git("init", "-q", tmp_path / "module")
    environment(tmp_path / "module/env")
    git("add", ".", cwd=tmp_path / "module")
    git("commit", "-qm", "x", cwd=tmp_path / "module")
    git("submodule", "--quiet", "add", tmp_path / "module", "module")
    git("clone", "-q", tmp_path / "module", "nested")
    git("-c", "advice.addEmbeddedRepo=false", "add", "nested")  # a link to a commit, without .gitmodules
    assert everywhere(call, INDEX, STAGED) == []
    git("commit", "-qm", "x")
    assert everywhere(call, INDEX, COMMIT, HISTORY) == []


def test_submodule_inside_an_environment(repository: Path, call: Call) -> None:
    """As `pip install -e git+https://...` leaves one below `src`: it counts as one file without a size."""
    commit_of_something(repository)
    environment(repository / "env")
    git("add", ".")
    git("update-index", "--add", "--cacheinfo", f"160000,{git('rev-parse', 'HEAD').strip()},env/lib/dep")
    assert everywhere(call, INDEX, STAGED) == [("env", 2)]
    git("commit", "-qm", "x")
    assert everywhere(call, INDEX, COMMIT, HISTORY) == [("env", 2)]
