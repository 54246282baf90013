"""Installed packages are tracked.

## Why

What lies under site-packages or dist-packages was put there by an installer. In the repository it is a copy of
other people's code that nobody updates, that no tool checks for known faults, and that may hold modules compiled
for one platform. Declare the packages as requirements; if a copy is really wanted, keep it in a directory of its
own with a word on where it came from.

## Bad

```console
mkdir -p build/lib/python3.12/site-packages/requests
echo '__version__ = "2.32.0"' > build/lib/python3.12/site-packages/requests/__init__.py
git add build
```

## Good

```console
mkdir -p src/vendored/requests
echo '__version__ = "2.32.0"' > src/vendored/requests/__init__.py
git add src
```

## Limits

One finding for each outermost directory of that name. Test data may need such a tree: one line of the setting
`exclude`, as in `exclude = ["tests/data/"]`, says so. Packages inside a tracked environment belong to that: see
`committed-environment`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from venvlint.model import Finding
from venvlint.rules.amounts import amount, largest

if TYPE_CHECKING:
    from venvlint.tracked.facts import Found, Tracked

RULE = "committed-site-packages"


def findings(tracked: Tracked) -> Iterator[Finding]:
    """Yield one finding for each site-packages directory outside of a tracked environment."""
    for found in tracked.packages:
        root = found.group.root
        command, fix = tracked.mending.of_group(found.group)
        yield Finding(
            RULE,
            root,
            _message(found, tracked.scope),
            f"{command} (or, if it is test data, name its directory in the setting `exclude`)",
            fix=fix,
            files=found.files,
            bytes=found.bytes,
            fingerprint_key=root,
        )


def _message(found: Found, scope: str) -> str:
    verb = "would be committed" if scope == "staged" else "are tracked"
    return f"installed packages {verb}: {amount(found.files, found.bytes)}{largest(found.largest)}"
