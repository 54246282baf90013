"""What activating an environment does to a shell, and what is said of an activation that does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from venvlint.environment import places
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import VIRTUAL_ENV_ALONE, Activation, State, shown_environment
from venvlint.shells import tree

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator


def is_script(path: str) -> bool:
    """Tell whether a path is that of an activate script for POSIX shells."""
    name = path.rsplit("/", 1)[-1]
    return (
        name in ("activate", "activate.sh", "activate.bash", "activate.zsh") and ("/" in path or name == "activate")
    ) or path.endswith(("bin/activate", "Scripts/activate"))


def prefix_of(path: str, state: State) -> str:
    """Return the environment that an activate script belongs to."""
    directory = path.rpartition("/")[0]
    if directory in ("", "."):
        directory = state.cwd
    directory = places.normal(directory, state.cwd)
    return places.prefix_of(directory) or directory


def activate(run: Evaluator, call: Call, state: State, prefix: str) -> list[Outcome]:
    """Activate the environment at a prefix."""
    path, span = run.site(call.node)
    state.activate(prefix, Activation(shown_environment(prefix), path, span))
    return [Outcome(state, True)]


def activate_conda(run: Evaluator, call: Call, state: State, words: Sequence[str]) -> list[Outcome]:
    """Activate the conda environment that the first operand of `words` names, base without one."""
    name = next((word for word in words if not word.startswith("-")), "")
    path, span = run.site(call.node)
    prefix = places.normal(name, state.cwd) if "/" in name else name
    state.activate_conda(prefix, Activation(name, path, span))
    return [Outcome(state, True)]


def blame(run: Evaluator, call: Call, state: State, reason: str, path: str) -> list[Outcome]:
    """Note an activation that does nothing, by its script's path; its command fails."""
    site = run.site(call.node)
    text = run.frame.text[call.node.start : call.node.end]
    environment = shown_environment(prefix_of(path, state))
    run.recorder.ineffective(site, text, reason, environment)
    state.ineffective = (Activation(environment, *site), reason)
    state.loss = None  # the nearer cause
    state.remember(environment)
    return [Outcome(state, False)]


def blame_executed(run: Evaluator, call: Call, state: State, program: str) -> None:
    """Note an activate script that is executed rather than sourced."""
    blame(run, call, state, "an activate script that is executed changes only its own shell: source it", program)


def note_variable(run: Evaluator, node: tree.Assignment | tree.Command, state: State, prefix: str) -> None:
    """Note that VIRTUAL_ENV is set: without PATH, that activates nothing."""
    if prefix:
        activation = Activation(shown_environment(prefix), run.frame.path, run.frame.span(node.start, node.end))
        state.ineffective = (activation, VIRTUAL_ENV_ALONE)
        state.remember(activation.environment)
