"""Fixes: edits are exact, whole or not at all, and leave everything else of a file as it was."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Outcome
from venvlint import fixes
from venvlint.model import Edit, Finding, Fix, Span
from venvlint.source import Source

Call = Callable[[Sequence[str]], Outcome]
STALE = "  # venvlint: ignore[user-install]"


def edit(start: int, end: int, text: str, path: str = "a") -> Edit:
    return Edit(path, Span(start, end), text)


def finding(*edits: Edit, untrack: tuple[str, ...] = ()) -> Finding:
    return Finding("some-rule", "a", "message", "help", fix=Fix(edits, untrack))


@pytest.mark.parametrize(
    ("before", "edits", "after"),
    [
        pytest.param(b"one two", (edit(0, 3, "1"), edit(4, 7, "22222")), b"1 22222", id="in any order"),
        pytest.param(b"one two", (edit(4, 7, ""), edit(0, 0, "x\n")), b"x\none ", id="insertion and deletion"),
        pytest.param(b"ab", (edit(1, 1, "1"), edit(1, 1, "2")), b"a12b", id="insertions in one place keep their order"),
        pytest.param("é€😀x".encode(), (edit(3, 4, "y"),), "é€😀y".encode(), id="offsets are characters"),
        pytest.param(b"\xe9\xff x", (edit(3, 4, "y"),), b"\xe9\xff y", id="bytes that aren't UTF-8"),
        pytest.param("\ue000 x".encode(), (edit(2, 3, "y"),), "\ue000 y".encode(), id="private use"),
        pytest.param(b"\xef\xbb\xbfab", (edit(0, 1, "x"),), b"\xef\xbb\xbfxb", id="BOM"),
        pytest.param(
            "\ufeffab".encode("utf-16-le"), (edit(0, 1, "x"),), "\ufeffxb".encode("utf-16-le"), id="UTF-16 LE"
        ),
        pytest.param(
            "\ufeffab".encode("utf-16-be"), (edit(0, 1, "x"),), "\ufeffxb".encode("utf-16-be"), id="UTF-16 BE"
        ),
        pytest.param(b"a\r\nb\r\n", (edit(3, 3, "x\ny\r\n"),), b"a\r\nx\r\ny\r\nb\r\n", id="CRLF"),
        pytest.param(b"a\nb\n", (edit(2, 2, "x\n"),), b"a\nx\nb\n", id="LF"),
        pytest.param(b"", (edit(0, 0, ".venv/\n"),), b".venv/\n", id="empty"),
    ],
)
def test_edited(before: bytes, edits: tuple[Edit, ...], after: bytes) -> None:
    assert fixes.edited(before, edits) == after


@given(st.text(max_size=40), st.data())
def test_an_edit_changes_nothing_else(text: str, data: st.DataObject) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    source = Source("a", raw)
    start = data.draw(st.integers(0, len(source.text)))
    end = data.draw(st.integers(start, len(source.text)))
    removed = fixes.edited(raw, [edit(start, end, "")])
    kept = source.text[:start].encode("utf-8", "surrogateescape"), source.text[end:].encode("utf-8", "surrogateescape")
    if "\ufffd" not in source.text:  # where clean() wrote it, the file has something else
        assert removed.endswith(kept[1])
        assert removed[: len(removed) - len(kept[1])].removeprefix(b"\xef\xbb\xbf") == kept[0]


def test_plan_merges_and_holds_back(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("0123456789")
    same = finding(edit(2, 4, "x"))
    made = fixes.plan(
        [same, same, finding(edit(3, 5, "y")), finding(edit(4, 6, "z"), edit(0, 0, "new", "b"))], str(tmp_path)
    )
    assert made.changes == (
        fixes.Change("a", b"0123456789", b"01xz6789"),
        fixes.Change("b", b"", b"new"),
    )
    assert made.findings == 3


def test_no_fix_no_plan(tmp_path: Path) -> None:
    assert fixes.plan([Finding("some-rule", "a", "message", "help")], str(tmp_path)).is_empty


def test_written_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.sh"
    file.write_text("old")
    file.chmod(0o751)
    link = tmp_path / "link.sh"
    link.symlink_to("a.sh")
    fixes.write_atomically(str(link), b"new")
    assert (file.read_text(), link.is_symlink(), stat.S_IMODE(file.stat().st_mode)) == ("new", True, 0o751)
    assert sorted(tmp_path.iterdir()) == [file, link]


def test_failure_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("old")

    def fail(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted", "a")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(PermissionError):
        fixes.write_atomically(str(tmp_path / "a"), b"new")
    assert ([*tmp_path.iterdir()], (tmp_path / "a").read_text()) == ([tmp_path / "a"], "old")


def test_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").write_text("")
    fixes.write_atomically(str(tmp_path / "new"), b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.fixture
def stale(repository: Path) -> Path:
    """Return a file with a comment that `--fix` removes, and a fault that it can't mend."""
    file = repository / "a.sh"
    file.write_text(f"echo pip{STALE}\npip install x\n")
    return file


