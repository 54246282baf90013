"""The only module that runs git."""

from __future__ import annotations

import os
import subprocess

# Messages in one language; no refreshed index written behind the user's back.
_SETTINGS = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
_LOCATIONS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
_NO_REPOSITORY = "not a git repository"


class RepositoryError(Exception):
    """git couldn't answer; the message says why, in words for the user."""


class Repo:
    """One repository. Paths are `str` (see `os.fsdecode`), POSIX, relative to `root`."""

    def __init__(self, root: str, is_bare: bool, start: str) -> None:
        self.root = root  # absolute: the working tree's top, or a bare repository itself
        self.is_bare = is_bare
        self._environ = _environment(start)

    def git(self, *arguments: str, stdin: bytes | None = None, allowed: tuple[int, ...] = (0,)) -> bytes:
        """Run git at the root and return its standard output.

        `allowed` are the exit codes that are answers, such as 1 of `git grep`; raises RepositoryError for others.
        """
        result = _run(arguments, self.root, self._environ, stdin)
        if result.returncode not in allowed:
            raise RepositoryError(f"git {_command(arguments)} failed: {_reason(result)}")
        return result.stdout

    def names(self, *arguments: str, stdin: bytes | None = None, allowed: tuple[int, ...] = (0,)) -> list[str]:
        """Run a git command that ends each item with NUL (`-z`) and return the items."""
        items = os.fsdecode(self.git(*arguments, stdin=stdin, allowed=allowed)).split("\0")
        return items[:-1] if items[-1] == "" else items

    def absolute(self, path: str) -> str:
        """Return the place on disk of a path of the repository."""
        return f"{self.root}/{path}" if path else self.root


def find(start: str = ".") -> Repo | None:
    """Return the repository that holds the directory `start`, or None where there is none."""
    result = _run(
        ("rev-parse", "--is-bare-repository", "--is-inside-work-tree", "--show-toplevel"), start, _environment(start)
    )
    answers = os.fsdecode(result.stdout).split("\n", 2)  # a path may hold line ends: it comes last
    if answers[0] == "true" and answers[1] != "true":
        return Repo(_bare_root(start), True, start)
    if result.returncode == 0:
        return Repo(answers[2].removesuffix("\n"), False, start)
    if _NO_REPOSITORY in _reason(result):
        if "GIT_DIR" in os.environ:
            raise RepositoryError(f"GIT_DIR={os.environ['GIT_DIR']} isn't a git repository")
        return None
    if answers[:2] == ["false", "false"]:
        raise RepositoryError("this is the inside of a .git directory: run it in the working tree")
    raise RepositoryError(f"git can't read this repository: {_reason(result)}")


def _bare_root(start: str) -> str:
    result = _run(("rev-parse", "--absolute-git-dir"), start, _environment(start))
    return os.fsdecode(result.stdout).removesuffix("\n")


def _environment(start: str) -> dict[str, str]:
    """Return the variables for git: it runs at the root, so relative GIT_DIR and the like are taken from `start`."""
    found = {name: os.path.join(os.path.abspath(start), os.environ[name]) for name in _LOCATIONS if name in os.environ}  # noqa: PTH100, PTH118 - pathlib's import would double the start-up time
    return {**os.environ, **found, **_SETTINGS}


def _run(
    arguments: tuple[str, ...], directory: str, environment: dict[str, str], stdin: bytes | None = None
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ("git", *arguments), cwd=directory, env=environment, capture_output=True, check=False, input=stdin or b""
        )
    except FileNotFoundError:
        if os.path.isdir(directory):  # noqa: PTH112 - see above
            raise RepositoryError("git isn't installed, or isn't on PATH") from None
        raise RepositoryError(f"{directory}: no such directory") from None
    except (NotADirectoryError, PermissionError) as error:
        raise RepositoryError(f"{directory}: {error.strerror}") from None


def _command(arguments: tuple[str, ...]) -> str:
    return next((argument for argument in arguments if argument.isalpha() or "-" in argument[1:]), "")


def _reason(result: subprocess.CompletedProcess[bytes]) -> str:
    lines = os.fsdecode(result.stderr).strip().splitlines()
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines[:1]
    return fatal[-1].removeprefix("fatal: ").removeprefix("error: ") if fatal else f"exit code {result.returncode}"
