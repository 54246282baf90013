"""Whole scripts at random: a seed makes the same script always."""

from __future__ import annotations

import re
from random import Random

from tests.oracle import commands
from tests.oracle.case import Case, Toggle
from tests.oracle.compound import CONTROL, MAXIMUM_DEPTH
from tests.oracle.scopes import SCOPES
from tests.oracle.writer import Context, Lines, Producer, Writer, finished

# Variables that may be unset, on which `set -u` would end the script.
_UNSET = re.compile(r"\$(CI\d+|VIRTUAL_ENV|CONDA_PREFIX|1|count)\b")

# The script asks whether its directory is there.
_ASKED = re.compile(r"! (?:cd|pushd) sub\b|\b(?:cd|pushd) sub(?: >/dev/null)? \|\|")


def _line(writer: Writer, context: Context) -> Lines:
    return [commands.simple(writer, context)]


def _created(writer: Writer, context: Context) -> Lines:
    return [commands.creation(writer, context)]


_STATEMENTS: tuple[tuple[float, Producer], ...] = (
    (20, _line),
    (1.5, _created),
    *((0.75 * weight, producer) for weight, producer in CONTROL),
    *((0.75 * weight, producer) for weight, producer in SCOPES),
)


def statements(writer: Writer, context: Context, count: int) -> Lines:
    """Return `count` statements, compound ones as long as the nesting allows it."""
    lines: Lines = []
    for _ in range(count):
        is_deep = context.depth >= MAXIMUM_DEPTH or (context.depth and writer.chance(0.35 * context.depth))
        producer = _line if is_deep else writer.weighted(_STATEMENTS)
        lines += producer(writer, context)
    return lines


def script(seed: int | str, shell: str | None = None) -> Case:
    """Return the script of this seed; without `shell`, bash three times out of four."""
    random = Random(f"venvlint {seed}")
    name = f"s{seed}".replace("-", "_")
    writer = Writer(random, "sh" if shell == "sh" or (shell is None and random.random() < 0.25) else "bash", name)
    lines = statements(writer, Context(), random.randint(2, 7))
    lines += [f"pip install {writer.tag()}"]
    opening = list(writer.opening.values())
    if writer.chance(0.2):
        options = writer.one(["set -e", "set -eu", "set -ex", "set -euo pipefail" if writer.is_bash else "set -e"])
        opening.insert(0, options)
        if "u" in options:
            lines = [_UNSET.sub(r"${\1:-}", line) for line in lines]
    shebang = writer.one(["#!/bin/bash", "#!/usr/bin/env bash"]) if writer.is_bash else "#!/bin/sh"
    text = finished([shebang, *opening, *lines])
    if _ASKED.search(text):
        writer.toggles.append(Toggle("directory", "sub", ("there", None)))
    return Case(name, writer.shell, text, tuple(writer.files), tuple(writer.toggles), tuple(writer.idle))
