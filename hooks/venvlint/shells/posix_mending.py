"""What tree-sitter-bash reads over or can't read in a script, found by parsing it, and parsed again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node, Parser

from venvlint.shells.backticks import as_dollars
from venvlint.shells.parentheses import apart
from venvlint.shells.posix_text import Offsets, both

_WIDE = re.compile(r"[^\x00-\x7f]")
_MOST_REPAIRS = 5
_LONG = 300_000  # characters; a script of more is parsed no more than twice
# Bounds that no script of a megabyte comes near that people write: the parser's own rounds of work, the nodes of its
# tree, `${` that is never closed, on which it loses much time.
_MOST_ROUNDS, _MOST_NODES, _MOST_OPEN = 20_000, 600_000, 2_000
_MOST_PIPES = 1_000  # of one pipeline; an error behind it costs their square
_PIPE_AT_END = re.compile(rb"\|[ \t]*\n\s*")
_CHUNK = 1 << 16
_LONGEST_LINE = 200
# Behind these no `;` may stand. The grammar takes some for one more word of the line before.
_OPENING = re.compile(r"(?:^|;)[ \t]*(?:do|else|then)\Z", re.MULTILINE)
_COMMANDS = {
    "command", "variable_assignments", "declaration_command", "unset_command", "redirected_statement", "file_redirect",
}  # fmt: skip


def parsed(parser: Parser, text: str) -> tuple[Node, str, Offsets]:
    """Return the grammar's tree of a script, the text that it is of, and where that stands in the script.

    The tree's bytes are the text's characters.
    """
    root, mended = _without_gaps(parser, text)
    added: Sequence[int] = ()
    for sign, rewritten in (("`", as_dollars), ("((", apart)):
        if not root.has_error or sign not in text or len(text) > _LONG:
            continue
        written, more = rewritten(text)
        other, other_mended = _without_gaps(parser, written)
        if _unread(other) < _unread(root):
            root, mended, text, added = other, other_mended, written, both(added, more)
    return root, mended, Offsets(0, added)


def _unread(root: Node) -> int:
    """Return how many bytes the grammar couldn't make sense of; what is missing counts as one."""
    count, waiting = 0, [root]
    while waiting:
        node = waiting.pop()
        if node.type == "ERROR":
            count += node.end_byte - node.start_byte
        elif node.is_missing:
            count += 1
        elif node.has_error:
            waiting += node.children
    return count


def _without_gaps(parser: Parser, text: str) -> tuple[Node, str]:
    """Return the tree of a script without line ends inside of commands, and what was parsed."""
    for _ in range(_MOST_REPAIRS if len(text) <= _LONG else 1):
        root = within_bounds(parser, text)
        gaps = sorted(_overread(root, text))
        if not gaps:
            return root, text
        text = _with_ends(text, gaps)
    return within_bounds(parser, text), text


def within_bounds(parser: Parser, text: str) -> Node:
    """Parse text; ValueError where it is beyond the bounds."""
    # One byte for each character, so that nobody has to count; what isn't ASCII is part of a word, and of no name.
    data = (text if text.isascii() else _WIDE.sub(".", text)).encode()
    rounds = 0

    def is_too_long(_at: int, _has_error: bool) -> bool:
        nonlocal rounds
        rounds += 1
        return rounds > _MOST_ROUNDS

    if data.count(b"${") > data.count(b"}") + _MOST_OPEN or _most_pipes(data) > _MOST_PIPES:
        raise ValueError("too deep")
    root = parser.parse(lambda at, _point: data[at : at + _CHUNK], progress_callback=is_too_long).root_node
    if root.descendant_count > _MOST_NODES:
        raise ValueError("too many parts")
    return root


def _most_pipes(data: bytes) -> int:
    """Return how many `|` a command has at the most, counted line by line."""
    if data.count(b"|") <= _MOST_PIPES:
        return 0
    return max(line.count(b"|") for line in _PIPE_AT_END.sub(b"|", data).split(b"\n"))


def _overread(root: Node, text: str) -> Iterator[tuple[int, int]]:
    """Yield line ends between the words of a command: the grammar reads over some where it sees two ways on."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        children = node.children
        if node.type in _COMMANDS:
            words = node.named_children if node.type == "variable_assignments" else children
            yield from _gaps(words, text)
        # What stands on one line has no line ends in it.
        waiting += [each for each in children if each.child_count and each.end_point.row > each.start_point.row]


def _gaps(children: list[Node], text: str) -> Iterator[tuple[int, int]]:
    previous = children[0].end_byte if children else 0
    for child in children[1:]:
        if child.type == "comment":
            continue
        gap = text[previous : child.start_byte]
        if "\n" in gap and "\n" in gap.replace("\\\n", ""):
            yield previous, child.start_byte
        previous = child.end_byte


def _with_ends(text: str, gaps: list[tuple[int, int]]) -> str:
    """Return the text with a `;` for the line ends that the grammar has read over, and without comments before them."""
    pieces, done = [], 0
    for start, end in gaps:
        last = text.rindex("\n", start, end)
        end_of_command = " " if _OPENING.search(text, max(0, start - _LONGEST_LINE), start) else ";"
        pieces += [text[done:start], " " * (last - start), end_of_command]
        done = last + 1
    return "".join((*pieces, text[done:]))
