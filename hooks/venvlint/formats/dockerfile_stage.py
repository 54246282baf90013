"""A stage of a Dockerfile: its variables and its shell, and the scripts that its instructions come to."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from venvlint.formats import argv, docker_words, json_text
from venvlint.formats.pieces import Piece, through
from venvlint.model import Script
from venvlint.source import Builder
from venvlint.values import is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats.dockerfile_reader import Instruction
    from venvlint.formats.images import Start

_ONLY_HEREDOC = re.compile(r"""\d*<<-?(\S+|'[^']*'|"[^"]*")\Z""")


@dataclass(slots=True)
class Stage:
    """What a stage has come to: its variables, its shell, and what it runs later."""

    machine: str
    start: Start = "global"
    shell: argv.Interpreter | None = field(default_factory=lambda: argv.Interpreter("sh", "", 0))
    after: tuple[str, ...] = ()
    is_possible: bool = False  # it begins with one of conda's images, nobody knows which, nor what is active there
    env: dict[str, str] = field(default_factory=dict)
    args: dict[str, str] = field(default_factory=dict)
    start_up: Start | None = None
    later: dict[str, tuple[Instruction, argv.Interpreter | None]] = field(default_factory=dict)
    triggers: list[Instruction] = field(default_factory=list)

    def variables(self, *, has_args: bool) -> tuple[tuple[str, str], ...]:
        """Return what a command of the stage has in its environment; ARG lasts for the build only."""
        args = {name: value for name, value in self.args.items() if name not in self.env and not is_unknown(value)}
        values = {**(args if has_args else {}), **self.env}
        return tuple((name, docker_words.plain(value)) for name, value in values.items())

    def start_of(self, shell: argv.Interpreter | None) -> Start:
        """Return what a command in `shell` starts in."""
        if shell is None or shell.start:
            return shell.start or "global" if shell else self.start
        reads_start_up = set("il") & set(shell.options) or (shell.shell == "bash" and "BASH_ENV" in self.env)
        if reads_start_up and self.start_up:
            return self.start_up
        if "BASH_ENV" in self.env and shell.shell == "bash":
            return "unknown"
        if self.start == "base" and "MAMBA_DOCKERFILE_ACTIVATE" in {**self.args, **self.env}:
            return "environment" if self.env.get("ENV_NAME", "base") != "base" else "base"
        return self.start


def exec_form(arguments: Piece) -> list[Piece] | None:
    """Return the words of a JSON array of strings, which is what Docker takes for the exec form; else nothing."""
    if not arguments.text.startswith("["):
        return None
    try:
        words = json.loads(arguments.text)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(word, str) for word in words):
        return None
    value = json_text.load(arguments.text)
    assert isinstance(value, list)  # json.loads has just read it
    return [through(word, arguments) for word in value if isinstance(word, Piece)]


def run(stage: Stage, instruction: Instruction) -> Iterator[Script]:
    """Yield what a RUN runs."""
    words = exec_form(instruction.arguments)
    heredocs = instruction.heredocs
    if words is not None:
        yield from execute(stage, words, "RUN", has_args=True)
    elif len(heredocs) == 1 and _ONLY_HEREDOC.match(instruction.arguments.text):
        shell = argv.shebang(heredocs[0].body.text, stage.shell)
        yield from in_shell(stage, heredocs[0].body, shell, "RUN", has_args=True)
    else:
        yield from in_shell(stage, _with_heredocs(instruction), stage.shell, "RUN", has_args=True)


def _with_heredocs(instruction: Instruction) -> Piece:
    """Return what the shell gets: the command, then the bodies with the lines that close them."""
    if not instruction.heredocs:
        return instruction.arguments
    builder = Builder()
    builder.extend(*instruction.arguments)
    for heredoc in instruction.heredocs:
        builder.replace("\n", max(heredoc.body.offsets.at(0) - 1, 0))
        builder.extend(*heredoc.body)
        if heredoc.closing:
            builder.extend(*heredoc.closing)
    return Piece(*builder.build())


def later(stage: Stage) -> Iterator[Script]:
    """Yield what containers of a stage run."""
    entry, command = stage.later.get("ENTRYPOINT"), stage.later.get("CMD")
    entry_words = exec_form(entry[0].arguments) if entry else None
    command_words = exec_form(command[0].arguments) if command else None
    if entry and entry_words is not None:
        yield from execute(stage, [*entry_words, *(command_words or [])], "ENTRYPOINT")
    elif entry:
        yield from in_shell(stage, entry[0].arguments, entry[1], "ENTRYPOINT")
    elif command and command_words is not None:
        yield from execute(stage, command_words, "CMD")
    elif command:
        yield from in_shell(stage, command[0].arguments, command[1], "CMD")
    check = stage.later.get("HEALTHCHECK")
    match = re.match(r"CMD\s+", check[0].arguments.text, re.IGNORECASE) if check else None
    if check and match:
        arguments = check[0].arguments.cut(match.end())
        words = exec_form(arguments)
        if words is not None:
            yield from execute(stage, words, "HEALTHCHECK")
        else:
            yield from in_shell(stage, arguments, check[1], "HEALTHCHECK")


def execute(stage: Stage, words: list[Piece], name: str, *, has_args: bool = False) -> Iterator[Script]:
    """Yield a command that is given as its words."""
    if words:  # an empty list undoes what the base image runs
        shell, piece, options, start = argv.command(words)
        yield _script(stage, piece, argv.Interpreter(shell, options, 0, start), name, has_args=has_args)


def in_shell(
    stage: Stage, piece: Piece, shell: argv.Interpreter | None, name: str, *, has_args: bool = False
) -> Iterator[Script]:
    """Yield what a shell is given."""
    if shell:  # what another program runs isn't shell code
        yield _script(stage, piece, shell, name, has_args=has_args)


def _script(stage: Stage, piece: Piece, shell: argv.Interpreter, name: str, *, has_args: bool) -> Script:
    return Script(
        shell=shell.shell,
        text=piece.text,
        offsets=piece.offsets,
        place="image",
        machine=stage.machine,
        variables=stage.variables(has_args=has_args),
        name=name,
        options=shell.options,
        start=stage.start_of(shell),
        after=stage.after,
        is_possible=stage.is_possible,
    )
