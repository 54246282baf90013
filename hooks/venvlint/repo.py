"""The only module that runs git."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO

# Messages in one language; no index written and nothing fetched from a server behind the user's back.
_SETTINGS = {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
_LOCATIONS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
_NO_REPOSITORY = "not a git repository"
_CHUNK = 1 << 20  # bytes; git writes into a pipe of this size where the system has them, while we look at the last one


_PIECE = 1 << 17  # bytes; stays in the processor's cache while it is searched several times
_PAUSE = 0.002  # seconds


class RepositoryError(Exception):
    """git couldn't answer; the message says why, in words for the user."""


class CrashError(RepositoryError):
    """git itself died of a signal."""


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
        result = _run(arguments, self.root, self._environ, stdin)
        if result.returncode not in allowed:
            error = CrashError if result.returncode < 0 else RepositoryError
            raise error(f"git {_command(arguments)} failed: {_reason(result.returncode, result.stderr)}")
        return result.stdout

    def stream(self, *arguments: str, stdin: Iterable[bytes] = ()) -> Iterator[bytes]:
        """Yield git's standard output piece by piece while it runs; raises RepositoryError at its end if it failed.

        `stdin` is sent from a thread of its own, so it may be made from what is yielded.
        """
        process = _start(arguments, self.root, self._environ)
        assert process.stdout is not None
        errors: list[bytes] = []
        helpers = [
            _in_background(lambda: errors.append(_all(process.stderr))),
            _in_background(lambda: _send(process, stdin)),
        ]
        try:
            while chunk := os.read(process.stdout.fileno(), _CHUNK):
                yield chunk
        finally:
            process.stdout.close()  # git ends by itself when nobody reads on
            code = process.wait()
            for helper in helpers:
                helper.join()
        if code:
            raise RepositoryError(f"git {_command(arguments)} failed: {_reason(code, b''.join(errors))}")

    def spooled(self, *arguments: str) -> Iterator[bytes]:
        """Do what `stream` does, for what is large and soon there: git prints into memory and never waits for us.

        Through a pipe the two wait for each other again and again, which takes long on a machine with other work to do.
        """
        if not hasattr(os, "memfd_create"):
            yield from self.stream(*arguments)
            return
        out, errors = (os.memfd_create(name) for name in ("output", "errors"))
        command = ("git", *arguments)
        process = subprocess.Popen(
            command, cwd=self.root, env=self._environ, stdin=subprocess.DEVNULL, stdout=out, stderr=errors
        )
        try:
            at = 0
            while process.poll() is None or at < os.fstat(out).st_size:
                if process.returncode is None and os.fstat(out).st_size - at < _PIECE:
                    time.sleep(_PAUSE)
                    continue
                yield (chunk := os.pread(out, _PIECE, at))
                at += len(chunk)
            if process.returncode:
                reason = _reason(process.returncode, os.pread(errors, _CHUNK, 0))
                raise RepositoryError(f"git {_command(arguments)} failed: {reason}")
        finally:
            process.terminate()
            process.wait()
            os.close(out)
            os.close(errors)

    def start(self, *arguments: str) -> Running:
        """Start a git command that runs while other work is done."""
        return Running(arguments, self.root, self._environ)

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


class Running:
    """A git command on its way."""

    def __init__(self, arguments: tuple[str, ...], directory: str, environment: dict[str, str]) -> None:
        self._arguments = arguments
        self._process = subprocess.Popen(
            ("git", *arguments),
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def output(self, allowed: tuple[int, ...] = (0,)) -> bytes:
        """Wait for the command and return its standard output; raises RepositoryError as `Repo.git` does."""
        output, errors = self._process.communicate()
        code = self._process.returncode
        if code not in allowed:
            raise RepositoryError(f"git {_command(self._arguments)} failed: {_reason(code, errors)}")
        return output


def find(start: str = ".") -> Repo | None:
    """Return the repository that holds the directory `start`, or None where there is none."""
    questions = ("--is-bare-repository", "--is-inside-work-tree", "--git-common-dir", "--show-toplevel")
    result = _run(("rev-parse", *questions), start, _environment(start))
    answers = os.fsdecode(result.stdout).split("\n", 3)
    if answers[0] == "true" and answers[1] != "true":
        return Repo(_directory("--absolute-git-dir", start), True, start)
    if result.returncode == 0:
        common, root = answers[2], answers[3].removesuffix("\n")
        if "\n" in root:  # a path that holds a line end: ask for each by itself
            common, root = _directory("--git-common-dir", start), _directory("--show-toplevel", start)
        return Repo(root, False, start, os.path.join(os.path.abspath(start), common))  # noqa: PTH100, PTH118 - see below
    reason = _reason(result.returncode, result.stderr)
    if _NO_REPOSITORY in reason:
        if "GIT_DIR" in os.environ:
            raise RepositoryError(f"GIT_DIR={os.environ['GIT_DIR']} isn't a git repository")
        return None
    if answers[:2] == ["false", "false"]:
        raise RepositoryError("this is the inside of a .git directory: run it in the working tree")
    raise RepositoryError(f"git can't read this repository: {reason}")


def _directory(question: str, start: str) -> str:
    return os.fsdecode(_run(("rev-parse", question), start, _environment(start)).stdout).removesuffix("\n")


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


def _start(arguments: tuple[str, ...], directory: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    size = _CHUNK if hasattr(os, "memfd_create") else -1  # Linux lets a pipe grow
    return subprocess.Popen(
        ("git", *arguments), cwd=directory, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, pipesize=size
    )


def _in_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def _all(stream: IO[bytes] | None) -> bytes:
    assert stream is not None
    with stream:
        return stream.read()


def _send(process: subprocess.Popen[bytes], pieces: Iterable[bytes]) -> None:
    assert process.stdin is not None
    try:
        with process.stdin as stream:
            stream.writelines(pieces)
    except BrokenPipeError:
        pass  # git stopped early, and says why


def _command(arguments: tuple[str, ...]) -> str:
    return next((argument for argument in arguments if re.fullmatch("[a-z][a-z-]*", argument)), "")


def _reason(code: int, errors: bytes) -> str:
    lines = os.fsdecode(errors).strip().splitlines()
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines[:1]
    return fatal[-1].removeprefix("fatal: ").removeprefix("error: ") if fatal else f"exit code {code}"
