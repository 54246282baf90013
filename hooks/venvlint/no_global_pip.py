"""Check that no script installs packages outside a virtual environment."""

from __future__ import annotations

from collections.abc import Sequence

from venvlint import options, runner

HOOK = "no-global-pip"


def main(argv: Sequence[str] | None = None) -> int:
    parser = options.parser(HOOK, __doc__, takes_paths=True)
    return runner.run((HOOK,), parser.parse_args(argv, options.Options()))


if __name__ == "__main__":
    raise SystemExit(main())
