"""The only package that runs git."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from venvlint.repo import layout
from venvlint.repo.processes import Command, CrashError, RepositoryError, Running, reason, unreadable

__all__ = ("CrashError", "Repo", "RepositoryError", "Running", "find")

# Messages in one language; no index written and nothing fetched from a server behind the user's back.
_SETTINGS = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
_LOCATIONS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
_NO_REPOSITORY = "not a git repository"


class Repo:
    """One repository. Paths are `str` (see `os.fsdecode`), POSIX, relative to `root`."""

    def __init__(self, root: str, is_bare: bool, start: str, common: str = "") -> None:
        self.root = root  # absolute: the working tree's top, or a bare repository itself
        self.is_bare = is_bare
        self.common = common or root  # absolute: where settings and info/exclude are, also for a linked worktree
        self._environ = _environment(start)

    def git(self, *arguments: str, stdin: bytes | None = None, allowed: tuple[int, ...] = (0,)) -> bytes:
        """Run git at the root and return its standard output.

        `allowed` are the exit codes that are answers, such as 1 of `git grep`; raises RepositoryError for others.
        """
        command = self._command(arguments)
        result = command.run(stdin)
        if result.returncode not in allowed:
            raise command.failure(result.returncode, result.stderr)
        return result.stdout

    def stream(self, *arguments: str, stdin: Iterable[bytes] = ()) -> Iterator[bytes]:
        """Yield git's standard output piece by piece, see `Command.stream`."""
        return self._command(arguments).stream(stdin)

    def spooled(self, *arguments: str) -> Iterator[bytes]:
        """Do the same for what is large and soon there, see `Command.pieces`."""
        return self._command(arguments).pieces()

    def start(self, *arguments: str) -> Running:
        """Start a git command that runs while other work is done."""
        return self._command(arguments).start()

    def elsewhere(self, directory: str, git_dir: str) -> Repo:
        """Return a repository of another place that is run under the same circumstances otherwise."""
        other = Repo(directory, False, directory, git_dir)
        other._environ = {name: value for name, value in self._environ.items() if name not in _LOCATIONS}
        other._environ |= {"GIT_DIR": git_dir, "GIT_WORK_TREE": directory}
        return other

    def names(self, *arguments: str, stdin: bytes | None = None, allowed: tuple[int, ...] = (0,)) -> list[str]:
        """Run a git command that ends each item with NUL (`-z`) and return the items."""
        items = os.fsdecode(self.git(*arguments, stdin=stdin, allowed=allowed)).split("\0")
        return items[:-1] if items[-1] == "" else items

    def absolute(self, path: str) -> str:
        """Return the place on disk of a path of the repository."""
        return f"{self.root}/{path}" if path else self.root

    def _command(self, arguments: tuple[str, ...]) -> Command:
        return Command(arguments, self.root, self._environ)


def find(start: str = ".") -> Repo | None:
    """Return the repository that holds the directory `start`, or None where there is none."""
    top = os.path.realpath(start)
    common = layout.common_directory(top)
    if common is not None:  # if anything else is wrong with it, the first command will say so
        return Repo(top, False, start, common)
    questions = ("--is-bare-repository", "--is-inside-work-tree", "--git-common-dir", "--show-toplevel")
    result = Command(("rev-parse", *questions), start, _environment(start)).run()
    answers = os.fsdecode(result.stdout).split("\n", 3)
    if answers[0] == "true" and answers[1] != "true":
        return Repo(_directory("--absolute-git-dir", start), True, start)
    if result.returncode == 0:
        common, root = answers[2], answers[3].removesuffix("\n")
        if "\n" in root:  # a path that holds a line end: ask for each by itself
            common, root = _directory("--git-common-dir", start), _directory("--show-toplevel", start)
        return Repo(root, False, start, os.path.join(os.path.abspath(start), common))
    why = reason(result.returncode, result.stderr)
    if _NO_REPOSITORY in why:
        if "GIT_DIR" in os.environ:
            raise RepositoryError(f"GIT_DIR={os.environ['GIT_DIR']} isn't a git repository")
        return None
    if answers[:2] == ["false", "false"]:
        raise RepositoryError("this is the inside of a .git directory: run it in the working tree")
    raise unreadable(why)


def _directory(question: str, start: str) -> str:
    found = Command(("rev-parse", question), start, _environment(start)).run()
    return os.fsdecode(found.stdout).removesuffix("\n")


def _environment(start: str) -> dict[str, str]:
    """Return the variables for git: it runs at the root, so relative GIT_DIR and the like are taken from `start`."""
    found = {name: os.path.join(os.path.abspath(start), os.environ[name]) for name in _LOCATIONS if name in os.environ}
    return {**os.environ, **found, **_SETTINGS}
