"""Python modules: the commands that their calls run."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from venvlint.formats.pieces import Piece
from venvlint.model import Place, Script, Skipped
from venvlint.source import Offsets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from venvlint.formats import Read
    from venvlint.formats.python_commands import Command, Commands
    from venvlint.formats.python_names import At
    from venvlint.formats.python_scope import Scope, Site
    from venvlint.formats.python_words import Value
    from venvlint.source import Source

# Without one of these no call runs anything, and without one of each of those nothing that runs can matter.
_RUNS = re.compile(
    r"\bsubprocess|\bsystem\(|\bos\.system|popen|os\.(?:exec|posix_spawn|spawn)|\bpip\b[^\n]*\bmain\b"
    r"|\b(?:import|from)\s+(?:invoke|fabric|nox|pexpect)\b|get_ipython|distutils\.spawn|getoutput"
)
_INSTALLER = re.compile(
    r"(?<![A-Za-z])(?:pip(?![A-Za-z])|(?:micro)?mamba|conda)|easy_install|setup\.py|poetry|\buv\b|activate|EXTERNALLY-MANAGED",
    re.IGNORECASE,
)
_INSTALLS = re.compile(r"install|develop|activate|sync|\badd\b|config|EXTERNALLY-MANAGED|update|create")
# What a file of another version of Python has to have so that it matters that it wasn't understood.
_LIKELY = re.compile(
    r"^[^#\n]*(?:subprocess|system|[pP]open|call|check_output)\s*[.(]"
    r"[^#\n]*\b(?:pip[\d.]*|easy_install|conda)\b[^#\n]*\binstall",
    re.MULTILINE,
)
# The module asks itself whether an environment is active.
_ASKS = re.compile(
    r"base_prefix|real_prefix|\bVIRTUAL_ENV\b|\bCONDA_PREFIX\b|\bin_v(?:irtual)?_?env|is_v(?:irtual)?_?env"
)
_CHANGES_PATH = re.compile(
    r"""environ\[\s*['"](?:PATH|VIRTUAL_ENV|CONDA_PREFIX)['"]\s*\]\s*\+?=[^=]|activate_this""",
)
_DEEPEST_CALL = 3
_MOST_CALLS = 4000


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield what each call runs, in the order of the file."""
    del read  # what other modules define isn't followed
    if can_run(source.text):
        yield from of_text(source, Piece(source.text, Offsets.shifted(0)))


def can_run(text: str) -> bool:
    """Tell, without parsing, whether code may run anything that matters."""
    return all(pattern.search(text) for pattern in (_RUNS, _INSTALLER, _INSTALLS))


def of_text(source: Source, piece: Piece, place: Place = "script") -> Iterator[Script | Skipped]:
    """Yield what the calls in Python code run, which is a file's or stands in one."""
    from venvlint.formats.python_commands import Commands
    from venvlint.formats.python_scope import gather
    from venvlint.formats.python_text import Text
    from venvlint.formats.python_values import Evaluator

    try:
        text = Text(piece)
        module = gather(text.tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if _LIKELY.search(piece.text):
            number = error.lineno if isinstance(error, SyntaxError) else None
            yield Skipped(source.path, "not understood as Python 3", number)
        return
    found = _Calls(Commands(Evaluator(module, text)))
    is_changed, is_asked = _CHANGES_PATH.search(piece.text), _ASKS.search(piece.text)
    for site, command in found.all():
        yield Script(
            command.shell,
            command.piece.text,
            command.piece.offsets,
            place=place,
            machine=f"python {id(site.scope)}",
            variables=command.variables,
            name="call",
            options=command.options,
            start="unknown" if is_changed and command.start == "global" else command.start,
            is_possible=command.is_possible or is_asked is not None,
        )


class _Calls:
    """Goes through a module's calls, and through its own functions where what they run is their caller's to say."""

    def __init__(self, commands: Commands) -> None:
        from venvlint.formats.python_commands import runs

        self.commands, self.module = commands, commands.module
        self.inside: dict[int, list[Site]] = {}
        for site in self.module.sites:
            self.inside.setdefault(id(site.scope), []).append(site)
        self.left = _MOST_CALLS
        self.running = self._running(runs)

    def all(self) -> Iterator[tuple[Site, Command]]:
        for site in self.module.sites:
            at = self.at(site)
            for command in (*self.commands.of(site, at), *self.handed_on(site, at, 0)):
                yield site, command

    def _running(self, runs: Callable[[str], bool]) -> set[str]:
        """Return the module's functions that run something, by themselves or through others."""
        calls: dict[str, set[str]] = {}
        for name, scope in self.module.functions.items():
            calls[name] = {self.module.dotted(site.call.func) for site in self.inside.get(id(scope), ())}
        running = {name for name, called in calls.items() if self.commands.has_tasks or any(map(runs, called))}
        grows = bool(running)
        while grows:
            more = {name for name, called in calls.items() if running & {each.split(".")[-1] for each in called}}
            grows = not more <= running
            running |= more
        return running

    def at(self, site: Site) -> At:
        from venvlint.formats.python_names import At

        return At(self.commands.evaluator.text, site.scope, site.start, site.blocks)

    def handed_on(self, site: Site, at: At, depth: int) -> Iterator[Command]:
        """Yield what a call of one of the module's functions runs because of what it is given."""
        name = self.module.dotted(site.call.func)
        own = name.split(".")[-1] if name.count(".") < 2 else ""
        scope = self.module.functions.get(own) if own in self.running else None
        self.left -= 1
        if scope is None or depth > _DEEPEST_CALL or self.left < 0 or scope is site.scope:
            return
        bound = self._bound(site, at, scope, has_self=name.startswith(("self.", "cls.")))
        if not bound:
            return
        for inner in self.inside.get(id(scope), ()):
            there = self.at(inner)
            plain = [each.piece.text for each in self.commands.of(inner, there)]
            for index, command in enumerate(self.commands.of(inner, there._replace(bound=bound))):
                if index >= len(plain) or _program(plain[index]) != _program(command.piece.text):
                    yield self._placed(command, site, at, bound)
            for command in self.handed_on(inner, there._replace(bound=bound), depth + 1):
                yield self._placed(command, site, at, bound)

    def _bound(self, site: Site, at: At, scope: Scope, *, has_self: bool) -> dict[str, Value]:
        """Return what the parameters of a function are given by a call."""
        names = [name for name in scope.parameters if not name.startswith("*")]
        rest = next((name[1:] for name in scope.parameters if name.startswith("*")), None)
        if has_self or names[:1] in (["self"], ["cls"]):
            names = names[1:]
        if any(isinstance(each, ast.Starred) for each in site.call.args):
            return {}
        evaluate = self.commands.evaluator.value
        found = {name: evaluate(node, at, keeps_place=True) for name, node in zip(names, site.call.args, strict=False)}
        if rest is not None:
            found[rest] = self.commands.words(site, at, site.call.args[len(names) :])
        for keyword in site.call.keywords:
            if keyword.arg in names:
                found[keyword.arg] = evaluate(keyword.value, at, keeps_place=True)
        return found

    def _placed(self, command: Command, site: Site, at: At, bound: dict[str, Value]) -> Command:
        """Return a command as standing in the call that brought it about."""
        from dataclasses import replace

        from venvlint.formats import argv

        for value in bound.values():
            given = value if isinstance(value, Piece) else argv.command(value)[1] if value else None
            if given is not None and given.text == command.piece.text:
                return replace(command, piece=given)
        return replace(command, piece=at.text.placed(command.piece.text, *at.text.span(site.call)))


def _program(text: str) -> str:
    return text.split(" ", 1)[0]
