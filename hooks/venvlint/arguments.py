"""The parser of the command line that all hooks share."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from venvlint import __version__

FORMATS = ("text", "json", "sarif", "github", "gitlab")


class _Formatter(argparse.HelpFormatter):
    """Asks for the terminal's width itself: argparse would import shutil for it, also when no help is shown."""

    def __init__(self, prog: str) -> None:
        try:
            width = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
        except (OSError, ValueError):
            width = 80
        super().__init__(prog, width=max(width - 2, 20))


def parser(prog: str, description: str, *, takes_paths: bool = False) -> argparse.ArgumentParser:
    """Return the parser of the hook called `prog`; `takes_paths` for one that looks into files.

    Defaults are those of `Options`, which is what it fills in.
    """
    made = argparse.ArgumentParser(prog=prog, description=description, allow_abbrev=False, formatter_class=_Formatter)
    made.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    if takes_paths:
        _add_paths(made)
    _add_scope(made)
    _add_rules(made)
    _add_output(made)
    return made


def _add_paths(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="file or directory to check, - for standard input (default: all tracked)",
    )
    made.add_argument("--stdin-filename", metavar="NAME", help="the name that standard input goes by")


def _add_scope(made: argparse.ArgumentParser) -> None:
    scope = made.add_mutually_exclusive_group()
    scope.add_argument("--staged", action="store_true", help="check what is staged")
    scope.add_argument("--rev", metavar="REV", help="check a commit, also of a bare repository")


def _add_rules(made: argparse.ArgumentParser) -> None:
    rules = made.add_argument_group("rules and settings")
    rules.add_argument("--select", metavar="RULE,...", type=_names, action="extend", help="only these rules")
    rules.add_argument("--ignore", metavar="RULE,...", type=_names, action="extend", help="not these rules")
    rules.add_argument("--possible", action="store_true", help="also report what is a fault on some paths only")
    rules.add_argument("--config", metavar="FILE", help="read the settings from this file")
    rules.add_argument("--no-config", action="store_true", help="read no settings")
    rules.add_argument("--baseline", metavar="FILE", help="leave out the findings listed in this file")


def _add_output(made: argparse.ArgumentParser) -> None:
    output = made.add_argument_group("output")
    output.add_argument("--format", choices=FORMATS, help="form of the report (default: text)")
    output.add_argument("--output", metavar="FILE", help="write the report to this file")
    output.add_argument("--color", choices=("auto", "always", "never"), help="colour (default: auto)")
    output.add_argument("--quiet", action="store_true", help="no summary")
    output.add_argument("--exit-zero", action="store_true", help="exit with 0 also when there are findings")
    change = output.add_mutually_exclusive_group()
    change.add_argument("--fix", action="store_true", help="mend what can be mended")
    change.add_argument("--diff", action="store_true", help="show what --fix would do, and change nothing")


def _names(text: str) -> Sequence[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
