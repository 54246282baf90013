"""A GitLab configuration as GitLab puts it together: local includes, `extends`, and `!reference`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from venvlint.formats import Read
from venvlint.formats.yaml_text import Node, at, documents, entries, items, text
from venvlint.model import Skipped
from venvlint.source import Source

# Keys at the root that are no jobs: https://docs.gitlab.com/ci/yaml/#keywords
NO_JOBS = frozenset(
    {
        *("after_script", "before_script", "cache", "default", "image", "include", "services"),
        *("spec", "stages", "types", "variables", "workflow"),
    }
)
_DEEPEST = 10  # GitLab's own limit is 11 levels of extends, 10 of !reference
_MOST_FILES = 150  # GitLab's own limit of includes
_MOST_COMMANDS = 5_000

Job = Mapping[str, Node]


class Config:
    """The root's entries, those of included files below its own, and whether some of them can't be had."""

    def __init__(self, source: Source, read: Read, wanted: str = "") -> None:
        """Take the file to begin with, and the one that is in question: wildcards are asked for no other."""
        self.source, self.read, self.wanted = source, read, wanted
        self.files = {source.path}
        self.skipped: list[Skipped] = []
        self.root: dict[str, Node] = {}
        self.layers: dict[str, list[Node]] = {}  # the mappings of one key in all files, the weakest first
        for document in documents(source):
            if isinstance(document, Skipped):
                self.skipped.append(document)
            else:
                self._add(document)

    def _add(self, root: Node) -> None:
        for path in self._included(at(root, "include")):
            data = self.read(path) if path not in self.files and len(self.files) < _MOST_FILES else None
            if data is None:
                continue
            self.files.add(path)
            for document in documents(Source(path, data)):
                if isinstance(document, Node):
                    self._add(document)
        for key, value in entries(root).items():
            self.root[key] = value
            self.layers.setdefault(key, []).append(value)

    def _included(self, include: Node | None) -> Iterator[str]:
        for each in items(include):
            local = at(each, "local")
            path = text(local) or ("" if entries(each) else text(each))
            if not path or "://" in path or re.search(r"[*$]", path) or at(each, "project") is not None:
                if _is_among(self.wanted, path):
                    yield self.wanted
            else:
                yield path.lstrip("/")

    def own(self, name: str) -> Job:
        """Return what a key's mappings say, `extends` not followed."""
        found: dict[str, Node] = {}
        for layer in self.layers.get(name, []):
            found.update(entries(layer))
        return found

    def job(self, name: str, depth: int = 0) -> tuple[Job, tuple[str, ...]]:
        """Return a job with what it extends, and the names of those that can't be had."""
        own = self.own(name)
        found: dict[str, Node] = {}
        missing: list[str] = []
        for base in items(own.get("extends")):
            if text(base) not in self.layers or depth > _DEEPEST:
                missing.append(text(base))
                continue
            inherited, lacking = self.job(text(base), depth + 1)
            found.update(inherited)
            missing += lacking
        found.update(own)
        return found, tuple(missing)

    def variables(self, name: str, depth: int = 0) -> Iterator[tuple[str, str]]:
        """Yield the variables of a job, those of what it extends first."""
        own = self.own(name)
        for base in items(own.get("extends")):
            if depth <= _DEEPEST and text(base) in self.layers:
                yield from self.variables(text(base), depth + 1)
        yield from values(own.get("variables"))

    def commands(self, node: Node | None) -> Iterator[Node | None]:
        """Yield the scalars of a script, what it refers to in its place; None for what can't be had."""
        waiting: list[tuple[Iterator[Node], int]] = [(iter(items(node)), 0)]
        if node is not None and node.tag == "!reference":
            waiting = [(iter([node]), 0)]
        for _ in range(_MOST_COMMANDS):
            item = next(waiting[-1][0], None) if waiting else None
            if item is None:
                waiting.pop()
                if not waiting:
                    return
            elif item.tag == "!reference":
                target, depth = self._referred(item), waiting[-1][1]
                if target is None or depth > _DEEPEST:
                    yield None
                else:
                    is_one = target.kind == "scalar" or target.tag == "!reference"
                    waiting.append((iter([target] if is_one else target.children), depth + 1))
            elif item.kind == "sequence":
                waiting.append((iter(item.children), waiting[-1][1] + 1))
            elif text(item):
                yield item

    def _referred(self, reference: Node) -> Node | None:
        name, *path = [text(each) for each in reference.children] or [""]
        if not path:
            return self.root.get(name)
        node = self.job(name)[0].get(path[0])
        return at(node, *path[1:])


def _is_among(path: str, pattern: str) -> bool:
    """Tell whether a wildcard of `include: local` fits: https://docs.gitlab.com/ci/yaml/includes/"""
    parts = {"**": ".*", "*": "[^/]*"}
    fits = "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*?)", pattern.lstrip("/")))
    return "*" in pattern and re.fullmatch(fits, path) is not None


def values(node: Node | None) -> Iterator[tuple[str, str]]:
    """Yield the variables of a mapping, whose values can be mappings with a description."""
    for name, value in entries(node).items():
        yield name, text(at(value, "value")) if value.kind == "mapping" else text(value)
