"""Input that can't be checked: a clear line, the designed exit code, the rest is checked, and never a traceback."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Outcome
from venvlint import targets

Call = Callable[[Sequence[str]], Outcome]
BAD = "pip install x\n"


def check(call: Call, *names: str) -> tuple[int, list[tuple[str, str]], list[str]]:
    """Return the exit code, what was skipped and why, and the paths with findings."""
    found = call(["no-global-pip", "--format", "json", *names])
    report = found.report
    return (
        found.code,
        [(each["path"], each["reason"]) for each in report["skipped"]],
        [each["path"] for each in report["findings"]],
    )


@pytest.fixture
def other(repository: Path) -> str:
    """Return a file with a finding, which must always be checked too."""
    (repository / "z.sh").write_text(BAD)
    return "z.sh"


@pytest.mark.parametrize(
    ("data", "reasons", "is_checked"),
    [
        pytest.param(b"pip install x\0", ["binary"], False, id="binary"),
        pytest.param(b"", [], False, id="empty"),
        pytest.param(b"\n", [], False, id="one line end"),
        pytest.param(b"echo caf\xe9\npip install x\n", ["has bytes that aren't UTF-8"], True, id="Latin-1"),
        pytest.param("\ufeffpip install x\n".encode(), [], True, id="BOM"),
        pytest.param(b"pip install x\r\n", [], True, id="CRLF"),
        pytest.param(b"pip install x", [], True, id="no final newline"),
        pytest.param(b"\xff\xfep\0i\0p", ["not valid UTF-16"], False, id="half of UTF-16"),
        pytest.param(b"pip install x\nfoo ) ;; (\n", ["not understood as bash"], True, id="broken shell"),
    ],
)
def test_content(repository: Path, call: Call, other: str, data: bytes, reasons: list[str], is_checked: bool) -> None:
    (repository / "a.sh").write_bytes(b"#!/bin/bash\n" * (reasons == ["not understood as bash"]) + data)
    code, skipped, paths = check(call, "a.sh", other)
    assert code == 1
    assert skipped == [("a.sh", reason) for reason in reasons]
    assert paths == ["a.sh"] * is_checked + [other]


def test_utf16_is_read(repository: Path, call: Call) -> None:
    for name, encoding in (("a.sh", "utf-16-le"), ("b.sh", "utf-16-be")):
        (repository / name).write_bytes(f"\ufeff{BAD}".encode(encoding))
    assert check(call, "a.sh", "b.sh") == (1, [], ["a.sh", "b.sh"])


def test_vanished(repository: Path, call: Call, other: str) -> None:
    code, skipped, paths = check(call, "gone.sh", other)
    assert (code, paths) == (2, [other])
    assert skipped == [("gone.sh", "can't be read: No such file or directory")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_fifo(repository: Path, call: Call, other: str) -> None:
    os.mkfifo(repository / "pipe.sh")
    assert check(call, "pipe.sh", other) == (2, [("pipe.sh", "not a file")], [other])


def test_directory_behind_a_symlink(repository: Path, call: Call, other: str) -> None:
    (repository / "real").mkdir()
    (repository / "real/a.sh").write_text(BAD)
    (repository / "link").symlink_to("real", target_is_directory=True)
    assert check(call, "link", other) == (1, [("link", "a symbolic link to a directory")], [other])


def test_symlinks_to_files(repository: Path, call: Call, other: str) -> None:
    (repository / "link.sh").symlink_to(other)
    (repository / "broken.sh").symlink_to("nowhere")
    code, skipped, paths = check(call, "link.sh", "broken.sh")
    assert (code, paths) == (2, ["link.sh"])
    assert skipped == [("broken.sh", "can't be read: No such file or directory")]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_forbidden(repository: Path, call: Call, other: str) -> None:
    (repository / "a.sh").write_text(BAD)
    (repository / "a.sh").chmod(0)
    assert check(call, "a.sh", other) == (2, [("a.sh", "can't be read: Permission denied")], [other])


def test_huge(repository: Path, call: Call, other: str) -> None:
    with (repository / "huge.sh").open("wb") as file:
        file.truncate(50_000_000)
    assert check(call, "huge.sh", other) == (1, [("huge.sh", "larger than 20 MB")], [other])


def test_huge_in_a_commit(repository: Path, call: Call, other: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("venvlint.commits.LIMIT", 100)
    (repository / "huge.sh").write_text(BAD * 100)
    subprocess.run(["git", "add", "--all"], check=True)
    assert check(call, "--staged") == (1, [("huge.sh", f"larger than {targets.LIMIT // 1_000_000} MB")], [other])


def test_text_says_what_was_skipped(repository: Path, call: Call, other: str) -> None:
    (repository / "a.sh").write_bytes(b"x\npip install x \xff\n")
    found = call(["no-global-pip", "gone.sh", "a.sh"])
    assert found.err.splitlines()[:2] == [
        "a.sh:2: skipped: has bytes that aren't UTF-8",
        "gone.sh: skipped: can't be read: No such file or directory",
    ]


def test_tracked_but_deleted(repository: Path, call: Call, other: str) -> None:
    (repository / "gone.sh").write_text(BAD)
    subprocess.run(["git", "add", "--all"], check=True)
    (repository / "gone.sh").unlink()
    assert check(call) == (1, [], [other])


def test_names_that_are_not_utf8(repository: Path, call: Call) -> None:
    name = os.fsdecode(b"caf\xe9\x1b[31m.sh")
    try:
        (repository / name).write_text(BAD)
    except OSError:
        pytest.skip("the file system refuses such names")
    subprocess.run(["git", "add", "--all"], check=True)
    for arguments in ((name,), (), ("--staged",)):
        assert check(call, *arguments) == (1, [], [name])
    for form in ("text", "github", "sarif", "gitlab"):
        found = call(["no-global-pip", "--format", form, name])
        assert (found.code, "\x1b" in found.out) == (1, form == "github")
    assert call(["no-global-pip", name]).out.startswith("caf\\xe9\\x1b[31m.sh:1:1: ")


def test_broken_index(repository: Path, call: Call, other: str) -> None:
    (repository / ".git/index").write_bytes(b"nonsense")
    for hook in ("venv-gitignored", "no-site-packages", "no-global-pip", "venvlint"):
        found = call([hook])
        assert (found.code, found.out) == (2, "")
        assert found.err.startswith("error: ")
        assert "index file" in found.err
    assert check(call, other) == (1, [], [other])


def test_broken_head(repository: Path, call: Call, other: str) -> None:
    (repository / ".git/HEAD").unlink()
    for hook in ("venv-gitignored", "no-site-packages", "no-global-pip", "venvlint"):
        assert call([hook]).code == 2
    assert check(call, other)[0] == 1


def test_pathological_nesting(repository: Path, call: Call, other: str) -> None:
    (repository / "deep.sh").write_text("(" * 5000 + "pip install x" + ")" * 5000 + "\n")
    (repository / "deep2.sh").write_text("if x; then\n" * 3000 + "pip install x\n" + "fi\n" * 3000)
    (repository / "long.sh").write_text("pip install x;" * 3000)
    code, _, paths = check(call, "deep.sh", "deep2.sh", other)
    assert code == 1
    assert other in paths


@pytest.mark.parametrize(
    "name", ["a.sh", "a.ps1", "a.bat", "Dockerfile", "ci.yml", ".gitlab-ci.yml", "a.ipynb", "a.py", "Makefile"]
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet="pip install x$(){}[]\"'\\\n\t#;&|<>%!:-", max_size=200).map(str.encode),
    )
)
def test_never_a_traceback(repository: Path, call: Call, name: str, data: bytes) -> None:
    (repository / name).write_bytes(data + b"\npip install\n")
    found = call(["no-global-pip", "--possible", name])
    assert found.code in (0, 1)
    assert "internal error" not in found.err
