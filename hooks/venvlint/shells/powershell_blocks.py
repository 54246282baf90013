"""Script blocks that a PowerShell command gets: whether they run, how often, and in which process."""

from __future__ import annotations

from venvlint.shells import tree

# Each runs the block it gets, here and now.
_RUNS = frozenset({"&", ".", "exec", "icm", "invoke-command", "measure-command", "trace-command", "using-object"})
_LOOPS = frozenset({"%", "foreach", "foreach-object"})
_JOBS = frozenset({"start-job", "start-threadjob", "sajb", "powershell", "powershell.exe", "pwsh", "pwsh.exe"})
_FILTERS = frozenset({"?", "group-object", "select", "select-object", "sort", "sort-object", "where", "where-object"})


def handed_over(command: tree.Command, blocks: tuple[tree.Node, ...]) -> tree.Node:
    """Return a command together with what it does with its script blocks."""
    start, end = command.start, command.end
    name = named(command)
    body = blocks[0] if len(blocks) == 1 else tree.Sequence(blocks, start, end)
    if name in _LOOPS:
        return tree.For("_", None, body, start, end, is_select=True)
    if name in _JOBS:
        return tree.Scope(body, True, start, end, "job" if name.endswith("job") else f"{name} -Command")
    if name in _RUNS:
        if name == "invoke-command" and any(
            _literal(word).lower() in ("-computername", "-session") for word in command.words
        ):
            return tree.Sequence((), start, end)  # on another machine
        return tree.Scope(body, False, start, end)
    unknown = tree.Unparsed(start, start)
    possible = tree.If(((unknown, body),), None, start, end)
    return possible if name in _FILTERS else tree.Sequence((command, possible), start, end)


def fed(node: tree.Node, items: tuple[tree.Word, ...]) -> tree.Node:
    """Return a loop of a pipeline with the list that is piped into it."""
    if isinstance(node, tree.For) and node.is_select and items:
        return tree.For(node.name, items, node.body, node.start, node.end)
    return node


def named(command: tree.Command) -> str:
    """Return the command's name in small letters, nothing where it isn't literal."""
    return _literal(command.words[0]).lower() if command.words else ""


def _literal(word: tree.Word | tree.Assignment) -> str:
    if not isinstance(word, tree.Word) or not all(isinstance(part, tree.Text) for part in word.parts):
        return ""
    return tree.text_of(word)
