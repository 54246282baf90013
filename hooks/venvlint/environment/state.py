"""What one shell knows at one point of a script: variables, PATH, functions, directory, and what was made so far."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from venvlint.environment import places
from venvlint.model import Shell, Span
from venvlint.values import unknown

if TYPE_CHECKING:
    from venvlint.environment.frame import Frame
    from venvlint.shells import tree

Value = str | tuple[str, ...] | None  # a string, an array, or known to be unset

START_DIRECTORY = unknown("PWD")
SCRIPT_DIRECTORY = unknown("directory of the script")
ACTIVE_ENVIRONMENT = unknown("VIRTUAL_ENV of the caller")
# Variables that say whether an environment is active. Nothing is at the start, unless the script itself asks.
ACTIVE_VARIABLES = ("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV")


class Variable(NamedTuple):
    """A variable's value, whether child processes see it, and whether it is a command's own: `A=b command`."""

    value: Value
    is_exported: bool = False
    is_temporary: bool = False


class Definition(NamedTuple):
    """A function's body and the text that it stands in. No body: the `deactivate` that an activation defines."""

    body: tree.Node | None
    frame: Frame | None
    is_exported: bool = False


class Activation(NamedTuple):
    """Which environment was activated, in which file and where."""

    environment: str
    path: str
    span: Span


class Loss(NamedTuple):
    """An activation that ended with its shell, where that ended, and what kind of shell it was."""

    activation: Activation
    ended: Span
    scope: str


VIRTUAL_ENV_ALONE = "VIRTUAL_ENV alone activates nothing, as pip is found on PATH"
_DEACTIVATE = Definition(None, None)
# What a new process starts with, beside what is exported.
_HANDED_DOWN = (
    "activation", "assumed", "conda", "created", "cwd", "environments", "files", "gone", "is_elevated", "loss",
)  # fmt: skip


