"""Azure Pipelines: the script steps of every job and template, with what the steps before them leave."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from venvlint.formats import Read, images
from venvlint.formats.azure_tasks import effect, step_script
from venvlint.formats.ci_yaml import Trail, found, variables
from venvlint.formats.expressions import mark
from venvlint.formats.pieces import Piece
from venvlint.formats.yaml_text import Node, at, documents, entries, items, scalar, text
from venvlint.model import Script, Skipped
from venvlint.source import Source
from venvlint.values import is_known, unknown

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}|\$\[(.*?)\]", re.DOTALL)
_MACRO = re.compile(r"\$\(([A-Za-z_][\w-]*(?:\.[\w-]+)*)\)")
_NAMED = re.compile(r"(?:parameters|variables)(?:\.|\[')([\w.-]+?)(?:'\])?")
_STEPS = {"script", "bash", "pwsh", "powershell"}
_WORKING_DIRECTORY = {"build.sourcesdirectory", "system.defaultworkingdirectory"}
_WINDOWS = re.compile(r"windows|vs20\d\d|^win", re.IGNORECASE)
_FOR_WINDOWS = re.compile(r"(?<!not\()eq\([^)]*Agent\.OS[^)]*windows", re.IGNORECASE)
_CONDA = (("CONDA_PREFIX", unknown("CONDA_PREFIX")),)
_DEEPEST = 8
# What tells a template from other YAML where its path doesn't: a task with its version, or a root's steps.
_FITS = re.compile(
    r"^ *- +task: *[\"']?\w+@\d|^steps: *\n(?: *(?:#.*)?\n)* *- +(?:script|bash|pwsh|powershell|checkout):",
    re.MULTILINE,
)


def fits(source: Source) -> bool:
    """Tell whether a YAML file holds steps of Azure Pipelines."""
    return _FITS.search(source.text) is not None


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the scripts of every list of steps in the file."""
    for root in documents(source):
        if isinstance(root, Skipped):
            yield root
            continue
        seen: set[int] = set()
        for trail in found((root,), "**"):
            if _is_steps(trail) and id(trail[-1]) not in seen:
                steps = list(_flat(trail[-1], seen))
                yield from _Job(source, read, f"steps {trail[-1].start}", trail).steps(steps, _context(trail))


def _is_steps(trail: Trail) -> bool:
    node = trail[-1]
    if node.kind != "sequence":
        return False
    holder = entries(trail[-2]).get("steps") if len(trail) > 1 else None
    return holder is node or any(_STEPS & entries(item).keys() for item in node.children)


def _flat(steps: Node, seen: set[int]) -> Iterator[Node]:
    """Yield steps, those under `${{ if }}` and `${{ each }}` in their place."""
    if id(steps) in seen:
        return
    seen.add(id(steps))
    for item in steps.children:
        inserted = [value for key, value in entries(item).items() if key.startswith("${{")]
        if item.kind == "sequence":
            yield from _flat(item, seen)
        elif not inserted:
            yield item
        for value in inserted:
            if value.kind == "sequence":
                yield from _flat(value, seen)


@dataclass(frozen=True, slots=True)
class _Context:
    """What holds for a step: variables that are known, by lower-case name, and those of a matrix, which aren't."""

    known: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    varying: frozenset[str] = frozenset()

    def resolved(self, value: str) -> str:
        """Return a value with macros and expressions replaced."""
        return _MACRO.sub(lambda match: self._macro(match) or match[0], _EXPRESSION.sub(self._expression, value))

    def script(self, piece: Piece) -> Piece:
        """Return a script as its shell gets it."""
        return piece.replaced(_EXPRESSION, self._expression).replaced(_MACRO, self._macro)

    def _expression(self, match: re.Match[str]) -> str:
        inner = (match[1] if match[1] is not None else match[2]).strip()
        named = _NAMED.fullmatch(inner)
        values = self.parameters if inner.startswith("parameters") else self.known
        value = values.get(named[1].lower()) if named else None
        return value if value is not None else mark(inner)

    def _macro(self, match: re.Match[str]) -> str | None:
        """Return a variable's value; None for what nobody has set, which the shell gets as it is."""
        name = match[1].lower()
        if name in self.known:
            return self.known[name]
        if name in _WORKING_DIRECTORY:
            return unknown("PWD")
        return unknown(exported(match[1])) if name in self.varying or "." in name else None


