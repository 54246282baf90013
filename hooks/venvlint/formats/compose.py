"""Compose files: what the services run, in the images that they name or build."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.formats import argv, containers, dockerfile
from venvlint.formats.dockerfile_stage import Stage, execute
from venvlint.formats.pieces import Piece, through
from venvlint.formats.yaml_text import Node, at, documents, entries, items, scalar, text
from venvlint.model import Script, Skipped
from venvlint.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read

# https://docs.docker.com/reference/compose-file/interpolation/
_REFERENCE = re.compile(
    r"\$(?P<escape>\$)|\$(?P<name>[A-Za-z_]\w*)|\$\{(?P<braced>[A-Za-z_]\w*)(?::?-(?P<default>[^{}]*)|[^{}]*)\}"
)


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield what each service's image is built with, where that stands here, and what the service runs."""
    for document in documents(source):
        if isinstance(document, Skipped):
            yield document
            continue
        services = entries(at(document, "services"))
        built = {text(at(each, "image")): each for each in services.values() if at(each, "build")}
        for name, service in services.items():
            yield from _inline(source, read, at(service, "build", "dockerfile_inline"), name)
            made_by = service if at(service, "build") else built.get(text(at(service, "image")), service)
            stage = containers.add_environment(_stage(source, read, name, made_by), _environment(source, service))
            yield from _commands(source, stage, service)


def stage_of(source: Source, read: Read, name: str) -> Stage:
    """Return what a container of the service called `name` starts with."""
    for document in documents(source):
        service = None if isinstance(document, Skipped) else at(document, "services", name)
        if service:
            return containers.add_environment(_stage(source, read, name, service), _environment(source, service))
    return Stage(name, "unknown")


def _commands(source: Source, stage: Stage, service: Node) -> Iterator[Script]:
    entry = _words(source, at(service, "entrypoint"))
    command = _words(source, at(service, "command"))
    if entry or command:
        yield from execute(stage, [*entry, *command], "entrypoint" if entry else "command")
    for hook in ("post_start", "pre_stop"):
        for item in items(at(service, hook)):
            words = _words(source, at(item, "command"))
            if words:
                yield from execute(stage, words, hook)


def _words(source: Source, node: Node | None) -> list[Piece]:
    if node is None:
        return []
    pieces = [_value(source, item) for item in items(node) if item.kind == "scalar"]
    return pieces if node.kind == "sequence" else [word for piece in pieces for word in argv.split(piece)]


def _value(source: Source, node: Node) -> Piece:
    return containers.substituted(Piece(*scalar(node, source)), _REFERENCE)


def _stage(source: Source, read: Read, name: str, service: Node) -> Stage:
    machine = f"service {name}"
    build = at(service, "build")
    if build is None:
        image = at(service, "image")
        return containers.of_image(machine, _value(source, image).text) if image else Stage(machine, "unknown")
    inline = at(build, "dockerfile_inline")
    if inline:
        return containers.of_dockerfile(machine, _value(source, inline).text, text(at(build, "target")))
    context = text(build) if build.kind == "scalar" else text(at(build, "context"))
    dockerfile_text = containers.read_dockerfile(read, source.path, context or ".", text(at(build, "dockerfile")))
    return containers.of_dockerfile(machine, dockerfile_text, text(at(build, "target")))


def _environment(source: Source, service: Node) -> Iterator[tuple[str, str]]:
    environment = at(service, "environment")
    if environment is None:
        return
    if environment.kind == "mapping":
        for name, value in entries(environment).items():
            if value.kind == "scalar" and text(value):
                yield name, _value(source, value).text
    for item in items(environment) if environment.kind == "sequence" else ():
        name, equals, assigned = _value(source, item).text.partition("=") if item.kind == "scalar" else ("", "", "")
        if equals:
            yield name, assigned


def _inline(source: Source, read: Read, node: Node | None, service: str) -> Iterator[Script | Skipped]:
    if node is None or node.kind != "scalar":
        return
    piece = _value(source, node)
    inner = Source(source.path, piece.text.encode("utf-8", "surrogateescape"))
    inner.text = piece.text  # the marks in it are ours
    for found in dockerfile.scripts(inner, read):
        if isinstance(found, Skipped):
            yield replace(found, line=source.position(node.start)[0])
        else:
            _, offsets = through(Piece(found.text, found.offsets), piece)
            machines = tuple(f"service {service} {machine}" for machine in found.after)
            machine = f"service {service} {found.machine}"
            yield replace(found, offsets=offsets, machine=machine, after=machines)
