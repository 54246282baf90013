"""What programs leave behind: environments and files that they make, remove, or write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from venvlint.environment import places, sites
from venvlint.environment.fields import Field, joined
from venvlint.environment.landing import GLOBAL
from venvlint.environment.state import State
from venvlint.environment.tools import CONDAS
from venvlint.installs import Program, Request
from venvlint.shells import tree
from venvlint.values import is_known, unknown

if TYPE_CHECKING:
    from venvlint.environment.call import Call
    from venvlint.environment.evaluate import Evaluator

_PYTHON = re.compile(r"(?:python|pypy)[\d.]*[tw]*")
_MAKER = re.compile(r"py|virtualenv|uv$|.*(?:conda|mamba)$")  # what may make an environment
_VENV_VALUES = {
    "-p", "--activators", "--app-data", "--cache-dir", "--creator", "--extra-search-dir", "--index-url", "--pip",
    "--prompt", "--python", "--seeder", "--setuptools", "--system-site-packages-dir", "--wheel",
}  # fmt: skip
# Files in which a CI system hands things on to later scripts.
HANDED_ON = frozenset(unknown(name) for name in ("BASH_ENV", "GITHUB_ENV", "GITHUB_PATH"))
# Programs that don't make anew what a script has removed: all others may (`git checkout`, `make`, `curl -o`).
_MAKES_NOTHING = frozenset(
    {
        "apk",
        "apt",
        "apt-get",
        "brew",
        "cat",
        "chmod",
        "chown",
        "date",
        "dnf",
        "echo",
        "find",
        "grep",
        "id",
        "kill",
        "ls",
    }
    | {"mkdir", "mv", "pkill", "printf", "rm", "rmdir", "sleep", "systemctl", "uname", "unlink", "which", "yum"}
)
_PIP_CONFIG = re.compile(r"(?:^|/)pip\.(?:conf|ini)$")
_OVERRIDE = re.compile(r"^\s*break-system-packages\s*=\s*(?:true|1|yes|on)\b", re.MULTILINE | re.IGNORECASE)
_USER = re.compile(r"^\s*user\s*=\s*(?:true|1|yes|on)\b", re.MULTILINE | re.IGNORECASE)


def of_program(run: Evaluator, call: Call, state: State, name: str) -> None:
    """Note what a program makes, removes, or overrides."""
    argv = call.argv
    made = environment_made(argv, name)
    if made is None and name not in _MAKES_NOTHING:
        state.forget_removals()
    if made is not None:
        state.make(made, is_environment=True)
        state.remember(made)
    elif name == "mkdir":
        for word in argv[1:]:
            if not word.startswith("-"):
                state.make(word)
    elif name in ("rm", "rmdir", "mv", "unlink", "find"):
        remove(run, call, state, name)
    elif name in ("cp", "rsync") and len(argv) > 2:
        source = places.normal(argv[-2], state.cwd)
        if f"env:{source}" in state.created:
            state.make(argv[-1], is_environment=True)
    elif name == "tee":
        for word in argv[1:]:
            if not word.startswith("-"):
                write(run, call.node, word, run.stdin, state)


def remove(run: Evaluator, call: Call, state: State, name: str) -> None:
    """Note what `rm` and its like remove or move."""
    argv = call.argv
    if any("EXTERNALLY-MANAGED" in word for word in argv[1:]) and (
        name != "find" or "-delete" in argv or "-exec" in argv or "-execdir" in argv
    ):
        _override(run, call.node, state, "removes the mark that keeps pip out of the system's Python (PEP 668)")
    if name in ("rm", "rmdir"):
        for word in argv[1:]:
            if not word.startswith("-"):
                state.remove(word)
    elif name == "mv" and len(argv) > 2:
        source = places.normal(argv[-2], state.cwd)
        was_environment = f"env:{source}" in state.created
        state.remove(argv[-2])
        state.make(argv[-1], is_environment=was_environment)


def _override(run: Evaluator, node: tree.Command, state: State, reason: str, trait: str = "override") -> None:
    request = Request("setting", "pip", "config", Program("name", "pip"), traits=frozenset({trait}))
    text = run.frame.text[node.start : node.end]
    run.recorder.reach(sites.site(run, node), text, request, GLOBAL, state, reason=reason)


def is_content_read(target: str) -> bool:
    """Tell whether it matters what a script writes into a file."""
    return target in HANDED_ON or _PIP_CONFIG.search(target) is not None


def write(run: Evaluator, node: tree.Command, target: str, text: Field | None, state: State) -> None:
    """Note a file that the script writes: it exists, and pip reads some."""
    if not target or target.startswith(("/dev/", "&")):
        return
    path = places.normal(target, state.cwd)
    state.make(path)
    content = joined(text) if text is not None else ""
    if _PIP_CONFIG.search(path) and content:
        if _OVERRIDE.search(content):
            _override(run, node, state, "writes a pip.conf that lets pip into the system's Python (PEP 668)")
        elif _USER.search(content):
            _override(run, node, state, "writes a pip.conf that sends installs to the user's site", "user")
    if content and target in HANDED_ON:
        _append(state, target, content)


def _append(state: State, target: str, content: str) -> None:
    """Note what is handed on to later scripts; what ways of the script have written may differ."""
    before = [text for name, text in state.files if name == target]
    others = frozenset(file for file in state.files if file[0] != target)
    # A loop that writes the same again and again comes to an end.
    after = [text if f"{text}\n".endswith(f"{content}\n") else f"{text}\n{content}" for text in before] or [content]
    state.files = others | {(target, text) for text in after}


def environment_made(argv: Sequence[str], name: str) -> str | None:
    """Return the directory of the environment that a command makes, None if it makes none."""
    if is_known(name) and not _MAKER.match(name):
        return None
    words = list(argv[1:])
    if _PYTHON.fullmatch(name) or name == "py" or not is_known(name):  # `python$VERSION`, "$PYTHON"
        while words and words[0].startswith("-") and words[0] not in ("-m", "-mvenv", "-mvirtualenv"):
            if words[0].endswith("m") and not words[0].startswith("--") and words[1:2] in (["venv"], ["virtualenv"]):
                break
            words = words[1:]
        if words[:1] in (["-mvenv"], ["-mvirtualenv"]):
            return _first_operand(words[1:])
        if words[1:2] in (["venv"], ["virtualenv"]):
            return _first_operand(words[2:])
        return None
    if name in ("virtualenv", "pyvenv", "virtualenv3") or re.fullmatch(r"virtualenv-[\d.]+", name):
        return _first_operand(words)
    if name == "uv" and "venv" in words[:4]:
        return _first_operand(words[words.index("venv") + 1 :]) or ".venv"
    if name in CONDAS and words[:1] in (["create"], ["env"]):
        for option in ("-p", "--prefix"):
            if option in words[:-1]:
                return words[words.index(option) + 1]
    return None


def _first_operand(words: list[str]) -> str | None:
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in _VENV_VALUES:
            skip = True
        elif not word.startswith("-"):
            return word
    return None
