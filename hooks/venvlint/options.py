"""What a run is asked for: the options that all hooks share."""

from __future__ import annotations

import sys
from collections.abc import Sequence


class Options:
    """What was asked for on the command line. `select` and `ignore` hold rule names, not yet checked."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.select: list[str] = []
        self.ignore: list[str] = []
        self.possible = False
        self.config: str | None = None
        self.no_config = False
        self.format = "text"
        self.output: str | None = None
        self.exit_zero = False
        self.fix = False
        self.diff = False
        self.baseline: str | None = None
        self.color = "auto"
        self.quiet = False
        self.staged = False
        self.rev: str | None = None
        self.stdin_filename: str | None = None


def parsed(
    prog: str, description: str, argv: Sequence[str] | None, *, takes_paths: bool = False, epilog: str | None = None
) -> Options:
    """Return what the command line asks for (None: this process's); `takes_paths` for a hook that looks into files.

    Ends the process where help is asked for, or what there isn't.
    """
    words = [*(sys.argv[1:] if argv is None else argv)]
    found = Options()
    if not words or (takes_paths and not any(word.startswith("-") for word in words)):
        found.paths = words  # as pre-commit calls a hook: argparse takes longer to import than such a run takes
        return found
    from venvlint import arguments

    parser = arguments.parser(prog, description, takes_paths=takes_paths)
    parser.epilog = epilog
    return parser.parse_args(words, found)
