"""Check that no virtual environment, site-packages, or interpreter is tracked."""

from __future__ import annotations

from collections.abc import Sequence

from venvlint import options, runner

HOOK = "no-site-packages"


def main(argv: Sequence[str] | None = None) -> int:
    return runner.run((HOOK,), options.parsed(HOOK, __doc__, argv))


if __name__ == "__main__":
    raise SystemExit(main())
