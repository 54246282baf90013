"""What gives an environment away among tracked paths: a table of what to look for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from venvlint.tracked.listing import LINK, Entry, entry, holding

What = Literal["config", "script", "conda", "tox", "nox", "pixi", "pypackages", "packages", "link", "program"]


class Trace(NamedTuple):
    """Bytes that are quickly found, and the pattern that a path (or for a mode: its name) then has to have."""

    what: What
    literal: bytes
    path: re.Pattern[bytes]


class Sighting(NamedTuple):
    """A tracked path that gives something away: `root` is the environment's or site-packages' directory."""

    what: What
    root: bytes
    entry: Entry


def _path(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


_TOP = rb"(?P<root>(?:.*?/)?"  # the outermost directory of that name
_PROGRAM = _path(rb"(?:(?P<root>.*)/)?(?:python|pypy|graalpy)(?:[23](?:\.\d+)?t?)?w?(?:\.exe)?")
# Ordered by what they cost nobody; each literal is as long as can be, since longer ones are found faster.
PATHS = (
    Trace("config", b"pyvenv.cfg\0", _path(rb"(?:(?P<root>.*)/)?pyvenv\.cfg")),
    Trace(
        "script",
        b"ctivate",
        _path(
            rb"(?:(?P<root>.*)/)?(?:bin|[Ss]cripts)/"
            rb"(?:activate(?:\.(?:bat|csh|fish|nu|ps1|xsh))?|Activate\.ps1|activate_this\.py)"
        ),
    ),
    Trace(
        "conda",
        b"conda-meta/",
        # `history`, what pixi leaves, and one file for each package: name-version-build.json
        _path(rb"(?:(?P<root>.*?)/)?conda-meta/(?:history|pixi|pixi_env_prefix|[^/]+-[^/-]+-[^/-]+\.json)"),
    ),
    Trace("tox", b".tox/", _path(_TOP + rb"\.tox)/[^/]+/.+")),
    Trace("nox", b".nox/", _path(_TOP + rb"\.nox)/[^/]+/.+")),
    Trace("pixi", b".pixi/envs/", _path(_TOP + rb"\.pixi/envs)/[^/]+/.+")),
    Trace("pypackages", b"__pypackages__/", _path(_TOP + rb"__pypackages__)/[23]\.\d+(?:-32)?/.+")),
    # pdm writes a .gitignore there that is meant to be committed
    Trace("packages", b"__pypackages__/", _path(_TOP + rb"__pypackages__)/(?!\.gitignore$).+")),
    Trace("packages", b"site-packages/", _path(_TOP + rb"site-packages)/.+")),
    Trace("packages", b"dist-packages/", _path(_TOP + rb"dist-packages)/.+")),
)
_MODES = (
    Trace("link", b"\x00120000 ", _path(rb"(?:(?P<root>.*)/)?[^/]+")),
    Trace("program", b"\x00100755 ", _PROGRAM),
    Trace("program", b"ython.exe\0", _PROGRAM),  # Windows has no executable bit
)
READ = ("config", "script", "link", "program")  # what these hold matters


def sightings(piece: bytes) -> Iterator[Sighting]:
    """Yield what one piece of a listing gives away."""
    for trace in PATHS + _MODES:
        for record in holding(piece, trace.literal):
            found = trace.path.fullmatch(record, record.index(b"\t") + 1)
            if found:
                one = entry(record)
                if trace.what == "link" or one.mode != LINK or trace.what not in READ:
                    yield Sighting(trace.what, found["root"] or b"", one)
