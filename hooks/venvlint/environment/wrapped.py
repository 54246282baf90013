"""Running the command behind a wrapper."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from venvlint.environment import nested, places
from venvlint.environment.fields import Piece, spaced
from venvlint.environment.outcome import Outcome, status_of
from venvlint.environment.peeling import Peeled
from venvlint.environment.state import State, Variable
from venvlint.environment.wrappers import Wrapper
from venvlint.shells import tree
from venvlint.values import unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

# `sudo -E`, `sudo -EH`: variables stay, though PATH doesn't.
_KEEPS = re.compile(r"-[A-Za-z]*E[A-Za-z]*|--preserve-env(?:=.*)?")


def _is_program(call: Call, state: State) -> bool:
    """Tell whether a command is the program `time`, not the keyword: quoted, behind a pipe, or in a plain sh."""
    name = tree.name_of(call.node)
    return call.argv[0] == "time" and (state.shell == "sh" or name is None or name.quoted)


def run_wrapped(run: Evaluator, call: Call, state: State, peeled: Peeled) -> list[Outcome]:
    """Run the command behind a wrapper in the environment that the wrapper gives it."""
    wrapper = peeled.wrapper
    keeps_shell = wrapper.is_function and not _is_program(call, state)
    rest = call.behind(peeled.index, is_external=call.is_external or not keeps_shell)
    if wrapper.is_script:  # `parallel pip install ::: a b`
        stop = next((at for at, word in enumerate(rest.argv) if word.startswith(":::")), len(rest.argv))
        rest = replace(rest, fields=rest.fields[:stop], argv=rest.argv[:stop])
    if wrapper.adds_words and not (wrapper.is_script and any("{}" in each for each in rest.argv)):
        word = unknown("input")
        rest = replace(rest, fields=(*rest.fields, [Piece(word)]), argv=(*rest.argv, word))
    is_other_path = call.argv[0] == "command" and "p" in "".join(peeled.options[:1])
    if keeps_shell and not peeled.assignments and not is_other_path:
        if call.argv[0] == "command":
            functions, state.functions = state.functions, {}
            outcomes = run.call(rest, state)
            for end in outcomes:
                end.state.functions = {**functions, **end.state.functions}
            return outcomes
        return run.call(rest, state)
    inner = State(state.shell) if wrapper.path == "elsewhere" else state.fork()
    if wrapper.path == "elsewhere":
        inner.keep(state)
        inner.loss = None
    _prepare(inner, peeled, wrapper)
    if wrapper.is_script and " " in rest.argv[0]:
        outcomes = nested.run_code(run, spaced(rest.fields), call.node, inner.child("sh"), "sh", "subshell")
    else:
        outcomes = run.call(rest, inner)
    ended = [end.state for end in outcomes]
    if wrapper.path != "elsewhere":
        run.leave(state, [Outcome(way) for way in ended], call.node, "command")
    if call.argv[0] == "find" and call.argv[-1] == ";":
        return [Outcome(state, True)]  # whatever becomes of the commands
    if call.argv[0] != "exec":
        return [Outcome(state, status_of(outcomes))]
    state.traps = ()  # the shell is gone before it could run them
    return [Outcome(state, status_of(outcomes), "exit")]


def _prepare(inner: State, peeled: Peeled, wrapper: Wrapper) -> None:
    """Change the state as the wrapper does before it runs the command."""
    if peeled.is_cleared:
        inner.forget_variables()
    if wrapper.path == "system" and any(name == "PATH" for name, _ in peeled.assignments):
        inner.is_elevated = True
    elif wrapper.path == "system":
        nested.elevate(inner, keeps=any(_KEEPS.fullmatch(option) for option in peeled.options))
    for name in peeled.unset:
        inner.variables[name] = Variable(None)
    for name, value in peeled.assignments:
        inner.set(name, value, export=True)
    if peeled.environment is not None:
        if peeled.environment == "" and (inner.conda or places.LOST_PATH in inner.path):
            prefix = inner.conda[-1] if inner.conda else places.LOST_PATH
            inner.set("PATH", f"{prefix}/bin:{inner.path}", export=True)
        elif peeled.environment in ("", "base"):
            inner.set("PATH", f"{unknown('CONDA_DIR')}/bin:{inner.path}", export=True)
        else:
            prefix = unknown(peeled.environment.replace("/", "_"))
            inner.created |= {f"env:{prefix}"}
            inner.set("PATH", f"{prefix}/bin:{inner.path}", export=True)
            inner.set("VIRTUAL_ENV", prefix, export=True)
