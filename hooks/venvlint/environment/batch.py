"""Batch files: labels and jumps, cmd's own commands, and what becomes of a script that runs another without `call`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.environment import batch_commands, builtins, harmless, windows
from venvlint.environment.call import Handler
from venvlint.environment.outcome import Outcome, merged, returned
from venvlint.environment.state import State, shown_environment
from venvlint.shells import tree
from venvlint.values import is_known, is_unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

_MOST_VISITS = 24  # states in which the commands behind one label are run
_DEEPEST_CALL = 12
# Tools that some systems have as batch files: whether one ends the script that runs it, nobody can tell.
_TOOL = re.compile(r"(?i)(?:.*[\\/])?(?:conda|mamba|micromamba|pip|pipenv|poetry|pyenv|uv)\.(?:bat|cmd)")
_UNCALLED = "uncalled "  # an option of the state: the script ends with its line, for another one has taken over


def run_program(run: Evaluator, node: tree.Labelled, state: State, start: int = 0) -> list[Outcome]:
    """Run a batch file from one of its parts on: each goes over into the next, and jumps to any."""
    run.programs.append(node)
    waiting: dict[int, list[Outcome]] = {start: [Outcome(state)]}
    seen: dict[int, list[State]] = {}
    ended: list[Outcome] = []
    while waiting:
        index = min(waiting)
        for way in merged(waiting.pop(index)):
            if index >= len(node.parts):
                ended.append(way)
                continue
            visits = seen.setdefault(index, [])
            if way.state in visits or len(visits) >= _MOST_VISITS:
                continue  # what comes of it has come already
            visits.append(way.state.fork())
            for end in run.run(node.parts[index][1], way.state):
                if end.ending == "goto":
                    waiting.setdefault(end.levels, []).append(Outcome(end.state))
                elif end.ending == "normal":
                    waiting.setdefault(index + 1, []).append(end)
                else:
                    ended.append(end)
    run.programs.pop()
    return merged(ended)


def run_command(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    """Run a command of cmd's own or a batch file; None where it is a program."""
    handler = _COMMANDS.get(call.argv[0].lower())
    if handler is not None:
        return handler(run, call, state)
    return _batch_file(run, call, state, is_called=False)


def _batch_file(run: Evaluator, call: Call, state: State, *, is_called: bool) -> list[Outcome] | None:
    """Run a script: https://learn.microsoft.com/windows-server/administration/windows-commands/call."""
    name = call.argv[0]
    ending = windows.activates(name)
    if ending == ".ps1":
        return windows.blame(run, call, state, "cmd can't run Activate.ps1: it has activate.bat", name)
    if ending is not None:
        outcomes = windows.activate(run, call, state)
        return outcomes if is_called else _taken_over(outcomes, call.node)
    if re.fullmatch(r"(?i)(?:.*[\\/])?deactivate(?:\.bat)?", name):
        state.deactivate()
        return [Outcome(state, True)] if is_called else _taken_over([Outcome(state, True)], None)
    if not name.lower().endswith((".bat", ".cmd")) or _TOOL.fullmatch(name):
        return None
    done = windows.run_file(run, call, state, name)
    if done is None:
        if not harmless.BATCH_FILES.fullmatch(name.replace("\\", "/")):
            state.lose_environment()
        done = [Outcome(state)]
    done = returned(done)
    return done if is_called else _taken_over(done, None)


def _taken_over(outcomes: list[Outcome], node: tree.Command | None) -> list[Outcome]:
    """Note that the rest of the line is the last that runs; of an activation, where it stands."""
    for end in outcomes:
        place = f"{node.start} {node.end}" if node is not None else ""
        end.state.options |= {f"{_UNCALLED}{place}"}
    return outcomes


