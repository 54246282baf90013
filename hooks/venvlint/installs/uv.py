"""uv: which environment its installing commands choose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from venvlint.installs.request import Program, Request, Variables
from venvlint.installs.uv_options import PIP, PROJECT
from venvlint.installs.words import Parsed, Refused, base_name, boolean, is_path, parse
from venvlint.values import is_unknown

_SOURCES = {"requirements": "-r ", "editable": "-e ", "group": "--group "}
# uv's commands that bring the project's environment up to date, and how each is told not to.
_RUN = {f"--{name}": (name, "true") for name in ("isolated", "no-project", "no-sync")}
_SYNCING = {"sync": "dry-run", "add": "no-sync", "remove": "no-sync", "run": "no-sync"}
# What --python takes besides paths: versions and names of interpreters. uv looks for an environment of that Python.
_VERSION = re.compile(r"[<>=~!^\d]|(cpython|pypy|python|graalpy|cp|pp|any|default)([-@\d.+t]|$)", re.IGNORECASE)


def read(words: Sequence[str], program: Program | None, variables: Variables) -> Request | None:
    """Read what follows `uv`; `program` is the interpreter of `python -m uv`, which uv then takes."""
    verb, rest, has_unknown = _next(words)
    if verb == "pip":
        verb, rest, is_more_unknown = _next(rest)
        if verb in ("install", "sync"):
            options = parse(rest, PIP, abbreviates=False, equals=True)
            options.has_unknown_words |= has_unknown or is_more_unknown
            return _pip(verb, options, program, variables)
        return None
    return _project(verb, rest, variables) if verb in _SYNCING else None


def _next(words: Sequence[str]) -> tuple[str, list[str], bool]:
    """Return the first argument ("" for none), what follows it, and whether an unknown word stands before it."""
    has_unknown = False
    while words:
        parsed = parse(words, PIP, abbreviates=False, equals=True, stops=True)
        words = parsed.arguments
        if not words:
            break
        if not is_unknown(words[0]):
            return words[0], words[1:], has_unknown or parsed.has_unknown_words
        words, has_unknown = words[1:], True
    return "", [], has_unknown


def _pip(verb: str, options: Parsed, program: Program | None, variables: Variables) -> Request | None:
    if options.has("dry-run") or options.has("check"):
        return None
    if options.has("user"):
        raise Refused("--user")
    argument = "-r " if verb == "sync" else ""
    sources = _SOURCES | {"": argument}
    packages = tuple(sources[name] + value for name, value in options.given if name in sources)
    if not packages:
        return None
    is_system = options.has("system") or boolean(variables("UV_SYSTEM_PYTHON"))
    if options.has("no-system") and is_system:
        raise Refused("--no-system")
    traits = set()
    if options.has("break-system-packages") or boolean(variables("UV_BREAK_SYSTEM_PACKAGES")):
        traits.add("override")
    chosen = _chosen(options.last("python") or variables("UV_PYTHON") or "")
    if chosen or is_system:
        program = chosen or Program("system")
        traits.add("uv-system")
    return Request(
        kind="install",
        installer="uv",
        verb=verb,
        program=program or Program("uv"),
        packages=packages,
        target=options.last("target") or options.last("prefix"),
        traits=frozenset(traits),
        has_unknown_words=options.has_unknown_words,
    )


def _chosen(python: str) -> Program | None:
    """Return what --python names, None where uv still searches for an environment by itself."""
    if not python or (not is_path(python) and _VERSION.match(python)):
        return None
    if re.match(r"python|pypy", base_name(python)):
        return Program("path", python)
    return Program("prefix", python)


def _project(verb: str, rest: Sequence[str], variables: Variables) -> Request | None:
    """Read a command that syncs the project's environment: uv's own unless it is told another."""
    environment = variables("UV_PROJECT_ENVIRONMENT")
    options = parse(rest, PROJECT | _RUN, abbreviates=False, equals=True, stops=verb == "run")
    elsewhere = (_SYNCING[verb], "dry-run", "check", "active", "isolated", "no-project")
    if not environment or options.last("script") or any(map(options.has, elsewhere)):
        return None
    return Request(
        kind="install",
        installer="uv",
        verb=verb,
        program=Program("prefix", environment),
        packages=tuple(options.arguments) if verb == "add" else ("-e .",),
        traits=frozenset({"uv-system"}),
        has_unknown_words=options.has_unknown_words,
    )
