"""YAML documents as nodes that know where they stand, and exact maps from a scalar's value back into the file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import yaml

from venvlint.formats.yaml_scalars import block_scalar, flow_scalar
from venvlint.model import Skipped
from venvlint.source import ELSEWHERE, Builder, Offsets, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

# A loader is only asked for events: composing here costs no recursion, no tag resolution, and lets anchors be reused.
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What an anchor or a tag puts in front of a scalar belongs to its marks, comments between them as well.
_PROPERTIES = re.compile(r"(?:&[\w-]+|!\S*|#[^\r\n\x85\u2028\u2029]*|\s+)*")
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST_ITEMS = 10_000


@dataclass(slots=True)
class Node:
    """One node of a document. `start` and `end` are offsets into `source.text`."""

    source: Source
    kind: Literal["scalar", "sequence", "mapping"]
    start: int
    end: int
    value: str = ""
    style: str = ""
    tag: str = ""
    # A sequence's items; a mapping's keys and values in turn.
    children: list[Node] = field(default_factory=list)
    merged: dict[str, Node] | None = None

    @property
    def line(self) -> int:
        """Return the line, counted from 1, on which the node begins."""
        return self.source.position(self.start)[0]


def documents(source: Source) -> Iterator[Node | Skipped]:
    """Yield the root of each document; where the YAML breaks off, what was read until there, and say so last."""
    text = source.text.lstrip("\ufeff")  # the C parser's marks don't count one
    shift = len(source.text) - len(text)
    # Bytes that aren't UTF-8 are surrogates here: they can't be encoded, and shells take them as they are.
    text = re.sub(r"[\ud800-\udfff]", "\ufffd", text)
    composer = _Composer(source, shift)
    try:
        for event in yaml.parse(text, _Loader):
            root = composer.take(event)
            if root:
                yield root
    except yaml.MarkedYAMLError as error:
        yield from composer.unfinished()
        mark = error.problem_mark or error.context_mark
        reason = f"not valid YAML: {error.problem or error.context}"
        yield Skipped(source.path, reason, min(mark.line, text.count("\n")) + 1 if mark else None)
    except yaml.reader.ReaderError:
        wrong = _UNPRINTABLE.search(text)
        line = source.position(wrong.start() + shift)[0] if wrong else None
        yield Skipped(source.path, "not valid YAML: a control character isn't allowed", line)


class _Composer:
    """Puts nodes together from the parser's events."""

    def __init__(self, source: Source, shift: int) -> None:
        self.source, self.shift = source, shift
        self.open: list[Node] = []
        self.anchors: dict[str, Node] = {}

    def take(self, event: Any) -> Node | None:
        """Take one event; return the root that it completes."""
        start, end = event.start_mark.index + self.shift, event.end_mark.index + self.shift
        if isinstance(event, yaml.ScalarEvent):
            return self._place(event, Node(self.source, "scalar", start, end, event.value, event.style or ""))
        if isinstance(event, yaml.AliasEvent):
            return self._place(None, self.anchors.get(event.anchor or "") or Node(self.source, "scalar", start, end))
        if isinstance(event, yaml.CollectionStartEvent):
            kind: Literal["sequence", "mapping"] = "sequence"
            if isinstance(event, yaml.MappingStartEvent):
                kind = "mapping"
            node = Node(self.source, kind, start, end)
            self._place(event, node)
            self.open.append(node)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = self.open.pop()
            node.end = end
            return None if self.open else node
        elif isinstance(event, yaml.DocumentStartEvent):
            self.anchors = {}
        return None

    def unfinished(self) -> Iterator[Node]:
        """Yield the root that the parser was in, without the keys that have no value yet."""
        for node in self.open:
            if node.kind == "mapping" and len(node.children) % 2:
                node.children.pop()
        yield from self.open[:1]

    def _place(self, event: Any, node: Node) -> Node | None:
        if event is not None:
            node.tag = event.tag or ""
            if event.anchor:
                self.anchors[event.anchor] = node
        if self.open:
            self.open[-1].children.append(node)
        return None if self.open or node.kind != "scalar" else node


def entries(node: Node | None) -> dict[str, Node]:
    """Return a mapping's values by key, merge keys (`<<`) followed; the last of two equal keys counts."""
    if node is None or node.kind != "mapping":
        return {}
    if node.merged is None:
        node.merged = {}  # also what a mapping finds that merges itself
        own: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        for key, value in zip(node.children[::2], node.children[1::2], strict=True):
            if key.value == "<<" and not key.style:
                sources = value.children if value.kind == "sequence" else [value]
                for each in reversed(sources):
                    merged.update(entries(each))
            elif key.kind == "scalar":
                own.pop(key.value, None)  # the order is that of the one that counts
                own[key.value] = value
        node.merged = {**merged, **own}
    return node.merged


def items(node: Node | None) -> list[Node]:
    """Return a sequence's items; a single value counts as a sequence of one, nothing as an empty one."""
    if node is None or is_null(node):
        return []
    return node.children if node.kind == "sequence" else [node]


def flat(node: Node | None) -> Iterator[Node]:
    """Yield a sequence's items, those of sequences in it as well: what an alias in a list of commands makes."""
    waiting = [iter(items(node))]
    for _ in range(_MOST_ITEMS):  # an alias can make a sequence hold itself
        item = next(waiting[-1], None)
        if item is None:
            waiting.pop()
            if not waiting:
                return
        elif item.kind == "sequence":
            waiting.append(iter(item.children))
        else:
            yield item


def is_null(node: Node) -> bool:
    """Tell whether a node is YAML's null: nothing, `~`, or `null`."""
    return node.kind == "scalar" and not node.style and node.value in ("", "~", "null", "Null", "NULL")


def text(node: Node | None) -> str:
    """Return a scalar's value; of anything else, and of null, nothing."""
    return "" if node is None or node.kind != "scalar" or is_null(node) else node.value


def at(node: Node | None, *path: str) -> Node | None:
    """Return what stands below `node` at the keys `path`, where each of them is there."""
    for key in path:
        node = entries(node).get(key)
    return node


def scalar(node: Node, source: Source) -> tuple[str, Offsets]:
    """Return a scalar's value and its map into `source`: each character leads to the one that it stands for."""
    if node.source.path != source.path:
        elsewhere = Builder()
        elsewhere.replace(node.value, ELSEWHERE)
        return elsewhere.build()
    properties = _PROPERTIES.match(node.source.text, node.start, node.end)
    start = properties.end() if properties else node.start
    raw = node.source.text[start : node.end]
    read = block_scalar if node.style in ("|", ">") else flow_scalar
    value, offsets = read(raw, start, node.style, node.value)
    if value != node.value and re.sub(r"[\ud800-\udfff]", "\ufffd", value) != node.value:
        whole = Builder()  # no document is known for which this happens; then the scalar as a whole is meant
        whole.replace(node.value, start, max(node.end - start, 1))
        return whole.build()
    return value, offsets
