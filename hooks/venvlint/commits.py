"""The files to look into where they aren't on disk: what is staged, or a commit's tree."""

from __future__ import annotations

from collections.abc import Iterator

from venvlint.model import Skipped
from venvlint.repo import Repo, RepositoryError
from venvlint.targets import LIMIT, File, too_large

_FILES = ("100644", "100755")  # modes; not symbolic links and submodules
_AT_ONCE = 64_000_000  # bytes held in memory


def staged(repo: Repo) -> Iterator[File | Skipped]:
    """Yield what the next commit would add or change, as it is in the index."""
    items = repo.names("diff", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--diff-filter=d", "--")
    found = {}
    for entry, path in zip(items[::2], items[1::2], strict=True):
        _, mode, _, blob, _ = entry.split(" ")
        if mode in _FILES:
            found[path] = blob
    return _contents(repo, found)


def committed(repo: Repo, revision: str) -> Iterator[File | Skipped]:
    """Yield the files of a commit that hold a word that matters; raises RepositoryError if there is no such commit."""
    from venvlint.formats import CANDIDATE

    commit = resolved(repo, revision)
    found = repo.names("grep", "--no-recurse-submodules", "-lzIiE", "-e", CANDIDATE, commit, "--", allowed=(0, 1))
    candidates = {name[len(commit) + 1 :] for name in found}
    entries = (entry.split("\t", 1) for entry in repo.names("ls-tree", "-r", "-z", "--full-tree", commit))
    blobs = {path: facts.split(" ")[2] for facts, path in entries if path in candidates and facts.startswith(_FILES)}
    return _contents(repo, blobs)


def content(repo: Repo, revision: str, path: str) -> bytes | None:
    """Return a file of a commit (of the index for the empty revision), None where there is none."""
    try:
        return repo.git("cat-file", "blob", f"{revision}:{path}")
    except RepositoryError:
        return None


def resolved(repo: Repo, revision: str) -> str:
    """Return the name of the commit that `revision` means; raises RepositoryError."""
    arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    found = repo.git(*arguments, allowed=(0, 1, 128)).decode().strip()
    if not found:
        raise RepositoryError(f"no commit is called {revision!r}")
    return found


def _contents(repo: Repo, blobs: dict[str, str]) -> Iterator[File | Skipped]:
    """Yield path and content of blobs, given by path."""
    if not blobs:
        return
    sizes = _sizes(repo, sorted(set(blobs.values())))
    group: dict[str, str] = {}
    held = 0
    for path, blob in sorted(blobs.items()):
        if sizes[blob] > LIMIT:
            yield too_large(path)
            continue
        if held + sizes[blob] > _AT_ONCE:
            yield from _read(repo, group)
            group, held = {}, 0
        group[path] = blob
        held += sizes[blob]
    yield from _read(repo, group)


def _sizes(repo: Repo, blobs: list[str]) -> dict[str, int]:
    asked = "".join(f"{blob}\n" for blob in blobs).encode()
    answers = repo.git("cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=asked).decode().splitlines()
    return {name: int(size) for name, size in (answer.split(" ") for answer in answers)}


def _read(repo: Repo, blobs: dict[str, str]) -> Iterator[File | Skipped]:
    stream = repo.git(
        "cat-file", "--batch=%(objectsize)", stdin="".join(f"{blob}\n" for blob in blobs.values()).encode()
    )
    at = 0
    for path in blobs:
        end = stream.index(b"\n", at)
        size = int(stream[at:end])
        data = stream[end + 1 : end + 1 + size]
        at = end + 2 + size
        yield path, data
