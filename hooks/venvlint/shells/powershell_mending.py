r"""PowerShell as tree-sitter-powershell can read it: letter for letter as long, without what the grammar stumbles over.

It cuts arguments such as `--target=$dir`, `$venv\lib`, and `one, two` in pieces, and loses the rest of the statement.
What the arguments are is read from the text itself, so where the grammar fails they give way to letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tree_sitter import Node

from venvlint.shells import tree
from venvlint.shells.byte_offsets import ByteOffsets
from venvlint.shells.powershell_text import closing
from venvlint.shells.powershell_words import Block, Words

_MOST_ROUNDS = 8
_MOST_LINES = 10
_OPERATOR = re.compile(r"(?<=\s)-[ci]((?:not)?in)\b", re.IGNORECASE)
_HERE = re.compile(r"(?<![^\s;|&{(=])\./(?=[\w.-])")  # `./venv/Scripts/activate`; the grammar knows `.\` only
_SIZE = re.compile(r"(?<=\d)[KMGTP]B\b")  # `5MB`; the grammar knows `5mb` only
_END_OF_OPTIONS = re.compile(r"(?<=[ \t])--(?=[ \t])")
_PARAMETERS = re.compile(r"\bparam[ \t]*\(", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\}[ \t](?=[ \t]*(?!(?:catch|else|elseif|end|finally|process|until|while)\b)"
    r"(?:\"[^\"\n]*\"|'[^'\n]*'|[\w.*-]+)[ \t]*\{)",
    re.IGNORECASE,
)


class Mended(NamedTuple):
    """Text that can be read, what the grammar makes of it, and the lines that had to go, as offsets."""

    text: str
    root: Node
    lost: list[tuple[int, int]]


def mended(text: str, parsed: Callable[[bytes], Node]) -> Mended:
    """Return the text with the arguments masked at which `parsed` breaks off, and what that comes to."""
    masked = _HERE.sub(r".\\", _OPERATOR.sub(r"-\1 ", text))
    masked = _END_OF_OPTIONS.sub("xx", _SIZE.sub(lambda size: size[0].lower(), masked))
    for found in _PARAMETERS.finditer(text):
        close = closing(text, found.end() - 1, len(text))
        if close == len(text):
            break
        if text[close + 1 : close + 2] in (" ", "\t"):
            masked = f"{masked[: close + 1]}\n{masked[close + 2 :]}"
    if "switch" in text.lower():
        masked = _CLAUSE.sub("}\n", masked)
    data = masked.encode("utf-8", "surrogatepass")
    root = parsed(data)
    for _ in range(_MOST_ROUNDS):
        if not root.has_error:
            break
        before, masked = masked, _without_arguments(text, masked, root, ByteOffsets(masked, data))
        if masked == before:
            break
        data = masked.encode("utf-8", "surrogatepass")
        root = parsed(data)
    lost: list[tuple[int, int]] = []
    while root.has_error and len(lost) < _MOST_LINES:
        line = _line(masked, root, ByteOffsets(masked, data))
        if line is None:
            break
        lost.append(line)
        masked = masked[: line[0]] + " " * (line[1] - line[0]) + masked[line[1] :]
        data = masked.encode("utf-8", "surrogatepass")
        root = parsed(data)
    return Mended(masked, root, lost)


def _line(masked: str, root: Node, at: ByteOffsets) -> tuple[int, int] | None:
    """Return the line at which the text doesn't parse, if it can go without what surrounds it falling apart."""
    first = next((node for node in _all(root, "ERROR", inside=False) if not node.is_missing), None)
    if first is None:
        return None
    start = at[first.start_byte]
    start += len(masked[start:]) - len(masked[start:].lstrip())
    start = masked.rfind("\n", 0, start) + 1
    end = masked.find("\n", start)
    end = len(masked) if end < 0 else end
    line = masked[start:end]
    is_whole = all(line.count(opening) == line.count(close) for opening, close in ("()", "{}", "[]"))
    return (start, end) if line.strip() and is_whole else None


def _without_arguments(text: str, masked: str, root: Node, at: ByteOffsets) -> str:
    """Mask the arguments of the commands that reach into a stretch that doesn't parse, or stand in one."""
    errors = [(at[node.start_byte], at[node.end_byte]) for node in _all(root, "ERROR", inside=False)]
    characters = list(masked)
    behind = -1
    for command in _all(root, "command", inside=True):
        start = at[command.start_byte]
        if start < behind or not any(start <= stop and first <= at[command.end_byte] + 2 for first, stop in errors):
            continue
        behind = _mask(text, characters, start)
    return "".join(characters)


def _mask(text: str, characters: list[str], start: int) -> int:
    """Put letters in the place of all but the first word of a command and script blocks; return where it ends."""
    words = Words(text, _no_commands, lambda _first, _last: None)
    items = list(words.command(start, len(text)))
    last = items[0].end if items else start
    for item in items[1:]:
        for index in range(last, item.start):
            if characters[index] == ",":
                characters[index] = " "
        if isinstance(item, tree.Word):
            characters[item.start : item.end] = "x" * (item.end - item.start)
        last = item.end + isinstance(item, Block)
    return max(words.end, start)


def _no_commands(start: int, end: int) -> tree.Node:
    return tree.Sequence((), start, end)


def _all(node: Node, kind: str, *, inside: bool) -> Iterator[Node]:
    """Yield the nodes of a kind in order, also those inside of others where `inside` says so."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if node.type == kind or (kind == "ERROR" and node.is_missing):
            yield node
            if not inside:
                continue
        waiting.extend(reversed(node.children))
