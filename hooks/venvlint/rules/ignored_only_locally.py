r"""An environment is ignored on this machine only.

## Why

`.git/info/exclude`, your own excludes file, and an ignore file that isn't committed are yours alone: a teammate whose
environment has the same name adds it with the next `git add .`. The `.gitignore` that newer tools put inside of an
environment is no better: it isn't committed either, older tools write none, and `git add --force` passes it by.

## Bad

```console
printf '%s\n' '.venv/' 'venv/' > .gitignore
git add .gitignore
mkdir -p env312/bin
touch env312/pyvenv.cfg env312/bin/activate
echo 'env312/' > .git/info/exclude
```

## Good

```console
printf '%s\n' '.venv/' 'venv/' '/env312/' > .gitignore
git add .gitignore
mkdir -p env312/bin
touch env312/pyvenv.cfg env312/bin/activate
```

## Limits

Only environments that are there are judged; whether the usual names are ignored in everybody's clone is
`missing-ignore-entry`'s question, which takes the ignore files as they are on disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from venvlint.rules.unignored_environment import APART

if TYPE_CHECKING:
    from venvlint.ignores.facts import Survey
    from venvlint.ignores.locality import Kind, Locality
    from venvlint.model import Finding, Fix

RULE = "ignored-only-locally"
MESSAGES: dict[Kind, str] = {
    "everything": "line {line} of {source} ignores the whole repository, as `python -m venv .` makes it do",
    "exclude": "ignored only by `{pattern}` in .git/info/exclude, which stays on this machine",
    "own": "ignored only by its own .gitignore, which isn't committed",
    "unstaged": "ignored only by `{pattern}` on line {line} of {source}, which isn't staged",
    "untracked": "ignored only by `{pattern}` on line {line} of {source}, which isn't tracked",
    "user": "ignored only by `{pattern}` in your own {source}, which stays on this machine",
}


def findings(survey: Survey) -> Iterator[Finding]:
    environments = {environment.path: environment for environment in survey.environments}
    for path, found in survey.localities.items():
        from venvlint.model import Finding  # which a clean repository has no need of

        message = MESSAGES[found.kind].format(source=_short(found.source), line=found.line, pattern=found.pattern)
        help_text, fix = _remedy(survey, path, found, is_shared=environments[path].is_shared)
        yield Finding(RULE, environments[path].name, message, help_text, fix=fix)


def _short(path: str) -> str:
    home = os.path.expanduser("~")  # noqa: PTH111 - pathlib isn't needed otherwise
    return f"~{path[len(home) :]}" if path.startswith(f"{home}/") else path


def _remedy(survey: Survey, path: str, found: Locality, *, is_shared: bool) -> tuple[str, Fix | None]:
    if found.kind in ("unstaged", "untracked"):
        force = "--force " if found.source in survey.tree.ignored else ""
        return f"run `git add {force}{found.source}`", None
    if found.kind == "everything" or is_shared:
        return APART, None
    remedy = survey.remedies.of(path)
    return remedy.help, remedy.fix
