"""Check that no virtual environment, site-packages, or interpreter is tracked."""

from __future__ import annotations

from collections.abc import Sequence

from venvlint import options, runner

HOOK = "no-site-packages"


def main(argv: Sequence[str] | None = None) -> int:
    parser = options.parser(HOOK, __doc__)
    return runner.run((HOOK,), parser.parse_args(argv, options.Options()))


if __name__ == "__main__":
    raise SystemExit(main())
