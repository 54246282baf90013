r"""A usual name of environments is not ignored yet.

## Why

The next person who sets the project up types `python -m venv .venv`, and the next `git add .` commits it. One line in
`.gitignore`, before anybody needs it, covers everyone who clones.

## Bad

```console
touch setup.py
echo '__pycache__/' > .gitignore
echo '.venv/' >> .gitignore
```

## Good

```console
touch setup.py
printf '%s\n' '.venv/' 'venv/' > .gitignore
```

## Limits

A repository without any Python file, project file or environment is left in peace.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from venvlint.ignores.clone import Decision
    from venvlint.ignores.facts import Survey
    from venvlint.model import Finding

RULE = "missing-ignore-entry"


def findings(survey: Survey) -> Iterator[Finding]:
    for name, decisions in survey.missing.items():
        from venvlint.model import Finding, Fix  # which a clean repository has no need of

        remedies = {decision.path: survey.remedies.of(decision.path) for decision in decisions}
        first = decisions[0]
        why = survey.reason(first.path, first)
        uses = survey.expected[first.path]
        edits = dict.fromkeys(edit for remedy in remedies.values() if remedy.fix for edit in remedy.fix.edits)
        yield Finding(
            RULE,
            path=remedies[first.path].file,
            message=f"`{name}/` isn't ignored{_where(decisions)}"
            + (f", {uses}" if uses else "")
            + (f": {why}" if why else ""),
            help=" and ".join(dict.fromkeys(remedy.help for remedy in remedies.values())),
            fix=Fix(tuple(edits)) if edits else None,
            fingerprint_key=name,
        )


def _where(decisions: list[Decision]) -> str:
    places = [decision.path.rpartition("/")[0] for decision in decisions]
    if "" in places:
        return ""
    return f" in {places[0]}" + (f" and {len(places) - 1} more" if len(places) > 1 else "")
