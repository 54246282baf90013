"""What is tracked: environments of the real tools, every scope, the server's hooks, repositories of odd kinds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Outcome

Call = Callable[[Sequence[str]], Outcome]
SCRIPTS = Path(sys.executable).parent
HOOK = f'"{sys.executable}" -m venvlint.no_site_packages'


def git(*arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"") -> str:
    done = subprocess.run(["git", *arguments], cwd=cwd, input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8", "surrogateescape")


def environment(path: Path) -> None:
    """Lay out the smallest thing that is an environment."""
    path.mkdir(parents=True)
    (path / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.12.1\n")


def commit(*paths: str) -> None:
    git("add", "--force", "--", *paths)
    git("commit", "-qm", "x")


def found(call: Call, *arguments: str) -> list[tuple[str, str]]:
    """Return path and rule of what the hook finds."""
    outcome = call(["no-site-packages", "--format", "json", *arguments])
    assert outcome.code in (0, 1), outcome.err
    return [(each["path"], each["rule"]) for each in outcome.report["findings"]]


def venv(path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", path], check=True)


def virtualenv(path: Path) -> None:
    subprocess.run([sys.executable, "-m", "virtualenv", "-q", "--no-vcs-ignore", path], check=True)


def uv(path: Path) -> None:
    subprocess.run([shutil.which("uv", path=str(SCRIPTS)) or "uv", "venv", "-q", path], check=True)
    (path / ".gitignore").unlink()


def windows(path: Path) -> None:
    """Write what venv writes on Windows; the scripts are venv's own."""
    import venv as module

    templates = Path(module.__file__).parent / "scripts"
    (path / "Lib/site-packages/pip").mkdir(parents=True)
    (path / "Lib/site-packages/pip/__init__.py").write_text("x = 1\n")
    shutil.copytree(templates / "common", path / "Scripts")
    (path / "Scripts/python.exe").write_bytes(b"MZ\x90\0")
    (path / "pyvenv.cfg").write_bytes(b"home = C:\\Python312\r\nversion = 3.12.1\r\n")


@pytest.mark.parametrize("made_by", [venv, virtualenv, uv, windows])
@pytest.mark.parametrize("half", ["", "pyvenv.cfg", "lib", "bin"])
def test_environment_of_a_real_tool_is_one_finding(
    made_by: Callable[[Path], None], half: str, repository: Path, call: Call
) -> None:
    made_by(repository / "tools/my python")
    git("add", "--force", ".")
    if half:  # somebody left out, or ignored, one part of it
        left_out = {"lib": "Lib", "bin": "Scripts"}.get(half, half) if made_by is windows else half
        git("rm", "-rq", "--cached", "--ignore-unmatch", f"tools/my python/{left_out}")
    git("commit", "-qm", "x")
    for scope in ([], ["--rev", "HEAD"]):
        assert found(call, *scope) == [("tools/my python", "committed-environment")]
    report = call(["no-site-packages", "--format", "json"]).report["findings"][0]
    files = git("ls-files", "-z").split("\0")[:-1]
    sizes = git("ls-tree", "-r", "-l", "HEAD").splitlines()
    assert report["files"] == len(files)
    assert report["bytes"] == sum(int(line.split()[3]) for line in sizes)


@pytest.mark.parametrize(
    ("content", "python"), [(b"\x7fELF\x02\x01\x01", "python3"), (b"MZ\x90\0" + b"\0" * 200_000, "python.exe")]
)
def test_large_binaries_are_read_past(content: bytes, python: str, repository: Path, call: Call) -> None:
    for number in range(3):
        (repository / f"{number}").mkdir()
        file = repository / f"{number}" / python
        file.write_bytes(content + bytes([number]) * (1 << 20))
        file.chmod(0o755)
    git("add", ".")
    assert found(call) == [(f"{number}/{python}", "committed-interpreter") for number in range(3)]


def test_this_tests_own_interpreter(repository: Path, call: Call) -> None:
    shutil.copy(os.path.realpath(sys.executable), repository / "python3")
    git("add", ".")
    assert found(call) == [("python3", "committed-interpreter")]


