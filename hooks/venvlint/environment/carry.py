"""What one script of a CI job hands on to the next: directories for PATH, variables, and code that runs first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from venvlint import shells
from venvlint.environment.frame import Frame
from venvlint.environment.outcome import Outcome
from venvlint.environment.state import Activation, State
from venvlint.model import Script, Span
from venvlint.source import ELSEWHERE
from venvlint.values import unknown

if TYPE_CHECKING:
    from venvlint.environment.evaluate import Evaluator

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)")
_HEREDOC = re.compile(r"([A-Za-z_]\w*)<<(.+)")
# https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
_LOGGED = re.compile(
    r"##vso\[task\.(?:(?P<path>prependpath)\]|setvariable\s[^\]]*?variable=(?P<name>[\w.]+)[^\]]*\])(?P<value>[^\n\"'|>]*)",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"\$\(pwd\)|\$\([^)]*\)|\$env:(?P<env>\w+)|\$\{?(?P<name>[A-Za-z_]\w*)\}?|%(?P<cmd>\w+)%", re.I)
_ELSEWHERE = Span(ELSEWHERE, ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Carried:
    """What the scripts so far have handed on."""

    paths: tuple[str, ...] = ()  # the last one comes first in PATH
    variables: tuple[tuple[str, str], ...] = ()
    code: tuple[str, ...] = ()
    is_lost: bool = False  # something was handed on of which nothing is known
    activation: Activation | None = None


def begin(carried: Carried, script: Script, state: State, run: Evaluator) -> State:
    """Return the state in which a script starts that gets what others have handed on."""
    separator = ";" if script.shell in ("cmd", "pwsh") else ":"
    for name, value in carried.variables:
        state.set(name, value, export=True)
    for path in carried.paths:
        state.set("PATH", f"{path}{separator}{state.path}", export=True)
    state.activation = carried.activation
    if carried.is_lost:
        state.lose_environment()
    for code in carried.code:
        frame = Frame(run.recorder.path, code, script.shell, fixed=_ELSEWHERE)
        ways = run.inside(shells.inner(code, script.shell), state, frame)
        state = ways[0].state if ways else state
    return state


def end(carried: Carried, script: Script, before: State | None, outcomes: list[Outcome]) -> Carried:
    """Return what the next script gets; `before` is the machine as the script found it."""
    if script.carry == "session":
        return _session(carried, outcomes)
    made = before.created if before is not None else frozenset()
    states = [outcome.state for outcome in outcomes]
    written = sorted({each for state in states for each in state.files})
    created = frozenset[str]().union(*(state.created for state in states)) - made
    if script.carry == "azure" and states:
        return _logged(carried, script, states[0])
    for name, take in _FILES.get(script.carry, {}).items():
        texts = [text for target, text in written if target == unknown(name)]
        for text in texts:
            carried = take(carried, text)
        if not texts and unknown(name) in created:
            carried = _changed(carried, is_lost=True)
    return carried


def _changed(carried: Carried, **changes: object) -> Carried:
    from dataclasses import replace

    changed: Carried = replace(carried, **changes)  # type: ignore[arg-type]
    return changed


def _paths(carried: Carried, text: str) -> Carried:
    return _changed(carried, paths=(*carried.paths, *(line for line in text.splitlines() if line.strip())))


def _variables(carried: Carried, text: str) -> Carried:
    return _changed(carried, variables=(*carried.variables, *_assigned(text.splitlines())))


def _assigned(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the variables of `NAME=value` and of `NAME<<END`, whose value goes up to a line that is END."""
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        at += 1
        if (heredoc := _HEREDOC.fullmatch(line)) and heredoc[2] in lines[at:]:
            end = lines.index(heredoc[2], at)
            yield heredoc[1], "\n".join(lines[at:end])
            at = end + 1
        elif match := _ASSIGNMENT.fullmatch(line):
            yield match[1], match[2]


def _code(carried: Carried, text: str) -> Carried:
    return _changed(carried, code=(*carried.code, text))


_FILES = {
    "circle": {"BASH_ENV": _code},
    "github": {"GITHUB_ENV": _variables, "GITHUB_PATH": _paths},
}


def _logged(carried: Carried, script: Script, state: State) -> Carried:
    """Take the logging commands that stand in a script's text; what the shell makes of them is known where it ends."""

    def value(match: re.Match[str]) -> str:
        name = match["env"] or match["name"] or match["cmd"]
        if match[0] == "$(pwd)" or name == "PWD":
            return state.cwd
        return state.text(name) if name else unknown(match[0])

    for command in _LOGGED.finditer(script.text):
        text = _VARIABLE.sub(value, command["value"].strip())
        if command["path"]:
            carried = _changed(carried, paths=(*carried.paths, text))
        else:
            name = re.sub(r"\W", "_", command["name"])
            named = ((name, text), (name.upper(), text)) if name.upper() != "PATH" else (("PATH", text),)
            carried = _changed(carried, variables=(*carried.variables, *named))
    return carried


def _session(carried: Carried, outcomes: list[Outcome]) -> Carried:
    states = [outcome.state for outcome in outcomes]
    if not states:
        return carried
    first = states[0]
    exported = tuple((name, value) for name in first.variables if (value := first.exported(name)) is not None)
    is_lost = carried.is_lost or any(state.path != first.path for state in states)
    return Carried((), exported, (), is_lost, first.activation)
