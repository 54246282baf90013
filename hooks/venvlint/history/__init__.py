"""Every environment in any commit that a ref reaches: what it takes, since when, and who still holds it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from venvlint.history.changes import Change, Changes, Progress, beginning
from venvlint.history.graph import Commit, Graph
from venvlint.history.holders import Holders
from venvlint.repo import Repo, RepositoryError
from venvlint.settings import Settings
from venvlint.tracked import blobs, groups
from venvlint.tracked.groups import Group
from venvlint.tracked.listing import SUBMODULE, Entry, Listing
from venvlint.tracked.mending import quoted
from venvlint.tracked.traces import Sighting

RULE = "environment-in-history"
Start = Callable[[int], Progress]


@dataclass(frozen=True, slots=True)
class Past:
    """One environment, over all commits."""

    group: Group
    files: int  # different paths
    versions: int  # different contents
    bytes: int  # of all versions
    stored: int  # bytes that they take in the repository, compressed
    first: Commit
    last: Commit  # the last one that changed it, by removing it for example
    refs: tuple[str, ...]  # that reach a commit with it
    holders: tuple[str, ...]  # of those, the ones whose newest commit still has it
    is_tracked: bool  # HEAD still has it
    missing: int  # contents that aren't stored here: their bytes aren't counted

    @property
    def command(self) -> str:
        """The command that removes it from the history."""
        return removal(parts(self.group))


@dataclass(frozen=True, slots=True)
class History:
    """The outcome of an audit."""

    environments: tuple[Past, ...]  # those that take most come first
    commits: int
    stored: int  # bytes of all environments together; what several of them share counts once
    repository: int  # bytes of all objects, also of those that no ref reaches; 0 if nothing was found
    gaps: tuple[str, ...]  # why the audit may have missed something
    since: str | None

    @property
    def share(self) -> float:
        """The environments' part of the repository's size, from 0 to 1."""
        return self.stored / self.repository if self.repository else 0.0

    @property
    def command(self) -> str:
        """The command that removes all of it from the history."""
        return removal(part for past in self.environments for part in parts(past.group))


@dataclass(slots=True)
class _Tally:
    paths: set[bytes] = field(default_factory=set)
    blobs: set[bytes] = field(default_factory=set)
    commits: set[bytes] = field(default_factory=set)


def survey(repo: Repo, settings: Settings, since: str | None, max_size: int, start: Start) -> History:
    """Look through the history; raises RepositoryError.

    Environments that take at most `max_size` bytes are left out. `start` is told how many commits there are, and
    returns what is told of the progress.
    """
    graph = Graph(repo, since)
    try:
        changes = Changes(repo, graph.names, start(len(graph)))
    except RepositoryError as error:
        if "promisor" in str(error):
            raise RepositoryError("this partial clone lacks directories too: audit a clone that has them") from None
        raise
    found = tuple(one for one in _groups(repo, changes) if not _is_excluded(one.root, settings))
    gaps = tuple(_gaps(repo))
    if not found:
        return History((), len(graph), 0, 0, gaps, since)
    tallies = _tallies(changes, found, settings)
    every = set[bytes]().union(*(tally.blobs for tally in tallies))
    sizes, stored = blobs.sizes(repo, every), blobs.sizes(repo, every, on_disk=True)
    holders = Holders(repo, graph, found, [tally.commits for tally in tallies])
    pasts, kept = [], set[bytes]()
    for number, tally in enumerate(tallies):
        past = _past(number, found[number], tally, sizes, stored, holders) if tally.commits else None
        if past and (past.stored > max_size or past.missing or not max_size):
            pasts.append(past)
            kept |= tally.blobs
    pasts.sort(key=lambda past: (-past.stored, past.group.root))
    total = sum(stored.get(blob, 0) for blob in kept)
    return History(tuple(pasts), len(graph), total, blobs.all_stored(repo), gaps, since)


def _is_excluded(root: str, settings: Settings) -> bool:
    return RULE in settings.ignored_in(root or ".") or bool(root and settings.is_excluded(root + "/"))


def _groups(repo: Repo, changes: Changes) -> Iterator[Group]:
    """Yield the environments that the paths of all commits together show."""
    scripts = {hint.blob for hint in changes.hints if hint.what == "script"}
    contents = blobs.contents(repo, scripts)
    seen = [Sighting(hint.what, hint.root, Entry(b"", hint.blob, hint.path)) for hint in sorted(changes.hints)]
    seen = [one for one in seen if one.what != "script" or groups.is_activate_script(contents.get(one.entry.blob, b""))]
    listing = _union(changes, seen)
    found = tuple(groups.grouped(groups.roots(seen, contents, listing), listing))
    configs = {one.blob for group in found for one in group.entries if one.path.endswith(b"pyvenv.cfg")}
    yield from groups.configured((group for group in found if group.parts), blobs.contents(repo, configs))


def _union(changes: Changes, seen: Iterable[Sighting]) -> Listing:
    """Return a listing of every path that ever was in a directory that may be an environment, with its last content."""
    candidates = {groups.home(one.root) if one.what == "packages" else one.root for one in seen} - {None}
    last: dict[bytes, Change] = {}
    if candidates:
        patterns = (
            re.escape(root) + b"/" if root else groups.PART + rb"[/\0]" for root in candidates if root is not None
        )
        for change in changes.of(beginning(patterns)):
            if change.blob:
                last.setdefault(change.path, change)
    records = (b"%s %s 0\t%s" % (last[path].mode, last[path].blob, path) for path in sorted(last))
    return Listing(lambda: (record + b"\0" for record in records))


def _tallies(changes: Changes, found: tuple[Group, ...], settings: Settings) -> list[_Tally]:
    """Return what all commits together did to each environment."""
    owners = {os.fsencode(part): number for number, group in enumerate(found) for part in group.parts}
    tallies = [_Tally() for _ in found]
    for change in changes.of(beginning(re.escape(part) + rb"[/\0]" for part in owners)):
        if settings.exclude and settings.is_excluded(os.fsdecode(change.path)):
            continue
        tally = tallies[owners[_part(change.path, owners)]]
        tally.commits.add(change.commit)
        tally.paths.add(change.path)
        if change.blob and change.mode != SUBMODULE:
            tally.blobs.add(change.blob)
    return tallies


def _part(path: bytes, parts: Mapping[bytes, int]) -> bytes:
    at = len(path)
    while path[:at] not in parts:
        at = path.rindex(b"/", 0, at)
    return path[:at]


def _past(
    number: int,
    group: Group,
    tally: _Tally,
    sizes: Mapping[bytes, int],
    stored: Mapping[bytes, int],
    holders: Holders,
) -> Past:
    first, last = holders.span(tally.commits)
    return Past(
        group,
        len(tally.paths),
        len(tally.blobs),
        sum(sizes.get(blob, 0) for blob in tally.blobs),
        sum(stored.get(blob, 0) for blob in tally.blobs),
        first,
        last,
        *holders.of(number),
        len(tally.blobs - sizes.keys()),
    )


def _gaps(repo: Repo) -> Iterator[str]:
    if repo.git("rev-parse", "--is-shallow-repository").strip() == b"true":
        yield "this is a shallow clone: older commits aren't looked at (git fetch --unshallow gets them)"
    if repo.git("config", "--get-regexp", r"^(remote\..*\.promisor|extensions\.partialclone)$", allowed=(0, 1)):
        yield "this is a partial clone: contents that only the server has are found, but their sizes don't count"


def parts(group: Group) -> Iterator[str]:
    """Yield what git filter-repo takes for the paths of a group: a final slash means all of a directory."""
    files = {os.fsdecode(one.path) for one in group.entries}
    yield from (part if part in files else part + "/" for part in group.parts)


def removal(paths: Iterable[str]) -> str:
    """Return the command that rewrites the history without some paths."""
    words = (f"--path{'=' if path.startswith('-') else ' '}{quoted(path)}" for path in paths)
    return " ".join(("git filter-repo --invert-paths", *words))
