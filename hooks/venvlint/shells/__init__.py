"""Shell parsers: text of a script to a tree of commands."""

from __future__ import annotations
