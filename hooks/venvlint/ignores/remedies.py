"""Which line in which ignore file would ignore an environment, and why the lines that are there don't."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from venvlint.ignores import ignore_file, near_misses
from venvlint.ignores.clone import IGNORE_FILE, Decision, View
from venvlint.model import Edit, Fix

# Names by which people call environments and nothing else: one pattern covers them in all of a repository.
_TELLING = frozenset(
    (".nox", ".tox", ".venv", ".virtualenv", "ENV", "__pypackages__", "env", "venv", "virtualenv", "virtualenvs")
)
_ROUNDS = 4  # of asking git whether it would be enough; each takes one line further on into account


@dataclass(frozen=True, slots=True)
class Want:
    """A path that ought to be ignored. `decision` says what keeps it from that, if anything does."""

    path: str
    decision: Decision
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Remedy:
    """The line to add, where, and the edit; none where that wouldn't help."""

    file: str
    pattern: str
    fix: Fix | None
    obstacle: str = ""  # what has to be mended by hand first

    @property
    def help(self) -> str:
        """The fix in words."""
        return self.obstacle or f"add `{_shown(self.pattern)}` to {self.file}"


class Remedies:
    """Remedies for all of a repository's wants together, so that one line serves all whom it can."""

    def __init__(
        self,
        wants: Iterable[Want],
        view: View,
        names: Iterable[str],
        links: Iterable[str],
        read: Callable[[str], bytes | None],
    ) -> None:
        """Take the view of the project's ignore files, its own names of environments, ignore files that are symlinks.

        `read` returns what is on disk: that is what edits are made to.
        """
        self._wants = {want.path: want for want in wants}
        self._view = view
        self._telling = _TELLING | set(names)
        self._links = frozenset(links)
        self._read = read
        self._linked = {_name(want.path) for want in self._wants.values() if want.is_link}
        for _ in range(_ROUNDS):
            self._after = self._places()
            if not self._overruled():
                break

    def of(self, path: str) -> Remedy:
        """Return the remedy for the path of one of the wants."""
        file, pattern = line = self._line(self._wants[path])
        if file in self._links:
            return Remedy(file, pattern, None, f"make {file} a file of its own: it is a symlink")
        data = self._read(file)
        if data is None and file in self._view.ignore_files:
            return Remedy(file, pattern, None, f"add `{_shown(pattern)}` to {file}, which isn't checked out here")
        edit = ignore_file.insertion(file, data or b"", pattern, self._after[line])
        return Remedy(file, pattern, Fix((edit,))) if edit else Remedy(file, pattern, None, f"save {file} as UTF-8")

    def _places(self) -> dict[tuple[str, str], int]:
        """Return behind which line of which file each pattern has to be."""
        after: dict[tuple[str, str], int] = {}
        for want in self._wants.values():
            line = self._line(want)
            decider = want.decision.line if want.decision.source == line[0] else 0
            after[line] = max(after.get(line, 0), decider)
        return after

    def _overruled(self) -> bool:
        """Ask git about the files with all remedies in them; tell whether a line further on re-includes something."""
        edits: dict[str, dict[Edit, None]] = {}
        for path in self._wants:
            remedy = self.of(path)
            for edit in remedy.fix.edits if remedy.fix else ():
                edits.setdefault(edit.path, {})[edit] = None
        files = {**self._view.ignore_files}
        for file, inserted in edits.items():
            files[file] = ignore_file.with_insertions(self._read(file) or b"", [*inserted])
        view = self._view.changed(files)
        directories = view.of(self._wants)  # what is a symlink today may be a directory tomorrow
        links = view.of((path for path, want in self._wants.items() if want.is_link), are_directories=False)
        is_overruled = False
        for path, decision in (*directories.items(), *links.items()):
            if decision.pattern.startswith("!"):
                inserted = edits.get(decision.source, {})
                line = ignore_file.line_before(self._read(decision.source) or b"", [*inserted], decision.line)
                self._wants[path] = replace(self._wants[path], decision=decision._replace(line=line))
                is_overruled = True
        return is_overruled

    def _line(self, want: Want) -> tuple[str, str]:
        """Return the ignore file and the pattern for it."""
        name = _name(want.path)
        slash = "" if name in self._linked else "/"
        decision = want.decision
        is_ours = decision.source in self._view.ignore_files and not decision.source.startswith(f"{want.path}/")
        if is_ours and decision.pattern.startswith("!"):
            file = decision.source  # what is re-included there can only be taken back there
        elif name in self._telling:
            file = IGNORE_FILE
        else:
            file = self._nearest(want.path)
        if name in self._telling:
            return file, f"{_escaped(name)}{slash}"
        below = want.path[len(file) - len(IGNORE_FILE) :]
        return file, f"/{_escaped(below)}{slash}"

    def _nearest(self, path: str) -> str:
        place = path.rpartition("/")[0]
        while place and f"{place}/{IGNORE_FILE}" not in self._view.ignore_files:
            place = place.rpartition("/")[0]
        return f"{place}/{IGNORE_FILE}" if place else IGNORE_FILE


def reason(want: Want, files: Mapping[str, bytes], links: Mapping[str, bytes]) -> str:
    """Return why a path isn't ignored though somebody seems to have tried, or nothing."""
    decision = want.decision
    if decision.pattern.startswith("!"):
        return f"`{_shown(decision.pattern)}` on line {decision.line} of {decision.source} re-includes it"
    miss = near_misses.find(want.path, files, links, is_link=want.is_link)
    return str(miss) if miss else ""


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _escaped(path: str) -> str:
    """Return the pattern that matches a path; what a line can't hold, a line end, any character stands for."""
    pattern = re.sub(r"[\\*?\[]", r"\\\g<0>", path)
    pattern = re.sub(r"[\r\n]", "?", pattern)
    return re.sub(r"^[#!]|[ \t]$", r"\\\g<0>", pattern)


def _shown(pattern: str) -> str:
    return pattern.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
