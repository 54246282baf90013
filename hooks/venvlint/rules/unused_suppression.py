"""A suppression comment that silences nothing.

## Why

A comment that outlives its reason misleads: it says that a line is known to be faulty when it no longer is, and it will
silence the next fault that lands on its line without anybody having decided so. A misspelt rule's name silences nothing
at all, though its author believes that it does.

## Bad

```sh setup.sh
python3 -m venv .venv
.venv/bin/pip install -r requirements.txt  # venvlint: ignore[global-install] the image has no venv module
```

## Good

```sh setup.sh
pip install -r requirements.txt  # venvlint: ignore[global-install] the image has no venv module
```

## Limits

Only rules that ran are judged: a comment for a rule that is switched off, or that belongs to a hook which isn't run, is
left alone. Comments in files without any shell code aren't looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from venvlint.model import Edit, Finding, Fix, Span

if TYPE_CHECKING:
    from venvlint.suppress import Comment, Comments

RULE = "unused-suppression"


def findings(comments: Comments, comment: Comment, idle: Sequence[str], ran: Collection[str]) -> Iterator[Finding]:
    """Yield a finding if `comment` names no rule, one that doesn't exist, or one of `ran` that is `idle` here."""
    from venvlint.rules import CATALOGUE

    known = {rule for rules in CATALOGUE.values() for rule in rules}
    unknown = [rule for rule in idle if rule not in known]
    useless = [rule for rule in idle if rule in ran]
    if not comment.rules:
        text = "this comment names no rule, so it silences nothing"
        yield _finding(comments, comment, (), text, "write `ignore[rule]`, with the rule's name")
    elif unknown:
        text = f"no rule is called {_listed(unknown)}, so this comment doesn't silence it"
        yield _finding(comments, comment, (), text, _advice(unknown[0], known))
    elif useless and not comments.counts(comment):
        text = "`ignore-file` counts only in the first lines of a file"
        yield _finding(comments, comment, (), text, "move it to the top of the file")
    elif useless:
        text = f"this comment silences nothing: there is no finding of {_listed(useless)} here"
        yield _finding(
            comments, comment, useless, text, "remove it" if useless == list(comment.rules) else "remove the name"
        )


def _finding(comments: Comments, comment: Comment, useless: Sequence[str], text: str, advice: str) -> Finding:
    fix = _fix(comments, comment, useless) if useless else None
    return Finding(RULE, comments.source.path, text, advice, comment.span, fix=fix)


def _fix(comments: Comments, comment: Comment, useless: Sequence[str]) -> Fix | None:
    """Return the removal of the idle names; a comment without any goes, and so does a line without anything else."""
    if comments.is_json:
        return None  # a line less there may be a comma too many
    source = comments.source
    kept = [rule for rule in comment.rules if rule not in useless]
    start, end = comment.span
    if kept:
        start = source.text.index("[", start) + 1
        return Fix((Edit(source.path, Span(start, end - 1), ", ".join(kept)),))
    line = source.position(start)[0]
    line_start = source.line_start(line)
    line_end = line_start + len(source.line(line))
    if comment.is_alone:
        line_end += len(source.text[line_end : line_end + 2]) if source.text.startswith("\r\n", line_end) else 1
        return Fix((Edit(source.path, Span(line_start, min(line_end, len(source.text))), ""),))
    start = line_start + len(source.text[line_start:start].rstrip())
    return Fix((Edit(source.path, Span(start, line_end), ""),))


def _advice(name: str, known: Collection[str]) -> str:
    import difflib

    nearest = difflib.get_close_matches(name, sorted(known), 1)
    return f"write `{nearest[0]}`" if nearest else "`venvlint rule` lists the rules"


def _listed(rules: Sequence[str]) -> str:
    return ", ".join(f"`{rule}`" for rule in rules)
