"""Check that every virtual environment is ignored by rules that travel with the repository."""

from __future__ import annotations

from collections.abc import Sequence

from venvlint import options, runner

HOOK = "venv-gitignored"


def main(argv: Sequence[str] | None = None) -> int:
    return runner.run((HOOK,), options.parsed(HOOK, __doc__, argv))


if __name__ == "__main__":
    raise SystemExit(main())
