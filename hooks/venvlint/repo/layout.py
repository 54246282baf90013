"""A repository's top and its git directory, where they are sure without asking git: that saves a process."""

from __future__ import annotations

import os
import re

# Any of these, and git looks elsewhere than in the directory itself, or for something else there.
_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
_HEAD = re.compile(rb"ref: refs/|[0-9a-f]{40}")
_LONGEST = 1 << 16  # bytes of a settings file


def common_directory(top: str) -> str | None:
    """Return the git directory with settings and objects of the repository whose working tree's top is `top`.

    None if that isn't beyond doubt: git knows more ways than are looked at here. `top` must be absolute, and no link.
    Follows https://git-scm.com/docs/gitrepository-layout and what git's own discovery tests in each directory.
    """
    if os.sep != "/" or any(name in os.environ for name in _VARIABLES):
        return None  # on Windows, git and Python don't write a directory's name alike
    git = os.path.join(top, ".git")
    try:
        if not os.path.isdir(git):
            git = os.path.realpath(os.path.join(top, _named(_read(git), b"gitdir: ")))
        return _checked(top, git)
    except (OSError, ValueError):
        return None


def _checked(top: str, git: str) -> str:
    """Return the common directory; raises ValueError where it isn't sure, as OSError says that something is missing."""
    common = git
    if os.path.exists(os.path.join(git, "commondir")):  # a linked worktree's
        common = os.path.realpath(os.path.join(git, _named(_read(os.path.join(git, "commondir")), b"")))
    head = os.path.join(git, "HEAD")
    if os.path.islink(head) or not _HEAD.match(_read(head)):
        raise ValueError("not what git writes into HEAD")
    for needed in ("objects", "refs"):
        if not os.access(os.path.join(common, needed), os.X_OK):
            raise ValueError(f"{needed} can't be entered")
    settings = [_read(os.path.join(common, "config"))]
    if os.path.exists(own := os.path.join(git, "config.worktree")):
        settings.append(_read(own))
    for line in b"\n".join(settings).splitlines():
        _check(line.strip(), top, git)
    return common


def _check(line: bytes, top: str, git: str) -> None:
    """Look at one line of the settings: is there anything that could make the top another directory?"""
    name = line.lower()
    if name == b"worktreeconfig = true":  # as in a sparse checkout; that file is looked at too
        return
    if b"worktree" in name:  # a submodule's points back to where it came from
        found = re.fullmatch(rb"worktree = ([^\"\\#;]+)", line)
        if found and os.path.realpath(os.path.join(git, os.fsdecode(found[1]))) == top:
            return
    elif not (b"bare" in name and name != b"bare = false"):
        return
    raise ValueError("the working tree may be elsewhere")


def _named(data: bytes, prefix: bytes) -> str:
    """Return the path that a file holds after a prefix, on a line of its own."""
    if not data.startswith(prefix) or not data.endswith(b"\n") or data.count(b"\n") != 1:
        raise ValueError("not what git writes")
    return os.fsdecode(data[len(prefix) : -1])


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        data = file.read(_LONGEST)
    if len(data) == _LONGEST:
        raise ValueError("too long")
    return data
