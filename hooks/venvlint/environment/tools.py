"""Activation by the commands of tools: conda, pyenv, virtualenvwrapper, poetry, direnv, ..."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.environment import activation, nested
from venvlint.environment.fields import joined
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import State
from venvlint.values import is_unknown, unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

CONDAS = ("conda", "mamba", "micromamba")


def run_command(run: Evaluator, call: Call, state: State, name: str) -> list[Outcome] | None:
    """Run a tool's command that changes the running shell; None where it is no such command."""
    argv = call.argv
    if name in CONDAS and len(argv) > 1:
        return _conda(run, call, state)
    if name in ("workon", "mkvirtualenv", "mktmpenv", "setvirtualenvproject"):
        names = [word for word in argv[1:] if not word.startswith("-")]
        if name == "setvirtualenvproject" or (name == "workon" and not names):
            return [Outcome(state)]
        return activation.activate(run, call, state, f"{unknown('WORKON_HOME')}/{names[-1] if names else 'env'}")
    if name == "pyenv" and len(argv) > 1:
        return _pyenv(run, call, state)
    if name in ("pipenv", "poetry", "hatch", "pixi") and argv[1:2] == ("shell",):
        return _tool_shell(run, call, state, name)
    if name == "deactivate":  # no activation in this shell defined it
        return [Outcome(state, False)]
    if name == "layout" and argv[1:2] and argv[1].startswith(("python", "pyenv", "poetry", "pipenv", "anaconda")):
        return activation.activate(run, call, state, unknown("direnv environment"))
    if name == "activate" or ("/" in argv[0] and activation.is_script(argv[0].replace("\\", "/"))):
        activation.blame_executed(run, call, state, argv[0])
        return [Outcome(state)]
    return None


def _conda(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    verb, *rest = call.argv[1:]
    if verb == "activate":
        return activation.activate_conda(run, call, state, rest)
    if verb == "deactivate":
        activation.deactivate_conda(state)
        return [Outcome(state, True)]
    return None


def _pyenv(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    verb, *rest = call.argv[1:]
    if verb == "activate" or (verb in ("shell", "local") and rest and not re.match(r"[\d.]+|system|pypy|-", rest[0])):
        return activation.activate(run, call, state, unknown("pyenv virtualenv"))
    if verb == "deactivate":
        state.deactivate()
        return [Outcome(state)]
    return None


def _tool_shell(run: Evaluator, call: Call, state: State, name: str) -> list[Outcome]:
    """`pipenv shell`: a new shell that reads what is fed to it; the lines of the script run after it, outside."""
    if run.stdin is not None and not is_unknown(joined(run.stdin)):
        inner = state.child("bash")
        activation.activate(run, call, inner, unknown(f"{name} environment"))
        outcomes = nested.run_code(run, run.stdin, call.node, inner, "bash", f"{name} shell")
        run.leave(state, outcomes, call.node, f"{name} shell")
    return [Outcome(state)]
