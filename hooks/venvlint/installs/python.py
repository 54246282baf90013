"""An interpreter's command line: the module or script that it runs, when that is an installer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from venvlint.installs import conda, legacy, pip, projects, uv
from venvlint.installs.request import Program, Request, Variables
from venvlint.installs.words import Refused, base_name
from venvlint.values import OPEN, is_unknown

_LONG_WITH_VALUE = {"--check-hash-based-pycs"}
_ENDING = {"--help", "--version", "--help-env", "--help-xoptions", "--help-all"}
_PIP_SCRIPT = re.compile(r"pip[\d.]*(\.pyz|\.py)?$")
_PIP_MAIN = re.compile(r"\b(pip|pip\._internal|pip\._internal\.cli\.main)\b.*\bmain\(", re.DOTALL)


def read(words: Sequence[str], program: Program, variables: Variables) -> Request | None:
    """Read what follows `python`."""
    kind, value, rest = _runs(list(words))
    if kind == "m":
        return _module(value, rest, program, variables)
    if kind == "c":
        return _code(value, program, variables)
    if kind == "script" and program.how != "unknown":
        return _script(value, rest, program, variables)
    return None


def read_launcher(words: Sequence[str], variables: Variables) -> Request | None:
    """Read what follows `py`, the launcher of Windows: perhaps a version, then an interpreter's command line."""
    version = ""
    if words and re.match(r"-(\d|V:)", words[0]):
        version, words = words[0], words[1:]
    if version.startswith("-0"):
        return None
    return read(words, Program("launcher", version), variables)


def _runs(words: list[str]) -> tuple[str, str, list[str]]:
    """Return what an interpreter runs: "m", "c" or "script", its value, and its arguments."""
    while words:
        word = words.pop(0)
        if is_unknown(word):
            continue  # `python $FLAGS -m pip`
        if word in _ENDING:
            break
        if word.startswith("--"):
            if word in _LONG_WITH_VALUE and words:
                words.pop(0)
        elif word.startswith("-") and word != "-":
            letter, value = _letter(word)
            if letter in ("h", "V", "?"):
                break
            if letter and not value:
                if not words:
                    break
                value = words.pop(0)
            if letter in ("m", "c"):
                return letter, value, words
        else:
            return "script", word, words
    return "", "", []


def _letter(word: str) -> tuple[str, str]:
    """Return the option of a bundle that takes a value or ends the program, and the value that sticks to it."""
    for at, letter in enumerate(word[1:], 2):
        if letter == OPEN:
            break
        if letter in "mcWXQhV?":
            return letter, word[at:]
    return "", ""


def _module(name: str, rest: list[str], program: Program, variables: Variables) -> Request | None:
    if name in ("pip", "pip.__main__"):
        return pip.read(rest, program, variables)
    if name in ("uv", "uv.__main__"):
        return uv.read(rest, program, variables)
    if name in ("conda", "mamba"):
        return conda.read(name, rest, variables)
    if name == "ensurepip":
        return legacy.read_ensurepip(rest, program)
    if name == "easy_install":
        return legacy.read_easy_install(rest, program)
    if name == "piptools":
        return projects.read_pip_sync(rest[1:], program, variables) if rest[:1] == ["sync"] else None
    return projects.read(name, rest, program, variables)


def _script(path: str, rest: list[str], program: Program, variables: Variables) -> Request | None:
    name = base_name(path)
    if name == "setup.py":
        return legacy.read_setup(path, rest, program)
    if name == "get-pip.py":
        return pip.read(["install", "pip", *rest], program, variables)
    if _PIP_SCRIPT.match(name):
        return pip.read(rest, program, variables)
    return None


def _code(code: str, program: Program, variables: Variables) -> Request | None:
    """Read `import pip; pip.main(["install", "x"])`, by whatever name it calls pip's main."""
    if not _PIP_MAIN.search(code):
        return None
    import ast

    try:
        calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    except (SyntaxError, ValueError, RecursionError):
        return None
    for call in calls:
        if ast.unparse(call.func).split(".")[-1] not in ("main", "_main", "pipmain") or not call.args:
            continue
        try:
            words = ast.literal_eval(call.args[0])
        except (ValueError, RecursionError):
            continue
        if isinstance(words, list | tuple) and all(isinstance(word, str) for word in words):
            return pip.read(words, program, variables)
    raise Refused("pip.main")
