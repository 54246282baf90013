"""Which rule an install breaks, if any."""

from __future__ import annotations

import re
from collections.abc import Collection

from venvlint.model import Finding, Install
from venvlint.rules import CATALOGUE, load
from venvlint.settings import normalised
from venvlint.source import Source

_HARMLESS = ("environment", "directory", "unknown")  # where an install isn't anybody's fault, or nobody can tell
# A requirement of a named project: extras, version (pip's or conda's), marker, or where to get it from, may follow.
_REQUIREMENT = re.compile(
    r"""\s*(?:[\w-]+::)? (?P<name>[A-Za-z0-9][\w.-]*?) \s*(?:\[[^\]]*\])? \s*(?:[<>=!~;@,].*)?""",
    re.VERBOSE | re.DOTALL,
)


def judge(install: Install, source: Source, rules: Collection[str], system_tools: Collection[str]) -> Finding | None:
    """Return the fault of an install: of the first rule that fits, and only if that one is among `rules`."""
    if install.kind == "install" and (install.where in _HARMLESS or _is_for_tools(install, system_tools)):
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


def _is_for_tools(install: Install, system_tools: Collection[str]) -> bool:
    """Tell whether all that is installed makes or manages environments, which are needed before there is one."""
    return bool(install.packages) and all(_name(package) in system_tools for package in install.packages)


def _name(package: str) -> str:
    match = _REQUIREMENT.fullmatch(package)
    return normalised(match["name"]) if match else ""
