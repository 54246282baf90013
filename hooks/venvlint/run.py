"""What one run looks at: the repository, its settings, the rules that are switched on, the files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property

from venvlint import targets
from venvlint.options import Options

TYPE_CHECKING = False  # as type checkers know it; typing takes milliseconds to import
if TYPE_CHECKING:
    from venvlint.model import Finding, Skipped
    from venvlint.repo import Repo
    from venvlint.settings import Settings


class Looked:
    """What a first look brought: files that may hold scripts, findings in the repository, how many files were read."""

    def __init__(self) -> None:
        self.files: list[tuple[str, bytes] | Skipped] = []
        self.items: list[Finding | Skipped] = []
        self.count = 0


class Run:
    """What one run looks at. Everything is found when it is first asked for: a clean file needs next to nothing."""

    def __init__(self, hooks: tuple[str, ...], options: Options) -> None:
        self.hooks = hooks
        self.options = options

    @cached_property
    def root(self) -> str:
        """Return the top of the repository (the directory itself outside of one), found without running git."""
        if "GIT_DIR" in os.environ or not self.options.paths:
            return os.path.normpath(self._repo.root) if self._repo else os.getcwd()
        here = _top(os.getcwd())
        first = os.path.abspath(self.options.paths[0])
        if here is None or not f"{first}{os.sep}".startswith(f"{here.rstrip(os.sep)}{os.sep}"):
            here = _top(first) or here
        return here or os.getcwd()

    @cached_property
    def _repo(self) -> Repo | None:
        from venvlint.repo import RepositoryError, find

        repo = find(self.root if self.options.paths and "GIT_DIR" not in os.environ else ".")
        if repo is None and not self.options.paths and (top := _top(os.getcwd())):
            raise RepositoryError(f"git can't read the repository {top}: its .git is damaged")
        return repo

    @property
    def repo(self) -> Repo:
        """Return the repository; raises RepositoryError where there is none."""
        from venvlint.repo import RepositoryError

        if self._repo is None:
            hint = ": name the files to check" if "no-global-pip" in self.hooks else ""
            raise RepositoryError(f"{self.root} isn't in a git repository{hint}")
        if self._repo.is_bare and not self.options.rev:
            raise RepositoryError("a bare repository has no files checked out: name a commit with --rev")
        return self._repo

    @property
    def repo_if_any(self) -> Repo | None:
        """Return the repository, or None where there is none."""
        return None if self._repo is None else self.repo

    @property
    def is_on_disk(self) -> bool:
        """Tell whether the working tree is looked at, not the index or a commit."""
        return not self.options.staged and self.options.rev is None

    @cached_property
    def scope(self) -> str:
        """Return what the index rules look at: "index", "staged", or a commit's name."""
        if self.options.rev is None:
            return "staged" if self.options.staged else "index"
        from venvlint.commits import resolved

        return resolved(self.repo, self.options.rev)

    @property
    def is_plain(self) -> bool:
        """Tell, without loading anything, whether nothing was set and people will read the report."""
        options = self.options
        special = options.select or options.ignore or options.config or options.baseline or options.output
        if special or options.format != "text" or not self.is_on_disk:
            return False
        return options.no_config or not self._has_settings

    @property
    def _has_settings(self) -> bool:
        if os.path.exists(os.path.join(self.root, "venvlint.toml")):
            return True
        try:
            with open(os.path.join(self.root, "pyproject.toml"), "rb") as file:
                return b"venvlint" in file.read()
        except FileNotFoundError:
            return False
        except OSError:
            return True  # whoever reads it will say what is wrong

    @cached_property
    def settings(self) -> Settings:
        """Return the project's settings; raises SettingsError. Those of a commit are read from it."""
        from venvlint import settings

        reader = self.read if self.options.rev is not None else None
        return settings.load(self.root, self.options.config, self.options.no_config, reader)

    @cached_property
    def rules(self) -> frozenset[str]:
        """Return the rules that are switched on: the command line's `--select` beats what the settings ignore."""
        from venvlint.rules import CATALOGUE, ON_REQUEST
        from venvlint.settings import checked

        own = [rule for hook in (*self.hooks, "venvlint") for rule in CATALOGUE[hook] if rule not in ON_REQUEST]
        selected = checked(self.options.select, "--select")
        ignored = checked(self.options.ignore, "--ignore")
        if not selected:
            selected = self.settings.select or tuple(own)
            ignored += self.settings.ignore
        return frozenset(own) & frozenset(selected) - frozenset(ignored)

    def read(self, path: str) -> bytes | None:
        """Return a file of what is looked at, None where there is none; `path` is relative to the root."""
        if not self.is_on_disk:
            from venvlint.commits import content

            return content(self.repo, "" if self.options.staged else self.scope, path)
        found = next(targets.on_disk(os.path.join(self.root, path), self.root), None)
        return found[1] if isinstance(found, tuple) else None

    def files(self) -> Iterator[tuple[str, bytes] | Skipped]:
        """Yield the files whose scripts are to be checked."""
        options = self.options
        if self.is_on_disk:
            if options.paths:
                return targets.named(options.paths, self.root, options.stdin_filename)
            return targets.tracked(self.repo)
        from venvlint import commits

        found = commits.staged(self.repo) if options.staged else commits.committed(self.repo, self.scope)
        return targets.among(found, options.paths, self.root)

    def hooks_of_paths(self) -> Iterator[str]:
        """Yield the hooks that look at the repository, unless files alone were named."""
        named = self.options.paths
        if named and (not any(os.path.isdir(path) for path in named) or self._repo is None):
            return
        for hook in self.hooks:
            if hook == "no-site-packages" or (hook == "venv-gitignored" and self.options.rev is None):
                yield hook

    def is_named(self, path: str) -> bool:
        """Tell whether a path of the repository was asked for."""
        return targets.is_among(path, self.options.paths, self.root)


def _top(start: str) -> str | None:
    """Return the nearest directory, from `start` upwards, that is a repository's top."""
    at = start
    while not os.path.exists(os.path.join(at, ".git")):
        above = os.path.dirname(at)
        if above == at:
            return None
        at = above
    return at
