"""venv-gitignored where git itself is in an unusual state, and the pieces that it is made of."""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.conftest import Outcome, console
from tests.random_repositories import LINES
from venvlint import fixes, repo
from venvlint.ignores import dockerignore, ignore_file, near_misses, outside, plain
from venvlint.ignores.clone import Clone, decisions

Call = Callable[[Sequence[str]], Outcome]


def git(*arguments: str, cwd: Path | None = None) -> None:
    subprocess.run(["git", *arguments], check=True, cwd=cwd, capture_output=True)


def environment(path: str | Path) -> None:
    place = Path(path)
    (place / "bin").mkdir(parents=True)
    (place / "pyvenv.cfg").touch()
    (place / "bin/activate").touch()


def ignore(*lines: str, place: str = ".gitignore") -> None:
    Path(place).write_text("".join(f"{line}\n" for line in lines))


def found(call: Call, *arguments: str) -> list[tuple[str, str]]:
    outcome = call(["venv-gitignored", "--format", "json", *arguments])
    assert outcome.code in (0, 1), outcome.err
    return [(finding["path"], finding["rule"]) for finding in outcome.report["findings"]]


@pytest.mark.parametrize(
    ("breakage", "words"),
    [
        pytest.param(lambda: Path(".git/index").write_bytes(b"DIRC"), "git ", id="a broken index"),
        pytest.param(
            lambda: Path(".git/config").write_text("[core"), "git can't read this repository", id="broken settings"
        ),
        pytest.param(lambda: git("config", "core.bare", "true"), "bare repository", id="a bare repository"),
    ],
)
def test_a_repository_that_git_cannot_read(
    breakage: Callable[[], object], words: str, repository: Path, call: Call
) -> None:
    breakage()
    outcome = call(["venv-gitignored"])
    assert outcome.code == 2
    assert words in outcome.err
    assert "Traceback" not in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_inside_of_git_directory(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(".git")
    outcome = call(["venv-gitignored"])
    assert (outcome.code, "run it in the working tree" in outcome.err) == (2, True)


def test_git_is_not_installed(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    outcome = call(["venv-gitignored"])
    assert (outcome.code, "git isn't installed" in outcome.err) == (2, True)


def test_outside_of_a_repository(home: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sdist").mkdir()
    monkeypatch.chdir(tmp_path / "sdist")
    Path("setup.py").touch()
    ignore("venv/", ".venv/ # mine", "/covered/")
    for name in (".venv", "sub/env312", "covered", "sub/venv"):
        environment(name)
    Path("link").symlink_to("sub/env312")
    expected = [(name, "unignored-environment") for name in (".venv", "link", "sub/env312")]
    outcome = call(["venv-gitignored", "--format", "json"])
    assert [(finding["path"], finding["rule"]) for finding in outcome.report["findings"]] == expected
    assert [entry["reason"] for entry in outcome.report["skipped"]] == [outside.NOTE]
    assert call(["venv-gitignored", "--fix"]).code == 1
    assert found(call) == []
    assert Path(".gitignore").read_text() == "venv/\n.venv/ # mine\n.venv/\n/link\n/sub/env312/\n/covered/\n"


def test_names_in_use_outside_of_a_repository(
    home: Path, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ignore(".venv/", "venv/")
    Path("setup.py").touch()
    Path("README.md").write_text("    python3 -m venv myenv\n")
    outcome = call(["venv-gitignored", "--format", "json"])
    assert [each["message"] for each in outcome.report["findings"]] == ["`myenv/` isn't ignored, which README.md makes"]


def test_imitation_agrees_with_git(repository: Path) -> None:
    """Where no name of a class is used, pathspec decides as git does."""
    lines = [line for line in LINES if "[:" not in line and "\\" not in line]
    names = (".venv", "a/.venv", "sub/env", "a/b/env", "build/env", "venv", "x.cfg", ".venv/bin", "my dir/x")
    for line, other in itertools.product(lines, lines[::5]):
        ignore(line, other)
        imitated = outside.Imitation({".gitignore": Path(".gitignore").read_bytes()})
        here = repo.find()
        assert here
        git_says = decisions(here, names)
        for name in names:
            ours = imitated.decision(name, is_directory=False)
            assert ours.is_ignored == git_says[name].is_ignored, (line, other, name)


# Lines that a name alone mustn't be taken to be overruled by, or not to be.
ODD_LINES = (
    "!.VENV",
    "!./.venv",
    "!.venv\t",
    "!sub/.venv/",
    "!.v*",
    "!\\.venv",
    "!.venv\0x",
    "\ufeff!.venv",
    " !.venv",
    "!",
)


@pytest.mark.parametrize(("end", "ignore_case"), [("\n", "true"), ("\r\n", "false")])
def test_what_is_ignored_beyond_doubt(end: str, ignore_case: str, repository: Path) -> None:
    """Git says so too, wherever it is said without asking git."""
    git("config", "core.ignoreCase", ignore_case)
    here = repo.find()
    assert here
    paths = (".venv", "sub/.venv", "a/b/.VENV", "venv", "sub/env", "venv ", "tools-x", "build/env")
    sure = 0
    for line, other in itertools.product((".venv", "venv/", "venv "), (*LINES, *ODD_LINES)):
        for files in (
            {".gitignore": f"{line}{end}{other}{end}".encode()},
            {".gitignore": f"{other}{end}{line}".encode()},
            {".gitignore": f"{line}{end}".encode(), "sub/.gitignore": f"{other}{end}".encode()},
        ):
            names = plain.Names(files)
            claimed = {path: found for path in paths if (found := names.line(path))}
            sure += len(claimed)
            with Clone(here, files) as clone:
                git_says = clone.decisions(directories=claimed)
            for path, (_, number, pattern) in claimed.items():
                assert git_says[path].is_ignored, (files, path)
                assert files[".gitignore"].decode().split("\n")[number - 1].rstrip("\r") == pattern
    assert sure > 300


ONCE = {
    "a symlink, and an exception for directories": ([".venv/**", "!*/"], "ln -s ../outside .venv"),
    "an ignore file that ignores itself": (["*", "!.venv"], "mkdir -p .venv/bin"),
    "the rest is ignored on this machine only": (
        [".venv/", "venv/", "*.cfg"],
        "mkdir -p env312/bin; touch env312/pyvenv.cfg env312/bin/activate; echo '/env312/*' > .git/info/exclude",
    ),
    "only parts are ignored, by a file that isn't tracked": (["bin/", "pyvenv.cfg"], "mkdir -p .venv/bin"),
}


@pytest.mark.parametrize(("lines", "script"), ONCE.values(), ids=ONCE.keys())
def test_one_fix_is_enough(lines: list[str], script: str, repository: Path, call: Call) -> None:
    """What it wrote has only to be staged: nothing comes to light then that it could have mended at once."""
    environment("../outside")
    ignore(*lines)
    console(
        f"touch app.py; git add --force app.py; {script}; touch .venv/bin/activate .venv/pyvenv.cfg || true", repository
    )
    call(["venv-gitignored", "--fix"])
    fixed = Path(".gitignore").read_bytes()
    git("add", "--force", ".gitignore")
    assert found(call) == []
    assert call(["venv-gitignored", "--fix"]).code == 0
    assert Path(".gitignore").read_bytes() == fixed


def test_unborn_branch(repository: Path, call: Call) -> None:
    environment("env312")
    ignore(".venv/", "venv/")
    assert found(call) == [("env312", "unignored-environment")]


def test_linked_worktree_has_ignore_files_of_its_own(
    repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    ignore(".venv/", "venv/", "/env312/")
    git("add", ".gitignore")
    git("commit", "-m", "start")
    git("worktree", "add", "-b", "other", "../tree")
    Path(".git/info/exclude").write_text("/mine/\n")  # for all worktrees
    for name in ("env312", "mine"):
        environment(f"../tree/{name}")
    monkeypatch.chdir("../tree")
    assert found(call) == [("mine", "ignored-only-locally")]
    ignore(".venv/", "venv/")
    git("add", ".gitignore")
    assert found(call) == [("env312", "unignored-environment"), ("mine", "ignored-only-locally")]


def test_submodule_is_checked_where_it_is(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    ignore(".venv/", "venv/")
    git("init", "../module")
    git("commit", "--allow-empty", "-m", "start", cwd=Path("../module"))
    git("submodule", "add", "../module", "module")
    git("add", "--all")
    environment("module/env312")
    assert found(call) == []
    monkeypatch.chdir("module")
    assert found(call, "--select", "unignored-environment") == [("env312", "unignored-environment")]


def test_git_dir_and_work_tree(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    ignore(".venv/", "venv/")
    git("add", ".gitignore")
    environment("sub/env312")
    Path(".git").rename("../elsewhere")
    monkeypatch.setenv("GIT_DIR", "../elsewhere")
    monkeypatch.setenv("GIT_WORK_TREE", ".")
    assert found(call) == [("sub/env312", "unignored-environment")]
    monkeypatch.setenv("GIT_DIR", "../../elsewhere")
    monkeypatch.setenv("GIT_WORK_TREE", "..")
    monkeypatch.chdir("sub")
    assert found(call) == [("sub/env312", "unignored-environment")]


def test_inside_of_a_commit(repository: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """As git runs hooks: with an index of its own, and the settings of its command line."""
    ignore("venv/", "/env312/")
    git("add", ".gitignore")
    ignore("venv/", "/env312/", ".venv/")
    environment(".venv")
    environment("env312")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/other")
    git("add", ".gitignore")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", f"'core.excludesfile={os.path.abspath('../mine')}'")  # noqa: PTH100
    Path("../mine").write_text(".venv/\nenv312/\n")
    assert found(call) == []
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert found(call) == [(".venv", "ignored-only-locally")]


def test_sparse_checkout(repository: Path, call: Call) -> None:
    ignore(".venv/", "venv/")
    Path("src").mkdir()
    Path("src/app.py").touch()
    git("add", "--all")
    git("commit", "-m", "start")
    git("sparse-checkout", "set", "--no-cone", "/src/")
    assert not Path(".gitignore").exists()
    environment("src/env312")
    environment("src/.venv")
    assert found(call) == [("src/env312", "unignored-environment")]
    assert "isn't checked out" in call(["venv-gitignored", "--format", "json"]).report["findings"][0]["help"]
    call(["venv-gitignored", "--fix"])
    assert not Path(".gitignore").exists()


def test_a_directory_that_cannot_be_read(repository: Path, call: Call) -> None:
    ignore(".venv/", "venv/")
    git("add", ".gitignore")
    environment("env312")
    Path("fifo-env").mkdir()
    os.mkfifo("fifo-env/pyvenv.cfg")
    assert found(call) == [("env312", "unignored-environment")]


def test_deep_nesting_and_a_loop(repository: Path, call: Call) -> None:
    ignore(".venv/", "venv/")
    git("add", ".gitignore")
    place = Path(*["d"] * 60)
    place.mkdir(parents=True)
    (place / "pyvenv.cfg").touch()
    Path("loop").symlink_to(".")
    assert found(call) == [(str(place), "unignored-environment")]


@pytest.mark.parametrize(
    ("before", "patterns", "after"),
    [
        pytest.param(b"", [".venv/", "venv/"], b".venv/\nvenv/\n", id="empty"),
        pytest.param(b"a\n", [".venv/", "venv/"], b"a\n.venv/\nvenv/\n", id="at the end"),
        pytest.param(b"a", [".venv/", "venv/"], b"a\n.venv/\nvenv/", id="no final line end"),
        pytest.param(b"a\r\nb\r\n", [".venv/", "venv/"], b"a\r\nb\r\n.venv/\r\nvenv/\r\n", id="CRLF"),
        pytest.param(b"\xef\xbb\xbfa\n", [".venv/"], b"\xef\xbb\xbfa\n.venv/\n", id="byte order mark"),
        pytest.param(b"\xff\n", [".venv/"], b"\xff\n.venv/\n", id="bytes that aren't UTF-8"),
        pytest.param(b"x\nvenv/\n\ny\n", [".venv/"], b"x\nvenv/\n.venv/\n\ny\n", id="beside its kind"),
        pytest.param(b".tox/\n\nenv/\n\n*.pyc\n", [".nox/"], b".tox/\n.nox/\n\nenv/\n\n*.pyc\n", id="nox beside tox"),
        pytest.param(
            b"# Environments\n.env\n\n*.pyc\n", [".venv/"], b"# Environments\n.env\n.venv/\n\n*.pyc\n", id="heading"
        ),
        pytest.param(b"a\n# virtualenv", [".venv/"], b"a\n# virtualenv\n.venv/", id="heading and nothing else"),
        pytest.param(b".venv/ # mine\nb\n", [".venv/"], b".venv/ # mine\n.venv/\nb\n", id="behind what was meant"),
    ],
)
def test_insertion(before: bytes, patterns: Sequence[str], after: bytes) -> None:
    edits = [edit for pattern in patterns if (edit := ignore_file.insertion(".gitignore", before, pattern))]
    assert fixes.edited(before, edits) == after


def test_two_hooks_add_a_line_once(repository: Path, call: Call) -> None:
    ignore("env/", "", "*.pyc")
    for name in (".venv", "tools/made"):
        environment(name)
        git("add", ".gitignore", f"{name}/pyvenv.cfg")
    call(["venvlint", "--fix"])
    lines = Path(".gitignore").read_text().split()
    assert sorted(lines) == sorted(["env/", "*.pyc", ".venv/", "venv/", "/tools/made/"])


def test_insertion_behind_a_line() -> None:
    edit = ignore_file.insertion(".gitignore", b"venv/\n!*\na\n", ".venv/", after=2)
    assert edit
    assert fixes.edited(b"venv/\n!*\na\n", [edit]) == b"venv/\n!*\n.venv/\na\n"


def test_no_insertion_into_utf_16() -> None:
    assert ignore_file.insertion(".gitignore", "a\n".encode("utf-16"), ".venv/") is None


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [  # https://pkg.go.dev/github.com/moby/patternmatcher
        pytest.param(".venv", ".venv", True, id="plain"),
        pytest.param(".venv", "a/.venv", False, id="anchored to the context"),
        pytest.param(".venv", ".venv/bin/python", True, id="what is below"),
        pytest.param("/.venv/", ".venv", True, id="slashes around it"),
        pytest.param("./a/../.venv", ".venv", True, id="cleaned"),
        pytest.param("**/.venv", ".venv", True, id="two stars match nothing"),
        pytest.param("**/.venv", "a/b/.venv/x", True, id="two stars match directories"),
        pytest.param("**/.venv", "a.venv", False, id="but whole ones"),
        pytest.param("*/.venv", "a/.venv", True, id="one star"),
        pytest.param("*/.venv", "a/b/.venv", False, id="one star stops at a slash"),
        pytest.param("*", ".venv", True, id="a star matches a leading dot"),
        pytest.param("?venv", ".venv", True, id="question mark"),
        pytest.param(".ven[tuv]", ".venv", True, id="class"),
        pytest.param(".ven[^v]", ".venv", False, id="negated class"),
        pytest.param(r"\.venv", ".venv", True, id="escape"),
        pytest.param(".VENV", ".venv", False, id="case counts"),
        pytest.param("# .venv", ".venv", False, id="comment"),
        pytest.param("  .venv  ", ".venv", True, id="blanks around it"),
        pytest.param("*\n!.venv", ".venv/bin", False, id="an exception"),
        pytest.param("!.venv\n*", ".venv/bin", True, id="the last match wins"),
        pytest.param(".venv\n!.venv/bin", ".venv/bin/python", False, id="below an excluded directory too"),
        pytest.param("**", "a/b", True, id="everything"),
        pytest.param("a/**", "a/b/c", True, id="all below"),
        pytest.param("[", "[", False, id="not a pattern"),
    ],
)
def test_dockerignore(patterns: str, path: str, expected: bool) -> None:
    assert dockerignore.is_excluded(path, dockerignore.patterns(patterns.encode())) == expected


@pytest.mark.parametrize(
    "line", ["", "#", "!", "/", "\\", "   ", "\t", "**/", "/**", "'", '"', "a # b # c", "./", "[", "#x"]
)
def test_near_miss_of_any_line(line: str) -> None:
    near_misses.meaning(line)
    assert near_misses.find("a/.venv", {".gitignore": line.encode(), "a/.gitignore": b"\xff\xfe\x00"}, {}) is None
