"""What of environments git tracks: in the index, among what is staged, or in a commit."""

from __future__ import annotations

from venvlint.repo import Repo, RepositoryError
from venvlint.tracked.listing import Listing, pieces
from venvlint.tracked.traces import sightings

TYPE_CHECKING = False  # as type checkers know it; typing takes milliseconds to import
if TYPE_CHECKING:
    from venvlint.settings import Settings
    from venvlint.tracked.facts import Tracked

INDEX, STAGED = "index", "staged"


def survey(repo: Repo, settings: Settings, scope: str = INDEX) -> Tracked | None:
    """Look at what git tracks, and return None where nothing gives an environment away: git runs once then.

    `scope` is INDEX, STAGED (what the next commit adds), or a commit's name. Raises RepositoryError.
    """
    command = _listed(repo, scope)
    # Traces are looked for while git is still printing. What it printed isn't kept, since there are none as a rule.
    seen = dict.fromkeys(one for piece in pieces(repo.spooled(*command)) for one in sightings(piece))
    if not seen:
        return None
    from venvlint.tracked import facts

    return facts.tracked(repo, settings, scope, Listing(lambda: repo.spooled(*command)), list(seen))


def _listed(repo: Repo, scope: str) -> tuple[str, ...]:
    if scope not in (INDEX, STAGED):
        return ("--no-replace-objects", "ls-tree", "-r", "-z", "--full-tree", scope)
    if repo.is_bare:
        raise RepositoryError("a bare repository has no index: name a commit with --rev")
    return ("ls-files", "-s", "-z")
