"""Which context a Dockerfile is built with, where a Compose file or a build command says so."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator

from venvlint.ignores.disk import Disk
from venvlint.ignores.working_tree import WorkingTree

_COMPOSE = re.compile(rb"(?:docker-)?compose.*\.ya?ml", re.DOTALL)
# What is run at the repository's top, by custom or by the CI system.
_COMMANDS = re.compile(
    rb"(?:GNU)?[Mm]akefile|[Jj]ustfile|Jenkinsfile|[Tt]askfile\.ya?ml|package\.json|[^/]+\.sh|[^/]+\.ya?ml", re.DOTALL
)
_AT_TOP = re.compile(r"[^/]+|\.github/workflows/[^/]+|\.circleci/config\.yml")
_MOVES = re.compile(r"\b(?:cd|pushd|chdir|working[-_]directory|WORKDIR|dir)\b|(?<!\S)-C\b")
_BUILD = re.compile(r"\b(?:docker(?:[ \t]+(?:buildx|image))?|podman|buildah)[ \t]+(?:build|bud)\b([^\n;&|#`\"']*)")


def contexts(tree: WorkingTree, disk: Disk) -> Iterator[tuple[str, str]]:
    """Yield Dockerfiles, each with the directory that is its context ("" is the repository's root)."""
    for path in files(tree, _COMPOSE):
        yield from _of_compose(path, disk)
    for path in files(tree, _COMMANDS):
        if _AT_TOP.fullmatch(path):
            yield from _of_commands(disk.read(path) or b"", disk)


def files(tree: WorkingTree, names: re.Pattern[bytes]) -> Iterator[str]:
    """Yield the files, tracked or not, whose last component matches."""
    yield from (entry.path for entry in tree.tracked(lambda name: bool(names.fullmatch(name))) if entry.is_regular)
    yield from (path for path in tree.untracked if names.fullmatch(os.fsencode(path.rpartition("/")[2])))


def _of_commands(data: bytes, disk: Disk) -> Iterator[tuple[str, str]]:
    """Yield what `docker build --file sub/Dockerfile .` names, if nothing in the same file goes elsewhere first."""
    if b"build" not in data or b"." not in data:
        return
    text = data.decode("utf-8", "replace").replace("\\\n", " ")
    if _MOVES.search(text):
        return
    for found in _BUILD.finditer(text):
        words = found[1].split()
        file = re.search(r"(?<!\S)(?:-f|--file)[ =]+([\w./-]+)(?!\S)", " ".join(words))
        if file and words[-1] in (".", "./") and disk.read(path := posixpath.normpath(file[1])) is not None:
            yield path, ""


def _of_compose(path: str, disk: Disk) -> Iterator[tuple[str, str]]:
    """Yield Dockerfile and context of each build in a Compose file, if both can be told and are in the repository."""
    data = disk.read(path)
    if data is None or b"build" not in data:
        return
    import yaml

    try:
        document = yaml.load(data, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except (yaml.YAMLError, ValueError, RecursionError):
        return  # the file's own problem
    services = document.get("services") if isinstance(document, dict) else None
    for service in services.values() if isinstance(services, dict) else ():
        build = service.get("build") if isinstance(service, dict) else None
        options = build if isinstance(build, dict) else {"context": build}
        context, dockerfile = options.get("context", "."), options.get("dockerfile", "Dockerfile")
        if (
            not isinstance(context, str)
            or not isinstance(dockerfile, str)
            or "$" in context + dockerfile
            or ":" in context
        ):
            continue
        place = posixpath.normpath(posixpath.join(posixpath.dirname(path), context))
        file = posixpath.normpath(posixpath.join(place, dockerfile))
        if not place.startswith(("..", "/")) and not file.startswith(("..", "/")):
            yield file, "" if place == "." else place
