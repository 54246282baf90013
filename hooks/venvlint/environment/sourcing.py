"""Following another file in the running shell: `source` and what is like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from venvlint import shells
from venvlint.environment import activation, harmless, landing, places
from venvlint.environment.frame import Frame
from venvlint.environment.outcome import Outcome, merged, returned
from venvlint.environment.state import SCRIPT_DIRECTORY, START_DIRECTORY, State
from venvlint.source import Offsets, Source
from venvlint.values import CLOSE, OPEN, is_known

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

_LARGEST_SOURCE = 1_000_000  # characters of a sourced file that is read
_MOST_SOURCES = 40


def source(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`source file`, `. file`: an environment's activation, a file of the repository, or something unknown."""
    words = [word for word in call.argv[1:] if word != "--"]
    if not words:
        return [Outcome(state)]
    path = words[0].replace("\\", "/")
    activates = activation.is_script(path)
    if call.argv[0] == "source" and state.shell == "sh":
        if activates:
            reason = "sh has no `source`: the activation fails, and what follows runs without it"
            activation.blame(run, call, state, reason, path)
        return [Outcome(state, False)]
    active = landing.on_path(state)
    if path == "activate" and len(words) == 1 and active.where == "environment":
        return activation.activate(run, call, state, active.environment)  # `. activate` is looked up on PATH
    if path == "activate" or (activates and _is_conda_base(path)):
        return activation.activate_conda(run, call, state, words[1:])
    if activates:
        return activation.activate(run, call, state, activation.prefix_of(path, state))
    if path.startswith(("/dev/fd", "/proc/")) or OPEN + "substitution" in path:
        written = run.frame.text[call.node.start : call.node.end]
        if not harmless.EVALUATED.search(written):
            state.lose_environment()
        return [Outcome(state)]
    found = find(run, path, state)
    if found is None:
        if not harmless.SOURCED.fullmatch(path.replace(OPEN, "").replace(CLOSE, "")) and not path.startswith(
            ("/etc/", "/usr/", "/opt/ros/", "/opt/intel/")
        ):
            state.lose_environment()
        return [Outcome(state)]
    return run_file(run, call, state, *found, words[1:])


def _is_conda_base(path: str) -> bool:
    prefix = places.prefix_of(path.rpartition("/")[0])
    return prefix is not None and places.kind_of_prefix(prefix) == "base"


def find(run: Evaluator, path: str, state: State) -> tuple[str, bytes] | None:
    """Return the path in the repository and the bytes of a sourced file; None where it isn't there."""
    own = run.recorder.path.rpartition("/")[0]
    absolute = places.normal(path, state.cwd)
    bases: tuple[str, ...] = (own, "")
    if absolute.startswith(f"{SCRIPT_DIRECTORY}/"):
        bases, rest = (own,), absolute.removeprefix(f"{SCRIPT_DIRECTORY}/")
    elif absolute.startswith(f"{START_DIRECTORY}/"):
        rest = absolute.removeprefix(f"{START_DIRECTORY}/")
    else:  # "$HERE/common.sh": a variable that most likely is the script's own directory
        rest = absolute.partition(f"{CLOSE}/")[2]
    if not rest or not is_known(rest):
        return None
    for base in bases:
        candidate = places.normal(f"{base}/{rest}" if base else rest)
        data = run.read(candidate) if not candidate.startswith(("..", "/")) else None
        if data is not None:
            return candidate, data
    return None


def run_file(run: Evaluator, call: Call, state: State, path: str, data: bytes, arguments: list[str]) -> list[Outcome]:
    """Run a sourced file in the running shell."""
    if path in run.sourcing or len(run.sourcing) > _MOST_SOURCES or len(data) > _LARGEST_SOURCE:
        return [Outcome(state)]
    text = Source(path, data).text
    positional = state.positional
    if arguments:
        state.positional = tuple(arguments)
    run.sourcing.append(path)
    outcomes = run.inside(shells.inner(text, state.shell), state, Frame(path, text, state.shell, Offsets.shifted(0)))
    run.sourcing.pop()
    if arguments:
        for end in outcomes:
            end.state.positional = positional
    return merged(returned(outcomes))
