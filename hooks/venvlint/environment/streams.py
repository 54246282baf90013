"""What flows between commands, as far as the text tells: heredocs, what `echo` prints, and where that goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venvlint.environment import dialects, effects, groups, places
from venvlint.environment.fields import Field, Piece, joined, spaced
from venvlint.environment.outcome import Outcome, status_of
from venvlint.environment.state import SCRIPT_DIRECTORY, State
from venvlint.shells import tree

if TYPE_CHECKING:
    from venvlint.environment.evaluate import Evaluator


def run_pipeline(run: Evaluator, node: tree.Pipeline, state: State) -> list[Outcome]:
    """Run the commands of a pipeline, each but perhaps the last in a shell of its own, with what is fed to it."""
    outcomes = [Outcome(state, True)]
    stdin = run.stdin
    has_failed = False
    last = len(node.parts) - 1
    for index, part in enumerate(node.parts):
        is_own = index == last and (state.shell in ("zsh", "ksh") or "lastpipe" in state.options)
        fed = printed(run, part, state) if index < last else None
        outcomes = run.run(part, state) if is_own else run.subshell(part, state, part, "pipeline")
        run.stdin = fed
        has_failed |= status_of(outcomes) is False
    run.stdin = stdin
    if has_failed and "pipefail" in state.options:
        return [end._replace(status=False) for end in outcomes]
    return outcomes


def run_redirected(run: Evaluator, node: tree.Redirected, state: State) -> list[Outcome]:
    """Run a compound command with its redirections."""
    stdin = run.stdin
    run.stdin = redirected_input(run, node.redirects, state) or stdin
    for redirect in node.redirects:
        if redirect.operator not in ("<<", "<<<"):
            run.expander.text(redirect.target, state)
    outcomes = run.run(groups.handed_down(node), state)
    run.stdin = stdin
    return outcomes


def redirected_input(run: Evaluator, redirects: tuple[tree.Redirect, ...], state: State) -> Field | None:
    """Return what a heredoc or here-string feeds to a command, None where there is none."""
    found: Field | None = None
    for redirect in redirects:
        if redirect.operator in ("<<", "<<<"):
            found = run.expander.pieces(redirect.target, state)
    return found


def write_output(run: Evaluator, node: tree.Command, state: State) -> None:
    """Note what a redirection writes where, as far as it matters to installers."""
    for redirect in node.redirects:
        if any(isinstance(part, tree.Substitution) and part.is_process for part in redirect.target.parts):
            run.expander.text(redirect.target, state)
        elif redirect.operator in (">", ">>", ">|", "&>", "&>>") and redirect.descriptor in ("", "1"):
            target = run.expander.text(redirect.target, state)
            text = printed(run, node, state) if effects.is_content_read(target) else None
            effects.write(run, node, target, text, state)


def printed(run: Evaluator, node: tree.Node, state: State) -> Field | None:
    """Return what a command prints, with the places it comes from; None where that isn't known."""
    if isinstance(node, tree.Redirected):
        node = node.body
    if not isinstance(node, tree.Command) or not node.words or not isinstance(node.words[0], tree.Word):
        return None
    words = [word for word in node.words if isinstance(word, tree.Word)]
    name = tree.text_of(words[0])
    if name == "cat" and len(words) == 1:
        return redirected_input(run, node.redirects, state)
    if name not in ("echo", "printf"):
        return None
    fields = [field for word in words[1:] for field in run.expander.fields(word, state)]
    while fields and name == "echo" and joined(fields[0]) in ("-e", "-n", "-E", "-ne", "-en"):
        fields = fields[1:]
    if name == "printf":
        fields = _formatted(fields)
    return [*_unescaped(spaced(fields)), Piece("\n")]


def _formatted(fields: list[Field]) -> list[Field]:
    """Return what `printf` makes of its arguments, as far as commands are printed that way."""
    if fields and joined(fields[0]) == "--":
        fields = fields[1:]
    if len(fields) > 1 and joined(fields[0]).replace("\\n", "").strip() in ("%s", "%b"):
        return [[*field, Piece("\n")] for field in fields[1:]]
    return fields[:1]


def _unescaped(field: Field) -> Field:
    r"""Cut text at `\n`, which `printf` and many an `echo` print as the end of a line."""
    out: Field = []
    for piece in field:
        at = piece.start
        for index, line in enumerate(piece.text.split("\\n")):
            if index:
                out.append(Piece("\n"))
                at = at + 2 if at >= 0 else at
            out.append(Piece(line, at))
            at = at + len(line) if at >= 0 else at
    return out


def output_of(run: Evaluator, node: tree.Node, state: State) -> str | None:
    """Return what a substitution yields where it asks for a path: `$(which pip)`, `$(pwd)`, `$(dirname "$0")`."""
    if isinstance(node, tree.AndOr):
        return _place_of_script(node) if all(op == "&&" for op, _ in node.rest) else output_of(run, node.first, state)
    if isinstance(node, tree.Pipeline):
        return None
    if not isinstance(node, tree.Command) or not node.words or not isinstance(node.words[0], tree.Word):
        return None
    fields = [field for word in node.words if isinstance(word, tree.Word) for field in run.expander.fields(word, state)]
    argv = [joined(field) for field in fields]
    if argv and (argv[0] in ("echo", "printf") or (argv == ["cat"] and node.redirects)):
        text = printed(run, node, state)
        return joined(text).rstrip("\n") if text is not None else None
    return dialects.printed(argv, state) if argv else None


def _place_of_script(node: tree.AndOr) -> str | None:
    """Return the directory of the script for `$(cd "$(dirname "$0")" && pwd)`."""
    last = node.rest[-1][1]
    first = node.first
    names = [
        tree.text_of(command.words[0])
        for command in (first, last)
        if isinstance(command, tree.Command) and command.words and isinstance(command.words[0], tree.Word)
    ]
    if names != ["cd", "pwd"] or not isinstance(first, tree.Command) or len(first.words) < 2:
        return None
    word = first.words[-1]
    if isinstance(word, tree.Word) and any(isinstance(part, tree.Substitution) for part in word.parts):
        tail = tree.text_of(word)
        return places.normal(f"{SCRIPT_DIRECTORY}/{tail}")
    return None
