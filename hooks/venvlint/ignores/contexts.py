"""Docker builds that copy their whole context, and where that context is."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from venvlint.formats.dockerfile_reader import Instruction, instructions, words
from venvlint.ignores import builds
from venvlint.ignores.disk import Disk
from venvlint.ignores.working_tree import WorkingTree
from venvlint.model import Span
from venvlint.source import Source

_DOCKERFILE = re.compile(rb"(?:Docker|Container)file(?:\..*)?|.*\.(?:docker|container)file", re.IGNORECASE | re.DOTALL)
_NO_DOCKERFILE = (".dockerignore", ".j2", ".jinja", ".jinja2", ".template", ".tmpl")
_PYTHON = re.compile(r"\b(python[\d.]*|pip3?|uv|uvicorn|gunicorn|poetry|pipenv|pdm|conda|mamba|hatch)\b", re.IGNORECASE)
_WHOLE = (".", "./", "/", "./.")


@dataclass(frozen=True, slots=True)
class Copy:
    """An instruction that copies the whole of a build context."""

    dockerfile: str
    context: str  # "" is the repository's root
    text: str
    span: Span
    is_python: bool  # the image has to do with Python


def copies(tree: WorkingTree, disk: Disk) -> Iterator[Copy]:
    """Yield the instructions that copy a whole context, each once for each context that it is built with.

    Contexts are those of Compose files and build commands. A Dockerfile that none names is built with its own directory
    or with the root, whichever has what it copies by name; where that doesn't tell, nothing is known.
    """
    named: dict[str, dict[str, None]] = {}
    for dockerfile, context in builds.contexts(tree, disk):
        named.setdefault(dockerfile, {})[context] = None
    dockerfiles = [path for path in builds.files(tree, _DOCKERFILE) if not path.lower().endswith(_NO_DOCKERFILE)]
    for path in sorted({*dockerfiles, *named}):
        data = disk.read(path)
        if data is None:
            continue
        source = Source(path, data)
        is_python = bool(_PYTHON.search(source.text))
        for instruction in _copying(source.text):
            text = " ".join(source.text[instruction.span.start : instruction.span.end].replace("\\\n", " ").split())
            for context in named.get(path) or _own_context(path, source.text, disk):
                yield Copy(path, context, text, instruction.span, is_python)


def _own_context(path: str, text: str, disk: Disk) -> list[str]:
    place = posixpath.dirname(path)
    if not place or disk.read(f"{place}/.dockerignore") is not None:
        return [place]
    named = [
        argument.lstrip("/")
        for instruction in instructions(text)
        if instruction.keyword in ("ADD", "COPY") and not any(flag.startswith("--from") for flag in instruction.flags)
        for argument in _arguments(instruction)[:-1]
        if argument not in _WHOLE and re.fullmatch(r"[\w./-]+", argument)
    ]
    fits = [context for context in (place, "") if named and all(_exists(context, name, disk) for name in named)]
    return fits if len(fits) == 1 else []


def _exists(context: str, name: str, disk: Disk) -> bool:
    return os.path.lexists(disk.absolute(posixpath.normpath(posixpath.join(context, name))))


def _copying(text: str) -> Iterator[Instruction]:
    for instruction in instructions(text):
        is_copy = instruction.keyword in ("ADD", "COPY") and not instruction.heredocs
        if is_copy and not any(flag.startswith(("--from=", "--exclude=")) for flag in instruction.flags):
            arguments = _arguments(instruction)
            if any(argument in _WHOLE for argument in arguments[:-1]):
                yield instruction


def _arguments(instruction: Instruction) -> list[str]:
    text = instruction.arguments.text
    if text.startswith("["):
        import json

        try:
            found = json.loads(text)
        except ValueError:
            found = None
        if isinstance(found, list):
            return [str(each) for each in found]
    return [text[start:end].strip("\"'") for start, end in words(text, instruction.escape)]