def test_fix_changes_and_reports_what_is_left(stale: Path, call: Call) -> None:
    found = call(["no-global-pip", "--fix", "--format", "json", "a.sh"])
    assert stale.read_text() == "echo pip\npip install x\n"
    assert [(each["rule"], each["line"]) for each in found.report["findings"]] == [("global-install", 2)]
    assert (found.code, found.err) == (1, "1 finding in 1 file, 1 mended\n")


def test_changed_files_fail_once(stale: Path, call: Call) -> None:
    arguments = ["no-global-pip", "--ignore", "global-install", "--fix", "a.sh"]
    assert [call(arguments).code for _ in range(2)] == [1, 0]


def test_diff_changes_nothing(stale: Path, call: Call) -> None:
    before = stale.read_text()
    found = call(["no-global-pip", "--diff", "a.sh"])
    assert found.out == (f"--- a/a.sh\n+++ b/a.sh\n@@ -1,2 +1,2 @@\n-echo pip{STALE}\n+echo pip\n pip install x\n")
    assert (found.code, stale.read_text()) == (1, before)
    assert found.err == "2 findings in 1 file, 1 that --fix mends\n"
    assert call(["no-global-pip", "--diff", "--color", "always", "a.sh"]).out.startswith("\x1b[31m--- a/a.sh\x1b[0m\n")


def test_diff_applies(stale: Path, call: Call) -> None:
    stale.write_text(f"echo pip{STALE}")  # without a line's end
    patch = call(["no-global-pip", "--diff", "a.sh"]).out
    subprocess.run(["git", "apply", "-"], input=patch, text=True, check=True)
    assert stale.read_text() == "echo pip"


def test_fix_and_diff_exclude_each_other(stale: Path, call: Call) -> None:
    assert call(["no-global-pip", "--diff", "--fix", "a.sh"]).code == 2


def test_fix_needs_files(stale: Path, call: Call) -> None:
    subprocess.run(["git", "add", "a.sh"], check=True)
    subprocess.run(["git", "commit", "--quiet", "--message", "x"], check=True)
    found = call(["no-global-pip", "--rev", "HEAD", "--fix"])
    assert (found.code, found.err) == (
        2,
        "error: --fix changes files on disk, and --rev looks at a commit: use one of them\n",
    )


def test_staged_is_not_edited(stale: Path, call: Call) -> None:
    before = stale.read_text()
    subprocess.run(["git", "add", "a.sh"], check=True)
    assert call(["no-global-pip", "--staged", "--fix"]).code == 1
    assert stale.read_text() == before


def test_untracking(repository: Path, call: Call) -> None:
    environment = repository / "a *\n:(b)"
    (environment / "bin").mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (environment / "bin/activate").write_text("")
    (repository / "a other").write_text("staged too")
    subprocess.run(["git", "add", "--all"], check=True)
    assert call(["no-site-packages", "--diff"]).out.startswith("git rm -r --cached -- 'a ")
    assert call(["no-site-packages", "--fix"]).code == 1
    tracked = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout.split("\0")
    assert [name for name in tracked if name and name != ".gitignore"] == ["a other"]
    assert (environment / "pyvenv.cfg").exists()
    assert call(["no-site-packages"]).code == 0


def test_whole_file_is_read_once_more(repository: Path, call: Call) -> None:
    for name in ("b.sh", "c.sh"):
        (repository / name).write_text(f"echo pip{STALE}\n")
    found = call(["no-global-pip", "--fix", "b.sh", "c.sh"])
    assert (found.code, found.err) == (1, "no findings in 2 files, 2 mended\n")
