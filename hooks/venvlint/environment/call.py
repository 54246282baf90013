"""One simple command: its words expanded, and who takes care of it: a function, a built-in, a wrapper, an installer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from venvlint.environment import (
    builtins,
    conditions,
    dialects,
    effects,
    landing,
    nested,
    places,
    powershell_variables,
    windows,
    wrappers,
)
from venvlint.environment.expand import Field, Piece, joined
from venvlint.environment.outcome import Outcome, merged, status_of
from venvlint.environment.state import State, Variable
from venvlint.shells import tree
from venvlint.values import OPEN, RUNNING_PYTHON, is_known, is_unknown, unknown

if TYPE_CHECKING:
    from venvlint.environment.evaluate import Evaluator

_DEEPEST_CALL = 24
_DEEPEST_RECURSION = 2
_NO_STATUS = {"echo": True, "printf": True, ":": True, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Call:
    """A command about to run: its node, its expanded words, and how it came to be."""

    node: tree.Command
    fields: tuple[Field, ...]
    argv: tuple[str, ...]
    is_external: bool = False  # run by a wrapper that knows no functions and built-ins
    is_possible: bool = False

    def behind(self, index: int, **changes: object) -> Call:
        """Return the call that is left when the first `index` words are taken off."""
        rest: Call = replace(self, fields=self.fields[index:], argv=self.argv[index:], **changes)  # type: ignore[arg-type]
        return rest


def run_command(run: Evaluator, node: tree.Command, state: State) -> list[Outcome]:
    """Run a simple command as the script has it."""
    node = _unaliased(run, node, state)
    if not node.words:
        return _assign(run, node, state)
    stdin = run.stdin
    run.stdin = redirected_input(run, node.redirects, state) or stdin
    fields: list[Field] = []
    for word in node.words:
        if isinstance(word, tree.Assignment):
            fields.append(builtins.assignment_field(run, word, state))
        else:
            fields.extend(run.expander.fields(word, state))
    _write(run, node, state)
    call = Call(node, tuple(fields), tuple(joined(field) for field in fields))
    outcomes = _with_assignments(run, call, state)
    run.stdin = stdin
    return outcomes


def _unaliased(run: Evaluator, node: tree.Command, state: State) -> tree.Command:
    """Put an alias's words in place of its name; one holds from the line after its definition on."""
    if not state.aliases or not node.words:
        return node
    first = node.words[0]
    if not isinstance(first, tree.Word) or len(first.parts) != 1 or not isinstance(first.parts[0], tree.Text):
        return node
    alias = state.aliases.get(first.parts[0].text)
    is_later = alias is not None and alias[1] > node.start and run.frame.depth == 0  # code in code is read when it runs
    if alias is None or first.parts[0].quoted or is_later:
        return node
    words = tuple(
        tree.Word((tree.Text(text, False, first.start),), first.start, first.end) for text in alias[0].split()
    )
    return replace(node, words=words + node.words[1:])


def _assign(run: Evaluator, node: tree.Command, state: State) -> list[Outcome]:
    """Run a command that only assigns."""
    for redirect in node.redirects:
        run.expander.text(redirect.target, state)
    for assignment in node.assignments:
        (powershell_variables if state.shell == "pwsh" else builtins).assign(run, assignment, state)
    values = [assignment.value for assignment in node.assignments]
    has_command = any(
        isinstance(part, tree.Substitution) for value in values if value is not None for part in value.parts
    )
    return [Outcome(state, None if has_command else True)]


