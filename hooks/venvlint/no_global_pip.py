"""Check that no script installs packages outside a virtual environment."""

from __future__ import annotations

from collections.abc import Sequence

from venvlint import options, runner

HOOK = "no-global-pip"


def main(argv: Sequence[str] | None = None) -> int:
    return runner.run((HOOK,), options.parsed(HOOK, __doc__, argv, takes_paths=True))


if __name__ == "__main__":
    raise SystemExit(main())
