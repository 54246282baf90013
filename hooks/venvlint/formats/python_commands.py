"""The commands that a call in a Python module runs: the standard library's ways, invoke's, fabric's, and nox's."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from venvlint.formats import argv, machine_scripts
from venvlint.formats.pieces import Piece
from venvlint.formats.python_environment import Environment
from venvlint.formats.python_names import At
from venvlint.formats.python_scope import Site
from venvlint.formats.python_values import Evaluator
from venvlint.formats.python_words import Value, Words, as_words, concatenated
from venvlint.values import RUNNING_PYTHON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats.images import Start
    from venvlint.model import Shell

# Functions that take a string for the shell, those that take words (or `shell=True`), those whose arguments are words.
_SHELL = frozenset(
    {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "asyncio.create_subprocess_shell"}
    | {"get_ipython().system", "get_ipython().getoutput", "get_ipython().system_raw", "commands.getoutput"}
)
_PROCESS = frozenset(
    {f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")}
    | {"distutils.spawn.spawn", "pexpect.run", "pexpect.spawn", "os.execv", "os.execvp", "os.execve", "os.execvpe"}
    | {f"os.{name}" for name in ("spawnv", "spawnvp", "spawnve", "spawnvpe", "posix_spawn", "posix_spawnp")}
)
_WORDS = frozenset({"asyncio.create_subprocess_exec", "os.execl", "os.execlp", "os.spawnl", "os.spawnlp"})
_PIP = frozenset({"pip.main", "pip._internal.main", "pip._internal.main.main", "pip._internal.cli.main.main"})
_WHERE_WORDS_ARE = {"execv": 1, "execvp": 1, "execve": 1, "execvpe": 1, "posix_spawn": 1, "posix_spawnp": 1}
_SPAWN = re.compile(r"os\.spawn")
_SESSION_RUNS = frozenset({"run", "run_always", "run_install"})
_CONNECTIONS = frozenset({"c", "ctx", "conn", "connection", "context", "cxn", "self.c", "self.ctx", "self.conn"})


@dataclass(frozen=True, slots=True)
class Command:
    """One command that a call runs."""

    shell: Shell
    piece: Piece
    options: str = ""
    start: Start = "global"
    is_possible: bool = False
    variables: tuple[tuple[str, str], ...] = ()


class Commands:
    """Finds the commands of one module's calls."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator, self.module = evaluator, evaluator.module
        self.environment = Environment(evaluator)
        self.has_tasks = any(name.split(".")[0] in ("invoke", "fabric") for name in self.module.modules)
        self.has_sessions = "nox" in self.module.modules

    def of(self, site: Site, at: At) -> Iterator[Command]:
        """Yield the commands that a call runs by itself: several where a loop's variable holds them."""
        name = self.module.dotted(site.call.func)
        if name in _SHELL:
            for piece in _each(self._argument(site, at, 0, "cmd", "command")):
                yield self._in_shell(piece, "sh")
        elif name in _PROCESS:
            yield from self._process(site, at, name)
        elif name in _WORDS:
            skipped = 0 if name.startswith("asyncio") else 2 if _SPAWN.match(name) else 1
            yield from _execute(self.words(site, at, site.call.args[skipped:]))
        elif name in _PIP:
            yield from self._pip(site, at)
        elif self.has_sessions and (session := self._receiver(site, "session")):
            yield from self._session(site, at, session)
        elif self.has_tasks:
            yield from self._task(site, at, name)

    # The standard library

    def _argument(self, site: Site, at: At, index: int, *names: str) -> Value | None:
        call = site.call
        if len(call.args) > index and not any(isinstance(each, ast.Starred) for each in call.args[: index + 1]):
            return self.evaluator.value(call.args[index], at, keeps_place=True)
        for keyword in call.keywords:
            if keyword.arg in names:
                return self.evaluator.value(keyword.value, at, keeps_place=True)
        return None

    def words(self, site: Site, at: At, nodes: list[ast.expr]) -> Words:
        value = self.evaluator.value(ast.copy_location(ast.Tuple(nodes, ast.Load()), site.call), at)
        return value if isinstance(value, Words) else Words()

    def _process(self, site: Site, at: At, name: str) -> Iterator[Command]:
        index = _WHERE_WORDS_ARE.get(name.removeprefix("os."), 2 if _SPAWN.match(name) else 0)
        value = self._argument(site, at, index, "args", "cmd", "command")
        given = {keyword.arg: keyword.value for keyword in site.call.keywords}
        shell = given.get("shell")
        is_shell = shell is not None and not (isinstance(shell, ast.Constant) and not shell.value)
        for command in self._started(value, at, given.get("executable"), is_shell=is_shell):
            yield self._with_environment(command, given.get("env"), at)

    def _started(
        self, value: Value | None, at: At, executable: ast.expr | None, *, is_shell: bool
    ) -> Iterator[Command]:
        if isinstance(value, Words) and not value.is_loop:
            for command in _execute(value):
                # The shell would take the first word alone, but on Windows, where it gets them all.
                yield replace(command, is_possible=True) if is_shell else command
            return
        for piece in _each(value):
            if is_shell:
                program = self.evaluator.value(executable, at) if executable is not None else None
                name = argv.program(program.text) if isinstance(program, Piece) else "sh"
                yield self._in_shell(piece, argv.SHELLS.get(name, "sh"))
            else:
                yield from _execute(as_words(piece))

    def _in_shell(self, piece: Piece, shell: Shell) -> Command:
        return Command(*machine_scripts.for_system(piece)) if shell == "sh" else Command(shell, piece)

    def _with_environment(self, command: Command, given: ast.expr | None, at: At) -> Command:
        """Return a command that is given variables: where PATH may be among them, nothing is known."""
        if given is None:
            return command
        found = self.environment.variables(given, at)
        return replace(command, start="unknown") if found is None else replace(command, variables=found)

    def _pip(self, site: Site, at: At) -> Iterator[Command]:
        value = self._argument(site, at, 0, "args")
        if isinstance(value, Words):
            start, end = at.text.span(site.call.func)
            words = [at.text.placed(word, start, end) for word in (RUNNING_PYTHON, "-m", "pip")]
            yield from _execute(Words([*words, *value]))

    # Task runners

    def _receiver(self, site: Site, decorator: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return the function with `@nox.session` or `@task` whose first parameter's method is called."""
        func = site.call.func
        function = site.scope.function
        if not isinstance(func, ast.Attribute) or not isinstance(func.value, ast.Name):
            return None
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or not function.args.args:
            return None
        called = [each.func if isinstance(each, ast.Call) else each for each in function.decorator_list]
        is_decorated = any(self.module.dotted(each).split(".")[-1] == decorator for each in called)
        return function if is_decorated and function.args.args[0].arg == func.value.id else None

    def _session(self, site: Site, at: At, session: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Command]:
        """nox puts the session's environment first on PATH, unless the session has none."""
        assert isinstance(site.call.func, ast.Attribute)
        if site.call.func.attr not in _SESSION_RUNS:
            return
        start: Start = "global" if _has_no_environment(session) else "environment"
        is_external = any(keyword.arg == "external" for keyword in site.call.keywords)
        for command in _execute(self.words(site, at, site.call.args)):
            if start == "environment" and is_external:  # of the system, where the session has no such program
                yield replace(command, is_possible=True)
            else:
                yield replace(command, start=start)

    def _task(self, site: Site, at: At, name: str) -> Iterator[Command]:
        """`c.run("...")` of invoke and fabric, with what `with c.prefix("...")` puts in front."""
        holder, _, verb = name.rpartition(".")
        is_connection = holder in _CONNECTIONS or self._receiver(site, "task") is not None
        is_function = holder in ("fabric.api", "fabric.operations", "invoke")
        if verb not in ("run", "sudo", "local") or not (is_connection or is_function):
            return
        value = self._argument(site, at, 0, "command")
        start: Start = "global"
        before: list[Piece] = []
        for context in site.contexts:
            piece = self._prefix(context, at)
            if piece is None:
                start = "unknown"
            else:
                before.append(piece)
        for piece in _each(value):
            sudo = [at.text.placed("sudo ", *at.text.span(site.call.func))] if verb == "sudo" else []
            yield Command("bash", concatenated([*before, *sudo, piece], piece), start=start)

    def _prefix(self, context: ast.expr, at: At) -> Piece | None:
        """Return what a `with` item puts in front of each command; None where nobody can tell."""
        if not isinstance(context, ast.Call):
            return None
        verb = self.module.dotted(context.func).split(".")[-1]
        nothing = at.text.placed("", *at.text.span(context))
        if verb not in ("prefix", "cd", "lcd") or not context.args:
            is_harmless = verb in ("settings", "hide", "show", "warn_only", "Connection", "open", "shell_env")
            return nothing if is_harmless else None
        value = self.evaluator.value(context.args[0], at, keeps_place=True)
        if not isinstance(value, Piece):
            return None
        start, end = at.text.span(context)
        opening = [] if verb == "prefix" else [at.text.placed("cd ", start, end)]
        return concatenated([*opening, value, at.text.placed(" && ", start, end)], nothing)


def runs(name: str) -> bool:
    """Tell whether the function called `name` is one that runs commands."""
    return name in _SHELL or name in _PROCESS or name in _WORDS or name in _PIP


def _has_no_environment(session: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether nox makes no environment for a session: `python=False` or `venv_backend="none"`."""
    for decorator in session.decorator_list:
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            if (keyword.arg, value) in (("python", False), ("py", False), ("venv_backend", "none")):
                return True
    return False


def _each(value: Value | None) -> list[Piece]:
    if value is None:
        return []
    if isinstance(value, Words):
        return list(value) if value.is_loop else []
    return [value]


def _execute(words: Words) -> Iterator[Command]:
    """Yield the command that words are, or the script that they hand to a shell."""
    if words and (words[0].text or len(words) > 1):
        shell, piece, options, start = argv.command(words)
        yield Command(shell, piece, options, start or "global")
