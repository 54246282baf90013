"""Tools that keep an environment for each project: what they do once that is switched off, or where they have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from venvlint.installs import pip
from venvlint.installs.request import Program, Request, Variables
from venvlint.installs.words import Options, Parsed, boolean, is_path, parse, table
from venvlint.values import is_known

_UNISOLATED = frozenset({"unisolated"})
_PYTHON = Program("name", "python")


_POETRY = table(
    "extras -E with without only project -P directory -C group -G python platform source markers",
    "dry-run lock unset list local",
    "help -h version -V",
)
_PIPENV = table(
    "pypi-mirror python extra-pip-args resolver categories extras config-settings index -i requirements -r editable -e",
    "system dry-run outdated",
    "help -h version",
)
_PDM = table(
    "project -p group -G with override lockfile -L skip -k config-setting -C editable -e config -c",
    "global -g dry-run no-sync",
    "help -h version -V",
)
_FLIT = table("ini-file -f python deps extras", "user env symlink -s pth-file", "help -h version -V")
_PIP_SYNC = table(
    "find-links -f index-url -i extra-index-url trusted-host python-executable cert client-cert pip-args config",
    "dry-run -n user",
    "help -h version",
)


def read(tool: str, words: Sequence[str], program: Program, variables: Variables) -> Request | None:
    """Read what follows `poetry`, `pipenv`, `pdm` or `flit`."""
    if tool == "poetry":
        return _poetry(words, program, variables)
    if tool == "pipenv":
        return _pipenv(words, variables)
    if tool == "pdm":
        return _pdm(words)
    return _flit(words, program, variables) if tool == "flit" else None


def _verb(words: Sequence[str], options: Options) -> tuple[str, list[str], Parsed]:
    parsed = parse(words, options, abbreviates=False)
    verb, *rest = parsed.arguments or [""]
    return verb, rest, parsed


def _poetry(words: Sequence[str], program: Program, variables: Variables) -> Request | None:
    verb, rest, options = _verb(words, _POETRY)
    if verb == "config" and rest[:1] == ["virtualenvs.create"]:
        is_off = rest[1:] in (["false"], ["0"]) and not options.has("unset")  # poetry takes no other word
        return Request("setting", "poetry", verb, program, traits=_UNISOLATED) if is_off else None
    create = variables("POETRY_VIRTUALENVS_CREATE")
    if verb not in ("install", "add", "update", "sync") or create is None or not is_known(create) or _is_on(create):
        return None
    if options.has("dry-run") or options.has("lock"):
        return None
    return Request("install", "poetry", verb, _PYTHON, tuple(rest) or ("-e .",), traits=_UNISOLATED)


def _is_on(value: str) -> bool:
    return value.lower() in ("true", "1")  # of a variable poetry takes all else for false


def _pipenv(words: Sequence[str], variables: Variables) -> Request | None:
    verb, rest, options = _verb(words, _PIPENV)
    is_system = options.has("system") or boolean(variables("PIPENV_SYSTEM"))
    if verb not in ("install", "sync", "update", "upgrade") or not is_system:
        return None
    if options.has("dry-run") or options.has("outdated"):
        return None
    sources = [f"-r {file}" for file in options.all("requirements")]
    sources += [f"-e {path}" for path in options.all("editable")]
    return Request("install", "pipenv", verb, _PYTHON, (*rest, *sources) or ("-r Pipfile",), traits=_UNISOLATED)


def _pdm(words: Sequence[str]) -> Request | None:
    verb, rest, options = _verb(words, _PDM)
    if verb not in ("install", "add", "sync", "update") or not options.has("global"):
        return None
    if options.has("dry-run") or options.has("no-sync"):
        return None
    return Request("install", "pdm", verb, _PYTHON, tuple(rest) or ("-e .",), traits=_UNISOLATED)


def _flit(words: Sequence[str], program: Program, variables: Variables) -> Request | None:
    verb, _, options = _verb(words, _FLIT)
    if verb != "install":
        return None
    traits = frozenset({"user"} if options.has("user") else ())
    python = options.last("python") or variables("FLIT_INSTALL_PYTHON")
    packages = ("-e ." if options.has("symlink") or options.has("pth-file") else ".",)
    return Request("install", "flit", verb, _chosen(python, program), packages, traits=traits)


def read_pip_sync(words: Sequence[str], program: Program, variables: Variables) -> Request | None:
    """Read what follows `pip-sync`: it runs `pip install` with what --pip-args says."""
    options = parse(words, _PIP_SYNC, abbreviates=False)
    if options.has("dry-run"):
        return None
    files = options.arguments or ["requirements.txt"]
    arguments = (options.last("pip-args") or "").split() + ["--user"] * options.has("user")
    program = _chosen(options.last("python-executable"), program)
    request = pip.read(["install", *(f"-r{file}" for file in files), *arguments], program, variables)
    return request and replace(request, installer="pip-sync", verb="sync")


def _chosen(python: str | None, program: Program) -> Program:
    if not python:
        return program
    return Program("path" if is_path(python) else "name", python)
