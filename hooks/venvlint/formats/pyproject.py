"""pyproject.toml: the commands that its task runners give names to, and the environments they run in."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from venvlint.formats import argv, machine_scripts, toml_text
from venvlint.formats.pieces import Piece, items_of, text_of
from venvlint.model import Script, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.formats.images import Start
    from venvlint.formats.pieces import Value
    from venvlint.source import Source

# Table of each task runner (`*` for any key), whether the commands go through a shell, and what they start in. pdm,
# hatch, and pixi run in the project's environment. poe takes that of poetry, uv, or a .venv, where there is one;
# taskipy runs wherever it was called.
_RUNNERS: tuple[tuple[str, bool, Start], ...] = (
    ("tool.hatch.env.scripts", True, "environment"),
    ("tool.hatch.envs.*.scripts", True, "environment"),
    ("tool.pdm.scripts", False, "environment"),
    ("tool.pixi.tasks", True, "environment"),
    ("tool.poe.tasks", False, "unknown"),
    ("tool.taskipy.tasks", True, "global"),
)
# Keys of one command that is more than a string; those of the second row go through a shell.
_WORDS = ("cmd",)
_LINES = ("shell", "command")
_MORE = ("composite", "sequence", "chain")


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the commands of each task runner."""
    del read  # a project's settings stand alone
    try:
        tomllib.loads(source.text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return  # what can't be read defines no command
    root = toml_text.load(source.text)
    is_simple = (
        text_of(_at(root, "tool.poe.executor.type")) == "simple" or text_of(_at(root, "tool.poe.executor")) == "simple"
    )
    for path, is_shell, start in _RUNNERS:
        begins: Start = "global" if is_simple and "poe" in path else start
        for name, task in _tasks(root, path.split(".")):
            for script in _commands(task, is_shell=is_shell, machine=f"{path} {name}", start=begins):
                # Nobody says what an environment taskipy itself was installed in.
                yield _possibly(script) if "taskipy" in path else script


def _possibly(script: Script) -> Script:
    from dataclasses import replace

    return replace(script, is_possible=True)


def _tasks(value: Value, path: list[str]) -> Iterator[tuple[str, Value]]:
    """Yield the commands' names and values below a path."""
    if not isinstance(value, dict):
        return
    if not path:
        yield from value.items()
        return
    keys = list(value) if path[0] == "*" else [path[0]]
    for key in keys:
        yield from _tasks(value.get(key), path[1:])


def _commands(task: Value, *, is_shell: bool, machine: str, start: Start) -> Iterator[Script]:
    if isinstance(task, Piece):
        yield from _command(task, is_shell=is_shell, machine=machine, start=start)
    elif isinstance(task, list):
        for each in task:
            yield from _commands(each, is_shell=is_shell, machine=machine, start=start)
    elif isinstance(task, dict):
        for key, shell in (*((key, False) for key in _WORDS), *((key, True) for key in (*_LINES, *_MORE))):
            if key == "cmd" and isinstance(task.get(key), list):
                words = [word for word in items_of(task[key]) if isinstance(word, Piece)]
                if words:
                    yield machine_scripts.command(words, machine=machine, name="task", start=start)
            elif key in task:
                yield from _commands(
                    task[key], is_shell=(shell and is_shell) or key in _LINES, machine=machine, start=start
                )


def _command(piece: Piece, *, is_shell: bool, machine: str, start: Start) -> Iterator[Script]:
    if is_shell:
        shell, line = machine_scripts.for_system(piece)
        yield machine_scripts.line(line, shell, machine=machine, name="task", start=start)
    elif words := argv.split(piece):
        yield machine_scripts.command(words, machine=machine, name="task", start=start)


def _at(value: Value, path: str) -> Value:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
