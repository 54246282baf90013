"""Check a repository with every hook of venvlint."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from venvlint import options, runner

HOOKS = ("venv-gitignored", "no-site-packages", "no-global-pip")
_EPILOG = "also: venvlint rule [NAME], venvlint baseline [PATH ...], venvlint history; -h after each says more"


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]](arguments[1:])
    return runner.run(HOOKS, options.parsed("venvlint", __doc__, arguments, takes_paths=True, epilog=_EPILOG))


def _baseline(arguments: Sequence[str]) -> int:
    """Write a baseline: the findings of today, which later runs leave out."""
    description = _baseline.__doc__ or ""
    return runner.save_baseline(HOOKS, options.parsed("venvlint baseline", description, arguments, takes_paths=True))


def _rule(arguments: Sequence[str]) -> int:
    """Print the page of a rule, or the list of all rules."""
    import argparse

    parser = argparse.ArgumentParser(prog="venvlint rule", description=_rule.__doc__, allow_abbrev=False)
    parser.add_argument("name", nargs="?", help="the rule (default: list them all)")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colour (default: auto)")
    given = parser.parse_args(arguments)

    def show() -> int:
        from venvlint.reports import pages

        pages.show(given.name, given.color)
        return runner.CLEAN

    return runner.guarded(show)


def _elsewhere(module: str) -> Callable[[Sequence[str]], int]:
    """Return a subcommand that is the `main` of a module, loaded only when it is called."""

    def command(arguments: Sequence[str]) -> int:
        code: int = import_module(module).main(arguments)
        return code

    return command


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "baseline": _baseline,
    "history": _elsewhere("venvlint.audit"),
    "rule": _rule,
}


if __name__ == "__main__":
    raise SystemExit(main())
