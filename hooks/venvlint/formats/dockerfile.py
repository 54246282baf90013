"""Dockerfiles: what each RUN, CMD, ENTRYPOINT, and HEALTHCHECK runs, in which shell, with what ENV and ARG set."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.formats import argv, docker_words, images
from venvlint.formats.dockerfile_reader import Instruction, instructions
from venvlint.formats.dockerfile_stage import Stage, exec_form, later, run
from venvlint.model import Script, Skipped
from venvlint.values import unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.model import Shell
    from venvlint.source import Source

_FROM = re.compile(r"(\S+)(?:\s+as\s+(\S+))?\s*\Z", re.IGNORECASE)
_CONDA = re.compile(r"conda|mamba")
# What hadolint is told of a shell: https://github.com/hadolint/hadolint#non-posix-shells
_SHELL_COMMENT = re.compile(r"^[ \t]*#[ \t]*hadolint[ \t]+shell=(?:cmd|powershell)\b", re.MULTILINE | re.IGNORECASE)
# `echo "conda activate x" >> ~/.bashrc`: login and interactive shells start in it from then on.
_START_UP = re.compile(
    r"activate[ \t]*([^\s\"';&|>]*)[^>\n]*>>?\s*\S*(?:bashrc|bash_profile|bash_login|\.profile|etc/profile|profile\.d/)"
)


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield what a Dockerfile runs, in order."""
    del read  # an image depends on no other file's shell code
    build = Build(source.text)
    for instruction in build.instructions:
        for heredoc in instruction.heredocs:
            if heredoc.closing is None:
                line = source.position(instruction.span.start)[0]
                yield Skipped(source.path, f"the heredoc {heredoc.name} isn't closed", line)
        yield from build.take(instruction)
    yield from build.finish()


def final_stage(text: str, target: str = "") -> Stage | None:
    """Return the stage that building a Dockerfile, up to stage `target` where one is named, ends with."""
    build = Build(text)
    for instruction in build.instructions:
        for _ in build.take(instruction):
            pass
    return build.stages.get(target.lower()) if target else build.stage


class Build:
    """A build as far as it has come."""

    def __init__(self, text: str) -> None:
        self.instructions = list(instructions(text))
        self.stages: dict[str, Stage] = {}
        self.stage: Stage | None = None
        self.globals: dict[str, str] = {}
        self.is_windows = _SHELL_COMMENT.search(text) is not None
        self.is_windows |= any(each.escape == "`" or _is_for_windows(each) for each in self.instructions)
        self.has_conda = _CONDA.search(text) is not None
        self.count = 0

    def take(self, instruction: Instruction) -> Iterator[Script]:
        """Take the next instruction; yield what it runs."""
        keyword, text, escape = instruction.keyword, instruction.arguments.text, instruction.escape
        if keyword == "FROM":
            yield from self.finish()
            self._begin(text, escape)
        elif self.stage is None:
            self._assign(keyword, text, escape, self.globals, self.globals)
            if keyword == "RUN":  # a part of a Dockerfile, included somewhere
                self._begin("scratch", escape)
                yield from self.take(instruction)
        elif instruction.is_trigger:
            self.stage.triggers.append(instruction)
        else:
            yield from self._step(self.stage, instruction)

    def finish(self) -> Iterator[Script]:
        """Yield what runs when the current stage is done: in containers of it, and in builds on top of it."""
        if self.stage is None:
            return
        yield from later(self.stage)
        if self.stage.triggers:
            child = replace(self.stage, triggers=[], later={}, env=dict(self.stage.env), args=dict(self.stage.args))
            for trigger in self.stage.triggers:
                yield from self._step(child, trigger)
            yield from later(child)

    def _begin(self, text: str, escape: str) -> None:
        match = _FROM.match(text)
        image = match[1] if match else text
        image = docker_words.plain(docker_words.expand(image, self.globals, escape))
        number = str(self.count)
        self.count += 1
        name = (match[2] if match and match[2] else number).lower()
        parent = self.stages.get(image.lower())
        if parent:
            stage = replace(parent, machine=f"stage {name}", after=(*parent.after, parent.machine), triggers=[])
            stage.env, stage.args, stage.later = dict(parent.env), dict(parent.args), {}
        else:
            self.is_windows |= images.is_windows(image)
            shell: Shell = "cmd" if self.is_windows else "sh" if images.has_dash(image) else "bash"
            stage = Stage(f"stage {name}", images.start_in(image), argv.Interpreter(shell, "", 0))
            stage.is_possible = self.has_conda and images.is_nameless(image)
        self.stages[number] = self.stages[name] = self.stage = stage

    def _step(self, stage: Stage, instruction: Instruction) -> Iterator[Script]:
        keyword, text, escape = instruction.keyword, instruction.arguments.text, instruction.escape
        self._copy(stage, instruction)
        if keyword == "RUN":
            for script in run(stage, instruction):
                yield script
                self._note_start_up(stage, script.text)
        elif keyword in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
            stage.later[keyword] = (instruction, stage.shell)
        elif keyword == "SHELL":
            words = exec_form(instruction.arguments)
            stage.shell = argv.shell_of([word.text for word in words]) if words else stage.shell
        elif keyword in ("ENV", "ARG"):
            values = stage.env if keyword == "ENV" else stage.args
            self._assign(keyword, text, escape, values, {**stage.args, **stage.env})

    def _assign(self, keyword: str, text: str, escape: str, values: dict[str, str], known: dict[str, str]) -> None:
        if keyword not in ("ENV", "ARG"):
            return
        before = dict(known)  # all of one instruction see what was there before it
        for name, raw in docker_words.pairs(keyword, text, escape):
            if raw is not None:
                values[name] = docker_words.expand(raw, before, escape)
            else:
                values[name] = self.globals.get(name, unknown(name))

    def _copy(self, stage: Stage, instruction: Instruction) -> None:
        for flag in instruction.flags:  # --from=STAGE, --mount=type=bind,from=STAGE
            options = flag.removeprefix("--mount=").removeprefix("--").split(",")
            for name in (option.removeprefix("from=") for option in options if option.startswith("from=")):
                other = self.stages.get(name.lower())
                if other and other is not stage:
                    stage.after = tuple(dict.fromkeys((*stage.after, *other.after, other.machine)))

    def _note_start_up(self, stage: Stage, text: str) -> None:
        match = _START_UP.search(text)
        if match:
            stage.start_up = "base" if match[1] in ("", "base") else "environment"
        elif re.search(r"\b(conda|mamba) init\b", text) and not stage.start_up:
            stage.start_up = "base"


def _is_for_windows(instruction: Instruction) -> bool:
    """Tell whether a SHELL is one that only Windows has: then all stages of the file are for it."""
    words = exec_form(instruction.arguments) if instruction.keyword == "SHELL" else None
    return words is not None and any(argv.program(word.text) in ("cmd", "powershell") for word in words[:1])