def test_link_to_a_directory_that_is_an_environment(repository: Path, call: Call, tmp_path: Path) -> None:
    environment(tmp_path / "elsewhere")
    (tmp_path / "other").mkdir()
    (repository / "for-this-project").symlink_to(tmp_path / "elsewhere")
    (repository / "data").symlink_to(tmp_path / "other")
    git("add", ".")
    assert found(call) == [("for-this-project", "committed-interpreter")]
    git("commit", "-qm", "x")
    assert found(call, "--rev", "HEAD") == []  # what this disk has says nothing about a commit


# --staged


def test_staged_is_only_what_this_commit_adds(repository: Path, call: Call) -> None:
    environment(repository / "old")
    commit("old")
    environment(repository / "new")
    git("add", "new")
    assert found(call, "--staged") == [("new", "committed-environment")]
    (repository / "old/pyvenv.cfg").write_text("home = /opt\n")
    git("add", "old")
    git("reset", "-q", "new")
    assert found(call, "--staged") == []


def test_staged_addition_to_an_environment_that_is_tracked_already(repository: Path, call: Call) -> None:
    environment(repository / "old")
    commit("old")
    (repository / "old/lib").mkdir()
    (repository / "old/lib/new.py").write_text("x = 1\n")
    git("add", "old")
    report = call(["no-site-packages", "--format", "json", "--staged"]).report["findings"]
    assert [(each["path"], each["files"], each["bytes"]) for each in report] == [("old", 1, 6)]


def test_staged_in_the_first_commit(repository: Path, call: Call) -> None:
    assert found(call, "--staged") == []
    environment(repository / "env")
    git("add", "env")
    assert found(call, "--staged") == [("env", "committed-environment")]


def test_staged_rename_into_an_environment(repository: Path, call: Call) -> None:
    environment(repository / "old")
    (repository / "module.py").write_text("x = 1\n" * 50)
    commit(".")
    (repository / "old/lib").mkdir()
    git("mv", "module.py", "old/lib/module.py")
    assert found(call, "--staged") == [("old", "committed-environment")]
    git("commit", "-qm", "y")
    git("mv", "old", "renamed")
    assert found(call, "--staged") == [("renamed", "committed-environment")]


def test_staged_removal_is_no_finding(repository: Path, call: Call) -> None:
    environment(repository / "old")
    commit("old")
    git("rm", "-rq", "old")
    assert found(call, "--staged") == []


def test_staged_intent_to_add(repository: Path, call: Call) -> None:
    commit_of_something(repository)
    environment(repository / "env")
    git("add", "-N", "env")
    assert found(call, "--staged") == [("env", "committed-environment")]
    assert found(call) == [("env", "committed-environment")]


def test_staged_change_of_mode(repository: Path, call: Call) -> None:
    (repository / "venv").write_text("a file for now\n")
    (repository / "python3").write_bytes(b"\x7fELF")
    commit(".")
    (repository / "venv").unlink()
    (repository / "venv").symlink_to("/home/me/.venvs/x")
    git("add", "venv")
    git("update-index", "--chmod=+x", "python3")
    expected = [("python3", "committed-interpreter"), ("venv", "committed-interpreter")]
    assert found(call, "--staged") == expected


