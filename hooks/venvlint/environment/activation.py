"""What activating an environment does to a shell, and what is said of an activation that does nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from venvlint.environment import places, sites
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import VIRTUAL_ENV_ALONE, Activation, State, Variable, shown_environment
from venvlint.shells import tree
from venvlint.values import OPEN, unknown

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
    path, span = sites.site(run, call.node)
    state.activate(prefix, Activation(shown_environment(prefix), path, span))
    return [Outcome(state, True)]


def activate_conda(run: Evaluator, call: Call, state: State, words: Sequence[str]) -> list[Outcome]:
    """Activate the conda environment that the first operand of `words` names, base without one."""
    name = next((word for word in words if not word.startswith("-")), "")
    path, span = sites.site(run, call.node)
    prefix = places.normal(name, state.cwd) if "/" in name else name
    _put_conda_in_front(prefix, state, Activation(name, path, span))
    return [Outcome(state, True)]


def _put_conda_in_front(name: str, state: State, activation: Activation) -> None:
    """Put a conda environment's `bin` where the one before it was, else in front."""
    is_path = "/" in name or OPEN in name
    prefix = name if is_path else unknown("CONDA_DIR" if name in ("", "base", "root") else f"conda {name}")
    is_base = places.kind_of_prefix(prefix) == "base"
    before = f"{state.conda[-1]}/bin" if state.conda else ""
    state.set("PATH", _exchanged(state.path, before, f"{prefix}/bin"), export=True)
    if state.conda[-2:-1] == (prefix,):
        state.conda = state.conda[:-1]  # conda goes a step back
    elif state.conda[-1:] != (prefix,):
        state.conda = (*state.conda, prefix)
    state.set("CONDA_PREFIX", None if is_base else prefix, export=True)
    state.set("CONDA_DEFAULT_ENV", name or "base", export=True)
    if not is_base:
        state.activated(prefix, activation)


def deactivate_conda(state: State) -> None:
    """Take the conda environment that is active out of PATH and put the one before it back."""
    if not state.conda:
        return
    gone, state.conda = state.conda[-1], state.conda[:-1]
    state.set("PATH", _exchanged(state.path, f"{gone}/bin", f"{state.conda[-1]}/bin" if state.conda else ""))
    state.activation = None
    if state.conda:
        is_base = places.kind_of_prefix(state.conda[-1]) == "base"
        state.set("CONDA_PREFIX", None if is_base else state.conda[-1])
    else:
        state.variables["CONDA_PREFIX"] = state.variables["CONDA_DEFAULT_ENV"] = Variable(None)


def _exchanged(path: str, before: str, after: str) -> str:
    """Return PATH with an entry in the place of another one, in front where that isn't there; "" for none."""
    entries = path.split(":")
    is_there = before != "" and before in entries
    at = entries.index(before) if is_there else 0
    entries[at : at + is_there] = [after] if after else []
    return ":".join(entries)


def blame(run: Evaluator, call: Call, state: State, reason: str, path: str) -> list[Outcome]:
    """Note an activation that does nothing, by its script's path; its command fails."""
    site = sites.site(run, call.node)
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
