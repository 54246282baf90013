"""Where a repository's top is: known without git where that is sure, and always what git says; and git's failures."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Outcome, console
from venvlint import repo
from venvlint.repo import layout

Call = Callable[[Sequence[str]], Outcome]
COMMIT = "git commit --quiet --allow-empty --message x\n"
MODULE = COMMIT + "git clone --quiet . ../other\ngit submodule --quiet add ../other module\n"


def answer(question: str) -> str:
    """Return what git says of the current directory, or nothing where it fails."""
    done = subprocess.run(["git", "rev-parse", question], capture_output=True)
    return os.fsdecode(done.stdout).removesuffix("\n")


# What makes a layout, beginning in an empty repository, and in which directory of it git is asked.
SURE = {
    "plain": ("true", "."),
    "detached HEAD": (COMMIT + "git checkout --quiet --detach", "."),
    "SHA-256": ("git init --quiet --object-format=sha256 inner", "inner"),
    "packed refs only": (COMMIT + "git pack-refs --all; git gc --quiet", "."),
    "references in tables": ("cd .git; rm -r refs/heads; echo x > refs/heads; echo 'ref: refs/heads/.x' > HEAD", "."),
    "linked worktree": (COMMIT + "git worktree add --quiet ../tree", "../tree"),
    "detached worktree": (COMMIT + "git worktree add --quiet --detach ../tree", "../tree"),
    "worktree below the main one": (COMMIT + "git worktree add --quiet sub/tree", "sub/tree"),
    "submodule": (MODULE, "module"),
    "submodule with its own .git": (COMMIT + "git clone -q . module; git submodule --quiet add ./module", "module"),
    "sparse checkout": (COMMIT + "git sparse-checkout set near", "."),
    "separate git directory": ("git init --quiet --separate-git-dir ../elsewhere", "."),
    ".git is a symlink": ("mv .git ../elsewhere; ln -s ../elsewhere .git", "."),
    "symlink to the top": ("ln -s . ../link; cd ..; ln -sfn repository link", "../link"),
    "repository within a repository": ("git init --quiet inner", "inner"),
    "odd name": ("mkdir $'two\\nlines'; cd $'two\\nlines'; git init --quiet", "two\nlines"),
    "name in no encoding": ("mkdir $'caf\\xe9'; cd $'caf\\xe9'; git init --quiet", os.fsdecode(b"caf\xe9")),
}  # fmt: skip
UNSURE = {
    "no repository": ("mkdir ../none", "../none"),
    "subdirectory": ("mkdir sub", "sub"),
    "bare": ("git init --quiet --bare inner", "inner"),
    "inside of .git": ("true", ".git"),
    "inside of .git, further down": ("true", ".git/refs"),
    "empty .git in a larger repository": ("mkdir -p sub/.git", "sub"),
    ".git without objects in a larger repository": ("git init --quiet sub; rm -r sub/.git/objects", "sub"),
    ".git without references in a larger repository": ("git init --quiet sub; rm -r sub/.git/refs", "sub"),
    ".git with a HEAD that is none": ("git init --quiet sub; echo nonsense > sub/.git/HEAD", "sub"),
    ".git without HEAD, and nothing above": ("rm .git/HEAD", "."),
    "HEAD as a symlink": ("ln -sf refs/heads/main .git/HEAD", "."),
    ".git without settings": ("rm .git/config", "."),
    ".git with a bare repository's settings": ("git config core.bare true", "."),
    "bare in other words": ("git config --unset core.bare; printf '[core]\\nbare\\n' >> .git/config", "."),
    "working tree elsewhere": ("mkdir ../else; git config core.worktree ../../else", "."),
    "working tree above": ("git init --quiet sub; git -C sub config core.worktree ../..", "sub"),
    "working tree elsewhere, for this worktree": (
        "mkdir ../else; git config extensions.worktreeConfig true; git config --worktree core.worktree ../../else", ".",
    ),
    "two working trees": ("git config core.worktree ..; git config --add core.worktree ../../else; mkdir ../else", "."),
    "worktree of a bare repository": (
        COMMIT + "git clone --quiet --bare . ../bare; git -C ../bare worktree add --quiet ../tree", "../tree",
    ),
    "worktree that has lost its repository": (COMMIT + "git worktree add --quiet ../tree; rm -r .git", "../tree"),
    "pointer to nowhere": ("mkdir sub; echo 'gitdir: ../gone' > sub/.git", "sub"),
    "pointer of another form": ("mkdir sub; printf 'gitdir: ../.git' > sub/.git", "sub"),
    "submodule that was moved": (MODULE + "mkdir deep; mv module deep/module", "deep/module"),
}  # fmt: skip


def lay_out(script: str, place: str) -> str:
    """Make a layout, go to a directory of it, and return that directory's real path."""
    console(script, Path())
    os.chdir(place)
    return os.path.realpath(".")