def test_staged_by_commit_of_named_paths(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """`git commit PATH` runs its hooks with an index of its own."""
    (repository / ".git/hooks").mkdir(exist_ok=True)
    hook = repository / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\nexec {HOOK} --staged\n")
    hook.chmod(0o755)
    commit_of_something(repository, "--no-verify")
    environment(repository / "env")
    (repository / "other.py").write_text("x = 1\n")
    git("add", ".")
    git("commit", "-qm", "y", "other.py")  # the environment is staged, but not in this commit
    refused = subprocess.run(["git", "commit", "-qm", "z"], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "env: committed-environment:" in refused.stdout + refused.stderr


def commit_of_something(repository: Path, *options: str) -> None:
    (repository / "readme").write_text("x\n")
    git("add", "readme")
    git("commit", "-qm", "x", *options)


# --rev, and the server's side


def test_revision_of_a_bare_repository(
    repository: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_of_something(repository)
    environment(repository / "env")
    commit("env")
    git("rm", "-rq", "env")
    git("commit", "-qm", "y")
    git("clone", "-q", "--bare", repository, tmp_path / "bare.git")
    monkeypatch.chdir(tmp_path / "bare.git")
    assert found(call, "--rev", "HEAD") == []
    assert found(call, "--rev", "main~1") == [("env", "committed-environment")]
    without = call(["no-site-packages"])
    assert (without.code, without.out) == (2, "")
    assert "bare repository" in without.err


@pytest.mark.parametrize("revision", ["nonsense", "--all", "-rf", "HEAD..", "HEAD:readme", ""])
def test_revision_that_is_none(revision: str, repository: Path, call: Call) -> None:
    commit_of_something(repository)
    outcome = call(["no-site-packages", f"--rev={revision}"])
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith("error: no commit is called ")


def hooks_in(document: str) -> dict[str, str]:
    """Return the hooks that the documentation shows, by their names."""
    text = (Path(__file__).parent.parent / "docs" / document).read_text()
    blocks = (block.partition("\n") for block in text.split("```sh ")[1:])
    return {name.strip(): body.partition("```")[0] for name, _, body in blocks}


@pytest.mark.parametrize("name", ["pre-receive", "pre-push"])
def test_readme_shows_the_same_hooks(name: str) -> None:
    assert (
        f"```sh\n{hooks_in('no-site-packages.md')[name]}```" in (Path(__file__).parent.parent / "README.md").read_text()
    )


def install(name: str, directory: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Put a hook of the documentation in its place, and the hook's command on PATH."""
    programs = tmp_path / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "no-site-packages").write_text(f'#!/bin/sh\nexec {HOOK} "$@"\n')
    (programs / "no-site-packages").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_text(hooks_in("no-site-packages.md")[name])
    (directory / name).chmod(0o755)


def push(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "push", "-q", *arguments], capture_output=True, text=True)


@pytest.fixture
def server(repository: Path, tmp_path: Path) -> Path:
    path = tmp_path / "server.git"
    git("init", "-q", "--bare", path)
    git("remote", "add", "origin", path)
    return path


def test_server_refuses_a_push(repository: Path, server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The objects are in quarantine while pre-receive runs: https://git-scm.com/docs/git-receive-pack."""
    install("pre-receive", server / "hooks", monkeypatch, tmp_path)
    commit_of_something(repository)
    assert push("origin", "main").returncode == 0
    git("switch", "-qc", "topic")
    environment(repository / "env")
    commit("env")
    refused = push("origin", "topic")
    assert refused.returncode == 1
    assert (
        "remote: env: committed-environment: a virtual environment (venv for Python 3.12.1) is tracked"
        in refused.stderr
    )
    assert "topic" not in git("branch", "--list", "--all", cwd=server)
    git("rm", "-rq", "env")
    git("commit", "-qm", "gone again")  # but a commit in between still has it
    assert push("origin", "topic").returncode == 1
    git("switch", "-q", "main")
    git("branch", "-qD", "topic")
    (repository / "more").write_text("x\n")
    commit("more")
    assert push("origin", "main").returncode == 0
    git("switch", "-qc", "short-lived")
    assert push("origin", "short-lived").returncode == 0
    assert push("origin", ":short-lived").returncode == 0  # a removal has nothing to check


def test_client_refuses_to_push(
    repository: Path, server: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_of_something(repository)
    install("pre-push", repository / ".git/hooks", monkeypatch, tmp_path)
    assert push("origin", "main").returncode == 0
    environment(repository / "env")
    commit("env")
    git("rm", "-rq", "env")
    git("commit", "-qm", "gone again")
    refused = push("origin", "main")
    assert refused.returncode == 1
    assert "env: committed-environment" in refused.stdout + refused.stderr
    git("reset", "-q", "--hard", "HEAD~2")
    git("tag", "-a", "v1", "-m", "x")
    assert push("origin", "v1").returncode == 0
    assert push("origin", ":v1").returncode == 0


# --fix


def test_fix_takes_out_what_was_found_and_nothing_else(repository: Path, call: Call) -> None:
    environment(repository / "env [old]*")
    environment(repository / "venv")
    (repository / "app.py").write_text("x = 1\n")
    commit(".")
    (repository / ".venv").symlink_to("/home/me/.venvs/x")
    (repository / "app.py").write_text("x = 2\n")
    (repository / "new.py").write_text("y = 1\n")
    (repository / ".gitignore").write_text("*.log")
    git("add", "app.py", "new.py", ".venv")
    (repository / "app.py").write_text("x = 3\n")
    (repository / "venv/pyvenv.cfg").write_text("home = /opt\n")
    git("add", "venv")
    (repository / "venv/pyvenv.cfg").write_text("home = /somewhere\n")  # index, HEAD and file all differ
    before = {path: path.read_bytes() for path in repository.rglob("*") if path.is_file() and ".git" not in path.parts}
    outcome = call(["no-site-packages", "--fix"])
    assert outcome.code == 1
    assert git("ls-files").splitlines() == ["app.py", "new.py"]
    assert git("show", ":app.py") == "x = 2\n"
    after = {path: path.read_bytes() for path in before}
    ignore_file = repository / ".gitignore"
    assert after.pop(ignore_file) == b"*.log\n/.venv\n/env \\[old]\\*/\nvenv/"
    del before[ignore_file]
    assert after == before
    assert os.path.lexists(repository / ".venv")
    assert git("status", "--porcelain", "--untracked-files=all", "--", ".venv", "env [[]old[]]*", "venv").split(
        "\n"
    ) == [
        'D  "env [old]*/pyvenv.cfg"',
        "D  venv/pyvenv.cfg",
        "",
    ]
    assert found(call) == []


def test_fix_of_what_is_only_announced(repository: Path, call: Call) -> None:
    commit_of_something(repository)
    environment(repository / "env")
    git("add", "-N", "env")
    assert call(["no-site-packages", "--fix"]).code == 1
    assert git("ls-files") == "readme\n"


def test_fix_adds_no_line_that_is_there_already(repository: Path, call: Call) -> None:
    environment(repository / "sub/.venv")
    (repository / "sub/.gitignore").write_text(".venv/\n")
    git("add", "--force", ".")
    report = call(["no-site-packages", "--format", "json"]).report["findings"]
    assert [each["help"] for each in report] == ["git rm -r --cached -q sub/.venv"]
    assert call(["no-site-packages", "--fix"]).code == 1
    assert not (repository / ".gitignore").exists()


def test_fix_isnt_misled_by_the_environments_own_ignore_file(repository: Path, call: Call) -> None:
    environment(repository / "env")
    (repository / "env/.gitignore").write_text("*\n")
    git("add", "--force", ".")
    (repository / ".git/info/exclude").write_text("env/\n")  # nor by what only this clone ignores
    assert call(["no-site-packages", "--fix"]).code == 1
    assert (repository / ".gitignore").read_text() == "/env/\n"


def test_fix_leaves_a_directory_alone_that_holds_other_files(repository: Path, call: Call) -> None:
    environment(repository / "project")
    (repository / "project/app.py").write_text("x = 1\n")
    git("add", ".")
    report = call(["no-site-packages", "--format", "json", "--fix"]).report["findings"]
    assert [(each["path"], each["fixable"]) for each in report] == [("project", False)]
    assert git("ls-files").splitlines() == ["project/app.py", "project/pyvenv.cfg"]


def test_commands_in_the_help_do_what_they_say(repository: Path, call: Call) -> None:
    names = ["a b", "it's", "[x]*", ":(top)y", "-rf", "école", "back\\slash", "!bang", "#hash", "end "]
    for name in names:
        environment(repository / name)
        (repository / name / "app.py").write_text("x = 1\n" if name == "it's" else "")
    git("add", ".")
    for each in call(["no-site-packages", "--format", "json"]).report["findings"]:
        subprocess.run(["bash", "-euc", each["help"]], check=True)
    assert git("ls-files", "-z") == ".gitignore\0" * 0 + "\0".join(sorted(f"{name}/app.py" for name in names)) + "\0"


# Odd repositories


def test_repository_with_sha256(tmp_path: Path, home: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    git("init", "-q", "--object-format=sha256", tmp_path / "new")
    monkeypatch.chdir(tmp_path / "new")
    environment(tmp_path / "new/env")
    assert found(call, "--staged") == []
    git("add", ".")
    for scope in ([], ["--staged"]):
        assert found(call, *scope) == [("env", "committed-environment")]
    git("commit", "-qm", "x")
    assert found(call, "--rev", "HEAD") == [("env", "committed-environment")]


def test_repository_that_borrows_objects(
    repository: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(repository / "env")
    commit("env")
    git("clone", "-q", "--shared", repository, tmp_path / "borrower")
    monkeypatch.chdir(tmp_path / "borrower")
    assert found(call) == [("env", "committed-environment")]


def test_replaced_objects_dont_hide_anything(repository: Path, call: Call) -> None:
    commit_of_something(repository)
    environment(repository / "env")
    commit("env")
    git("replace", "HEAD", "HEAD~1")
    assert found(call, "--rev", "HEAD") == [("env", "committed-environment")]


def test_partial_clone_asks_no_server(
    repository: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(repository / "env")
    (repository / ".venv").symlink_to("/home/me/.venvs/x")
    commit(".")
    git("config", "uploadpack.allowFilter", "true")
    git("clone", "-q", "--no-checkout", "--filter=blob:none", repository.as_uri(), tmp_path / "partial")
    monkeypatch.chdir(tmp_path / "partial")
    git("reset", "-q")
    shutil.move(repository, tmp_path / "gone")
    assert found(call) == [("env", "committed-environment")]  # where the link leads isn't known here
    assert found(call, "--rev", "HEAD") == [("env", "committed-environment")]


def test_submodules_and_nested_repositories_are_others(repository: Path, call: Call, tmp_path: Path) -> None:
    git("init", "-q", tmp_path / "module")
    environment(tmp_path / "module/env")
    git("add", ".", cwd=tmp_path / "module")
    git("commit", "-qm", "x", cwd=tmp_path / "module")
    git("submodule", "--quiet", "add", tmp_path / "module", "module")
    git("clone", "-q", tmp_path / "module", repository / "nested")
    assert found(call) == []


def test_linked_working_tree(repository: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit_of_something(repository)
    git("worktree", "add", "-q", tmp_path / "linked")
    monkeypatch.chdir(tmp_path / "linked")
    environment(tmp_path / "linked/env")
    git("add", ".")
    assert found(call) == [("env", "committed-environment")]


def test_directory_below_the_top(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    environment(repository / "env")
    (repository / "sub").mkdir()
    git("add", ".")
    monkeypatch.chdir(repository / "sub")
    assert found(call) == [("env", "committed-environment")]
    assert found(call, "--staged") == [("env", "committed-environment")]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        pytest.param(
            lambda top: (top / ".git/index").write_bytes(b"nonsense" * 9), "error: git ls-files failed:", id="index"
        ),
        pytest.param(lambda top: shutil.rmtree(top / ".git"), "isn't in a git repository", id="no repository"),
        pytest.param(lambda top: (top / ".git/HEAD").unlink(), "its .git is damaged", id="no HEAD"),
        pytest.param(lambda top: (top / ".git/config").write_text("[oops"), "error: git can't read", id="settings"),
    ],
)
def test_broken_repository(damage: Callable[[Path], object], expected: str, repository: Path, call: Call) -> None:
    commit_of_something(repository)
    damage(repository)
    outcome = call(["no-site-packages"])
    assert (outcome.code, outcome.out) == (2, "")
    assert expected in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_contents_that_are_lost(repository: Path, call: Call) -> None:
    """What is missing on disk mustn't hide what the paths say."""
    environment(repository / "env")
    git("add", ".")
    for path in (repository / ".git/objects").glob("??/*"):
        path.unlink()
    assert found(call) == [("env", "committed-environment")]
