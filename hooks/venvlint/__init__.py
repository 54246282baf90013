"""Keep Python virtual environments where they belong."""

from __future__ import annotations

__version__ = "0.1.0"
