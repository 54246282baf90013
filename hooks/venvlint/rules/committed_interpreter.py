r"""A Python interpreter, or a link to one or to an environment, is tracked.

## Why

A binary runs on one platform only, and never gets its security updates. A link that leaves the repository leads
nowhere on other machines: whoever checks it out gets a dangling name, and git can't put the real environment in its
place.

## Bad

```console
ln -s /home/me/.virtualenvs/project .venv
git add .venv
```

## Good

```console
mkdir -p scripts
ln -s ../tools/run.py scripts/run
printf '#!/bin/sh\nexec python3 "$@"\n' > scripts/python
chmod +x scripts/python
git add scripts
```

## Limits

A binary is recognised by its name (`python`, `python3.12`, `pypy3`, `python.exe` ...) together with its first bytes
(ELF, Mach-O, PE), executable or not: a script of that name is none. Of links, only those count that are absolute or
lead out of the repository.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from venvlint.model import Finding

if TYPE_CHECKING:
    from venvlint.tracked.facts import Interpreter, Tracked

RULE = "committed-interpreter"


def findings(tracked: Tracked) -> Iterator[Finding]:
    """Yield one finding for each binary or link."""
    for one in tracked.interpreters:
        command, fix = tracked.mending.of_path(one.path)
        yield Finding(RULE, one.path, _message(one, tracked.scope), command, fix=fix, fingerprint_key=one.path)


def _message(one: Interpreter, scope: str) -> str:
    verb = "would be committed" if scope == "staged" else "is tracked"
    if one.target:
        return f"a link to an {one.form} outside of the repository {verb}: {one.target}"
    return f"a Python interpreter {verb}: a binary in {one.form} format"
