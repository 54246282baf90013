"""From traces of environments to what is tracked of them, how much that is, and how it is mended."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from venvlint.repo import Repo
from venvlint.settings import Settings
from venvlint.tracked import INDEX, STAGED, blobs, groups, programs
from venvlint.tracked.groups import Group
from venvlint.tracked.listing import LINK, Listing
from venvlint.tracked.mending import Mending
from venvlint.tracked.traces import READ, Sighting

_LARGEST = 3  # packages named in a message


class Found(NamedTuple):
    """One group of tracked files, and how much it is."""

    group: Group
    files: int
    bytes: int
    largest: tuple[tuple[str, int], ...]


class Interpreter(NamedTuple):
    """A tracked binary, or a link to what lies outside of the repository."""

    path: str
    form: str  # of a binary: "ELF", "Mach-O", "PE"; of a link: "interpreter" or "environment", what it leads to
    target: str  # of a link


class Tracked(NamedTuple):
    """What was found, and the ways to mend it."""

    environments: tuple[Found, ...]
    packages: tuple[Found, ...]
    interpreters: tuple[Interpreter, ...]
    scope: str
    mending: Mending


def tracked(repo: Repo, settings: Settings, scope: str, listing: Listing, seen: Collection[Sighting]) -> Tracked:
    """Return what `seen` comes to, with all that is tracked at hand; raises RepositoryError."""
    added = _added(repo) if scope == STAGED else None
    is_on_disk = scope in (INDEX, STAGED)
    contents = blobs.contents(repo, {one.entry.blob for one in seen if one.what in READ})
    environments = tuple(groups.grouped(groups.roots(seen, contents, listing), listing))
    packages = tuple(groups.leftovers(seen, environments, listing))
    single = groups.outside(seen, environments)
    interpreters = tuple(_interpreters(single, contents, settings, added, is_on_disk))
    kept = [_kept(some, settings, added) for some in (groups.configured(environments, contents), packages)]
    found = [(*some,) for some in kept]
    sizes = blobs.sizes(repo, {blob for some in found for group in some for blob in groups.blobs(group)})
    return Tracked(
        tuple(_found(group, sizes) for group in found[0]),
        tuple(_found(group, sizes) for group in found[1]),
        interpreters,
        scope,
        Mending(repo, settings.environment_names, is_on_disk),
    )


def _added(repo: Repo) -> frozenset[bytes]:
    """Return the paths that the next commit brings in, or turns into something else, such as a link.

    A rename is an addition here (git would hide it otherwise), and so is what `git add -N` announces.
    """
    command = ("diff-index", "--cached", "--raw", "-z", "--no-renames", "--ita-visible-in-index", _before(repo), "--")
    items = repo.git("--no-replace-objects", *command).split(b"\0")
    changes = zip(items[::2], items[1::2], strict=False)
    return frozenset(path for facts, path in changes if _is_addition(facts.split(b" ")))


def _is_addition(facts: list[bytes]) -> bool:
    return facts[-1] != b"D" and (facts[-1] != b"M" or facts[0][1:] != facts[1])


def _before(repo: Repo) -> str:
    """Return the name of the commit that the next one is compared with: of the empty tree where it is the first."""
    head = repo.git("rev-parse", "--verify", "--quiet", "HEAD^{commit}", allowed=(0, 1, 128))
    return (head or repo.git("hash-object", "-t", "tree", "--stdin")).decode().strip()


def _kept(found: Iterable[Group], settings: Settings, added: Collection[bytes] | None) -> Iterator[Group]:
    """Yield the groups without what is excluded; where `added` is given, those that have some of it, and only that."""
    for group in found:
        if group.root and settings.is_excluded(group.root + "/"):
            continue
        entries = group.entries
        if settings.exclude:
            entries = tuple(one for one in entries if not settings.is_excluded(os.fsdecode(one.path)))
        if added is not None:
            entries = tuple(one for one in entries if one.path in added)
        if entries:
            yield group if entries == group.entries else group._replace(entries=entries)


def _found(group: Group, sizes: Mapping[bytes, int]) -> Found:
    total = sum(sizes.get(one.blob, 0) for one in group.entries)
    return Found(group, len(group.entries), total, tuple(groups.largest(group, sizes, _LARGEST)))


def _interpreters(
    seen: Iterable[Sighting],
    contents: Mapping[bytes, bytes],
    settings: Settings,
    added: Collection[bytes] | None,
    is_on_disk: bool,
) -> Iterator[Interpreter]:
    for _, _, entry in sorted(seen, key=lambda one: one.entry.path):
        path = os.fsdecode(entry.path)
        head = contents.get(entry.blob, b"")
        target = os.fsdecode(head) if entry.mode == LINK else ""
        if target:
            form = programs.destination(path, target, settings.environment_names, is_on_disk)
        else:
            form = programs.binary_format(head)
        if form and (added is None or entry.path in added) and not settings.is_excluded(path):
            yield Interpreter(path, form, target)
