r"""A usual name of environments is not ignored yet.

## Why

The next person who sets the project up types `python -m venv .venv`, and the next `git add .` commits it. One line in
`.gitignore`, before anybody needs it, covers everyone who clones.

## Bad

```console
$ touch setup.py
$ echo '__pycache__/' > .gitignore
$ echo '.venv/' >> .gitignore
```

## Good

```console
$ touch setup.py
$ printf '%s\n' '.venv/' 'venv/' > .gitignore
```

## Limits

A repository without any Python file, project file or environment is left in peace.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from venvlint.ignores.clone import IGNORE_FILE
from venvlint.model import Finding

if TYPE_CHECKING:
    from venvlint.ignores import Survey


def findings(survey: Survey) -> Iterator[Finding]:
    for name, decisions in survey.missing.items():
        places = [decision.path.rpartition("/")[0] for decision in decisions]
        yield Finding(
            rule="missing-ignore-entry",
            path=IGNORE_FILE,
            message=f"`{name}/` isn't ignored{_where(places)}",
            help=f"add `{name}/` to {IGNORE_FILE}",
            fingerprint_key=name,
        )


def _where(places: list[str]) -> str:
    if "" in places:
        return ""
    return f" in {places[0]}" + (f" and {len(places) - 1} more" if len(places) > 1 else "")
