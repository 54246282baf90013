"""Taskfiles, package.json, and local hooks of pre-commit: the commands that they name, each by itself."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from venvlint.formats import argv, json_text, machine_scripts
from venvlint.formats.pieces import Piece
from venvlint.formats.yaml_text import Node, at, documents, entries, items, scalar, text
from venvlint.model import Script, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.source import Source

_GO_TEMPLATE = re.compile(r"\{\{-?(?P<name>.*?)-?\}\}", re.DOTALL)
_REFERENCE = re.compile(r"\{\{-?\s*\.PATH\s*-?\}\}")
# Languages of local hooks for which pre-commit makes no environment.
_WITHOUT_ENVIRONMENT = frozenset({"system", "unsupported", "script", "unsupported_script"})


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the commands of the file, each of which runs by itself."""
    del read  # such a file stands alone
    name = posixpath.basename(source.path).lower()
    if name == "package.json":
        yield from _package(source)
        return
    for document in documents(source):
        if isinstance(document, Skipped):
            yield document
        elif "taskfile" in name:
            yield from _taskfile(source, document)
        else:
            yield from _hooks(source, document)


# https://taskfile.dev


def _taskfile(source: Source, document: Node) -> Iterator[Script]:
    values = _values(at(document, "vars"))
    variables = _environment(source, at(document, "env"), values)
    for name, task in entries(at(document, "tasks")).items():
        known = entries(task)
        own = {**values, **_values(known.get("vars"))}
        more = variables + _environment(source, known.get("env"), own)
        nodes = items(known["cmds"]) if "cmds" in known else items(known.get("cmd") if known else task)
        for node in nodes:
            command = _command(node)
            if command is not None:
                piece = machine_scripts.filled(Piece(*scalar(command, source)), _GO_TEMPLATE, own)
                yield machine_scripts.line(piece, "bash", machine=f"task {name}", name="command", variables=more)


def _command(node: Node) -> Node | None:
    """Return the text of one command: `{cmd: ...}`, `{defer: ...}`, or itself."""
    if node.kind == "scalar":
        return node
    found = at(node, "cmd") or at(node, "defer")
    found = at(found, "cmd") if found is not None and found.kind == "mapping" else found
    return found if found is not None and found.kind == "scalar" else None


def _values(node: Node | None) -> dict[str, str]:
    plain = {name: value.value for name, value in entries(node).items() if value.kind == "scalar"}
    return {f".{name}": value for name, value in plain.items() if "{{" not in value}


def _environment(source: Source, node: Node | None, values: dict[str, str]) -> machine_scripts.Variables:
    found = []
    for name, value in entries(node).items():
        if value.kind == "scalar":
            piece = Piece(_REFERENCE.sub("$PATH", value.value), Piece(*scalar(value, source)).offsets)
            found.append((name, machine_scripts.filled(piece, _GO_TEMPLATE, values).text))
    return tuple(found)


# https://pre-commit.com/#repository-local-hooks


def _hooks(source: Source, document: Node) -> Iterator[Script]:
    for repository in items(at(document, "repos")):
        if text(at(repository, "repo")) != "local":
            continue
        for hook in items(at(repository, "hooks")):
            entry = at(hook, "entry")
            if entry is None or entry.kind != "scalar" or text(at(hook, "language")) not in _WITHOUT_ENVIRONMENT:
                continue
            given = [Piece(*scalar(word, source)) for word in items(at(hook, "args")) if word.kind == "scalar"]
            words = argv.split(Piece(*scalar(entry, source)))
            if words:
                machine = f"hook {entry.start}"
                yield machine_scripts.command([*words, *given], machine=machine, name="hook")


# https://docs.npmjs.com/cli/using-npm/scripts


def _package(source: Source) -> Iterator[Script | Skipped]:
    try:
        root = json_text.load(source.text)
    except json_text.JsonError as error:
        yield Skipped(source.path, "not valid JSON", source.position(error.offset)[0])
        return
    commands = root.get("scripts") if isinstance(root, dict) else None
    for name, piece in commands.items() if isinstance(commands, dict) else ():
        if isinstance(piece, Piece) and piece.text:
            shell, line = machine_scripts.for_system(piece)
            yield machine_scripts.line(line, shell, machine=f"script {name}", name="script")
