"""Runs git: to its end, while other work is done, or piece by piece while it prints."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator

TYPE_CHECKING = False  # as type checkers know it; typing takes milliseconds to import
if TYPE_CHECKING:
    import subprocess
    import threading
    from typing import IO

_CHUNK = 1 << 20  # bytes; git writes into a pipe of this size where the system has them, while we look at the last one
_PIECE = 1 << 17  # bytes; stays in the processor's cache while it is searched several times
_PAUSE = 0.002  # seconds
_HAS_MEMORY_FILES = hasattr(os, "memfd_create")  # Linux


# What git says, whatever the command, of a repository that it won't look into.
_UNREADABLE = ("bad config", "dubious ownership", "git repo version", "repository extension")


class RepositoryError(Exception):
    """git couldn't answer; the message says why, in words for the user."""


class CrashError(RepositoryError):
    """git itself died of a signal."""


class Command:
    """A git command, the directory where it runs, and its variables."""

    def __init__(self, arguments: tuple[str, ...], directory: str, environment: dict[str, str]) -> None:
        self.arguments = arguments
        self.directory = directory
        self.environment = environment

    def run(self, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
        """Run it to its end, whatever that is; raises RepositoryError if it can't be started."""
        import subprocess

        try:
            return subprocess.run(
                ("git", *self.arguments),
                cwd=self.directory,
                env=self.environment,
                capture_output=True,
                check=False,
                input=stdin or b"",
            )
        except OSError as error:
            raise self.not_started(error) from None

    def start(self) -> Running:
        """Start it, to ask for its output later."""
        return _InMemory(self) if _HAS_MEMORY_FILES else _Piped(self)

    def pieces(self) -> Iterator[bytes]:
        """Do what `stream` does, for what is large and soon there: git prints into memory and never waits for us.

        Through a pipe the two wait for each other again and again, which takes long on a machine with other work to do.
        """
        yield from _InMemory(self).pieces() if _HAS_MEMORY_FILES else self.stream()

    def stream(self, stdin: Iterable[bytes] = ()) -> Iterator[bytes]:
        """Yield its output piece by piece while it runs; raises RepositoryError at its end if it failed.

        `stdin` is sent from a thread of its own, so it may be made from what is yielded.
        """
        process = self._piped()
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
            raise self.failure(code, b"".join(errors))

    def _piped(self) -> subprocess.Popen[bytes]:
        import subprocess

        pipe = subprocess.PIPE
        size = _CHUNK if _HAS_MEMORY_FILES else -1  # Linux lets a pipe grow
        command = ("git", *self.arguments)
        try:
            return subprocess.Popen(
                command, cwd=self.directory, env=self.environment, stdin=pipe, stdout=pipe, stderr=pipe, pipesize=size
            )
        except OSError as error:
            raise self.not_started(error) from None

    def not_started(self, error: OSError) -> RepositoryError:
        """Return what to say where the system couldn't start git."""
        if os.path.isdir(self.directory) and isinstance(error, FileNotFoundError):
            return RepositoryError("git isn't installed, or isn't on PATH")
        if os.path.isdir(self.directory) and os.access(self.directory, os.X_OK):
            return RepositoryError(f"git can't be started: {error.strerror}")
        is_missing = isinstance(error, FileNotFoundError)
        return RepositoryError(f"{self.directory}: {'no such directory' if is_missing else error.strerror}")

    def failure(self, code: int, errors: bytes) -> RepositoryError:
        """Return what to say where git ended with an exit code that is no answer."""
        why = reason(code, errors)
        if any(words in why for words in _UNREADABLE):
            return unreadable(why)
        name = next((one for one in self.arguments if re.fullmatch("[a-z][a-z-]*", one)), "")
        return (CrashError if code < 0 else RepositoryError)(f"git {name} failed: {why}")


class Running(ABC):
    """A git command on its way."""

    @abstractmethod
    def output(self) -> bytes:
        """Wait for the command and return its standard output; raises RepositoryError if it failed."""


class _Piped(Running):
    def __init__(self, command: Command) -> None:
        self._command = command
        self._process = command._piped()

    def output(self) -> bytes:
        output, errors = self._process.communicate()
        if self._process.returncode:
            raise self._command.failure(self._process.returncode, errors)
        return output


class _InMemory(Running):
    """Started without `subprocess`, whose import takes as long as some of git's answers."""

    def __init__(self, command: Command) -> None:
        self._command = command
        self._out, self._errors = (os.memfd_create(name) for name in ("output", "errors"))
        files = (
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, self._out, 1),
            (os.POSIX_SPAWN_DUP2, self._errors, 2),
        )
        words = ("git", "-C", command.directory, *command.arguments)
        self._code: int | None = None
        try:
            self._process = os.posix_spawnp("git", words, command.environment, file_actions=files)
        except OSError as error:
            self._close()
            raise command.not_started(error) from None

    def output(self) -> bytes:
        try:
            self._wait(0)
            self._check()
            return os.pread(self._out, os.fstat(self._out).st_size, 0)
        finally:
            self._close()

    def pieces(self) -> Iterator[bytes]:
        """Yield the output piece by piece while git prints."""
        try:
            at = 0
            while self._is_running() or at < os.fstat(self._out).st_size:
                if self._code is None and os.fstat(self._out).st_size - at < _PIECE:
                    self._pause()
                    continue
                yield (chunk := os.pread(self._out, _PIECE, at))
                at += len(chunk)
            self._check()
        finally:
            self._stop()
            self._close()

    def _is_running(self) -> bool:
        if self._code is None:
            self._wait(os.WNOHANG)
        return self._code is None

    def _wait(self, options: int) -> None:
        try:
            process, status = os.waitpid(self._process, options)
        except ChildProcessError:  # whoever started us has children waited for by the system, which tells nobody
            process, status = self._process, 0
        if process:
            self._code = os.waitstatus_to_exitcode(status)

    def _pause(self) -> None:
        import time

        time.sleep(_PAUSE)

    def _check(self) -> None:
        if self._code:
            raise self._command.failure(self._code, os.pread(self._errors, _CHUNK, 0))

    def _stop(self) -> None:
        if self._is_running():
            os.kill(self._process, _TERMINATE)
            self._wait(0)

    def _close(self) -> None:
        os.close(self._out)
        os.close(self._errors)


_TERMINATE = 15  # SIGTERM; the module `signal` isn't needed otherwise


def reason(code: int, errors: bytes) -> str:
    """Return the line in which git says what is wrong, with what follows a colon at its end."""
    lines = os.fsdecode(errors).strip().splitlines()
    at = next((at for at in reversed(range(len(lines))) if lines[at].startswith(("fatal:", "error:"))), 0)
    if not lines:
        return f"exit code {code}"
    line = lines[at].removeprefix("fatal: ").removeprefix("error: ")
    return f"{line} {lines[at + 1].strip()}" if line.endswith(":") and at + 1 < len(lines) else line


def unreadable(why: str) -> RepositoryError:
    """Return what to say of a repository that git won't look into."""
    trust = ": `git config --global --add safe.directory ...` says that you trust it"
    return RepositoryError(f"git can't read this repository: {why}{trust if 'dubious ownership' in why else ''}")


def _in_background(work: Callable[[], object]) -> threading.Thread:
    import threading

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
