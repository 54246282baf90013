"""Follows environments through the scripts of a file and yields every install with the place where it lands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from venvlint.environment import carry, effects, places
from venvlint.environment.evaluate import Evaluator, TooMuch
from venvlint.environment.frame import Frame
from venvlint.environment.record import Recorder
from venvlint.environment.state import VIRTUAL_ENV_ALONE, Activation, State, shown_environment
from venvlint.model import Install, Script, Skipped, Span
from venvlint.shells.tree import Unparsed
from venvlint.source import ELSEWHERE, Source
from venvlint.values import unknown

MOST_TEXT = 1_500_000  # characters of one script; nobody writes longer ones, and a hook must not keep people waiting
Read = Callable[[str], bytes | None]


def follow(source: Source, scripts: Iterable[Script], read: Read) -> Iterator[Install | Skipped]:
    """Yield the installs of a file's scripts, in order of position.

    `read` returns the bytes of another file of the repository by its path, None where there is none.
    """
    recorder = Recorder(source.path)
    machines: dict[str, State] = {}
    carried: dict[str, carry.Carried] = {}
    for script in scripts:
        if len(script.text) > MOST_TEXT:
            line = source.position(script.offsets.at(0))[0]
            yield Skipped(source.path, f"a script of more than {MOST_TEXT:,} characters", line)
            continue
        try:
            for stretch in _follow_script(script, recorder, machines, carried, read)[:1]:
                span = script.offsets.span(stretch.start, stretch.end)
                reason = f"not understood as {script.shell}"
                if span.start == ELSEWHERE:
                    yield Skipped(source.path, f"{reason}, in what it takes from another file")
                else:
                    yield Skipped(source.path, reason, source.position(span.start)[0])
        except (TooMuch, RecursionError):
            line = source.position(script.offsets.at(0))[0]
            yield Skipped(source.path, "has more ways through it than are followed", line)
            recorder.is_cut = True
            break
    yield from recorder.installs()


def _follow_script(
    script: Script,
    recorder: Recorder,
    machines: dict[str, State],
    carried: dict[str, carry.Carried],
    read: Read,
) -> tuple[Unparsed, ...]:
    recorder.place, recorder.machine, recorder.is_possible = script.place, script.machine, script.is_possible
    frame = Frame(recorder.path, script.text, script.shell, script.offsets)
    before = _before(script, machines)
    run = Evaluator(recorder, read)
    node, unparsed = run.parse(script.text, script.shell)
    given = carried.get(script.machine, carry.Carried())
    state = carry.begin(given, script, _start(script, before), run)
    outcomes = run.shell(node, state, frame)
    # A build or job ends where a piece of it fails: what comes next runs after one that didn't.
    outcomes = [outcome for outcome in outcomes if outcome.status is not False] or outcomes
    if outcomes:
        run.frame = frame
        kept = _start(script, before)
        run.leave(kept, outcomes, node, script.name)
        if script.carry:
            carried[script.machine] = carry.end(given, script, before, outcomes)
            kept.files, kept.created = frozenset(), kept.created - effects.HANDED_ON  # each script gets new ones
        machines[script.machine] = kept
    _follow_uncalled(run, recorder, script)
    return unparsed


def _before(script: Script, machines: dict[str, State]) -> State | None:
    """Return what lasts of the scripts that ran before in the same place."""
    states = [machines[machine] for machine in (*script.after, script.machine) if machine in machines]
    if len(states) < 2:
        return states[0] if states else None
    together = states[-1].fork()
    for state in states:
        together.created |= state.created
        together.gone &= state.gone
        together.loss = together.loss or state.loss
        for environment in state.environments:
            together.remember(environment)
    return together


def _start(script: Script, before: State | None) -> State:
    """Return the state in which a script starts."""
    state = State(script.shell)
    if before is not None:
        state.keep(before)
    state.options = frozenset("e" if "e" in script.options else "")
    if script.start == "environment":
        state.created |= {f"env:{unknown('environment')}"}
        state.set("PATH", f"{unknown('environment')}/bin:{places.SYSTEM_PATH}", export=True)
        state.set("VIRTUAL_ENV", unknown("environment"), export=True)
    elif script.start == "base":
        state.set("PATH", f"{unknown('CONDA_DIR')}/bin:{places.SYSTEM_PATH}", export=True)
    elif script.start == "unknown":
        state.lose_environment()
    for name, value in script.variables:
        state.set(name, value.replace("$PATH", state.path).replace("${PATH}", state.path), export=True)
    named = state.text("VIRTUAL_ENV") if "VIRTUAL_ENV" in dict(script.variables) else ""
    if named and named not in state.path:
        activation = Activation(shown_environment(named), "", Span(0, 0))  # the host file's, of no script
        state.ineffective = (activation, VIRTUAL_ENV_ALONE)
        state.remember(activation.environment)
    return state


def _follow_uncalled(run: Evaluator, recorder: Recorder, script: Script) -> None:
    """Run the functions that nobody in the file calls: whoever sources it may, so what they do is possible."""
    recorder.is_possible = True
    for key, (_, body, frame) in list(recorder.functions.items()):
        if key not in run.seen:
            run.seen.add(key)
            start = _start(script, None)
            start.locals = ({},)
            run.inside(body, start, frame)
    recorder.functions.clear()