@pytest.mark.skipif(os.name == "nt", reason="git is asked there")
@pytest.mark.parametrize(("script", "place"), SURE.values(), ids=SURE.keys())
def test_sure(script: str, place: str, repository: Path) -> None:
    top = lay_out(script, place)
    assert answer("--show-toplevel") == top
    common = layout.common_directory(top)
    assert common is not None
    assert os.path.realpath(common) == os.path.realpath(answer("--git-common-dir"))


@pytest.mark.parametrize(("script", "place"), UNSURE.values(), ids=UNSURE.keys())
def test_unsure(script: str, place: str, repository: Path) -> None:
    assert layout.common_directory(lay_out(script, place)) is None


@pytest.mark.parametrize(("script", "place"), [*SURE.values(), *UNSURE.values()], ids=[*SURE, *UNSURE])
def test_same_as_git(script: str, place: str, repository: Path) -> None:
    lay_out(script, place)
    top, is_bare = answer("--show-toplevel"), answer("--is-bare-repository") == "true"
    try:
        found = repo.find()
    except repo.RepositoryError:
        assert not top
        return
    expected = top or (answer("--absolute-git-dir") if is_bare else "")
    assert (found.root if found else "", found.is_bare if found else is_bare) == (expected, is_bare)


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"])
def test_variables_that_lead_elsewhere(name: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert layout.common_directory(os.path.realpath(".")) is not None
    monkeypatch.setenv(name, ".git/objects" if name == "GIT_OBJECT_DIRECTORY" else ".git")
    assert layout.common_directory(os.path.realpath(".")) is None


def test_git_dir_of_another_repository(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    console("git init --quiet ../other; cd ../other; mkdir env; touch env/pyvenv.cfg; git add .", repository)
    assert call(["no-site-packages"]).code == 0
    monkeypatch.setenv("GIT_DIR", "../other/.git")
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    assert [each["path"] for each in call(["no-site-packages", "--format", "json"]).report["findings"]] == ["env"]


def started(call: Call, command: Sequence[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Return the git commands that a run starts, as git itself records them."""
    record = tmp_path / "record"
    record.unlink(missing_ok=True)
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(record))
    assert call(command).code == 0
    monkeypatch.delenv("GIT_TRACE2_EVENT")
    events = map(json.loads, record.read_text().splitlines())
    found = [event["argv"] for event in events if event["event"] == "start"]
    return sorted(
        next(word for word in words if word in ("ls-files", "rev-parse", "status", "check-ignore")) for words in found
    )


@pytest.mark.skipif(os.name == "nt", reason="git is asked for the top there")
@pytest.mark.parametrize("name", ["plain", "linked worktree", "submodule", "sparse checkout"])
def test_processes_of_a_clean_run(
    name: str, repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lay_out(*SURE[name])
    Path(".gitignore").write_text(".venv/\nvenv/\n")
    console("touch app.py setup.py; mkdir -p .venv/bin; touch .venv/pyvenv.cfg; git add --sparse .", Path())
    assert started(call, ["no-site-packages"], monkeypatch, tmp_path) == ["ls-files"]
    assert started(call, ["venv-gitignored"], monkeypatch, tmp_path) == ["ls-files", "status"]


def test_processes_of_many_environments(
    repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One question about all of them, where the ignore file has more than their names."""
    Path(".gitignore").write_text(".venv/\n*venv/\n/env*/\n/build/\n!/build/keep\n")
    makes = "for n in {1..20}; do mkdir -p env$n/bin; touch env$n/pyvenv.cfg; done"
    console(f"{makes}; mkdir -p build/x; touch build/x/y setup.py; git add .", repository)
    assert started(call, ["venv-gitignored"], monkeypatch, tmp_path) == ["check-ignore", "ls-files", "status"]


@pytest.mark.parametrize("hook", ["venv-gitignored", "no-site-packages", "no-global-pip", "venvlint"])
def test_without_git(hook: str, repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    outcome = call([hook])
    assert (outcome.code, outcome.out, outcome.err) == (2, "", "error: git isn't installed, or isn't on PATH\n")


@pytest.mark.parametrize("hook", ["venv-gitignored", "no-site-packages", "no-global-pip", "venvlint"])
def test_unknown_extension(hook: str, repository: Path, call: Call) -> None:
    console("git config core.repositoryFormatVersion 1; git config extensions.nonsense 1", repository)
    expected = "error: git can't read this repository: unknown repository extension found: nonsense\n"
    assert (call([hook]).code, call([hook]).err) == (2, expected)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("hook", ["venv-gitignored", "no-site-packages", "no-global-pip", "venvlint"])
def test_repository_of_somebody_else(hook: str, repository: Path, call: Call) -> None:
    for path in (repository, repository / ".git"):
        os.chown(path, 12345, 12345)
    outcome = call([hook])
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        f"error: git can't read this repository: detected dubious ownership in repository at '{repository}':"
        " `git config --global --add safe.directory ...` says that you trust it\n"
    )
