"""Every change of a path in every commit, as git prints them, kept on disk and searched as bytes."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, NamedTuple

from venvlint.repo import Repo
from venvlint.tracked.listing import holding
from venvlint.tracked.traces import PATHS, What

# A merge is compared with all its parents at once: only what is in none of them is printed. The limits keep the memory
# of each git at about 200 MB whatever the size of the pack.
_LOG = (
    *("--no-replace-objects", "-c", "log.showRoot=true", "-c", "core.quotePath=false"),
    *("-c", "core.packedGitWindowSize=32m", "-c", "core.packedGitLimit=128m"),
    *("log", "--no-walk=unsorted", "--stdin", "--raw", "-c", "-z", "--no-renames", "--no-abbrev", "--no-color"),
    *("--no-relative", "--no-show-signature", "--ignore-submodules=none", f"-O{os.devnull}", "--format=%x01%H"),
)
_BLOCK = 8000  # commits given to one git: enough to profit from its caches, few enough to share the work evenly
_PIECE = 1 << 19  # bytes
_WORKERS = 3
_HEADER = re.compile(rb"\x01([0-9a-f]{40,64})\0")
_NOTHING = re.compile(rb"0+")

Progress = Callable[[int], None]  # is told how many commits have been looked at since it was told last


class Change(NamedTuple):
    """What one commit does to one path; `blob` is empty where the path goes."""

    commit: bytes
    mode: bytes
    blob: bytes
    path: bytes


class Hint(NamedTuple):
    """A path that gives something away: `path` and `blob` only where the content matters."""

    what: What
    root: bytes
    blob: bytes
    path: bytes


class Changes:
    """The changes of some commits. Reading them takes git's time; searching them again doesn't."""

    def __init__(self, repo: Repo, commits: Sequence[bytes], progress: Progress) -> None:
        blocks = [commits[at : at + _BLOCK] for at in range(0, len(commits), _BLOCK)]
        self._files: list[BinaryIO] = []
        self.hints: set[Hint] = set()
        workers = ThreadPoolExecutor(min(os.cpu_count() or 1, _WORKERS))
        try:
            for file, hints in workers.map(lambda block: _read(repo, block, progress), blocks):
                self._files.append(file)
                self.hints |= hints
        finally:
            workers.shutdown(cancel_futures=True)  # where one failed, the others have nothing left to do

    def of(self, paths: re.Pattern[bytes]) -> Iterator[Change]:
        """Yield the changes of paths, see `beginning`; those of the newest commits come first."""
        for file in self._files:
            file.seek(0)
            for piece in _pieces(iter(lambda file=file: file.read(_PIECE), b"")):  # type: ignore[misc]
                yield from _matching(piece, paths)


def _read(repo: Repo, commits: Sequence[bytes], progress: Progress) -> tuple[BinaryIO, set[Hint]]:
    """Let git print the changes of some commits into a file, and look for hints meanwhile."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the audit
    hints: set[Hint] = set()
    for piece in _pieces(repo.stream(*_LOG, stdin=(b"".join(commit + b"\n" for commit in commits),))):
        file.write(piece)
        hints.update(_hints(piece))
        progress(piece.count(b"\x01"))
    return file, hints


def _pieces(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Cut what git prints into pieces of whole commits."""
    held: list[bytes] = []
    size = 0
    for chunk in stream:
        held.append(chunk)
        size += len(chunk)
        if size >= _PIECE:
            data = b"".join(held)
            end = data.rfind(b"\0\x01") + 1
            if end:
                yield data[:end]
            held = [data[end:]]
            size = len(held[0])
    if size:
        yield b"".join(held)


def _hints(piece: bytes) -> Iterator[Hint]:
    for needle, traces in PATHS:
        for start, record in holding(piece, needle):
            for trace in traces:
                if found := trace.path.fullmatch(record):
                    root = found["root"] or b""
                    if trace.what != "script":
                        yield Hint(trace.what, root, b"", b"")
                    elif blob := _facts(piece, start)[1]:
                        yield Hint(trace.what, root, blob, record)


def _matching(piece: bytes, paths: re.Pattern[bytes]) -> Iterator[Change]:
    """Yield the changes of matching paths in a piece. In front of a path stands a record that begins with `:`."""
    for found in paths.finditer(piece):
        start = found.start() + 1
        end = piece.find(b"\0", start)
        before = piece.rfind(b"\0", 0, start - 1) + 1
        if piece[before : before + 2].lstrip(b"\n")[:1] == b":":
            yield Change(_commit(piece, before), *_facts(piece, start), piece[start:end])


def _commit(piece: bytes, before: int) -> bytes:
    at = before
    while True:
        at = max(piece.rfind(b"\x01", 0, at), 0)
        header = _HEADER.match(piece, at)
        if header and (not at or not piece[at - 1]):
            return header[1]
        assert at, "unreachable: each piece begins with a commit"


def _facts(piece: bytes, start: int) -> tuple[bytes, bytes]:
    """Return mode and blob that the path at `start` has after the change; of a merge, the merge's own."""
    facts = piece[piece.rfind(b"\0", 0, start - 1) + 1 : start - 1].lstrip(b"\n")
    parents = len(facts) - len(facts.lstrip(b":"))
    fields = facts[parents:].split(b" ")
    blob = fields[-2]
    return fields[parents], b"" if _NOTHING.fullmatch(blob) else blob


def beginning(patterns: Iterable[bytes]) -> re.Pattern[bytes]:
    """Return what `Changes.of` takes: paths that begin with one of these patterns."""
    return re.compile(rb"\0(?:" + b"|".join(sorted(set(patterns))) + rb")")
