"""The files to look into, with their bytes: named ones, all that is tracked, or standard input."""

from __future__ import annotations

import os
import stat
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator

TYPE_CHECKING = False  # as type checkers know it; typing takes milliseconds to import
if TYPE_CHECKING:
    from venvlint.model import Skipped
    from venvlint.repo import Repo

LIMIT = 20_000_000  # bytes; a script or a notebook of this size isn't read by people either
_HEAD = 8000  # bytes in which git, too, looks for a NUL before it calls a file binary

File = tuple[str, bytes]  # path for reports, content


def named(paths: Iterable[str], root: str, stdin_filename: str | None) -> Iterator[File | Skipped]:
    """Yield the files that a user named, and those below the directories among them, each once."""
    seen = set[str]()
    for path in paths:
        if path == "-":
            yield from _content(relative(stdin_filename or "stdin", root), sys.stdin.buffer.read())
            continue
        absolute = os.path.abspath(path)
        if absolute in seen:
            continue
        seen.add(absolute)
        if os.path.isdir(path) and not os.path.islink(path):
            for below in sorted(_below(absolute)):
                if below not in seen:
                    seen.add(below)
                    yield from on_disk(below, root)
        else:
            yield from on_disk(absolute, root, is_named=True)


def tracked(repo: Repo) -> Iterator[File | Skipped]:
    """Yield the tracked files of the working tree that hold a word that matters."""
    for name in sorted(_candidates(repo)):
        yield from on_disk(repo.absolute(name), repo.root)


def on_disk(path: str, root: str, is_named: bool = False) -> Iterator[File | Skipped]:
    """Yield one file. Only a file that somebody named is worth a word when it is gone, or isn't a file at all."""
    shown = relative(path, root)
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):  # opening a FIFO would wait for somebody to write
            if is_named:
                is_directory = stat.S_ISDIR(found.st_mode)
                yield _skipped(
                    shown, "a symbolic link to a directory" if is_directory else "not a file", not is_directory
                )
            return
        if found.st_size > LIMIT:
            yield too_large(shown)
            return
        with open(path, "rb") as file:
            data = file.read()
    except (OSError, ValueError) as error:
        if is_named or not isinstance(error, FileNotFoundError | NotADirectoryError):
            yield _skipped(shown, f"can't be read: {getattr(error, 'strerror', None) or error}", is_error=True)
        return
    yield from _content(shown, data)


def _content(path: str, data: bytes) -> Iterator[File | Skipped]:
    if b"\0" in data[:_HEAD] and not data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        yield _skipped(path, "binary")
    else:
        yield path, data


def among(files: Iterable[File | Skipped], paths: Iterable[str], root: str) -> Iterator[File | Skipped]:
    """Yield those of the files that were named, or lie below a named directory; all of them if nothing was named."""
    named = list(paths)
    for item in files:
        if is_among(item[0] if isinstance(item, tuple) else item.path, named, root):
            yield item


def is_among(path: str, named: Iterable[str], root: str) -> bool:
    """Tell whether a path of the repository is one of those named, or below one, or nothing was named."""
    tops = [relative(name, root) for name in named]
    return not tops or any(top == "." or f"{path}/".startswith(f"{top}/") for top in tops)


def too_large(path: str) -> Skipped:
    """Return the record for a file that is left out because of its size."""
    return _skipped(path, f"larger than {LIMIT // 1_000_000} MB")


def relative(path: str, root: str) -> str:
    """Return `path`, which may be relative to the current directory, as POSIX path from `root` if it lies there."""
    absolute = os.path.abspath(path)
    if absolute == root:
        return "."
    for candidate in (absolute, os.path.join(os.path.realpath(os.path.dirname(absolute)), os.path.basename(absolute))):
        if candidate.startswith(root.rstrip("/\\") + os.sep):
            return candidate[len(root.rstrip("/\\")) + 1 :].replace(os.sep, "/")
    return path.replace(os.sep, "/")


def _skipped(path: str, reason: str, is_error: bool = False) -> Skipped:
    from venvlint.model import Skipped

    return Skipped(path, reason, is_error=is_error)


def _below(directory: str) -> Iterator[str]:
    """Yield the files below a directory: the tracked ones if it is in a repository."""
    from venvlint.repo import find

    repo = find(directory)
    if repo is not None and not repo.is_bare:
        yield from (repo.absolute(name) for name in _candidates(repo, relative(directory, repo.root)))
        return
    for parent, directories, files in os.walk(directory):
        directories[:] = [name for name in directories if not _is_apart(os.path.join(parent, name))]
        yield from (os.path.join(parent, name) for name in files)


def _is_apart(directory: str) -> bool:
    """Tell whether a directory isn't the user's own writing: git's, or an environment."""
    return os.path.basename(directory) == ".git" or os.path.exists(os.path.join(directory, "pyvenv.cfg"))


def _candidates(repo: Repo, below: str = "") -> set[str]:
    """Return the tracked files worth reading; git looks through the working tree faster than Python can open it."""
    from venvlint.formats import CANDIDATE, UTF16_NAMES

    prefix = "" if below in ("", ".", repo.root) else f"{below}/"
    where = [f":(top,literal){prefix}"] if prefix else []
    grep = ("grep", "--no-recurse-submodules", "-lzIiE", "-e", CANDIDATE, "--", *where)
    found = set(repo.names(*grep, allowed=(0, 1)))
    # git takes UTF-16 for binary; Windows' own editors write it, so those few names are read in any case.
    globs = [f":(top,glob){prefix}**/{name}" for name in UTF16_NAMES]
    return found | {name for name in repo.names("ls-files", "-z", "--", *globs) if _is_utf16(repo.absolute(name))}


def _is_utf16(path: str) -> bool:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return False
        with open(path, "rb") as file:
            return file.read(2) in (BOM_UTF16_LE, BOM_UTF16_BE)
    except OSError:
        return False
