"""Commits, their parents and dates, and which refs reach which of them."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from venvlint.repo import Repo, RepositoryError


class Commit(NamedTuple):
    """One commit and its date, in seconds since 1970."""

    name: str
    time: int

    @property
    def date(self) -> str:
        """The day, in UTC: 2024-05-31."""
        return self.moment[:10]

    @property
    def moment(self) -> str:
        """The second, in UTC: 2024-05-31T12:00:00Z."""
        from datetime import UTC, datetime

        return datetime.fromtimestamp(self.time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Graph:
    """The commits that all refs and HEAD reach, or those of them that are newer than a date."""

    def __init__(self, repo: Repo, since: str | None) -> None:
        self._repo = repo
        limit = () if since is None else (_limit(repo, since),)
        command = ("rev-list", "--all", "--topo-order", "--timestamp", "--parents", *limit)
        self._lines = repo.git("--no-replace-objects", *command).splitlines()

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def names(self) -> list[bytes]:
        """Return the names of all commits, none before those that it is a parent of."""
        return [line.split(b" ", 2)[1] for line in self._lines]

    def times(self, wanted: Collection[bytes]) -> dict[bytes, int]:
        """Return the dates of some commits."""
        found = (line.split(b" ", 2) for line in self._lines)
        return {fields[1]: int(fields[0]) for fields in found if fields[1] in wanted}

    def reached(self, marks: Mapping[bytes, int]) -> dict[bytes, int]:
        """Return for each commit that reaches a marked one the marks, as bits, of all that it reaches."""
        found: dict[bytes, int] = {}
        for line in reversed(self._lines):
            _, name, *parents = line.split(b" ")
            bits = marks.get(name, 0)
            for parent in parents:
                bits |= found.get(parent, 0)
            if bits:
                found[name] = bits
        return found

    def refs(self) -> Iterator[tuple[str, bytes]]:
        """Yield the refs, by their short names, with the commits that they lead to; HEAD where it is no branch."""
        form = "--format=%(refname:short)%00%(objectname)%00%(*objectname)"
        for line in self._repo.git("--no-replace-objects", "for-each-ref", form).splitlines():
            name, target, peeled = line.split(b"\0")
            yield name.decode("utf-8", "surrogateescape"), peeled or target
        if not self._repo.git("symbolic-ref", "--quiet", "HEAD", allowed=(0, 1)):
            head = self._repo.git("rev-parse", "--verify", "--quiet", "HEAD", allowed=(0, 1))
            if head:
                yield "HEAD", head.strip()


def _limit(repo: Repo, since: str) -> str:
    """Return what limits commits to those after a date; git takes what it doesn't understand for the present moment."""
    start = int(time.time())
    limit = repo.git("rev-parse", f"--since={since}").decode().strip()
    moment = int(limit.partition("=")[2])
    if start <= moment <= time.time() and since.strip().lower() not in ("now", "today"):
        raise RepositoryError(f"git takes {since!r} for no date: write it as in 2024-05-31")
    return limit
