"""The facts that the rules of venv-gitignored ask about, each found out when it is first asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from venvlint.ignores import expected, used_names
from venvlint.ignores.clone import IGNORE_FILE, Decision, View, decisions
from venvlint.ignores.disk import Disk, is_barren
from venvlint.ignores.found import Environment, Finder
from venvlint.ignores.working_tree import Entry, WorkingTree
from venvlint.repo import Repo

if TYPE_CHECKING:  # what a clean repository has no use for is imported where it's needed
    from venvlint.ignores.contexts import Copy
    from venvlint.ignores.locality import Locality
    from venvlint.ignores.remedies import Remedies
    from venvlint.ignores.taken import Taken
    from venvlint.settings import Settings


_IGNORE_FILES = frozenset((IGNORE_FILE.encode(),))


class Survey:
    """What there is in a repository, and who ignores it: git here, and git in everybody else's clone."""

    def __init__(self, repo: Repo, settings: Settings, tree: WorkingTree) -> None:
        self.repo = repo
        self.disk = Disk(repo.root)
        self.tree = tree
        self.finder = Finder(self.tree, self.disk)
        self._used = self._names_in_use(repo)
        self._names = settings.environment_names

    def _names_in_use(self, repo: Repo | None) -> dict[str, str]:
        places = frozenset(entry.path.rpartition("/")[0] for entry in self.tree.tracked(expected.is_manifest))
        return dict(used_names.used_names(repo, self.tree, self.disk, places))

    @cached_property
    def environments(self) -> tuple[Environment, ...]:
        """All environments on disk that git doesn't simply track, by path."""
        return tuple(self.finder.environments(self._unsure))

    def _unsure(self, directories: list[str]) -> Iterator[str]:
        """Yield those of some ignored directories that not everybody ignores."""
        ignored = (path[:-1] for path in self.tree.ignored if path.endswith("/") and not is_barren(path))
        is_same = self._has_project and self.committed is self.project
        decided = self.committed.of([*ignored, *(self.expected if is_same else ())])  # all that will be asked, at once
        return (path for path in directories if not decided[path].is_ignored)

    @cached_property
    def project(self) -> View:
        """The view of the project's ignore files as they are on disk, other than those inside of environments."""
        loose = (path for path in self._loose if self.finder.home(path) in (None, ""))
        found = {path: self.disk.read(path) for path in loose}
        for entry in self._ignore_entries():
            data = self.disk.read(entry.path)
            is_absent = data is None and entry.path not in self.tree.unstaged  # a sparse checkout
            found[entry.path] = self.repo.git("cat-file", "blob", entry.blob) if is_absent else data
        return View(self.repo, {path: data for path, data in found.items() if data is not None})

    @cached_property
    def committed(self) -> View:
        """The view of the ignore files in the index: what everybody gets who clones the next commit."""
        changed = [entry for entry in self._ignore_entries() if entry.path in self.tree.unstaged]
        tracked = {entry.path for entry in self._ignore_entries()}
        if not changed and tracked >= self.project.ignore_files.keys():
            return self.project
        files = {path: data for path, data in self.project.ignore_files.items() if path in tracked}
        return View(self.repo, files | {entry.path: self.repo.git("cat-file", "blob", entry.blob) for entry in changed})

    @cached_property
    def _loose(self) -> tuple[str, ...]:
        """The ignore files that aren't tracked. One that ignores itself, as `*` does, counts for git all the same."""
        paths = self.tree.untracked + self.tree.ignored
        return tuple(path for path in paths if path.rpartition("/")[2] == IGNORE_FILE)

    def _ignore_entries(self) -> Iterator[Entry]:
        return (entry for entry in self.tree.tracked(_IGNORE_FILES.__contains__) if entry.is_regular)

    @cached_property
    def expected(self) -> dict[str, str]:
        """The places of environments that aren't there yet, each with the reason to expect one."""
        found: dict[str, str] = {}
        for path, why in expected.places(self.tree, self.disk, self._names, self._used):
            found[path] = found.get(path) or why
        return found

    @cached_property
    def missing(self) -> dict[str, list[Decision]]:
        """The expected names that no ignore file of the project covers, with the decision about each place."""
        # Where an ignore file has only to be tracked, it may well lack a line, too.
        local = {path for path, found in self.localities.items() if found.kind not in ("unstaged", "untracked")}
        reported = {each.path for each in self.environments if each.added} | local
        if not self.environments and not self._has_project:
            return {}
        decided = self.project.of(path for path in self.expected if path not in reported)
        found: dict[str, list[Decision]] = {}
        for path, decision in decided.items():
            if not decision.is_ignored:
                found.setdefault(path.rpartition("/")[2], []).append(decision)
        return found

    @cached_property
    def _has_project(self) -> bool:
        return self.tree.has_python or any(self.tree.tracked(expected.is_manifest))

    @cached_property
    def added(self) -> dict[str, Decision]:
        """What decides, on this machine, about the first file that git would add of each environment, by its path."""
        asked = {each.path: each.added[0].rstrip("/") for each in self.environments if each.added}
        decided = decisions(self.repo, [*asked.values(), *filter(None, asked)])
        return {
            path: decided[first] if decided[first].pattern or not path else decided[path]
            for path, first in asked.items()
        }

    @cached_property
    def localities(self) -> dict[str, Locality]:
        """The environments that are ignored here and not in everybody's clone, by path, with what ignores them."""
        asked = (each for each in self.environments if each.is_ignored and not each.added)
        return {each.path: found for each in asked if (found := self._locality(each))}

    def _locality(self, environment: Environment) -> Locality | None:
        from venvlint.ignores import locality

        tops = [] if environment.path else [*self._own_tops()]
        tracked = {entry.path for entry in self._ignore_entries()}
        found = None
        # With the project's ignore files all tracked, something may still be open: then that is what there is to say.
        for view in dict.fromkeys((self.committed, self.project)):
            left = locality.left_open(environment, view, self.disk, tops)
            if not left:
                break
            found = locality.of(environment, left, self.repo, self.project, tracked) or found
        return found

    def _own_tops(self) -> Iterator[str]:
        for name in self.disk.names(""):
            if self.finder.home(name + "/" * self.disk.is_directory(name)) == "":
                yield name

    @cached_property
    def remedies(self) -> Remedies:
        """What to add to which ignore file, for all that the rules report."""
        from venvlint.ignores.remedies import Remedies, Want

        wants = [Want(decision.path, decision) for found in self.missing.values() for decision in found]
        for each in self.environments:
            if each.added and not each.is_shared:
                wants.append(Want(each.path, self.added[each.path], each.is_link))
            elif each.path in self.localities and not each.is_shared:
                wants.append(Want(each.path, Decision(each.path), each.is_link))
        return Remedies(wants, self.project, self._names, self.linked, self.disk.read)

    @cached_property
    def contexts(self) -> list[tuple[Copy, Taken]]:
        """The Docker builds that take environments along, each with what and what would keep it out."""
        untracked = (os.fsencode(path.rpartition("/")[2]) for path in self.tree.untracked)
        if not any(self.tree.tracked(_may_build)) and not any(map(_may_build, untracked)):
            return []
        from venvlint.ignores.contexts import copies
        from venvlint.ignores.taken import taken

        found = (
            (copy, taken(copy, self.environments, self._names, self.tree, self.disk))
            for copy in copies(self.tree, self.disk)
        )
        return [(copy, what) for copy, what in found if what]

    @cached_property
    def linked(self) -> dict[str, bytes]:
        """The ignore files that are symlinks, which git doesn't follow, with what they lead to."""
        tracked = (entry.path for entry in self.tree.tracked(_IGNORE_FILES.__contains__) if not entry.is_regular)
        found = (path for path in (*tracked, *self._loose) if self.disk.is_link(path))
        return {path: self.disk.read(path, follow=True) or b"" for path in found}

    def reason(self, path: str, decision: Decision, *, is_link: bool = False) -> str:
        """Return why a path isn't ignored though somebody seems to have tried, or nothing."""
        from venvlint.ignores.remedies import Want, reason

        return reason(Want(path, decision, is_link), self.project.ignore_files, self.linked)

    def tracked_yet_ignored(self, environment: Environment) -> list[str]:
        """Return the tracked files of an environment that are ignored, to no effect."""
        own = set(environment.tracked) if environment.path else set()
        return [path for path in self._tracked_yet_ignored if path in own] if own else []

    @cached_property
    def _tracked_yet_ignored(self) -> list[str]:
        return self.repo.names("ls-files", "-z", "-c", "-i", "--exclude-standard")


def _may_build(name: bytes) -> bool:
    return b"file" in name.lower() or b"compose" in name
