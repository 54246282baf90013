"""Tools that keep an environment for each project: what they do once that is switched off, or where they have none."""

from __future__ import annotations

from collections.abc import Sequence

from venvlint.installs.request import Program, Request, Variables
from venvlint.installs.words import Options, Parsed, boolean, parse
from venvlint.values import is_known

_HELP = {"--help": ("help", "help"), "-h": ("help", "help"), "--version": ("version", "help")}
_UNISOLATED = frozenset({"unisolated"})
_PYTHON = Program("name", "python")


def _values(*spellings: str) -> dict[str, tuple[str, str]]:
    return {spelling: (spelling, "value") for spelling in spellings}


def _flags(*spellings: str) -> dict[str, tuple[str, str]]:
    return {spelling: (spelling, "true") for spelling in spellings}


_POETRY = _HELP | _values(
    "-E", "--extras", "--with", "--without", "--only", "-P", "--project", "-C", "--directory", "-G", "--group",
    "--python", "--platform", "--source", "--markers",
) | _flags("--dry-run", "--lock", "--unset", "--list", "--local")  # fmt: skip
_PIPENV = _HELP | _values(
    "--pypi-mirror", "--python", "--extra-pip-args", "--resolver", "--categories", "--extras", "--config-settings",
    "-i", "--index", "--requirements", "-r", "-e", "--editable",
) | _flags("--system", "--dry-run", "--outdated")  # fmt: skip
_PDM = _HELP | _values(
    "-p", "--project", "-G", "--group", "--with", "--override", "-L", "--lockfile", "-k", "--skip", "-C", "-e",
    "--editable", "--config-setting", "-c", "--config",
) | _flags("-g", "--global", "--dry-run", "--no-sync")  # fmt: skip
_FLIT = _HELP | _values("-f", "--ini-file", "--python", "--deps", "--extras") | _flags("--user", "--env")
_PIP_SYNC = _HELP | _values(
    "-f", "--find-links", "-i", "--index-url", "--extra-index-url", "--trusted-host", "--python-executable", "--cert",
    "--client-cert", "--pip-args", "--config",
) | _flags("-n", "--dry-run", "--user")  # fmt: skip


def read(tool: str, words: Sequence[str], program: Program, variables: Variables) -> Request | None:
    """Read what follows `poetry`, `pipenv`, `pdm` or `flit`."""
    if tool == "poetry":
        return _poetry(words, program, variables)
    if tool == "pipenv":
        return _pipenv(words, variables)
    if tool == "pdm":
        return _pdm(words)
    return _flit(words, program) if tool == "flit" else None


def _verb(words: Sequence[str], options: Options) -> tuple[str, list[str], Parsed]:
    parsed = parse(words, options, abbreviates=False)
    verb, *rest = parsed.arguments or [""]
    return verb, rest, parsed


def _poetry(words: Sequence[str], program: Program, variables: Variables) -> Request | None:
    verb, rest, options = _verb(words, _POETRY)
    if verb == "config" and rest[:1] == ["virtualenvs.create"]:
        is_off = len(rest) == 2 and is_known(rest[1]) and not _is_on(rest[1]) and not options.has("--unset")
        return Request("setting", "poetry", verb, program, traits=_UNISOLATED) if is_off else None
    create = variables("POETRY_VIRTUALENVS_CREATE")
    if verb not in ("install", "add", "update", "sync") or create is None or not is_known(create) or _is_on(create):
        return None
    if options.has("--dry-run") or options.has("--lock"):
        return None
    return Request("install", "poetry", verb, _PYTHON, tuple(rest) or ("-e .",), traits=_UNISOLATED)


def _is_on(value: str) -> bool:
    return value.lower() in ("true", "1")  # poetry takes all else for false


def _pipenv(words: Sequence[str], variables: Variables) -> Request | None:
    verb, rest, options = _verb(words, _PIPENV)
    is_system = options.has("--system") or boolean(variables("PIPENV_SYSTEM"))
    if verb not in ("install", "sync", "update", "upgrade") or not is_system:
        return None
    if options.has("--dry-run") or options.has("--outdated"):
        return None
    sources = [f"-r {file}" for name in ("-r", "--requirements") for file in options.all(name)]
    sources += [f"-e {path}" for name in ("-e", "--editable") for path in options.all(name)]
    return Request("install", "pipenv", verb, _PYTHON, (*rest, *sources) or ("-r Pipfile",), traits=_UNISOLATED)


def _pdm(words: Sequence[str]) -> Request | None:
    verb, rest, options = _verb(words, _PDM)
    if verb not in ("install", "add", "sync", "update") or not (options.has("-g") or options.has("--global")):
        return None
    if options.has("--dry-run") or options.has("--no-sync"):
        return None
    return Request("install", "pdm", verb, _PYTHON, tuple(rest) or ("-e .",), traits=_UNISOLATED)


def _flit(words: Sequence[str], program: Program) -> Request | None:
    verb, _, options = _verb(words, _FLIT)
    if verb != "install":
        return None
    traits = frozenset({"user"} if options.has("--user") else ())
    return Request("install", "flit", verb, _chosen(options.last("--python"), program), ("-e .",), traits=traits)


def read_pip_sync(words: Sequence[str], program: Program) -> Request | None:
    """Read what follows `pip-sync`."""
    options = parse(words, _PIP_SYNC, abbreviates=False)
    if options.has("-n") or options.has("--dry-run"):
        return None
    arguments = (options.last("--pip-args") or "").split()
    traits = {"user"} if options.has("--user") or "--user" in arguments else set()
    if "--break-system-packages" in arguments:
        traits.add("override")
    files = tuple(f"-r {file}" for file in options.arguments) or ("-r requirements.txt",)
    program = _chosen(options.last("--python-executable"), program)
    return Request("install", "pip-sync", "sync", program, files, traits=frozenset(traits))


def _chosen(python: str | None, program: Program) -> Program:
    if not python:
        return program
    return Program("path" if "/" in python or "\\" in python else "name", python)
