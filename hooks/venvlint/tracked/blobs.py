"""Contents and sizes of files as git stores them, without asking a server for those that a partial clone lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from venvlint.repo import Repo, RepositoryError

HEAD = 1 << 16  # bytes kept of each content: links, configurations and scripts are shorter
Answer = tuple[bytes, bytes]
Reader = Callable[[Iterable[bytes]], Iterator[Answer]]


def contents(repo: Repo, wanted: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return the first bytes (at most HEAD) of blobs by their names; those that aren't stored here are left out."""
    return dict(_asked(repo, set(wanted), "--batch=%(objectname) %(objectsize)", _heads))


def sizes(repo: Repo, wanted: Iterable[bytes], on_disk: bool = False) -> dict[bytes, int]:
    """Return the sizes in bytes of blobs by their names, as they are or as git stores them (`on_disk`: compressed)."""
    field = "objectsize:disk" if on_disk else "objectsize"
    found = _asked(repo, set(wanted), f"--batch-check=%(objectname) %({field})", _lines)
    return {blob: int(size) for blob, size in found}


def all_stored(repo: Repo) -> int:
    """Return the bytes that all objects of a repository take, compressed, whether a ref reaches them or not."""
    check = "--batch-check=%(objectsize:disk)"
    return sum(map(int, repo.git("cat-file", "--batch-all-objects", "--unordered", "--buffer", check).split()))


def stored(repo: Repo) -> set[bytes]:
    """Return the names of all objects that are stored here."""
    check = "--batch-check=%(objectname)"
    return set(repo.git("cat-file", "--batch-all-objects", "--unordered", "--buffer", check).split())


def _asked(repo: Repo, wanted: set[bytes], form: str, read: Reader) -> Iterator[Answer]:
    if not wanted:
        return
    arguments = ("--no-replace-objects", "cat-file", "--buffer", form)
    found: dict[bytes, bytes] = {}
    try:
        found.update(read(repo.stream(*arguments, stdin=_names(wanted))))
    except RepositoryError as error:
        if "promisor" not in str(error):
            raise
        # Told not to ask the server, git gives up at the first blob that only the server has.
        found.update(read(repo.stream(*arguments, stdin=_names(wanted & stored(repo)))))
    yield from found.items()


def _names(wanted: Iterable[bytes]) -> list[bytes]:
    return [b"".join(blob + b"\n" for blob in sorted(wanted))]


def _lines(stream: Iterable[bytes]) -> Iterator[Answer]:
    for line in b"".join(stream).splitlines():
        blob, _, answer = line.partition(b" ")
        if answer != b"missing":
            yield blob, answer


def _heads(stream: Iterable[bytes]) -> Iterator[Answer]:
    """Read `name size`, content, line end, again and again; what lies beyond HEAD isn't kept."""
    buffer, skip = b"", 0  # skip: bytes of the last content that haven't come yet
    for chunk in stream:
        at = min(skip, len(chunk)) if not buffer else 0
        skip -= at
        buffer += chunk
        while not skip:
            end = buffer.find(b"\n", at)
            if end < 0:
                break
            blob, _, answer = buffer[at:end].partition(b" ")
            if answer == b"missing":
                at = end + 1
                continue
            size = int(answer)
            kept = min(size, HEAD)
            if len(buffer) < end + 1 + kept:
                break
            yield blob, buffer[end + 1 : end + 1 + kept]
            rest = size + 1 - kept  # with the line end
            passed = min(rest, len(buffer) - end - 1 - kept)
            at, skip = end + 1 + kept + passed, rest - passed
        buffer = buffer[at:]
