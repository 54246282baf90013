"""CircleCI: the `run` steps of jobs and commands, each in a shell of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from venvlint.formats import Read, images
from venvlint.formats.ci_yaml import variables
from venvlint.formats.expressions import mark
from venvlint.formats.github_shells import running
from venvlint.formats.pieces import Piece
from venvlint.formats.yaml_text import Node, at, documents, entries, flat, items, scalar, text
from venvlint.model import Script, Skipped
from venvlint.source import Source

_PARAMETER = re.compile(r"<<\s*([\w-]+(?:\.[\w-]+)+)\s*>>")
_STEPS_PARAMETER = re.compile(r"<<\s*parameters\.([\w-]+)\s*>>")
_DEEPEST = 8
# Orbs' commands that may activate an environment through $BASH_ENV.
_SUSPICIOUS = re.compile(r"python/|conda|venv|(?<!dot)env(ironment)?\b", re.IGNORECASE)


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the scripts of each job, then those of commands that no job uses."""
    del read  # orbs are in no repository
    for root in documents(source):
        if isinstance(root, Skipped):
            yield root
            continue
        config = _Config(source, root)
        for name, job in entries(at(root, "jobs")).items():
            yield from config.machine(name, job)
        for name, command in entries(at(root, "commands")).items():
            if name not in config.used:
                yield from config.machine(name, command)


class _Config:
    """A configuration: its commands and executors by name."""

    def __init__(self, source: Source, root: Node) -> None:
        self.source = source
        self.commands = entries(at(root, "commands"))
        self.executors = entries(at(root, "executors"))
        self.used: set[str] = set()
        self.start: images.Start = "global"
        self.given_steps: dict[str, Node] = {}  # parameters of type `steps` of the command that is read

    def machine(self, name: str, job: Node) -> Iterator[Script]:
        """Yield the scripts of a job's steps."""
        executor = at(job, "executor")
        named = self.executors.get(text(at(executor, "name")) or text(executor))
        image = text(at(next(iter(items(at(job, "docker") or at(named, "docker"))), None), "image"))
        self.start = images.start_in(_PARAMETER.sub(_value, image))
        shell = text(at(job, "shell")) or text(at(named, "shell"))
        orb = text(at(executor, "name")) or text(executor)
        is_windows = orb.startswith("win/") or "windows" in text(at(job, "machine", "image"))
        given = (*variables(at(named, "environment")), *variables(at(job, "environment")))
        yield from self._steps(at(job, "steps"), name, shell or ("powershell" if is_windows else "bash"), given)

    def _steps(
        self,
        steps: Node | None,
        machine: str,
        shell: str,
        given: tuple[tuple[str, str], ...],
        depth: int = 0,
    ) -> Iterator[Script]:
        for step in self._flat(steps):
            for name, value in entries(step).items():
                if name == "run":
                    yield from self._run(value, machine, shell, given)
                elif name in ("when", "unless"):
                    yield from self._steps(at(value, "steps"), machine, shell, given, depth)
                else:
                    yield from self._call(name, value, machine, shell, given, depth)
            if step.kind == "scalar":
                yield from self._call(text(step), None, machine, shell, given, depth)

    def _flat(self, steps: Node | None) -> Iterator[Node]:
        """Yield steps, those that a caller has given as a parameter in their place."""
        for step in [steps] if steps is not None and steps.kind == "scalar" else flat(steps):
            named = _STEPS_PARAMETER.fullmatch(text(step)) if step.kind == "scalar" else None
            yield from flat(self.given_steps.get(named[1])) if named else (step,)

    def _call(
        self,
        name: str,
        arguments: Node | None,
        machine: str,
        shell: str,
        given: tuple[tuple[str, str], ...],
        depth: int,
    ) -> Iterator[Script]:
        command = self.commands.get(name)
        if command is not None and depth < _DEEPEST:
            self.used.add(name)
            outer = self.given_steps
            declared = {key: at(each, "default") for key, each in entries(at(command, "parameters")).items()}
            self.given_steps = dict(self._handed({**declared, **entries(arguments)}))
            yield from self._steps(at(command, "steps"), machine, shell, given, depth + 1)
            self.given_steps = outer
        elif _SUSPICIOUS.search(name):
            self.start = "unknown"

    def _handed(self, arguments: Mapping[str, Node | None]) -> Iterator[tuple[str, Node]]:
        """Yield a command's arguments, the caller's own parameters resolved."""
        for name, value in arguments.items():
            named = _STEPS_PARAMETER.fullmatch(text(value))
            value = self.given_steps.get(named[1]) if named else value
            if value is not None:
                yield name, value

    def _run(self, run: Node, machine: str, shell: str, given: tuple[tuple[str, str], ...]) -> Iterator[Script]:
        command = run if run.kind == "scalar" else at(run, "command")
        how = running(_PARAMETER.sub(_value, text(at(run, "shell")) or shell), False)
        if command is None or command.kind != "scalar" or how is None:
            return
        piece = Piece(*scalar(command, self.source)).replaced(_PARAMETER, _value)
        yield Script(
            how.shell,
            piece.text,
            piece.offsets,
            place="runner",
            machine=machine,
            variables=(*given, *variables(at(run, "environment"))),
            name="step",
            options=how.options,
            start=how.start or self.start,
            carry="circle",
        )


def _value(match: re.Match[str]) -> str:
    return mark(match[1])
