"""Which rule an install breaks, if any."""

from __future__ import annotations

from collections.abc import Collection

from venvlint.installs.packages import are_tools
from venvlint.model import Finding, Install
from venvlint.rules import CATALOGUE, load
from venvlint.source import Source

_HARMLESS = ("environment", "directory", "unknown")  # where an install isn't anybody's fault, or nobody can tell


def judge(install: Install, source: Source, rules: Collection[str], system_tools: Collection[str]) -> Finding | None:
    """Return the fault of an install: of the first rule that fits, and only if that one is among `rules`."""
    if install.kind == "install" and (install.where in _HARMLESS or are_tools(install.packages, system_tools)):
        return None
    for name in CATALOGUE["no-global-pip"]:
        rule = load(name)
        if rule.fits(install):
            if name not in rules:
                return None
            message, advice = rule.message(install, source)
            fix = rule.fix(install, source) if hasattr(rule, "fix") else None
            return Finding(name, source.path, message, advice, install.span, install.certainty, fix)
    return None
