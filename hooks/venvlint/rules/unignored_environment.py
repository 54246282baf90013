r"""An environment on disk is not ignored: git would add it.

## Why

One `git add .` commits it: thousands of files, compiled for one machine, which nobody can review and which stay in the
history for good. Whether that can happen is for git to say, so git is asked. The name of the directory doesn't matter:
an environment is known by what is in it.

## Bad

```console
$ mkdir -p tools/env312/bin
$ touch tools/env312/pyvenv.cfg tools/env312/bin/activate
$ printf '%s\n' '.venv/' 'venv/' > .gitignore
```

## Good

```console
$ mkdir -p tools/env312/bin
$ touch tools/env312/pyvenv.cfg tools/env312/bin/activate
$ printf '%s\n' '.venv/' 'venv/' '/tools/env312/' > .gitignore
$ git add .gitignore
```

## Limits

Environments in submodules and nested repositories are theirs to ignore: run the hook there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from venvlint.environments import KINDS
from venvlint.model import Finding

if TYPE_CHECKING:
    from venvlint.ignores import Survey


def findings(survey: Survey) -> Iterator[Finding]:
    for environment in survey.environments:
        if not environment.added:
            continue
        count = len(environment.added)
        yield Finding(
            rule="unignored-environment",
            path=environment.path or ".",
            message=f"git would add this {KINDS[environment.kind]} ({count} file{'s' * (count != 1)})",
            help=f"add `{environment.path}/` to .gitignore",
            files=count,
            bytes=survey.disk.size(environment.added),
        )
