"""The audit of the history: held against git's own figures, git filter-repo, and repositories of odd kinds."""

from __future__ import annotations

import io
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from tests.conftest import Outcome
from tests.test_tracked import commit, commit_of_something, environment, git, uv, venv, virtualenv, windows
from venvlint import repo

Call = Callable[[Sequence[str]], Outcome]
SCRIPTS = Path(sys.executable).parent


def audit(call: Call, *arguments: str) -> dict[str, Any]:
    outcome = call(["venvlint", "history", "--format", "json", *arguments])
    report = outcome.report
    assert outcome.code == bool(report["findings"]), outcome.err
    return report


def paths(report: dict[str, Any]) -> list[str]:
    return [finding["path"] for finding in report["findings"]]


def remove(path: str) -> None:
    git("rm", "-rq", "--", path)
    git("commit", "-qm", "gone")


def dated(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00Z")
    monkeypatch.setenv("GIT_AUTHOR_DATE", f"{day}T12:00:00Z")


@pytest.mark.parametrize("made_by", [venv, virtualenv, uv, windows])
def test_figures_are_gits_own(made_by: Callable[[Path], None], repository: Path, call: Call) -> None:
    commit_of_something(repository)
    made_by(repository / "tools/py")
    commit("tools/py")
    changed = next((repository / "tools/py").rglob("[Aa]ctivate.ps1"))
    changed.write_text(changed.read_text() + "# changed\n")
    commit("tools/py")
    blobs = {
        line.split()[2]
        for revision in ("HEAD", "HEAD~1")
        for line in git("ls-tree", "-r", revision, "tools/py").splitlines()
    }
    files = git("ls-files", "-z", "tools/py").count("\0")
    remove("tools/py")
    git("repack", "-adq")
    finding = audit(call)["findings"][0]
    sizes = git(
        "cat-file",
        "--batch-check=%(objectsize:disk) %(objectsize)",
        stdin="".join(f"{blob}\n" for blob in blobs).encode(),
    )
    stored, unpacked = zip(*(map(int, line.split()) for line in sizes.splitlines()), strict=True)
    assert (finding["files"], finding["bytes"]) == (files, sum(unpacked))
    assert (finding["history"]["stored_bytes"], finding["history"]["versions"]) == (sum(stored), len(blobs))


def test_whole_report(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    dated("2020-01-01", monkeypatch)
    commit_of_something(repository)
    dated("2020-02-02", monkeypatch)
    environment(repository / "env")
    commit("env")
    first = git("rev-parse", "HEAD").strip()
    git("branch", "kept")
    git("tag", "-a", "v1", "-m", "x")
    dated("2020-03-03", monkeypatch)
    remove("env")
    last = git("rev-parse", "HEAD").strip()
    git("branch", "before", "HEAD~2")
    stored = int(git("cat-file", "--batch-check=%(objectsize:disk)", stdin=f"{first}:env/pyvenv.cfg\n".encode()))
    objects = git("cat-file", "--batch-all-objects", "--batch-check=%(objectsize:disk)")
    report = audit(call)
    command = "git filter-repo --invert-paths --path env/"
    schema = json.loads((Path(__file__).parent.parent / "docs/report.schema.json").read_text())
    jsonschema.validate(report, schema)
    finding = report["findings"][0]
    assert finding["message"] == (
        f"a virtual environment (venv for Python 3.12.1) is in the history: 1 file, {stored} bytes stored, 33 bytes"
        f" unpacked, from 2020-02-02 ({first[:10]}) to 2020-03-03 ({last[:10]}); still in kept and v1,"
        " kept, main and v1 reach it"
    )
    assert finding["help"] == command
    assert finding["history"] == {
        "stored_bytes": stored,
        "versions": 1,
        "missing": 0,
        "first": {"commit": first, "date": "2020-02-02T12:00:00Z"},
        "last": {"commit": last, "date": "2020-03-03T12:00:00Z"},
        "refs": ["kept", "main", "v1"],
        "refs_at_tip": ["kept", "v1"],
        "tracked": False,
    }
    assert report["history"] == {
        "commits": 3,
        "since": None,
        "stored_bytes": stored,
        "repository_bytes": sum(map(int, objects.split())),
        "command": command,
    }


def test_text_and_sarif(repository: Path, call: Call) -> None:
    environment(repository / "env")
    commit("env")
    text = call(["venvlint", "history"])
    assert text.code == 1
    assert text.out.startswith("env: environment-in-history: a virtual environment (venv for Python 3.12.1) is in the")
    assert text.out.endswith("; still tracked, main reaches it; git filter-repo --invert-paths --path env/\n")
    assert text.err.splitlines()[1] == "to remove them, in a fresh clone: git filter-repo --invert-paths --path env/"
    run = json.loads(call(["venvlint", "history", "--format", "sarif"]).out)["runs"][0]
    assert [result["ruleId"] for result in run["results"]] == ["environment-in-history"]
    quiet = call(["venvlint", "history", "--quiet", "--exit-zero"])
    assert (quiet.code, quiet.out, quiet.err) == (0, text.out, "")


def test_table_fits_a_terminal(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for name, size in (("small", 10), ("a/directory/whose/name/is/rather/long/venv", 100_000)):
        environment(repository / name)
        (repository / name / "bin").mkdir()
        (repository / name / "bin/tool").write_bytes(random.Random(size).randbytes(size))
    commit(".")
    remove("small")
    out = call(["venvlint", "history", "--color", "always"]).out
    lines = [line.rstrip() for line in _plain(out).splitlines()]
    assert max(map(len, lines)) <= 80
    text = "\n".join(lines)
    assert "100.1 kB" in text
    assert "\u2588" * 9 in text
    assert text.index("100.1 kB") < text.index("small")  # the largest one first
    assert "tracked" in text
    assert "removed" in text


def _plain(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_progress_on_a_terminal(repository: Path) -> None:
    pty = pytest.importorskip("pty")
    environment(repository / "env")
    commit("env")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "venvlint", "history"]
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(command, stdout=theirs, stderr=theirs, env=environ)
    os.close(theirs)
    shown = _everything(ours)
    assert done.returncode == 1
    assert "Looking through commits" in shown
    assert "1/1" in shown
    assert "\u2501" in shown  # the table's rule or the progress bar


def _everything(descriptor: int) -> str:
    shown = b""
    with io.FileIO(descriptor) as stream:
        while True:
            try:
                more = stream.read(4096)
            except OSError:  # Linux says so at a terminal's end
                more = b""
            if not more:
                return shown.decode()
            shown += more


# What it finds


def test_environment_that_moved_is_found_in_each_place(repository: Path, call: Call) -> None:
    environment(repository / "venv")
    commit("venv")
    git("mv", "venv", ".venv")
    git("commit", "-qm", "renamed")
    (repository / "a").mkdir()
    shutil.copytree(repository / ".venv", repository / "a/copy")
    commit("a")
    remove("a")
    remove(".venv")
    assert paths(audit(call)) == [".venv", "a/copy", "venv"]


def test_environment_that_only_a_merge_brings(repository: Path, call: Call) -> None:
    commit_of_something(repository)
    git("switch", "-qc", "topic")
    (repository / "topic").write_text("x\n")
    commit("topic")
    git("switch", "-q", "main")
    (repository / "more").write_text("x\n")
    commit("more")
    git("merge", "-q", "--no-commit", "topic")
    environment(repository / "env")
    git("add", "--force", "env")
    git("commit", "-qm", "merged, with something else")
    remove("env")
    assert paths(audit(call)) == ["env"]


@pytest.mark.parametrize(
    "ref", ["refs/heads/other", "refs/tags/v1", "refs/remotes/origin/x", "refs/stash", "refs/pull/1/head"]
)
def test_every_ref_counts(ref: str, repository: Path, call: Call) -> None:
    commit_of_something(repository)
    environment(repository / "env")
    commit("env")
    git("update-ref", ref, "HEAD")
    git("reset", "-q", "--hard", "HEAD~1")
    finding = audit(call)["findings"][0]
    assert finding["path"] == "env"
    assert finding["history"]["tracked"] is False
    git("update-ref", "-d", ref)
    assert paths(audit(call)) == []


def test_head_that_is_no_branch(repository: Path, call: Call) -> None:
    commit_of_something(repository)
    git("switch", "-q", "--detach")
    environment(repository / "env")
    commit("env")
    assert [finding["history"]["refs"] for finding in audit(call)["findings"]] == [["HEAD"]]


def test_other_tools_activate_script(repository: Path, call: Call) -> None:
    (repository / "bin").mkdir()
    (repository / "bin/activate").write_text("export GEM_HOME=$PWD/gems\n")
    commit("bin")
    assert paths(audit(call)) == []


def test_directory_shared_with_other_files(repository: Path, call: Call) -> None:
    environment(repository / "project")
    (repository / "project/bin").mkdir()
    (repository / "project/bin/activate").write_text("_OLD_VIRTUAL_PATH=x\n")
    (repository / "project/app.py").write_text("x = 1\n")
    (repository / "project/bin/deploy").write_text("echo mine\n")
    commit(".")
    report = audit(call)
    assert report["history"]["command"] == (
        "git filter-repo --invert-paths --path project/bin/activate --path project/pyvenv.cfg"
    )
    assert report["findings"][0]["files"] == 2


def test_at_the_top(repository: Path, call: Call) -> None:
    (repository / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (repository / "app.py").write_text("x = 1\n")
    commit(".")
    report = audit(call)
    assert (paths(report), report["history"]["command"]) == (
        ["."],
        "git filter-repo --invert-paths --path pyvenv.cfg",
    )


# Options and settings


def test_since(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    dated("2020-01-01", monkeypatch)
    environment(repository / "old")
    commit("old")
    dated("2022-01-01", monkeypatch)
    environment(repository / "new")
    commit("new")
    assert paths(audit(call)) == ["new", "old"]
    assert paths(audit(call, "--since", "2021-01-01")) == ["new"]
    assert paths(audit(call, "--since=2023-01-01")) == []
    (repository / "old/lib").mkdir()
    (repository / "old/lib/added.py").write_text("x = 1\n")
    commit("old")
    assert paths(audit(call, "--since", "2021-01-01")) == ["new"]  # a file that could be anybody's
    (repository / "old/pyvenv.cfg").write_text("home = /opt\n")
    commit("old")
    changed = audit(call, "--since", "2021-01-01")["findings"]
    facts = sorted((one["path"], one["files"]) for one in changed)
    assert facts == [("new", 1), ("old", 2)]  # of the commits since then
    wrong = call(["venvlint", "history", "--since", "gibberish"])
    assert (wrong.code, wrong.err) == (2, "error: git takes 'gibberish' for no date: write it as in 2024-05-31\n")


def test_no_date_on_a_busy_machine(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git may take its time to say that it takes what it doesn't understand for the present moment."""
    late = [0]
    ask = repo.Repo.git

    def slow(self: repo.Repo, *arguments: str, **options: Any) -> bytes:
        answer = ask(self, *arguments, **options)
        late[0] = 60
        return answer

    monkeypatch.setattr(repo.Repo, "git", slow)
    monkeypatch.setattr("venvlint.history.graph.time", SimpleNamespace(time=lambda: time.time() + late[0]))
    assert call(["venvlint", "history", "--since", "gibberish"]).code == 2


def test_max_size(repository: Path, call: Call) -> None:
    environment(repository / "small")
    environment(repository / "large")
    (repository / "large/bin").mkdir()
    (repository / "large/bin/tool").write_bytes(random.Random(1).randbytes(20_000))
    commit(".")
    report = audit(call, "--max-size", "10k")
    assert paths(report) == ["large"]
    assert report["history"]["command"] == "git filter-repo --invert-paths --path large/"
    assert paths(audit(call, "--max-size", "1 MiB")) == []
    assert call(["venvlint", "history", "--max-size", "huge"]).code == 2


def test_settings(repository: Path, call: Call) -> None:
    for name in ("a", "b", "c"):
        environment(repository / name)
    (repository / "pyproject.toml").write_text(
        '[tool.venvlint]\nexclude = ["a/"]\n[tool.venvlint.per-file-ignores]\n"b" = ["environment-in-history"]\n'
    )
    commit(".")
    assert paths(audit(call)) == ["c"]
    assert paths(audit(call, "--no-config")) == ["a", "b", "c"]


# What removes it


def test_filter_repo_removes_all_of_it(
    repository: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["a b/venv", "it's", "[x]*", "two\nlines", "a\ttab", "école", os.fsdecode(b"caf\xe9"), "back\\slash", "-rf"]
    for name in names:
        environment(repository / name)
    environment(repository / "mixed")
    (repository / "mixed/app.py").write_text("x = 1\n")
    (repository / "other.py").write_text("x = 1\n")
    commit(".")
    git("mv", "it's", "moved")
    git("commit", "-qm", "renamed")
    for name in ("moved", "[x]*"):
        git("--literal-pathspecs", "rm", "-rq", "--", name)
        git("commit", "-qm", "gone")
    git("tag", "v1")
    git("clone", "-q", "--bare", repository, tmp_path / "copy.git")
    monkeypatch.chdir(tmp_path / "copy.git")
    report = audit(call)
    assert sorted(paths(report)) == sorted([*names, "mixed", "moved"])
    monkeypatch.setenv("PATH", f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}")
    done = subprocess.run(["bash", "-c", f"{report['history']['command']} --force"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    after = audit(call)
    assert (paths(after), after["history"]["repository_bytes"]) == ([], 0)
    assert git("ls-tree", "-r", "--name-only", "HEAD").split() == ["mixed/app.py", "other.py"]


def test_the_commands_words(repository: Path, call: Call) -> None:
    environment(repository / "a b")
    commit(".")
    command = shlex.split(audit(call)["history"]["command"])
    assert command == ["git", "filter-repo", "--invert-paths", "--path", "a b/"]


# Odd repositories


def test_no_commits(repository: Path, call: Call) -> None:
    report = audit(call)
    assert (paths(report), report["history"]["commits"]) == ([], 0)


def test_only_refs_to_other_things(repository: Path, call: Call) -> None:
    """A tag may name a file or a directory, with no commit at all."""
    blob = git("hash-object", "-w", "--stdin", stdin=b"x").strip()
    git("tag", "key", blob)
    environment(repository / "env")
    git("add", ".")
    git("tag", "tree", git("write-tree").strip())
    assert paths(audit(call)) == []


def test_sha256(tmp_path: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    git("init", "-q", "--object-format=sha256", tmp_path / "new")
    monkeypatch.chdir(tmp_path / "new")
    environment(tmp_path / "new/env")
    commit("env")
    remove("env")
    report = audit(call)
    assert paths(report) == ["env"]
    assert len(report["findings"][0]["history"]["first"]["commit"]) == 64


def test_shallow_clone_is_said_to_be_one(
    repository: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(repository / "old")
    commit("old")
    remove("old")
    environment(repository / "new")
    commit("new")
    git("clone", "-q", "--depth=1", repository.as_uri(), tmp_path / "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    outcome = call(["venvlint", "history"])
    assert [line.partition(":")[0] for line in outcome.out.splitlines()] == ["new"]
    assert outcome.err.startswith("note: this is a shallow clone: ")
    assert audit(call)["skipped"] == [{"path": ".", "reason": outcome.err.splitlines()[0].removeprefix("note: ")}]


@pytest.mark.parametrize("lacking", ["blob:none", "tree:0"])
def test_partial_clone_is_said_to_be_one(
    lacking: str, repository: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(repository / "env")
    commit("env")
    git("config", "uploadpack.allowFilter", "true")
    git("clone", "-q", "--bare", f"--filter={lacking}", repository.as_uri(), tmp_path / "partial")
    shutil.move(repository, tmp_path / "gone")
    monkeypatch.chdir(tmp_path / "partial")
    outcome = call(["venvlint", "history", "--format", "json"])
    if lacking == "tree:0":  # without directories there is nothing to read
        assert (outcome.code, outcome.out) == (2, "")
        assert "lacks directories" in outcome.err
        return
    finding = outcome.report["findings"][0]
    assert (finding["path"], finding["bytes"], finding["history"]["missing"]) == ("env", 0, 1)
    assert "1 content that isn't here" in finding["message"]
    assert outcome.err.startswith("note: this is a partial clone: ")


def test_borrowed_and_replaced_objects(
    repository: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_of_something(repository)
    environment(repository / "env")
    commit("env")
    remove("env")
    git("clone", "-q", "--shared", repository, tmp_path / "borrower")
    monkeypatch.chdir(tmp_path / "borrower")
    git("replace", "HEAD~1", "HEAD~2")
    report = audit(call)
    assert paths(report) == ["env"]
    assert report["history"]["repository_bytes"] > report["history"]["stored_bytes"] > 0


def test_users_settings_of_git_change_nothing(repository: Path, call: Call) -> None:
    settings = {
        "log.showRoot": "false",
        "log.showSignature": "true",
        "color.ui": "always",
        "diff.renames": "copies",
        "diff.orderFile": "/nonexistent",
        "diff.ignoreSubmodules": "all",
        "log.diffMerges": "off",
        "core.abbrev": "5",
        "format.pretty": "oneline",
        "log.date": "relative",
        "diff.noprefix": "true",
    }
    environment(repository / "env")
    commit("env")
    git("mv", "env", "moved")
    git("commit", "-qm", "x")
    for name, value in settings.items():
        git("config", name, value)
    assert paths(audit(call)) == ["env", "moved"]


def test_no_repository(tmp_path: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = call(["venvlint", "history"])
    assert (outcome.code, outcome.out, outcome.err) == (2, "", f"error: {tmp_path} isn't in a git repository\n")


def test_lost_objects(repository: Path, call: Call) -> None:
    environment(repository / "env")
    commit("env")
    tree = git("rev-parse", "HEAD^{tree}").strip()
    (repository / ".git/objects" / tree[:2] / tree[2:]).unlink()
    outcome = call(["venvlint", "history"])
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: git log failed: ")


# A property: whatever is committed, every directory with a pyvenv.cfg in any commit is found


@pytest.mark.parametrize("seed", range(6))
def test_random_histories(seed: int, repository: Path, call: Call) -> None:
    chance = random.Random(seed)
    expected: set[str] = set()
    commit_of_something(repository)
    for number in range(25):
        match chance.randrange(5):
            case 0:
                name = chance.choice(["venv", "sub/env", "a b", "é"]) + str(chance.randrange(3))
                if not (repository / name).exists():
                    environment(repository / name)
            case 1:
                (repository / f"file{number}").write_text(f"{number}\n")
            case 2:
                for path in sorted(repository.glob("**/pyvenv.cfg"))[:1]:
                    shutil.rmtree(path.parent)
            case 3:
                git("switch", "-q", "-C", f"branch{chance.randrange(3)}")
            case _:
                branches = git("branch", "--format=%(refname:short)").split()
                git("merge", "-q", "-s", chance.choice(["ours", "ort"]), "-X", "ours", chance.choice(branches))
        git("add", "--all", "--force")
        git("commit", "-q", "--allow-empty", "-m", str(number))
    for revision in git("rev-list", "--all").split():
        tree = git("ls-tree", "-r", "-z", "--name-only", revision).split("\0")
        expected |= {path.removesuffix("/pyvenv.cfg") for path in tree if path.endswith("/pyvenv.cfg")}
    report = audit(call)
    assert set(paths(report)) == expected
    for finding in report["findings"]:
        root = finding["path"]
        commits = git("log", "--all", "--full-history", "-m", "--format=%H", "--", f":(literal){root}").split()
        assert {finding["history"]["first"]["commit"], finding["history"]["last"]["commit"]} <= set(commits)
        assert finding["history"]["tracked"] == bool(git("ls-tree", "HEAD", "--", root))
