"""What a container starts with when another file says what it runs: its image, or the Dockerfile that makes it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.formats import docker_words, images
from venvlint.formats.dockerfile import final_stage
from venvlint.formats.dockerfile_stage import Stage
from venvlint.formats.pieces import Piece
from venvlint.source import Source
from venvlint.values import is_known, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from venvlint.formats import Read


def of_image(machine: str, image: str) -> Stage:
    """Return what a container of `image` starts with."""
    return Stage(machine, images.start_in(image) if is_known(image) else "unknown")


def of_dockerfile(machine: str, text: str | None, target: str = "") -> Stage:
    """Return what a container of the image that a Dockerfile makes starts with; None: there is none to read."""
    stage = final_stage(text, target) if text is not None else None
    if stage is None:
        return Stage(machine, "unknown")
    return replace(stage, machine=machine, after=(), env=dict(stage.env))


def read_dockerfile(read: Read, base: str, context: str, name: str) -> str | None:
    """Return the text of a Dockerfile: `name` in `context`, which is relative to the file `base`."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), context, name or "Dockerfile"))
    data = read(path) if is_known(path) and not path.startswith(("..", "/")) else None
    return None if data is None else Source(path, data).text


def add_environment(stage: Stage, variables: Iterable[tuple[str, str]]) -> Stage:
    """Return `stage` with variables set to plain text."""
    added = {name: docker_words.quoted(value) for name, value in variables}
    return replace(stage, env={**stage.env, **added})


def substituted(piece: Piece, pattern: re.Pattern[str]) -> Piece:
    """Return `piece` with the references that `pattern` finds replaced: by their `default`, else by a mark.

    Of the pattern's groups, `escape` is text that stands for itself, `name` and `braced` the variable's name.
    """

    def value(match: re.Match[str]) -> str:
        groups = match.groupdict()
        name = groups.get("name") or groups.get("braced") or ""
        return groups.get("escape") or groups.get("default") or unknown(name)

    return piece.replaced(pattern, value)