def exported(name: str) -> str:
    """Return the name under which a script finds a variable of the pipeline."""
    return re.sub(r"\W", "_", name).upper()


def _context(trail: Trail) -> _Context:
    context = _Context()
    for node in trail:
        for name, value in variables(at(node, "variables")):
            context = replace(context, known={**context.known, name.lower(): context.resolved(value)})
        matrix = (row for row in entries(at(node, "strategy", "matrix")).values())
        varying = frozenset(name.lower() for row in matrix for name in entries(row))
        known = {name: value for name, value in context.known.items() if name not in varying}
        context = replace(context, known=known, varying=context.varying | varying)
    return context


class _Job:
    """A list of steps as it goes by: what the next one starts in."""

    def __init__(self, source: Source, read: Read, name: str, trail: Trail) -> None:
        self.source, self.read, self.name = source, read, name
        self.is_windows = _is_windows(trail)
        self.conda: tuple[tuple[str, str], ...] = ()
        containers = [at(node, "container", "image") or at(node, "container") for node in trail]
        self.start = images.start_in(next((text(each) for each in reversed(containers) if text(each)), ""))

    def steps(self, steps: list[Node], context: _Context, inside: tuple[str, ...] = ()) -> Iterator[Script]:
        """Yield the scripts of steps, those of templates that they insert as well."""
        for step in steps:
            template = text(at(step, "template"))
            if template:
                yield from self._template(step, template, context, inside)
                continue
            is_windows = self.is_windows or bool(_FOR_WINDOWS.search(text(at(step, "condition"))))
            found_script = step_script(step, is_windows)
            if found_script is None:
                changed = effect(step)
                self.start = changed or self.start
                self.conda = _CONDA if changed == "environment" else self.conda
                continue
            shell, node = found_script
            piece = context.script(Piece(*scalar(node, self.source)))
            given = [(exported(name), value) for name, value in context.known.items() if is_known(value)]
            own = [(name, context.resolved(value)) for name, value in variables(at(step, "env"))]
            yield Script(
                shell,
                piece.text,
                piece.offsets,
                place="runner",
                machine=self.name,
                variables=(*given, *own, *self.conda),
                name="step",
                start=self.start,
                carry="azure",
            )

    def _template(self, step: Node, name: str, context: _Context, inside: tuple[str, ...]) -> Iterator[Script]:
        path, _, repository = name.partition("@")
        directory = posixpath.dirname(step.source.path)
        path = path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(directory, path))
        data = self.read(path) if repository in ("", "self") and path not in inside and len(inside) < _DEEPEST else None
        root = next(documents(Source(path, data)), None) if data is not None else None
        if not isinstance(root, Node):
            return
        given = {name.lower(): context.resolved(value) for name, value in variables(at(step, "parameters"))}
        within = replace(context, parameters={**_defaults(root), **given})
        steps = at(root, "steps")
        if steps is not None:
            yield from self.steps(list(_flat(steps, set())), within, (*inside, path))


def _defaults(root: Node) -> dict[str, str]:
    parameters = at(root, "parameters")
    if parameters is not None and parameters.kind == "mapping":
        return {name.lower(): value for name, value in variables(parameters)}
    named = ((text(at(each, "name")).lower(), at(each, "default")) for each in items(parameters))
    return {name: text(value) for name, value in named if value is not None and value.kind == "scalar"}


def _is_windows(trail: Trail) -> bool:
    """Tell whether the innermost pool has Windows machines, on every row of a matrix that chooses it."""
    pools = [at(node, "pool") for node in trail]
    pool = next((each for each in reversed(pools) if each is not None), None)
    name = text(at(pool, "vmImage")) or text(at(pool, "name")) or text(pool)
    variable = re.fullmatch(r"\$(?:\(|\{\{\s*(?:variables|parameters)\.)([\w.-]+)(?:\)|\s*\}\})", name)
    if variable:
        rows = [row for node in trail for row in entries(at(node, "strategy", "matrix")).values()]
        values = [
            text(value) for row in rows for key, value in entries(row).items() if key.lower() == variable[1].lower()
        ]
        values = values or [_context(trail).known.get(variable[1].lower(), "")]
        return all(_WINDOWS.search(value) for value in values)
    return bool(_WINDOWS.search(name))
