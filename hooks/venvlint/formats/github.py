"""GitHub workflows and composite actions: every `run` in its shell, with what the steps before it leave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from venvlint.formats import Read, github_actions, images
from venvlint.formats.expressions import mark
from venvlint.formats.github_shells import Running, is_windows, running
from venvlint.formats.pieces import Piece
from venvlint.formats.yaml_text import Node, at, documents, entries, flat, items, scalar, text
from venvlint.model import Script, Skipped
from venvlint.source import Source
from venvlint.values import unknown

if TYPE_CHECKING:
    from venvlint.formats.images import Start

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_NAMED = re.compile(r"(env|inputs|matrix)\.([\w-]+)")
_CONDA = (("CONDA_PREFIX", unknown("CONDA_PREFIX")),)
_DEEPEST = 8  # composite actions that use composite actions


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the scripts of a workflow, job by job, or those of a composite action."""
    for root in documents(source):
        if isinstance(root, Skipped):
            yield root
            continue
        context = _Context(defaults=text(at(root, "defaults", "run", "shell"))).inside(root)
        runs = at(root, "runs")
        if runs is not None:
            yield from _Job(source, read, "action").steps(at(runs, "steps"), context)
        for name, job in entries(at(root, "jobs")).items():
            yield from _job(source, read, name, job, context)


def _job(source: Source, read: Read, name: str, job: Node, context: _Context) -> Iterator[Script | Skipped]:
    context = context.inside(job)
    context = replace(
        context,
        constants={**context.constants, **_single_values(job)},
        defaults=text(at(job, "defaults", "run", "shell")) or context.defaults,
        is_windows=is_windows(job),
    )
    container = at(job, "container")
    image = text(at(container, "image")) or text(container)
    yield from _Job(source, read, name, images.start_in(context.resolved(image))).steps(at(job, "steps"), context)


def _single_values(job: Node) -> dict[str, str]:
    """Return the axes of a matrix that have only one value."""
    matrix = entries(at(job, "strategy", "matrix"))
    axes = {name: items(values) for name, values in matrix.items() if name not in ("include", "exclude")}
    if "include" in matrix:
        return {}
    single = {f"matrix.{name}": text(values[0]) for name, values in axes.items() if len(values) == 1}
    return {name: value for name, value in single.items() if value and "${{" not in value}


@dataclass(frozen=True, slots=True)
class _Context:
    """What holds for a step: `env` of every level, values that are known, and the default shell."""

    variables: tuple[tuple[str, str], ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    defaults: str = ""
    is_windows: bool = False

    def inside(self, node: Node) -> _Context:
        """Return the context within a workflow, job, or step, whose `env` is added."""
        context = self
        for name, value in entries(at(node, "env")).items():
            known = context.resolved(text(value))
            context = replace(
                context,
                variables=(*context.variables, (name, known)),
                constants={**context.constants, f"env.{name}": known},
            )
        return context

    def resolved(self, value: str) -> str:
        """Return a value with its expressions replaced."""
        return _EXPRESSION.sub(self._value, value)

    def script(self, piece: Piece) -> Piece:
        """Return a script as its shell gets it."""
        return piece.replaced(_EXPRESSION, self._value)

    def _value(self, match: re.Match[str]) -> str:
        expression = match[1].strip()
        known = self.constants.get(expression) if _NAMED.fullmatch(expression) else None
        return known if known is not None else mark(expression)


class _Job:
    """A job as its steps go by: what the next one starts in."""

    def __init__(self, source: Source, read: Read, name: str, start: Start = "global") -> None:
        self.source, self.read, self.name = source, read, name
        self.start = start
        self.login: Start | None = None
        self.powershell: Start | None = None
        self.is_conda = False

    def steps(self, steps: Node | None, context: _Context, inside: tuple[str, ...] = ()) -> Iterator[Script | Skipped]:
        """Yield the scripts of steps, those of the local actions that they use as well."""
        for step in flat(steps):
            found = entries(step)
            if "run" in found:
                yield from self._run(step, context.inside(step))
            elif "uses" in found:
                yield from self._use(step, context, inside)

    def _run(self, step: Node, context: _Context) -> Iterator[Script | Skipped]:
        run = at(step, "run")
        shell = context.resolved(text(at(step, "shell")) or context.defaults)
        how = running(shell, context.is_windows, text(at(step, "if")))
        if run is None or run.kind != "scalar":
            return
        piece = context.script(Piece(*scalar(run, self.source)))
        if how is None:
            if re.match(r"python[\d.]*( |$)", shell):
                yield from self._python(piece, context)
            return
        start = self._start(how)
        conda = _CONDA if self.is_conda and start == "environment" else ()
        yield Script(
            how.shell,
            piece.text,
            piece.offsets,
            place="runner",
            machine=self.name,
            variables=(*context.variables, *conda),
            name="step",
            options=how.options,
            start=start,
            carry="github",
        )

    def _python(self, piece: Piece, context: _Context) -> Iterator[Script | Skipped]:
        """Yield what a step of `shell: python` runs."""
        from venvlint.formats import python

        if not python.can_run(piece.text):
            return
        for script in python.of_text(self.source, piece, "runner"):
            if isinstance(script, Script):
                start = self.start if script.start == "global" else script.start
                script = replace(script, variables=(*context.variables, *script.variables), start=start)
            yield script

    def _start(self, how: Running) -> Start:
        if how.start is not None:
            return how.start
        if "l" in how.options and self.login is not None:
            return self.login
        if how.shell == "pwsh" and self.powershell is not None:
            return self.powershell
        return self.start

    def _use(self, step: Node, context: _Context, inside: tuple[str, ...]) -> Iterator[Script | Skipped]:
        uses = at(step, "uses")
        name = text(uses)
        given = {key: context.resolved(text(value)) for key, value in entries(at(step, "with")).items()}
        action = self._local(name) if name.startswith("./") and len(inside) < _DEEPEST and name not in inside else None
        if action is not None and text(at(action, "runs", "using")) == "composite":
            within = replace(context, constants=_constants(action, given, context), defaults="")
            yield from self.steps(at(action, "runs", "steps"), within, (*inside, name))
            return
        comment = uses.source.line(uses.line).partition("#")[2] if uses else ""
        effect = github_actions.effect(name, given, comment)
        self.start = effect.start or self.start
        self.login = effect.login or self.login
        self.powershell = effect.powershell or self.powershell
        self.is_conda = self.is_conda or (effect.start, effect.login) == (None, "environment")

    def _local(self, name: str) -> Node | None:
        """Return the root of the action at `./name`, None where it isn't in the repository."""
        directory = name.split("@")[0].removeprefix("./").strip("/")
        for file in ("action.yml", "action.yaml"):
            path = f"{directory}/{file}" if directory else file
            data = self.read(path)
            if data is not None:
                root = next(documents(Source(path, data)), None)
                return root if isinstance(root, Node) else None
        return None


def _constants(action: Node, given: Mapping[str, str], context: _Context) -> dict[str, str]:
    """Return the values that the steps of an action know: its inputs, and the environment of its caller."""
    known = {key: context.resolved(text(at(value, "default"))) for key, value in entries(at(action, "inputs")).items()}
    outer = {key: value for key, value in context.constants.items() if key.startswith("env.")}
    return {**outer, **{f"inputs.{key}": value for key, value in {**known, **given}.items()}}
