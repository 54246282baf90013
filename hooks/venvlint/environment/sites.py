"""Where a command stands that runs: itself, or the call of the function that was handed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venvlint.model import Span
from venvlint.shells import tree

if TYPE_CHECKING:
    from venvlint.environment.evaluate import Evaluator


def place(run: Evaluator, node: tree.Node, verb: str = "") -> tuple[str, Span, str]:
    """Return where a command stands, and its text; at the call where its function was called with its verb."""
    if run.sites and isinstance(node, tree.Command) and _is_passed_on(node, verb):
        return run.sites[-1]
    if run.frame.path != run.recorder.path:  # a function of a sourced file: what this file does is to call it
        calls_here = [site for site in run.sites if site[0] == run.recorder.path]
        if calls_here:
            return calls_here[-1]
    return run.frame.path, run.frame.span(node.start, node.end), run.frame.text[node.start : node.end]


def site(run: Evaluator, node: tree.Node, verb: str = "") -> tuple[str, Span]:
    """Return the path and the span at which a command stands."""
    path, span, _ = place(run, node, verb)
    return path, span


def end_of_unit(run: Evaluator, node: tree.Node) -> int:
    """Return the offset at which the last line ends of what a shell reads before it runs a command.

    That is the line, or the whole `if`, loop, or list of commands that the command stands in.
    """
    unit = run.unit
    end = unit.end if unit is not None and unit.start <= node.start < unit.end else node.end
    end = run.frame.text.find("\n", end)
    return end if end >= 0 else len(run.frame.text)


def _is_passed_on(node: tree.Command, verb: str) -> bool:
    """Tell whether a command's verb, or its name where it has none, is what its function was called with."""
    words = [word.parts for word in node.words if isinstance(word, tree.Word)]
    is_passed = [
        any(isinstance(part, tree.Variable) and (part.name in "@*" or part.name.isdigit()) for part in parts)
        for parts in words
    ]
    if not verb or not any(is_passed):
        return is_passed[:1] == [True]
    written = {"".join(part.text for part in parts if isinstance(part, tree.Text)) for parts in words}
    return verb not in written
