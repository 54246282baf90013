"""The data that crosses modules: spans, scripts, installs, findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from venvlint.source import Offsets

Shell = Literal["bash", "sh", "zsh", "ksh", "pwsh", "cmd", "fish", "csh"]
# Programs by name, and the shell that each is, or is one for all that matters here.
SHELLS: dict[str, Shell] = {
    "ash": "sh", "bash": "bash", "cmd": "cmd", "csh": "csh", "dash": "sh", "fish": "fish", "ksh": "ksh", "mksh": "ksh",
    "powershell": "pwsh", "pwsh": "pwsh", "rbash": "bash", "sh": "sh", "tcsh": "csh", "zsh": "zsh",
}  # fmt: skip
Place = Literal["script", "image", "runner", "notebook"]
Certainty = Literal["certain", "possible"]
# What an install goes into. "maybe" is the running interpreter or one that the caller chooses: unknown, hence possible;
# "unknown" is an environment that can't be followed: silence.
Where = Literal["global", "environment", "directory", "maybe", "unknown"]


class Span(NamedTuple):
    """Half-open range of character offsets into the text of a host file."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Script:
    """One piece of shell code found in a host file.

    `text` is what the shell gets; `offsets` leads from it back into the host file. Scripts of one `machine` run in the
    order in which the format yields them: each is a new shell, what was created lasts.
    """

    shell: Shell
    text: str
    offsets: Offsets
    place: Place = "script"
    machine: str = ""
    # Machines that ran before in the same place: what they created and installed is there (a Docker stage that this one
    # builds on or copies from, a make target's prerequisites). Their scripts are yielded first.
    after: tuple[str, ...] = ()
    # Variables exported into this script, in order, as plain text in which "$PATH" stands for the one before.
    variables: tuple[tuple[str, str], ...] = ()
    # What a reader calls this piece: "RUN", "step", "recipe line". Used in "activated in the RUN on line 3".
    name: str = "script"
    # Options that the shell is started with: "e" for -e, "l" for a login shell.
    options: str = ""
    # Set where the script's own start isn't a bare system: "environment" (a tox env, a Read the Docs build),
    # "base" (conda's base), "unknown" (nobody can tell), "global" otherwise.
    start: Literal["global", "environment", "base", "unknown"] = "global"
    # How it hands PATH and variables on to the later scripts of its machine: $GITHUB_PATH and $GITHUB_ENV, Azure's
    # `##vso[...]` lines, CircleCI's $BASH_ENV, or, in a "session", simply by exporting them.
    carry: Literal["", "github", "azure", "circle", "session"] = ""
    # True where running the script is itself uncertain, as for ONBUILD or an entry point that nobody may call.
    is_possible: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """An activation that didn't reach the install: where it was made, where its shell ended, and what that was."""

    environment: str
    activated: Span
    ended: Span
    scope: str  # "subshell", "RUN", "step", "recipe line", ...


@dataclass(frozen=True, slots=True)
class Install:
    """One command that installs, or that opens the way for it, with the place that it would install into."""

    kind: Literal["install", "setting", "activation"]
    installer: str  # "pip", "uv", "conda", "poetry", "easy_install", "setup.py", ...
    text: str  # the command as the script writes it
    span: Span
    where: Where
    certainty: Certainty
    place: Place = "script"
    packages: tuple[str, ...] = ()
    # What the rules ask about: "sudo", "override", "user", "uv-system", "legacy", "base", "unisolated", "ineffective".
    traits: frozenset[str] = frozenset()
    lost: Lost | None = None
    # A sentence that says more than the rule can know, such as why an activation has no effect.
    reason: str = ""
    # The environments that this file (or machine) makes or activates, most recent last: for the help text.
    environments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `span` of the file at `path` (created where it doesn't exist) with `text`."""

    path: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What `--fix` does for a finding: edits of files, and tracked paths to be taken out of the index."""

    edits: tuple[Edit, ...] = ()
    untrack: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: what is wrong, where, and how to mend it. `path` is POSIX, relative to the repository."""

    rule: str
    path: str
    message: str
    help: str
    span: Span | None = None  # None: the finding is about a directory or a whole file
    certainty: Certainty = "certain"
    fix: Fix | None = None
    files: int | None = None
    bytes: int | None = None
    fingerprint_key: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that couldn't be checked, and why. `is_error` makes the exit code 2."""

    path: str
    reason: str
    line: int | None = None
    is_error: bool = False