def _end_of_line(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """End the script where the line ran another one without `call`."""
    taken = [option for option in state.options if option.startswith(_UNCALLED)]
    if not taken:
        return [Outcome(state)]
    for option in taken:
        places = option.removeprefix(_UNCALLED).split()
        if len(places) == 2:
            start, end = int(places[0]), int(places[1])
            path, span = run.frame.path, run.frame.span(start, end)
            reason = "without `call` control passes over to the activate script: nothing below this line runs"
            active = state.environments[-1] if state.environments else ""
            run.recorder.ineffective((path, span), run.frame.text[start:end], reason, shown_environment(active))
    state.options -= set(taken)
    return [Outcome(state, None, "return")]


# Control


def _call(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    """`call :label`, `call script`, `call program`."""
    if len(call.argv) < 2:
        return [Outcome(state)]
    target = call.argv[1]
    if target.startswith(":"):
        return _call_label(run, call, state, target[1:].lower())
    rest = windows.canonical(call.behind(1))
    done = _batch_file(run, rest, state, is_called=True)
    if done is not None:
        return done
    if is_unknown(target) and len(call.argv) == 2:
        state.lose_environment()
        return [Outcome(state)]
    found = _local_script(run, rest, state)
    return found if found is not None else run.call(rest, state)


def _local_script(run: Evaluator, call: Call, state: State) -> list[Outcome] | None:
    """Run `call setup`, where `setup.bat` stands beside the script."""
    name = call.argv[0]
    if not is_known(name) or not re.fullmatch(r"[\w.\\/-]+", name):
        return None
    for ending in (".bat", ".cmd"):
        done = windows.run_file(run, call, state, name + ending)
        if done is not None:
            return returned(done)
    return None


def _label(run: Evaluator, name: str) -> int | None:
    """Return the index of the part that begins with a label."""
    parts = run.programs[-1].parts if run.programs else ()
    return next((index for index, (label, _) in enumerate(parts) if label == name and index), None)


def _call_label(run: Evaluator, call: Call, state: State, name: str) -> list[Outcome]:
    if name == "eof":
        return [Outcome(state, True)]
    index = _label(run, name)
    if index is None or run.called.count(f":{name}") > 1 or len(run.called) > _DEEPEST_CALL:
        return [Outcome(state)]
    positional, state.positional = state.positional, call.argv[2:]
    depth = len(state.locals)
    run.called.append(f":{name}")
    outcomes = run_program(run, run.programs[-1], state, index)
    run.called.pop()
    for end in outcomes:
        end.state.positional = positional
        while len(end.state.locals) > depth:
            batch_commands.restore(run, call.node, end.state)
    return merged(returned(outcomes))


def _goto(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    name = call.argv[1].lstrip(":").lower() if len(call.argv) > 1 else ""
    if name == "eof":
        return [Outcome(state, None, "return")]
    if not is_known(name):  # any label may be meant
        count = len(run.programs[-1].parts) if run.programs else 0
        return [Outcome(state.fork(), None, "goto", index) for index in range(1, count)] or [
            Outcome(state, None, "exit")
        ]
    index = _label(run, name)
    return [Outcome(state, None, "goto", index)] if index is not None else [Outcome(state, None, "exit")]


def _exit(run: Evaluator, call: Call, state: State) -> list[Outcome]:
    words = [word.lower() for word in call.argv[1:]]
    code = next((word for word in words if word.isdigit()), "0")
    return [Outcome(state, code == "0", "return" if "/b" in words else "exit")]


_COMMANDS: dict[str, Handler] = {
    ".": windows.source,
    ":end-of-line": _end_of_line,
    "call": _call,
    "cd": batch_commands.cd,
    "chdir": batch_commands.cd,
    "cls": builtins.BUILTINS["true"],
    "color": builtins.BUILTINS["true"],
    "del": batch_commands.remove,
    "echo": builtins.BUILTINS["true"],
    "endlocal": batch_commands.endlocal,
    "erase": batch_commands.remove,
    "exit": _exit,
    "goto": _goto,
    "md": batch_commands.make,
    "mkdir": batch_commands.make,
    "path": batch_commands.set_path,
    "pause": builtins.BUILTINS["true"],
    "popd": batch_commands.cd,
    "pushd": batch_commands.cd,
    "rd": batch_commands.remove,
    "rmdir": batch_commands.remove,
    "set": batch_commands.set_variable,
    "setlocal": batch_commands.setlocal,
    "source": windows.source,
    "start": batch_commands.start,
    "title": builtins.BUILTINS["true"],
}
