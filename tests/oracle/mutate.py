"""Ways to break the analysis on purpose, each of which the oracle must notice."""

from __future__ import annotations

from collections.abc import Callable

MUTATIONS: dict[str, Callable[[], None]] = {}
