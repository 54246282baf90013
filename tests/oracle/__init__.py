"""Random shell scripts, run by real shells with stub installers, against what the analysis says of them."""

from __future__ import annotations
