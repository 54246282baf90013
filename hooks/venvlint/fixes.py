"""Mends what findings say how to mend: edits of files, and paths taken out of the index."""

from __future__ import annotations

import contextlib
import difflib
import os
import shlex
import tempfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from venvlint.model import Edit, Finding
from venvlint.repo import Repo


@dataclass(frozen=True, slots=True)
class Change:
    """The content of one file before and after; `path` is relative to the repository."""

    path: str
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done: files to change, and paths to take out of the index."""

    changes: tuple[Change, ...]
    untrack: tuple[str, ...]
    findings: int  # that are mended by it

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.untrack


def plan(findings: Iterable[Finding], root: str) -> Plan:
    """Return what mends the findings. Where two fixes contradict each other, the later one waits for another run."""
    edits: dict[str, list[Edit]] = {}
    untrack: dict[str, None] = {}
    mended = 0
    for finding in findings:
        fix = finding.fix
        if fix is None or not all(_fits(edit, edits.get(edit.path, [])) for edit in fix.edits):
            continue
        for edit in fix.edits:
            if not any(_is_same(edit, other) for other in edits.setdefault(edit.path, [])):
                edits[edit.path].append(edit)
        untrack.update(dict.fromkeys(fix.untrack))
        mended += 1
    changes = (_change(path, found, root) for path, found in sorted(edits.items()))
    return Plan(tuple(each for each in changes if each.before != each.after), tuple(untrack), mended)


def _is_same(edit: Edit, other: Edit) -> bool:
    """Tell whether two edits come to the same: rules of two hooks may add one line in two places."""
    is_insertion = edit.span.start == edit.span.end and other.span.start == other.span.end
    return edit == other or (is_insertion and edit.text.strip("\n") == other.text.strip("\n"))


def _fits(edit: Edit, others: Iterable[Edit]) -> bool:
    """Tell whether an edit can be made beside others: it is one of them, or touches none."""
    for other in others:
        if edit == other:
            return True
        if edit.span.start < other.span.end and other.span.start < edit.span.end:
            return False
    return True


def _change(path: str, edits: Iterable[Edit], root: str) -> Change:
    try:
        with open(os.path.join(root, path), "rb") as file:
            before = file.read()
    except FileNotFoundError:
        before = b""
    return Change(path, before, edited(before, edits))


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return a file's content with edits made; its encoding, byte order mark, and line ends stay."""
    encoding, mark = _encoding(data)
    text = data[len(mark) :].decode(encoding, "surrogateescape")
    is_windows = text.count("\r\n") * 2 > text.count("\n")
    in_order = sorted(enumerate(edits), key=lambda each: (each[1].span, each[0]), reverse=True)
    for _, edit in in_order:  # from the end, so that what is still to be changed stays where it is
        new = edit.text.replace("\r\n", "\n").replace("\n", "\r\n") if is_windows else edit.text
        text = text[: edit.span.start] + new + text[edit.span.end :]
    return mark + text.encode(encoding, "surrogateescape")


def _encoding(data: bytes) -> tuple[str, bytes]:
    if data.startswith(BOM_UTF16_LE):
        return "utf-16-le", BOM_UTF16_LE
    if data.startswith(BOM_UTF16_BE):
        return "utf-16-be", BOM_UTF16_BE
    mark = b"\xef\xbb\xbf"
    return "utf-8", mark if data.startswith(mark) else b""


def carry_out(made: Plan, root: str, repo: Repo | None) -> None:
    """Change the files, then the index; raises OSError and RepositoryError."""
    for change in made.changes:
        write_atomically(os.path.join(root, change.path), change.after)
    if made.untrack and repo is not None:
        names = "".join(f":(top,literal){path}\0" for path in made.untrack)
        # Where the index differs from both the commit and the file, git would stop; but the file stays in any case.
        options = ("-r", "--cached", "--quiet", "--force", "--sparse")
        repo.git("rm", *options, "--pathspec-from-file=-", "--pathspec-file-nul", stdin=os.fsencode(names))


def write_atomically(path: str, data: bytes) -> None:
    """Write a file such that nobody ever sees half of it. Its mode stays; of a symbolic link the target changes."""
    target = os.path.realpath(path)
    descriptor, temporary = tempfile.mkstemp(prefix=".venvlint-", dir=os.path.dirname(target))
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(path: str) -> int:
    try:
        return os.stat(path).st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def difference(made: Plan) -> Iterator[str]:
    """Yield the lines of a unified diff; what leaves the index stands in front of it, where patch doesn't read."""
    for path in made.untrack:
        yield f"git rm -r --cached -- {shlex.quote(path)}\n"
    for change in made.changes:
        before, after = (_lines(data) for data in (change.before, change.after))
        old = f"a/{change.path}" if change.before else "/dev/null"
        for line in difflib.unified_diff(before, after, old, f"b/{change.path}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[str]:
    encoding, mark = _encoding(data)
    text = data[len(mark) :].decode(encoding, "surrogateescape")
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + [part for part in parts[-1:] if part]
