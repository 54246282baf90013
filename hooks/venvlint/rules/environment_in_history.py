"""A commit holds a virtual environment, though perhaps none of today's files do.

## Why

Removing an environment from the tip of a branch doesn't remove it from the repository: every clone still downloads
it, for ever. Tens of megabytes of other people's compiled code are often most of a repository's size. Only
rewriting the history takes them out, and that is best done early, and once.

This rule runs when it is asked for: `venvlint history` looks through every commit that any branch, tag or other ref
reaches.

## Bad

```console
mkdir -p .venv/bin
echo 'home = /usr/bin' > .venv/pyvenv.cfg
git add -f .venv
git commit -qm 'Add a tool'
git rm -rq .venv
git commit -qm 'Remove the environment'
```

## Good

```console
echo '.venv/' > .gitignore
mkdir -p .venv/bin
echo 'home = /usr/bin' > .venv/pyvenv.cfg
git add .
git commit -qm 'Ignore the environment'
```

## Limits

Environments are known by the same markers as for `committed-environment`. Rewriting changes the names of all later
commits: everybody who has a clone must get a new one, and the server must drop what it keeps of the old commits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from venvlint.model import Finding
from venvlint.rules.amounts import counted, size
from venvlint.rules.committed_environment import described

if TYPE_CHECKING:
    from venvlint.history import History, Past

RULE = "environment-in-history"
_NAMED = 3  # refs in a message


def findings(history: History) -> Iterator[Finding]:
    """Yield one finding for each environment."""
    for past in history.environments:
        root = past.group.root
        message = _message(past)
        yield Finding(
            RULE, root or ".", message, past.command, files=past.files, bytes=past.bytes, fingerprint_key=root
        )


def _message(past: Past) -> str:
    amount = f"{counted(past.files, 'file')}, {size(past.stored)} stored, {size(past.bytes)} unpacked"
    contents = "content that isn't" if past.missing == 1 else "contents that aren't"
    unknown = f" and {past.missing:,} {contents} here" if past.missing else ""
    span = f"from {past.first.date} ({past.first.name[:10]}) to {past.last.date} ({past.last.name[:10]})"
    return f"{described(past.group)} is in the history: {amount}{unknown}, {span}; {state(past)}"


def state(past: Past) -> str:
    """Return who still holds an environment."""
    reach = f"{_listed(past.refs)} {'reaches' if len(past.refs) == 1 else 'reach'} it"
    if past.is_tracked:
        return f"still tracked, {reach}"
    if past.holders:
        return f"still in {_listed(past.holders)}, {reach}"
    return f"no longer tracked, but {reach}"


def _listed(names: tuple[str, ...]) -> str:
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED:,} more refs"
    return ", ".join(names[:-1]) + (" and " if names[1:] else "") + "".join(names[-1:])