def _with_assignments(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Run a command with the assignments before it, which last no longer than it does."""
    prefix = call.node.assignments
    if not prefix or not call.argv:
        return run_call(run, call, state)
    before = {assignment.name: state.variables.get(assignment.name) for assignment in prefix}
    activation = state.activation
    for assignment in prefix:
        builtins.assign(run, assignment, state, is_exported=True)
    if call.argv[0] in builtins.SPECIAL and state.shell == "sh":
        return run_call(run, call, state)  # POSIX: they last
    outcomes = run_call(run, call, state)
    for end in outcomes:
        for name, found in before.items():
            if found is None:
                end.state.variables.pop(name, None)
            else:
                end.state.variables[name] = found
        if end.state.activation is None and "PATH" in before:
            end.state.activation = activation
    return outcomes


def run_call(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Run a command whose words are known."""
    if not call.argv:
        return [Outcome(state)]
    name = call.argv[0]
    if not call.is_external and state.shell in dialects.SHELLS:
        call = dialects.canonical(call, state)
        done = dialects.run_command(run, call, state)
        if done is not None:
            return done
    elif not call.is_external:
        if name in state.functions:
            return _call_function(run, call, state)
        builtin = builtins.BUILTINS.get(name)
        if builtin is not None:
            return builtin(run, call, state)
    if OPEN in name and is_unknown(name) and len(call.argv) > 1 and name != RUNNING_PYTHON:
        return _unknown_name(run, call, state)
    return run_program(run, call, state)


def _call_function(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    definition = state.functions[call.argv[0]]
    body, frame = definition.body, definition.frame
    if body is None or frame is None:
        state.deactivate()
        return [Outcome(state, True)]
    name = call.argv[0]
    run.seen.add(id(body))
    if run.is_hasty and run.relevance.is_idle(definition, state):
        run.relevance.pass_over(definition, state)
        return [Outcome(state)]
    if run.called.count(name) > _DEEPEST_RECURSION or len(run.called) > _DEEPEST_CALL:
        return []  # what comes back from here comes back from the calls above, too
    positional, state.positional = state.positional, call.argv[1:]
    state.locals = (*state.locals, {})
    run.sites.append(run.place(call.node))
    run.called.append(name)
    loops, run.loops = run.loops, 0
    outcomes = run.inside(body, state, frame)
    run.loops = loops
    run.called.pop()
    run.sites.pop()
    ended = []
    for end in outcomes:
        end.state.positional = positional
        saved, end.state.locals = end.state.locals[-1], end.state.locals[:-1]
        for variable, found in saved.items():
            if found is None:
                end.state.variables.pop(variable, None)
            else:
                end.state.variables[variable] = found
        ended.append(end._replace(ending="normal") if end.ending == "return" else end)
    return merged(ended)


def _unknown_name(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Run a command whose name nobody knows: `$SUDO pip install x` is an install all the same."""
    is_sudo = wrappers.may_be_nothing(call.argv[0])
    if run.requests.read(call.argv[1:], state) is None and call.argv[1] not in wrappers.WRAPPERS:
        return [Outcome(state)]
    outcomes = run_call(run, call.behind(1, is_external=True, is_possible=call.is_possible or not is_sudo), state)
    return [Outcome(end.state, None) for end in outcomes]


def run_program(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """Run what isn't the shell's own."""
    name = base_name(call.argv[0])
    peeled = wrappers.peel(name, call.argv)
    if peeled is not None:
        return _wrapped(run, call, state, peeled)
    code = windows.run_shell(run, call, state, name) or nested.run_shell(run, call, state, name)
    if code is not None:
        return code
    if not call.is_external:
        changed = effects.of_shell(run, call, state, name)
        if changed is not None:
            return changed
    if "-c" in call.argv[1:3] and name.startswith("python"):
        guarded = conditions.of_prefix(call.argv[-1], state)
        if guarded is not None:
            return guarded
    _install(run, call, state)
    effects.of_program(run, call, state, name)
    is_maker = name == "mkdir" or effects.environment_made(call.argv, name) is not None
    return [Outcome(state, True if is_maker else _NO_STATUS.get(name))]  # what follows counts on what was made


@lru_cache(maxsize=1024)
def base_name(program: str) -> str:
    """Return a program's name without directories and the ending that Windows gives it."""
    return re.sub(r"(?i)\.(?:exe|bat|cmd)$", "", program.replace("\\", "/").rsplit("/", 1)[-1])


def _install(run: Evaluator, call: Call, state: State) -> None:
    request = run.requests.read(call.argv, state)
    if request is None:
        return
    landed = landing.of(request, state)
    if landed is None:
        return
    path, span, text = run.place(call.node, request.verb)
    if request.kind == "setting" and request.installer == "poetry":
        state.created |= {"setting:POETRY_VIRTUALENVS_CREATE"}
    run.recorder.reach((path, span), text, request, landed, state, is_possible=call.is_possible)


def _wrapped(run: Evaluator, call: Call, state: State, peeled: wrappers.Peeled) -> list[Outcome]:
    """Run the command behind a wrapper in the environment that the wrapper gives it."""
    wrapper = peeled.wrapper
    rest = call.behind(peeled.index, is_external=call.is_external or not wrapper.is_function)
    if wrapper.adds_words:
        word = unknown("input")
        rest = replace(rest, fields=(*rest.fields, [Piece(word)]), argv=(*rest.argv, word))
    if wrapper.is_function and not peeled.assignments and "p" not in "".join(peeled.options[:1]):
        if call.argv[0] == "command":
            functions, state.functions = state.functions, {}
            outcomes = run_call(run, rest, state)
            for end in outcomes:
                end.state.functions = {**functions, **end.state.functions}
            return outcomes
        return run_call(run, rest, state)
    inner = State(state.shell) if wrapper.path == "elsewhere" else state.fork()
    if wrapper.path == "elsewhere":
        inner.keep(state)
        inner.loss = None
    _prepare(inner, peeled, wrapper)
    if wrapper.is_script and len(rest.argv) == 1 and " " in rest.argv[0]:
        outcomes = nested.run_code(run, rest.fields[0], call.node, inner, "sh", "subshell")
    else:
        outcomes = run_call(run, rest, inner)
    ended = [end.state for end in outcomes]
    if wrapper.path != "elsewhere":
        run.leave(state, [Outcome(way) for way in ended], call.node, "command")
    if call.argv[0] != "exec":
        return [Outcome(state, status_of(outcomes))]
    state.traps = ()  # the shell is gone before it could run them
    return [Outcome(state, status_of(outcomes), "exit")]


def _prepare(inner: State, peeled: wrappers.Peeled, wrapper: wrappers.Wrapper) -> None:
    """Change the state as the wrapper does before it runs the command."""
    if peeled.is_cleared:
        inner.variables = {"PATH": Variable(places.SYSTEM_PATH, True)}
        inner.activation = None
    inner.is_elevated |= wrapper.path == "system"
    if wrapper.path == "system" and not any(name == "PATH" for name, _ in peeled.assignments):
        inner.variables["PATH"] = Variable(places.SYSTEM_PATH, True)
        inner.activation = None
        inner.variables.pop("VIRTUAL_ENV", None)
    for name in peeled.unset:
        inner.variables[name] = Variable(None)
    for name, value in peeled.assignments:
        inner.set(name, value, export=True)
    if peeled.environment is not None:
        if peeled.environment == "base":
            inner.set("PATH", f"{unknown('CONDA_DIR')}/bin:{inner.path}", export=True)
        else:
            prefix = unknown(peeled.environment.replace("/", "_"))
            inner.created |= {f"env:{prefix}"}
            inner.set("PATH", f"{prefix}/bin:{inner.path}", export=True)
            inner.set("VIRTUAL_ENV", prefix, export=True)


# Input and output


def redirected_input(run: Evaluator, redirects: tuple[tree.Redirect, ...], state: State) -> Field | None:
    """Return what a heredoc or here-string feeds to a command, None where there is none."""
    found: Field | None = None
    for redirect in redirects:
        if redirect.operator in ("<<", "<<<"):
            found = run.expander.pieces(redirect.target, state)
    return found


def _write(run: Evaluator, node: tree.Command, state: State) -> None:
    """Note what a redirection writes where, as far as it matters to installers."""
    for redirect in node.redirects:
        if any(isinstance(part, tree.Substitution) and part.is_process for part in redirect.target.parts):
            run.expander.text(redirect.target, state)
        elif redirect.operator in (">", ">>", ">|", "&>", "&>>") and redirect.descriptor in ("", "1"):
            target = run.expander.text(redirect.target, state)
            effects.write(run, node, target, printed(run, node, state), state)


def printed(run: Evaluator, node: tree.Node, state: State) -> Field | None:
    """Return what a command prints, with the places it comes from; None where that isn't known."""
    if isinstance(node, tree.Redirected):
        node = node.body
    if not isinstance(node, tree.Command) or not node.words or not isinstance(node.words[0], tree.Word):
        return None
    words = [word for word in node.words if isinstance(word, tree.Word)]
    name = "".join(part.text for part in words[0].parts if isinstance(part, tree.Text))
    if name == "cat" and len(words) == 1:
        return redirected_input(run, node.redirects, state)
    if name not in ("echo", "printf"):
        return None
    fields = [field for word in words[1:] for field in run.expander.fields(word, state)]
    while fields and name == "echo" and joined(fields[0]) in ("-e", "-n", "-E", "-ne", "-en"):
        fields = fields[1:]
    if name == "printf":
        fields = _formatted(fields)
    out: Field = []
    for index, field in enumerate(fields):
        out.extend([Piece(" ")] if index else [])
        out.extend(field)
    return [*_unescaped(out), Piece("\n")]


def _formatted(fields: list[Field]) -> list[Field]:
    """Return what `printf` makes of its arguments, as far as commands are printed that way."""
    if fields and joined(fields[0]) == "--":
        fields = fields[1:]
    if len(fields) > 1 and joined(fields[0]).replace("\\n", "").strip() in ("%s", "%b"):
        return [[*field, Piece("\n")] for field in fields[1:]]
    return fields[:1]


def _unescaped(field: Field) -> Field:
    r"""Cut text at `\n`, which `printf` and many an `echo` print as the end of a line."""
    out: Field = []
    for piece in field:
        at = piece.start
        for index, line in enumerate(piece.text.split("\\n")):
            if index:
                out.append(Piece("\n"))
                at = at + 2 if at >= 0 else at
            out.append(Piece(line, at))
            at = at + len(line) if at >= 0 else at
    return out


def output_of(run: Evaluator, node: tree.Node, state: State) -> str | None:
    """Return what a substitution yields where it asks for a path: `$(which pip)`, `$(pwd)`, `$(dirname "$0")`."""
    if isinstance(node, tree.AndOr):
        return _place_of_script(node) if all(op == "&&" for op, _ in node.rest) else output_of(run, node.first, state)
    if isinstance(node, tree.Pipeline):
        return None
    if not isinstance(node, tree.Command) or not node.words or not isinstance(node.words[0], tree.Word):
        return None
    fields = [field for word in node.words if isinstance(word, tree.Word) for field in run.expander.fields(word, state)]
    argv = [joined(field) for field in fields]
    if argv and argv[0] in ("echo", "printf"):
        text = printed(run, node, state)
        return joined(text).rstrip("\n") if text is not None else None
    return dialects.printed(argv, state)


def _place_of_script(node: tree.AndOr) -> str | None:
    """Return the directory of the script for `$(cd "$(dirname "$0")" && pwd)`."""
    from venvlint.environment.state import SCRIPT_DIRECTORY

    last = node.rest[-1][1]
    first = node.first
    names = [
        "".join(part.text for part in command.words[0].parts if isinstance(part, tree.Text))
        for command in (first, last)
        if isinstance(command, tree.Command) and command.words and isinstance(command.words[0], tree.Word)
    ]
    if names != ["cd", "pwd"] or not isinstance(first, tree.Command) or len(first.words) < 2:
        return None
    word = first.words[-1]
    if isinstance(word, tree.Word) and any(isinstance(part, tree.Substitution) for part in word.parts):
        tail = "".join(part.text for part in word.parts if isinstance(part, tree.Text))
        return places.normal(f"{SCRIPT_DIRECTORY}/{tail}")
    return None


Handler = Callable[["Evaluator", Call, State], list[Outcome]]
__all__ = ["Call", "is_known", "run_call", "run_command"]
