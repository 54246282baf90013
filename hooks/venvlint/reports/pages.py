"""The page of a rule: `venvlint rule NAME`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import NamedTuple

from venvlint.reports.streams import has_colour, opened
from venvlint.rules import CATALOGUE, load
from venvlint.settings import checked


class Page(NamedTuple):
    """A rule's documentation, Markdown. `fault` is its first line, a phrase."""

    fault: str
    why: str
    text: str


def page(rule: str) -> Page:
    """Return the page of a rule, which is its module's docstring."""
    text = inspect.cleandoc(load(rule).__doc__ or "")
    fault = text.partition("\n")[0].rstrip(".")
    why = text.partition("\n## Why\n")[2].partition("\n## ")[0].strip()
    return Page(fault, why, text)


def show(rule: str | None, colour: str) -> None:
    """Print the page of one rule, or the list of all; raises SettingsError if there is no such rule."""
    with opened(None) as out:
        if rule is None:
            out.writelines(_list())
            return
        checked((rule,), "venvlint rule")
        body = f"# {rule}\n\n{page(rule).text}\n"
        if not has_colour(colour, out):
            out.write(body)
            return
        from rich.console import Console
        from rich.markdown import Markdown

        Console(file=out, force_terminal=True).print(Markdown(body))


def _list() -> Iterator[str]:
    """Yield every rule with its fault, by hook."""
    width = max(len(rule) for rules in CATALOGUE.values() for rule in rules)
    for hook, rules in CATALOGUE.items():
        yield f"{hook}\n"
        yield from (f"  {rule:<{width}}  {page(rule).fault}\n" for rule in rules)
