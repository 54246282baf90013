"""A virtual environment is tracked.

## Why

An environment belongs to one machine: its scripts name absolute paths, its interpreter is a link to one that others
don't have, and its compiled modules are for one platform. In the repository it is thousands of files that nobody
reviews, that every clone downloads for ever, and that go out of date without anybody noticing. The list of
requirements says the same in a few lines.

Environments are recognised by what is in them, whatever they are called, and each is one finding.

## Bad

```console
mkdir -p tools/pyenv/bin
echo 'home = /usr/bin' > tools/pyenv/pyvenv.cfg
ln -s /usr/bin/python3 tools/pyenv/bin/python
git add tools
```

## Good

```console
echo '.venv/' > .gitignore
mkdir -p .venv/bin bin
echo 'home = /usr/bin' > .venv/pyvenv.cfg
echo 'export PROJECT_HOME=$PWD' > bin/activate
git add .
```

## Limits

Markers are pyvenv.cfg, activate scripts that venv, virtualenv or uv wrote, `conda-meta`, the directories of tox,
nox, pixi and PEP 582, and a `lib/pythonX.Y/site-packages` beside a `bin` with pip or an interpreter. Where other
files share the directory, as after `python -m venv .`, only what is certainly the environment's counts, and `--fix`
leaves the removal to you.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from venvlint.environments import KINDS
from venvlint.model import Finding
from venvlint.rules.amounts import amount, largest

if TYPE_CHECKING:
    from venvlint.tracked.facts import Found, Tracked
    from venvlint.tracked.groups import Group

RULE = "committed-environment"


def findings(tracked: Tracked) -> Iterator[Finding]:
    """Yield one finding for each tracked environment."""
    for found in tracked.environments:
        group = found.group
        command, fix = tracked.mending.of_group(group)
        yield Finding(
            RULE,
            group.root or ".",
            _message(found, tracked.scope),
            command,
            fix=fix,
            files=found.files,
            bytes=found.bytes,
            fingerprint_key=group.root,
        )


def _message(found: Found, scope: str) -> str:
    group = found.group
    message = f"{described(group)} {'would be committed' if scope == 'staged' else 'is tracked'}: "
    message += amount(found.files, found.bytes) + largest(found.largest)
    return message + ("; the directory holds other files too" if group.is_mixed else "")


def described(group: Group) -> str:
    """Return what a group is, who made it, and for which Python: a virtual environment (uv for Python 3.12)."""
    maker = group.tool if group.kind == "venv" else ""  # the names of the other kinds say it
    made = " for ".join(filter(None, (maker, group.python and f"Python {group.python}")))
    return f"{'a' if group.is_whole else 'part of a'} {KINDS[group.kind]}{f' ({made})' if made else ''}"
