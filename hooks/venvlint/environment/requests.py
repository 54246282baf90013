"""What commands ask installers for, read once for each command line that a script repeats."""

from __future__ import annotations

from venvlint import installs
from venvlint.environment.state import State

_MOST_WORDS = 2000  # of one command line that are read


class Requests:
    """Reads command lines, and remembers what they ask for as long as no variable has a say in it."""

    def __init__(self) -> None:
        # By the words: the request, and the variables that were asked for, none of which was set.
        self._found: dict[tuple[str, ...], tuple[installs.Request | None, frozenset[str]]] = {}

    def read(self, argv: tuple[str, ...], state: State) -> installs.Request | None:
        """Return what a command asks for, None where it is no install."""
        if not installs.may_install(argv):
            return None
        argv = argv[:_MOST_WORDS]
        known = self._found.get(argv)
        if known is not None and state.variables.keys().isdisjoint(known[1]):
            return known[0]
        asked: dict[str, str | None] = {}

        def exported(name: str) -> str | None:
            asked[name] = state.exported(name)
            return asked[name]

        request = installs.read(argv, exported)
        if state.variables.keys().isdisjoint(asked):
            self._found[argv] = request, frozenset(asked)
        return request
