"""cloud-init's user data: the commands of the first boot in one shell, and the scripts among the files it writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.formats import argv, machine_scripts
from venvlint.formats.machine_scripts import JINJA
from venvlint.formats.pieces import Piece
from venvlint.formats.yaml_text import Node, at, documents, items, scalar, text
from venvlint.model import Script, Skipped
from venvlint.source import Builder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.source import Source

HEADER = re.compile(r"\ufeff?(?:## *template:[^\n]*\n)?#cloud-config\b")


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield `bootcmd`, the files that are scripts, and `runcmd`."""
    del read  # user data stands alone
    if not HEADER.match(source.text):
        return
    for document in documents(source):
        if isinstance(document, Skipped):
            yield document
            continue
        yield from _commands(source, document, "bootcmd")
        for file in items(at(document, "write_files")):
            content = at(file, "content")
            if content is not None and content.kind == "scalar" and not text(at(file, "encoding")):
                yield from _file(source, content, text(at(file, "path")))
        yield from _commands(source, document, "runcmd")


def _commands(source: Source, document: Node, key: str) -> Iterator[Script]:
    """cloud-init writes all commands of a list to one script for sh."""
    builder = Builder()
    for item in items(at(document, key)):
        if item.kind == "scalar":
            piece = _filled(source, item)
        else:
            words = [_filled(source, word) for word in item.children if word.kind == "scalar"]
            if not words:
                continue
            piece = argv.line(words)
        builder.extend(*piece)
        builder.replace("\n", max(piece.offsets.at(max(len(piece.text) - 1, 0)), 0))
    script = Piece(*builder.build())
    if script.text.strip():
        yield machine_scripts.line(script, "sh", machine="host", name=key)


def _file(source: Source, content: Node, path: str) -> Iterator[Script]:
    piece = _filled(source, content)
    shell = argv.shebang(piece.text)
    if shell is not None:
        yield machine_scripts.line(
            piece, shell.shell, machine=f"file {content.start}", name="script", options=shell.options
        )
    elif path.endswith(".sh") and not piece.text.startswith("#!"):
        yield machine_scripts.line(piece, "sh", machine=f"file {content.start}", name="script")


def _filled(source: Source, node: Node) -> Piece:
    return machine_scripts.filled(Piece(*scalar(node, source)), JINJA)
