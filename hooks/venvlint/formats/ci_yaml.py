"""Other CI systems: AppVeyor, Bitbucket, Buildkite, Cirrus, CodeBuild, Drone, Read the Docs, Semaphore, Travis, ..."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from venvlint.formats import Read, ci_files, images
from venvlint.formats.ci_systems import SYSTEMS, System
from venvlint.formats.expressions import joined
from venvlint.formats.pieces import Piece
from venvlint.formats.yaml_text import Node, documents, entries, flat, items, scalar, text
from venvlint.model import Script, Shell, Skipped
from venvlint.source import Source

# Items of a list of commands that say which shell they are for: AppVeyor's `- ps: ...`.
_SHELLS: dict[str, Shell] = {"bash": "bash", "cmd": "cmd", "ps": "pwsh", "pwsh": "pwsh", "sh": "bash"}
_DOUBLED = re.compile(r"\$\$")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|\S*)")

Trail = tuple[Node, ...]  # from the document to a node in it


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the scripts of a file whose path tells the system."""
    del read  # such a file stands alone
    yield from of_system(source, _system(source.path))


def of_system(source: Source, name: str) -> Iterator[Script | Skipped]:
    """Yield the scripts of a file as the row of a system says."""
    for number, root in enumerate(documents(source)):
        if isinstance(root, Skipped):
            yield root
        else:
            yield from _Reader(source, SYSTEMS[name], f"{name} {number}").scripts(root)


def _system(path: str) -> str:
    for name, pattern in ci_files.SYSTEMS:
        if re.fullmatch(rf"(?:.*/)?(?:{pattern})", path, re.IGNORECASE):
            return name
    raise AssertionError(f"unreachable: no CI system has {path}")


class _Reader:
    """Reads one document as its system's row says."""

    def __init__(self, source: Source, system: System, name: str) -> None:
        self.source, self.system, self.name = source, system, name

    def scripts(self, root: Node) -> Iterator[Script]:
        """Yield the document's scripts, one holder after the other."""
        seen: set[int] = set()
        for path in self.system.holders:
            for trail in found((root,), path):
                if id(trail[-1]) not in seen and self._holds(trail[-1], root):
                    seen.add(id(trail[-1]))
                    yield from self._holder(trail)

    def _holds(self, node: Node, root: Node) -> bool:
        """Tell whether a node has scripts of its own: whatever it stands in is no reason to run them once more."""
        if node is root and "" not in self.system.holders and "**" not in self.system.holders:
            return False
        return any(next(found((node,), path), None) for group in self.system.scripts for path in group)

    def _holder(self, trail: Trail) -> Iterator[Script]:
        machine = f"{self.name}:{trail[-1].start}" if self.system.machine is None else self.name
        usual = self._shell(trail)
        start = self._start(trail)
        variables = tuple(self._variables(trail))
        for group in self.system.scripts:
            for shell, pieces in self._shells(trail, group, usual):
                piece = joined(pieces)
                yield Script(
                    shell,
                    piece.text,
                    piece.offsets,
                    place="runner",
                    machine=machine,
                    variables=variables,
                    options=self.system.options if shell not in ("cmd", "pwsh") else "",
                    start=start,
                    carry="session" if self.system.is_session else "",
                )

    def _shell(self, trail: Trail) -> Shell:
        for path, pattern, shell in self.system.shells:
            if any(re.search(pattern, text(each[-1]), re.IGNORECASE) for each in self._outward(trail, path)):
                return shell
        return self.system.usual

    def _start(self, trail: Trail) -> images.Start:
        if self.system.isolated is not None:
            key, value = self.system.isolated
            values = [text(each[-1]) for each in self._outward(trail, key)]
            if values:
                return "environment" if values[-1] == value else self.system.start
            elsewhere = (text(each[-1]) for each in found(trail[:1], f"**.{key}"))
            return "unknown" if value in elsewhere else self.system.start
        names = [text(each[-1]) for path in self.system.image for each in self._outward(trail, path)]
        return images.start_in(names[-1]) if any(names) else self.system.start

    def _outward(self, trail: Trail, path: str) -> Iterator[Trail]:
        """Yield what stands at `path` below the nodes of a trail, the outermost first."""
        for end in range(1, len(trail) + 1):
            yield from found(trail[:end], path)

    def _variables(self, trail: Trail) -> Iterator[tuple[str, str]]:
        for end in range(1, len(trail) + 1):
            for path in self.system.variables:
                for each in found(trail[:end], path):
                    yield from variables(each[-1])

    def _shells(self, trail: Trail, group: tuple[str, ...], shell: Shell) -> Iterator[tuple[Shell, list[Piece]]]:
        """Yield the pieces that one shell gets: those of a group, parted where an item names another shell."""
        pieces: list[Piece] = []
        current = shell
        for path in group:
            places = list(found(trail[-1:], path)) if "*" in path else self._places(trail, path)
            for place in places:
                for kind, node in _commands(place[-1], shell):
                    if pieces and kind != current:
                        yield current, pieces
                        pieces = []
                    current = kind
                    pieces.append(self._piece(node))
                if "*" in path and pieces:
                    yield current, pieces
                    pieces = []
        if pieces:
            yield current, pieces

    def _places(self, trail: Trail, path: str) -> list[Trail]:
        places = list(self._outward(trail, path))
        return places[-1:] if self.system.replaces else places

    def _piece(self, node: Node) -> Piece:
        piece = Piece(*scalar(node, self.source))
        return piece.replaced(_DOUBLED, lambda _: "$") if self.system.halves_dollars else piece


