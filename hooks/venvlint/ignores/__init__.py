"""Which environments there are on disk, and who ignores them: git here, and git in everybody else's clone."""

from __future__ import annotations

import os

from venvlint.repo import Repo, RepositoryError

TYPE_CHECKING = False  # as type checkers know it; typing takes milliseconds to import
if TYPE_CHECKING:
    from venvlint.ignores.facts import Survey
    from venvlint.settings import Settings

# `-uall` names each file that `git add -A` would add; `matching` names an ignored directory without entering it.
_STATUS = ("status", "--porcelain", "-z", "-uall", "--ignored=matching", "--no-renames", "--ignore-submodules=all")


def survey(repo: Repo | None, settings: Settings, root: str = ".") -> Survey:
    """Look at a repository, or at the directory `root` if there is none.

    Raises RepositoryError for a bare repository, a broken index and the like.
    """
    if repo is None:
        from venvlint.ignores.outside import Outside

        return Outside(os.path.abspath(root), settings)  # noqa: PTH100 - pathlib isn't needed otherwise
    if repo.is_bare:
        raise RepositoryError("this is a bare repository: it has no working tree in which to look for environments")
    status, index = repo.start(*_STATUS), repo.start("ls-files", "-s", "-z")
    from venvlint.ignores.facts import Survey  # while git is looking
    from venvlint.ignores.working_tree import WorkingTree

    return Survey(repo, settings, WorkingTree(status.output, index.output()))
