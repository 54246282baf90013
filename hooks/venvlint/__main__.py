"""`python -m venvlint`."""

from __future__ import annotations

from venvlint.cli import main

raise SystemExit(main())
