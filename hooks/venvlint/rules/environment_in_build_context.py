r"""A Dockerfile copies its context, and no .dockerignore keeps the environment out.

## Why

`COPY . .` takes along everything that lies around where the image is built, ignored by git or not. An environment is
big, is made for another system, and its scripts point to an interpreter that the image doesn't have. What is worse, it
covers the one that the image has made for itself under the same name.

## Bad

```dockerfile Dockerfile
FROM python:3.12
WORKDIR /app
COPY . .
CMD ["python", "-m", "app"]
```

```console
printf '%s\n' '.venv/' 'venv/' > .gitignore
git add .
```

## Good

```dockerfile Dockerfile
FROM python:3.12
WORKDIR /app
COPY . .
CMD ["python", "-m", "app"]
```

```console
printf '%s\n' '.venv/' 'venv/' > .gitignore
printf '%s\n' '**/.venv' '**/venv' > .dockerignore
git add .
```

## Limits

The context is taken from Compose files, and from commands such as `docker build --file docker/Dockerfile .` in
makefiles, CI files and scripts at the top that change no directory. Without either, a Dockerfile at the root is built
with the root, and one further down with its own directory if that has a `.dockerignore`, or if that is where the files
are that it copies by name; in doubt nothing is said. An environment that isn't there yet is expected, under the usual
names, only where the image or the context has to do with Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from venvlint.ignores.facts import Survey
    from venvlint.model import Finding

RULE = "environment-in-build-context"


def findings(survey: Survey) -> Iterator[Finding]:
    for copy, taken in survey.contexts:
        from venvlint.model import Finding, Fix  # which a clean repository has no need of

        names = [f"`{path}`" for path in taken.environments or taken.expected]
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        verb = "takes" if taken.environments else "would take"
        why = f"{taken.file} lets it in" if taken.has_file else "there is no .dockerignore"
        edits = [edit for pattern in taken.patterns if (edit := taken.addition(pattern))]
        yield Finding(
            RULE,
            copy.dockerfile,
            f"`{copy.text}` {verb} {shown} into the image: {why}",
            f"add {' and '.join(f'`{pattern}`' for pattern in taken.patterns)} to {taken.file}",
            span=copy.span,
            fix=Fix(tuple(edits)) if edits else None,
        )
