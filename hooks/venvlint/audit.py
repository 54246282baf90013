"""Find environments in the whole history, also those that were removed long ago, and say how to get rid of them."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence

from venvlint import arguments, runner

_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "ki": 1024, "mi": 1024**2, "gi": 1024**3}


class Options(argparse.Namespace):
    """What was asked for on the command line."""

    since: str | None
    max_size: int
    config: str | None
    no_config: bool
    format: str
    output: str | None
    exit_zero: bool
    color: str
    quiet: bool


def main(argv: Sequence[str]) -> int:
    given = _parser().parse_args(argv, Options())
    return runner.guarded(lambda: _audited(given))


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="venvlint history", description=__doc__, allow_abbrev=False)
    made.add_argument(
        "--since",
        metavar="DATE",
        help="look only at commits after this date, in any form that git understands: an environment that came in"
        " earlier and was left alone since isn't reported, also if it is still tracked",
    )
    made.add_argument(
        "--max-size",
        metavar="SIZE",
        type=size,
        default=0,
        help="let environments pass that take at most this in the repository, as in 500k, 10M (default: none)",
    )
    made.add_argument("--config", metavar="FILE", help="read the settings from this file")
    made.add_argument("--no-config", action="store_true", help="read no settings")
    made.add_argument("--format", choices=arguments.FORMATS, default="text", help="form of the report (default: text)")
    made.add_argument("--output", metavar="FILE", help="write the report to this file")
    made.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colour (default: auto)")
    made.add_argument("--quiet", action="store_true", help="no progress and no summary")
    made.add_argument("--exit-zero", action="store_true", help="exit with 0 also when there are findings")
    return made


def size(text: str) -> int:
    """Return the bytes that a size such as 500k, 1.5M or 2GiB means."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kmg]i?)?b?", text.strip(), re.IGNORECASE)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a size such as 500k, 10M or 1.5GiB")
    return int(float(found[1]) * _UNITS[(found[2] or "").lower()])


def _audited(given: Options) -> int:
    from venvlint import history, settings
    from venvlint.repo import RepositoryError, find
    from venvlint.reports import audit, entries, streams
    from venvlint.rules import environment_in_history

    repo = find()
    if repo is None:
        raise RepositoryError(f"{os.getcwd()} isn't in a git repository")  # noqa: PTH109 - paths are str here
    chosen = settings.load(repo.root, given.config, given.no_config)
    with audit.progress(given.quiet) as start:
        found = history.survey(repo, chosen, given.since, given.max_size, start)
    kept = entries(environment_in_history.findings(found), {})
    with streams.opened(given.output) as out:
        audit.write(found, kept, given.format, out, streams.has_colour(given.color, out))
    if not given.quiet:
        audit.summarise(found, kept)
    return runner.FINDINGS if kept and not given.exit_zero else runner.CLEAN
