"""The names of what an install installs: are they all tools that are needed before there is an environment?"""

from __future__ import annotations

import re
from collections.abc import Collection

from venvlint.settings import normalised
from venvlint.values import OPEN

# A requirement of PEP 508 or a conda match specification, up to the end of its name. Behind the name stands an extra, a
# version, a marker, or something that only the shell knows, which is a version more often than the rest of a name.
_NAME = re.compile(
    rf"""\s* (?:[\w./-]+::)? (?P<name> [A-Za-z0-9] (?: [\w.-]* [A-Za-z0-9] )? )
         \s* (?: $ | [\[<>=!~;@({OPEN}\s] )""",
    re.VERBOSE | re.ASCII,
)


def name_of(package: str) -> str | None:
    """Return the normalised name (PEP 503) of a package as a command writes it, None for files, paths and URLs."""
    found = _NAME.match(package)
    if not found or re.search(r"\.(whl|zip|tar\.\w+|tgz|conda)$", found["name"]):
        return None
    return normalised(found["name"])


def are_tools(packages: Collection[str], tools: Collection[str]) -> bool:
    """Tell whether there are packages, and each is one of `tools`, which are normalised names."""
    return bool(packages) and all(name_of(package) in tools for package in packages)