class State:
    """One shell at one point. Changed in place; `fork` before the ways part."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.variables: dict[str, Variable] = {"PATH": Variable(places.SYSTEM_PATH, True)}
        self.functions: dict[str, Definition] = {}
        self.aliases: dict[str, tuple[str, int]] = {}  # text, and the offset from which on it holds
        self.cwd = START_DIRECTORY
        self.directories: tuple[str, ...] = ()  # pushd's stack
        self.options: frozenset[str] = frozenset()
        self.positional: tuple[str, ...] | None = None  # None: the caller's, unknown
        self.traps: tuple[tuple[str, Frame], ...] = ()
        self.locals: tuple[dict[str, Variable | None], ...] = ()  # what each running function has to put back
        self.conda: tuple[str, ...] = ()  # prefixes that conda has activated, most recent last
        self.activation: Activation | None = None
        self.is_elevated = False  # under sudo
        # An activation that did nothing: its activation and why.
        self.ineffective: tuple[Activation, str] | None = None
        # True where the script asked whether an environment is active, on the way on which one is.
        self.assumed = False
        # What lasts beyond the shell: it's the machine's.
        self.created: frozenset[str] = frozenset()  # environments and directories that exist now
        self.gone: frozenset[str] = frozenset()  # what was removed, each with all below it
        self.files: frozenset[tuple[str, str]] = frozenset()  # (name, text) that is handed on to later scripts
        self.environments: tuple[str, ...] = ()  # names for messages, in order
        self.loss: Loss | None = None

    def fork(self) -> State:
        """Return a copy whose changes leave this state as it is."""
        other = State.__new__(State)
        other.__dict__.update(self.__dict__)
        other.variables = self.variables.copy()
        other.functions = self.functions.copy()
        other.aliases = self.aliases.copy()
        return other

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]  # changed in place

    # Variables

    def get(self, name: str) -> Value:
        """Return a variable's value: a marked unknown where the script doesn't set it."""
        found = self.variables.get(name)
        return found.value if found is not None else unknown(name)

    def text(self, name: str) -> str:
        """Return a variable as a string; an array gives its first element, an unset one nothing."""
        value = self.get(name)
        if isinstance(value, tuple):
            return value[0] if value else ""
        return value or ""

    def set(self, name: str, value: Value, *, export: bool | None = None) -> None:
        """Give a variable a value; it stays exported if it was, unless `export` says."""
        found = self.variables.get(name)
        is_exported = export if export is not None else found is not None and found.is_exported
        if export is None and found is None and "a" in self.options:
            is_exported = True
        self.variables[name] = Variable(value, is_exported, export is None and found is not None and found.is_temporary)
        if name == "PATH" and self.activation is not None and not self._is_on_path(self.activation.environment):
            self.activation = None

    def forget_variables(self) -> None:
        """Begin with no variable but PATH, as the system has it; what was active is active no more."""
        self.variables = {"PATH": Variable(places.SYSTEM_PATH, True)}
        self.activation, self.conda = None, ()

    def exported(self, name: str) -> str | None:
        """Return what a child process sees of a variable, a tool's setting included; None where that is nothing."""
        found = self.variables.get(name)
        if found is None and f"setting:{name}" in self.created:
            return "false"
        if found is None or not found.is_exported or not isinstance(found.value, str):
            return None
        return found.value

    # PATH

    @property
    def path(self) -> str:
        return self.text("PATH")

    def entries(self) -> Iterator[str]:
        """Yield PATH's directories, absolute."""
        for entry in split_path(self.path, self.shell):
            yield entry if entry in (places.SYSTEM_PATH, places.LOST_PATH) else places.normal(entry or ".", self.cwd)

    def _is_on_path(self, prefix: str) -> bool:
        return any(places.prefix_of(entry) == prefix for entry in self.entries())

    # Activation

    def activate(self, prefix: str, activation: Activation) -> None:
        """Do what an environment's own activate script does, in its order."""
        self.deactivate(is_again=True)
        self.set("VIRTUAL_ENV", prefix, export=True)
        self.set("_OLD_VIRTUAL_PATH", self.path)
        self.set("PATH", f"{prefix}/bin:{self.path}", export=True)
        self.functions["deactivate"] = _DEACTIVATE
        self.activated(prefix, activation)

    def activated(self, prefix: str, activation: Activation) -> None:
        """Note that an environment is active now."""
        self.created |= {f"env:{prefix}"}
        self.activation = activation
        self.loss = self.ineffective = None
        self.remember(activation.environment)

    def deactivate(self, *, is_again: bool = False) -> None:
        """Do what the function `deactivate` of an activation does."""
        before = self.variables.get("_OLD_VIRTUAL_PATH")
        if before is not None and before.value:
            self.set("PATH", before.value, export=True)
            del self.variables["_OLD_VIRTUAL_PATH"]
        if not is_again or "VIRTUAL_ENV" in self.variables:
            self.variables["VIRTUAL_ENV"] = Variable(None)
        if not is_again:
            self.functions.pop("deactivate", None)
            self.activation = None
            self.loss = None

    def assume_active(self) -> None:
        """Go on as where the caller has an environment active."""
        self.assumed = True
        prefix = ACTIVE_ENVIRONMENT
        self.set("VIRTUAL_ENV", prefix, export=True)
        self.set("PATH", f"{prefix}/bin:{self.path}", export=True)

    def lose_environment(self) -> None:
        """Forget what is on PATH: something ran of which nothing is known."""
        self.set("PATH", f"{places.LOST_PATH}:{self.path}" if places.LOST_PATH not in self.path else self.path)

    # What lasts

    def remember(self, environment: str) -> None:
        """Note an environment's name for the messages."""
        if environment and environment not in self.environments:
            self.environments = (*self.environments, environment)

    def make(self, path: str, *, is_environment: bool = False) -> None:
        """Note that a directory or file exists from now on."""
        absolute = places.normal(path, self.cwd)
        self.gone -= {absolute}
        self.created |= {f"env:{absolute}", absolute} if is_environment else {absolute}

    def remove(self, path: str) -> None:
        """Note that a path and all below it are gone."""
        gone = places.normal(path, self.cwd)
        kept = (made for made in self.created if not f"{made.removeprefix('env:')}/".startswith(f"{gone}/"))
        self.created = frozenset(kept)
        self.gone |= {gone}

    def forget_removals(self) -> None:
        """Something ran that may have made anew what was removed."""
        self.gone = frozenset()

    def child(self, shell: Shell | None = None) -> State:
        """Return the state that a new process starts in: what is exported, and what lasts."""
        state = State(shell or self.shell)
        state.variables = {name: found for name, found in self.variables.items() if found.is_exported}
        state.functions = {name: found for name, found in self.functions.items() if found.is_exported}
        for slot in _HANDED_DOWN:
            setattr(state, slot, getattr(self, slot))
        return state

    def keep(self, other: State) -> None:
        """Take over what lasts of a shell that ended."""
        self.created, self.gone, self.files = other.created, other.gone, other.files
        self.environments, self.loss = other.environments, other.loss

    def keep_common(self, others: list[State]) -> None:
        """Take over what lasts of a shell that may have ended in several ways."""
        for other in others[:1]:
            self.keep(other)
        for other in others[1:]:
            self.created &= other.created
            self.gone &= other.gone
            self.files |= other.files
            self.loss = self.loss or other.loss
            for environment in other.environments:
                self.remember(environment)


def split_path(path: str, shell: Shell) -> list[str]:
    """Return PATH's entries: `;` parts them on Windows, where a colon follows a drive."""
    if shell in ("cmd", "pwsh"):
        return re.split(r";|(?<!^[A-Za-z])(?<![;:][A-Za-z]):", path)
    return path.split(":")


def shown_environment(prefix: str) -> str:
    """Return an environment's prefix as its user would write it."""
    return prefix.removeprefix(f"{START_DIRECTORY}/").removeprefix(f"{SCRIPT_DIRECTORY}/")
