"""What gives an environment away among tracked paths: a table of what to look for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from venvlint.tracked.listing import LINK, Entry, entry, holding

What = Literal["config", "script", "conda", "tox", "nox", "pixi", "pypackages", "packages", "link", "program"]


class Trace(NamedTuple):
    """What a path that gives something away looks like; `root` is the directory in question."""

    what: What
    path: re.Pattern[bytes]


class Sighting(NamedTuple):
    """A tracked path that gives something away: `root` is the environment's or site-packages' directory."""

    what: What
    root: bytes
    entry: Entry


def _path(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


_TOP = rb"(?P<root>(?:.*?/)?"  # the outermost directory of that name
_CONFIG = Trace("config", _path(rb"(?:(?P<root>.*)/)?pyvenv\.cfg"))
_SCRIPT = Trace(
    "script",
    _path(
        rb"(?:(?P<root>.*)/)?(?:bin|[Ss]cripts)/"
        rb"(?:activate(?:\.(?:bat|csh|fish|nu|ps1|xsh))?|Activate\.ps1|activate_this\.py)"
    ),
)
# `history`, what pixi leaves, and one file for each package: name-version-build.json
_CONDA = Trace(
    "conda", _path(rb"(?:(?P<root>.*?)/)?conda-meta/(?:history|pixi|pixi_env_prefix|[^/]+-[^/-]+-[^/-]+\.json)")
)
_TOX = Trace("tox", _path(_TOP + rb"\.tox)/[^/]+/.+"))
_NOX = Trace("nox", _path(_TOP + rb"\.nox)/[^/]+/.+"))
_PIXI = Trace("pixi", _path(_TOP + rb"\.pixi/envs)/[^/]+/.+"))
_PYPACKAGES = Trace("pypackages", _path(_TOP + rb"__pypackages__)/[23]\.\d+(?:-32)?/.+"))
# pdm writes a .gitignore there that is meant to be committed.
_OTHER_PYPACKAGES = Trace("packages", _path(_TOP + rb"__pypackages__)/(?!\.gitignore$).+"))
_PACKAGES = Trace("packages", _path(_TOP + rb"(?:site|dist)-packages)/.+"))
_LINK = Trace("link", _path(rb"(?:(?P<root>.*)/)?[^/]+"))
_PROGRAM = Trace("program", _path(rb"(?:(?P<root>.*)/)?(?:python|pypy)(?:[23](?:\.\d+)?t?)?w?(?:\.exe)?"))
# What is searched for in all that git prints, and what a record that has it may then be. Each search takes time whether
# it finds something or not: a pattern is quickest if a byte that is rare in paths stands first (what comes before it is
# looked at from behind), plain bytes the longer they are.
Searches = tuple[tuple[bytes | re.Pattern[bytes], tuple[Trace, ...]], ...]
PATHS: Searches = (
    (re.compile(rb"v(?:ate(?<=/[Aa]ctivate)|env(?<=pyvenv)\.cfg\0)"), (_CONFIG, _SCRIPT)),
    (re.compile(rb"x(?:/(?<=\.[nt]ox/)|i/envs/)"), (_TOX, _NOX, _PIXI)),
    (re.compile(rb"-(?:meta|packages)/"), (_CONDA, _PACKAGES)),
    (b"__pypackages__/", (_PYPACKAGES, _OTHER_PYPACKAGES)),
)
# A history has no use for these: links and programs are found in what is tracked now.
_CONTENTS: Searches = (
    (b"\x00120000 ", (_LINK,)),
    (re.compile(rb"py(?:thon|py)(?:\0|[23w.][.twe\0])"), (_PROGRAM,)),
)
READ = ("config", "script", "link", "program")  # what these hold matters


def sightings(piece: bytes) -> Iterator[Sighting]:
    """Yield what one piece of a listing gives away; a path may be yielded several times."""
    for needle, traces in PATHS + _CONTENTS:
        for _, record in holding(piece, needle):
            start = record.index(b"\t") + 1
            for trace in traces:
                if found := trace.path.fullmatch(record, start):
                    one = entry(record)
                    if _can_be(trace.what, one):
                        yield Sighting(trace.what, found["root"] or b"", one)


def _can_be(what: What, one: Entry) -> bool:
    """Tell whether an entry's mode suits: a link holds no configuration. Any file may be a program, see its content."""
    return (one.mode == LINK) is (what == "link") or what not in READ