def found(trail: Trail, path: str) -> Iterator[Trail]:
    """Yield the trails of what stands at a path of keys below a trail's last node."""
    if not path:
        yield trail
        return
    key, _, rest = path.partition(".")
    if key == "**":
        for each in _below(trail):
            yield from found(each, rest)
        return
    node = trail[-1]
    if node.kind == "sequence" and (key == "*" or key.isdecimal()):
        for item in node.children if key == "*" else node.children[int(key) :][:1]:
            yield from found((*trail, item), rest)
    elif node.kind == "mapping":
        for name, value in entries(node).items():
            if name == key or ("*" in key and fnmatchcase(name, key)):
                yield from found((*trail, value), rest)


def _below(trail: Trail) -> Iterator[Trail]:
    """Yield a trail and those of all nodes below, each node once; those of a key that is there twice, too."""
    waiting, seen = [trail], {id(trail[-1])}
    while waiting:
        each = waiting.pop()
        yield each
        node = each[-1]
        children = node.children[1::2] if node.kind == "mapping" else node.children
        merged = list(entries(node).values()) if node.kind == "mapping" else []
        for child in reversed([*children, *merged]):
            if id(child) not in seen:
                seen.add(id(child))
                waiting.append((*each, child))


def _commands(node: Node, shell: Shell) -> Iterator[tuple[Shell, Node]]:
    """Yield the scalars of a list of commands with the shell that each is for."""
    for item in flat(node):
        if item.kind == "scalar" and text(item):
            yield shell, item
        for name, value in entries(item).items():
            if name in _SHELLS and text(value):
                yield _SHELLS[name], value


def variables(node: Node | None) -> Iterator[tuple[str, str]]:
    """Yield the variables that a mapping, or a list of mappings or of `NAME=value`, sets."""
    for name, value in entries(node).items():
        if value.kind == "scalar":
            yield name, text(value)
    for item in items(node):
        if item.kind == "scalar":
            for assignment in _ASSIGNMENT.finditer(text(item)):
                yield assignment[1], assignment[2].strip("\"'")
        elif item is not node:
            named = entries(item)
            if "name" in named and "value" in named:
                yield text(named["name"]), text(named["value"])
            else:
                yield from ((name, text(value)) for name, value in named.items() if value.kind == "scalar")
