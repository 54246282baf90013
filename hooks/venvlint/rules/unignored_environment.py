r"""An environment on disk is not ignored: git would add it.

## Why

One `git add .` commits it: thousands of files, made for one machine, which nobody can review and which stay in the
history for good. Whether that can happen is for git to say, so git is asked. The name of the directory doesn't matter:
an environment is known by what is in it.

The same goes for files of an environment that are tracked already: ignoring them now changes nothing.

## Bad

```console
mkdir -p tools/env312/bin
touch tools/env312/pyvenv.cfg tools/env312/bin/activate
printf '%s\n' '.venv/' 'venv/' > .gitignore
```

## Good

```console
mkdir -p tools/env312/bin
touch tools/env312/pyvenv.cfg tools/env312/bin/activate
printf '%s\n' '.venv/' 'venv/' '/tools/env312/' > .gitignore
git add .gitignore
```

## Limits

Environments in submodules and nested repositories are theirs to ignore: run the hook there. An environment all of which
is tracked, and none of it ignored, is `committed-environment`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from venvlint.environments import KINDS
from venvlint.ignores.found import is_marker

if TYPE_CHECKING:
    from venvlint.ignores.facts import Survey
    from venvlint.ignores.found import Environment
    from venvlint.model import Finding, Fix

RULE = "unignored-environment"
APART = "make a new one in a directory of its own, as in `python -m venv .venv`, and delete this one"


def findings(survey: Survey) -> Iterator[Finding]:
    for environment in survey.environments:
        if environment.added:
            yield _added(survey, environment)
            continue
        tracked = survey.tracked_yet_ignored(environment)
        if tracked and (environment.is_ignored or any(map(is_marker, tracked))):  # not just caches in it
            yield _tracked(survey, environment, tracked)


def _added(survey: Survey, environment: Environment) -> Finding:
    from venvlint.model import Finding  # which a clean repository has no need of

    what = f"this {KINDS[environment.kind]}"
    message = f"git would add {_files(environment.added)} of {what}"
    if environment.is_link:
        message = f"git would add this symlink to a {KINDS[environment.kind]}"
    fix: Fix | None = None
    if environment.is_shared:
        message += ", which lies among the files of the project"
        help_text = APART
    else:
        why = survey.reason(environment.path, survey.added[environment.path], is_link=environment.is_link)
        message += f": {why}" if why else ""
        remedy = survey.remedies.of(environment.path)
        help_text, fix = remedy.help, remedy.fix
    if environment.tracked and environment.path:
        help_text += f", and run `{_untrack(environment.path)}`: {_files(environment.tracked)} tracked already"
    size = survey.disk.size(environment.added)
    return Finding(RULE, environment.name, message, help_text, fix=fix, files=len(environment.added), bytes=size)


def _tracked(survey: Survey, environment: Environment, tracked: list[str]) -> Finding:
    from venvlint.model import Finding

    are = "is" if len(tracked) == 1 else "are"
    message = f"{_files(tracked)} of this ignored {KINDS[environment.kind]} {are} tracked: .gitignore doesn't untrack"
    help_text = f"run `{_untrack(environment.path)}` and commit"
    return Finding(RULE, environment.name, message, help_text, files=len(tracked), bytes=survey.disk.size(tracked))


def _untrack(path: str) -> str:
    import shlex

    return f"git rm -r --cached {shlex.quote(path)}" if path[0] != "-" else f"git rm -r --cached -- {shlex.quote(path)}"


def _files(paths: list[str] | tuple[str, ...]) -> str:
    return f"{len(paths)} file{'s' * (len(paths) != 1)}"
