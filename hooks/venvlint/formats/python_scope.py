"""What the names of a Python module stand for: imports, and the assignments of each scope in order."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Definition(NamedTuple):
    """One place that gives a name its value or changes it. `blocks` are the branches and loops that it stands in."""

    kind: Literal["assign", "loop", "add", "append", "extend", "key", "other"]
    value: ast.expr | None
    start: tuple[int, int]
    blocks: tuple[int, ...]
    key: ast.expr | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """A module or a function. A class's own names count as those of what it stands in."""

    function: Function | ast.Lambda | None = None
    parent: Scope | None = None
    names: dict[str, list[Definition]] = field(default_factory=dict)
    parameters: dict[str, ast.expr | None] = field(default_factory=dict)

    def define(self, name: str, definition: Definition) -> None:
        self.names.setdefault(name, []).append(definition)


class Site(NamedTuple):
    """A call, with what surrounds it: its scope, its branches and loops, and the `with` items, outermost first."""

    call: ast.Call
    scope: Scope
    blocks: tuple[int, ...]
    contexts: tuple[ast.expr, ...]

    @property
    def start(self) -> tuple[int, int]:
        return self.call.lineno, self.call.col_offset


@dataclass(slots=True)
class Module:
    """What was gathered from a module's tree."""

    top: Scope = field(default_factory=Scope)
    imports: dict[str, str] = field(default_factory=dict)
    functions: dict[str, Scope] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)
    modules: set[str] = field(default_factory=set)

    def dotted(self, node: ast.expr) -> str:
        """Return the name of what `node` refers to, imports resolved (`sp.run`: `subprocess.run`); "" for no name."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Call) and not node.args and isinstance(node.func, ast.Name):
            parts.append(f"{node.func.id}()")  # get_ipython().system
        elif isinstance(node, ast.Name):
            parts.append(self.imports.get(node.id, node.id))
        else:
            return ""
        return ".".join(reversed(parts))


class _Place(NamedTuple):
    node: ast.AST
    scope: Scope
    blocks: tuple[int, ...]
    contexts: tuple[ast.expr, ...]


def gather(tree: ast.AST) -> Module:
    """Return the names and calls of a module."""
    module = Module()
    waiting = [_Place(tree, module.top, (), ())]
    while waiting:
        place = waiting.pop()
        node = place.node
        if isinstance(node, ast.Import | ast.ImportFrom):
            _import(module, node)
        elif isinstance(node, ast.Call):
            module.sites.append(Site(node, place.scope, place.blocks, place.contexts))
            _grow(node, place)
        else:
            _define(node, place)
        waiting.extend(_inside(module, place))
    module.sites.sort(key=lambda site: site.start)
    for scope in (module.top, *module.functions.values()):
        for definitions in scope.names.values():
            definitions.sort(key=lambda definition: definition.start)
    return module


def _inside(module: Module, place: _Place) -> Iterator[_Place]:
    """Yield the parts of a node with what surrounds them."""
    node, scope, blocks, contexts = place
    if isinstance(node, Function | ast.Lambda):
        scope = Scope(node, scope, parameters=_parameters(node.args))
        name = node.name if isinstance(node, Function) else f"lambda {node.lineno}:{node.col_offset}"
        module.functions[name if name not in module.functions else f"{name} {node.lineno}"] = scope
        blocks = contexts = ()
    for name, value in ast.iter_fields(node):
        parts = value if isinstance(value, list) else [value]
        is_branch = isinstance(
            node, ast.If | ast.For | ast.AsyncFor | ast.While | ast.Try | ast.ExceptHandler | ast.Match
        )
        inner = (*blocks, id(value)) if is_branch and isinstance(value, list) and not _always(node, name) else blocks
        items = contexts
        if isinstance(node, ast.With | ast.AsyncWith) and name == "body":
            items = (*contexts, *(item.context_expr for item in node.items))
        for part in parts:
            if isinstance(part, ast.AST):
                yield _Place(part, scope, inner, items)


def _always(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Try) and name in ("body", "finalbody")


def _parameters(args: ast.arguments) -> dict[str, ast.expr | None]:
    names = [argument.arg for argument in (*args.posonlyargs, *args.args)]
    defaults: list[ast.expr | None] = [None] * (len(names) - len(args.defaults)) + list(args.defaults)
    found = dict(zip(names, defaults, strict=True))
    found.update(zip((argument.arg for argument in args.kwonlyargs), args.kw_defaults, strict=True))
    if args.vararg:
        found[f"*{args.vararg.arg}"] = None
    return found


def _import(module: Module, node: ast.Import | ast.ImportFrom) -> None:
    for alias in node.names:
        if isinstance(node, ast.Import):
            module.modules.add(alias.name)
            if alias.asname:
                module.imports[alias.asname] = alias.name
        elif node.module and not node.level:
            module.modules.add(node.module)
            module.imports[alias.asname or alias.name] = f"{node.module}.{alias.name}"


def _define(node: ast.AST, place: _Place) -> None:
    """Note what a statement gives to names."""
    scope, blocks = place.scope, place.blocks
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        start = (node.lineno, node.col_offset)
        for target in targets:
            if isinstance(target, ast.Name):
                if node.value is not None:
                    scope.define(target.id, Definition("assign", node.value, start, blocks))
            elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                scope.define(target.value.id, Definition("key", node.value, start, blocks, target.slice))
            elif isinstance(target, ast.Tuple | ast.List):
                _unpack(target, node.value, scope, start, blocks)
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        kind: Literal["add", "other"] = "add" if isinstance(node.op, ast.Add) else "other"
        scope.define(node.target.id, Definition(kind, node.value, (node.lineno, node.col_offset), blocks))
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        start = (node.target.lineno, node.target.col_offset)
        for name in ast.walk(node.target):
            if isinstance(name, ast.Name):
                is_plain = name is node.target
                scope.define(name.id, Definition("loop" if is_plain else "other", node.iter, start, blocks))
    elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
        target = node.optional_vars
        scope.define(target.id, Definition("other", None, (target.lineno, target.col_offset), blocks))


def _unpack(
    target: ast.Tuple | ast.List,
    value: ast.expr | None,
    scope: Scope,
    start: tuple[int, int],
    blocks: tuple[int, ...],
) -> None:
    values = value.elts if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts) else None
    for index, part in enumerate(target.elts):
        if isinstance(part, ast.Name):
            kind: Literal["assign", "other"] = "assign" if values else "other"
            scope.define(part.id, Definition(kind, values[index] if values else None, start, blocks))


def _grow(node: ast.Call, place: _Place) -> None:
    """Note `words.append(...)` and `words.extend(...)`."""
    target = node.func
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name) or len(node.args) != 1:
        return
    start = (node.lineno, node.col_offset)
    if target.attr in ("append", "extend"):
        kind: Literal["append", "extend"] = "append" if target.attr == "append" else "extend"
        place.scope.define(target.value.id, Definition(kind, node.args[0], start, place.blocks))
    elif target.attr in ("insert", "remove", "pop", "clear"):
        place.scope.define(target.value.id, Definition("other", None, start, place.blocks))
