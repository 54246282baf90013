"""How what was found is taken out again: the commands to type, and what `--fix` does."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from venvlint.repo import Repo, RepositoryError
from venvlint.tracked.groups import Group

TYPE_CHECKING = False  # as type checkers know it
if TYPE_CHECKING:
    from venvlint.model import Edit, Fix

_IGNORE_FILE = ".gitignore"
_TOOLS = frozenset((".nox", ".tox", "__pypackages__"))  # directories that are called that everywhere
_GLOB = frozenset("*?[\\")


class Mending:
    """The ways to mend one repository. git is asked when there is something to mend."""

    def __init__(self, repo: Repo, names: Collection[str], is_on_disk: bool) -> None:
        self._repo = repo
        self._names = names
        self._is_on_disk = is_on_disk and not repo.is_bare

    def of_group(self, group: Group) -> tuple[str, Fix | None]:
        """Return the commands that stop tracking a group, and the fix that does the same where it is safe to do."""
        below = {os.fsdecode(one.path) for one in group.entries}
        lines = [
            (part, self._line(part, is_directory=part not in below, is_usual=not group.is_mixed))
            for part in group.parts
        ]
        return self._mended(lines, group.parts, is_safe=not group.is_mixed)

    def of_path(self, path: str) -> tuple[str, Fix | None]:
        """Return the same for one file or link."""
        return self._mended([(path, self._line(path, is_directory=False, is_usual=False))], (path,), is_safe=True)

    def _mended(self, lines: list[tuple[str, str]], paths: Iterable[str], is_safe: bool) -> tuple[str, Fix | None]:
        missing = [line for path, line in lines if not self._is_ignored(path, is_directory=line.endswith("/"))]
        steps = [_removal(tuple(paths))]
        if missing:
            steps.append(f"{_printing(missing)} >> {_IGNORE_FILE}")
        from venvlint.model import Fix

        fix = Fix(tuple(self._edits(missing)), tuple(paths)) if self._is_on_disk and is_safe else None
        return " && ".join(steps), fix

    def _line(self, path: str, is_directory: bool, is_usual: bool) -> str:
        """Return the line of an ignore file for a path: for any environment of that name, or for this one."""
        name = posixpath.basename(path)
        line = name if is_usual and (name in self._names or name in _TOOLS) else "/" + _escaped(path)
        return line + "/" if is_directory else line

    def _is_ignored(self, path: str, is_directory: bool) -> bool:
        """Tell whether an ignore file that travels with the repository, and isn't the environment's own, covers it."""
        if not self._is_on_disk:
            return False
        asked = f"{path}/pyvenv.cfg" if is_directory else path
        try:
            answer = self._repo.names(
                "check-ignore", "--no-index", "-v", "-z", "--stdin", stdin=os.fsencode(asked) + b"\0", allowed=(0, 1)
            )
        except RepositoryError:
            return False  # beyond a link, for one
        if not answer or answer[2].startswith("!"):
            return False
        source = answer[0]
        return posixpath.basename(source) == _IGNORE_FILE and not source.startswith(("/", "../", f"{path}/"))

    def _edits(self, lines: Iterable[str]) -> Iterator[Edit]:
        from venvlint.model import Edit, Span

        length, is_complete = self._ignore_file
        for line in lines:
            yield Edit(_IGNORE_FILE, Span(length, length), f"{line}\n" if is_complete else f"\n{line}")

    @cached_property
    def _ignore_file(self) -> tuple[int, bool]:
        """Return how many characters the top's ignore file has, and whether its last line is complete."""
        from venvlint.source import Source

        try:
            with open(self._repo.absolute(_IGNORE_FILE), "rb") as file:  # noqa: PTH123 - pathlib's import would double the start-up time
                text = Source(_IGNORE_FILE, file.read()).text
        except FileNotFoundError:
            text = ""
        return len(text), not text or text.endswith("\n")


def _printing(lines: list[str]) -> str:
    if len(lines) == 1 and "\\" not in lines[0]:  # echo of some shells understands escapes
        return f"echo {quoted(lines[0])}"
    return f"printf '%s\\n' {' '.join(map(quoted, lines))}"


def _removal(paths: Collection[str]) -> str:
    is_literal = any(path.startswith(":") or not _GLOB.isdisjoint(path) for path in paths)
    git = "git --literal-pathspecs" if is_literal else "git"
    end = "-- " if any(path.startswith("-") for path in paths) else ""
    return f"{git} rm -r --cached -q {end}{' '.join(map(quoted, paths))}"


def _escaped(path: str) -> str:
    """Return a path as a pattern that matches it only; a line end, which no pattern can hold, becomes `?`."""
    escaped = re.sub(r"([*?\[\\])", r"\\\1", path).replace("\n", "?")
    return re.sub(r" $", "\\\\ ", escaped)


def quoted(text: str) -> str:
    """Return a word for a shell; what isn't printable is written in a way that survives a terminal."""
    if text.isprintable():
        import shlex

        return shlex.quote(text)
    escaped = "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b"'\\" else f"\\x{byte:02x}" for byte in os.fsencode(text)
    )
    return f"$'{escaped}'"
