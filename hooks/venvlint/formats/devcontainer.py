"""devcontainer.json: the commands of a development container's life, in the image that it names or builds."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.formats import argv, compose, containers, docker_words, images
from venvlint.formats.dockerfile_stage import Stage, execute, in_shell
from venvlint.formats.json_text import JsonError, load
from venvlint.formats.pieces import Piece, Value, text_of
from venvlint.model import Script, Skipped
from venvlint.source import Source
from venvlint.values import unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read

# In the order in which they run: https://containers.dev/implementors/json_reference/#lifecycle-scripts. What runs on
# the host (initializeCommand) isn't in the container.
_COMMANDS = ("onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand", "postAttachCommand")
_REFERENCE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<of>\w+))?(?::(?P<default>[^{}]*))?\}")


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the commands of a development container in the order of its life."""
    try:
        settings = load(source.text)
    except JsonError as error:
        yield Skipped(source.path, str(error), source.position(error.offset)[0])
        return
    if not isinstance(settings, dict):
        return
    on_host = Stage("host")
    for script in _run(on_host, settings.get("initializeCommand"), "initializeCommand"):
        yield replace(script, place="script")
    stage = _stage(source.path, settings, read)
    for key in ("containerEnv", "remoteEnv"):
        stage.env.update(_variables(settings.get(key), stage.env))
    for name in _COMMANDS:
        yield from _run(stage, settings.get(name), name)


def _run(stage: Stage, value: Value, name: str) -> Iterator[Script]:
    """Yield a command: a string is for a shell, a list are words, an object's values run side by side."""
    if isinstance(value, dict):
        for each in value.values():
            if not isinstance(each, dict):
                yield from _run(stage, each, name)
    elif isinstance(value, list):
        yield from execute(stage, [_known(word) for word in value if isinstance(word, Piece)], name)
    elif value is not None:
        yield from in_shell(stage, _known(value), argv.Interpreter("sh", "", 0), name)


def _known(piece: Piece) -> Piece:
    return containers.substituted(piece, _REFERENCE)


def _stage(path: str, settings: dict[str, Value], read: Read) -> Stage:
    machine = "container"
    services = settings.get("dockerComposeFile")
    if services is not None:
        files = services if isinstance(services, list) else [services]
        for name in (file.text for file in files if isinstance(file, Piece)):
            found = _of_service(path, name, text_of(settings.get("service")), read)
            if found:
                return found
        return Stage(machine, "unknown")
    build = settings.get("build")
    options = build if isinstance(build, dict) else {}
    name = text_of(options.get("dockerfile")) or text_of(settings.get("dockerFile"))
    if name:
        return containers.of_dockerfile(
            machine, containers.read_dockerfile(read, path, "", name), text_of(options.get("target"))
        )
    image = text_of(settings.get("image"))
    stage = containers.of_image(machine, image) if image else Stage(machine, "unknown")
    features = settings.get("features")
    has_conda = isinstance(features, dict) and any(re.search(r"/(ana|mini)?conda", feature) for feature in features)
    return Stage(machine, "base") if has_conda and images.start_in(image) == "global" else stage


def _of_service(path: str, name: str, service: str, read: Read) -> Stage | None:
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    data = read(beside) if not beside.startswith(("..", "/")) else None
    return None if data is None else compose.stage_of(Source(beside, data), read, service)


def _variables(value: Value, known: dict[str, str]) -> dict[str, str]:
    """Return variables as a shell has them between double quotes: `${containerEnv:PATH}` is what is there already."""
    found = {}
    for name, piece in value.items() if isinstance(value, dict) else ():
        if isinstance(piece, Piece):
            parts, at = [], 0
            for match in _REFERENCE.finditer(piece.text):
                own = known.get(match["of"] or "", f"${{{match['of']}}}")
                parts += [docker_words.quoted(piece.text[at : match.start()])]
                parts += [own if match["name"] == "containerEnv" else unknown(match["of"] or match["name"])]
                at = match.end()
            found[name] = "".join([*parts, docker_words.quoted(piece.text[at:])])
    return found
