"""Commands given as lists of words (exec form, YAML and JSON arrays) to scripts that a shell parser can read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from venvlint import model
from venvlint.formats.pieces import Piece, built
from venvlint.source import Builder
from venvlint.values import CLOSE, OPEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from venvlint.formats.images import Start
    from venvlint.model import Shell

SHELLS: dict[str, Shell] = {**model.SHELLS, "busybox": "sh"}
# Programs that run the rest of their words in the same environment, with the pattern of the words that are their own.
_WRAPPERS: dict[str, str] = {
    "catatonit": r"-.*",
    "dumb-init": r"-.*",
    "env": r"-S|--",
    "exec": r"-.*",
    "gosu": r"\w+(:\w+)?",
    "nice": r"-.*",
    "su-exec": r"\w+(:\w+)?",
    "tini": r"-.*",
}
_CONDA = frozenset({"conda", "mamba", "micromamba"})
# `X run COMMAND` runs it in the environment of the project.
_RUNNERS = frozenset({"hatch", "pdm", "pipenv", "pixi", "poetry", "rye", "uv"})
_TAKES_VALUE = re.compile(r"[-+](?!-)\w*[oO]|--rcfile|--init-file")
_SHEBANG = re.compile(r"#!\s*(\S+)(?:[ \t]+(\S+))?")
_PLAIN = re.compile(rf"[\w@%+=:,./{OPEN}{CLOSE}-]+")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A shell that is given a script as one of its words: the word at `script` and, for some, those after it."""

    shell: Shell
    options: str
    script: int
    start: Start | None = None


def interpreter(words: Sequence[str]) -> Interpreter | None:
    """Return the shell that `words` start with a script of their own (`bash -ec SCRIPT`), if they do."""
    at, start = _unwrapped(words)
    if at >= len(words):
        return None
    name = program(words[at])
    shell = SHELLS.get(name)
    at += 1
    if name == "busybox":
        at += 1
    if shell in ("cmd", "pwsh"):
        return _windows(words, at, shell, start)
    return _posix(words, at, shell, start) if shell else None


def program(word: str) -> str:
    """Return the name of a program without its directory and suffix."""
    return PurePosixPath(word.replace("\\", "/").lower()).name.removesuffix(".exe")


def shell_of(words: Sequence[str]) -> Interpreter | None:
    """Return the shell that a SHELL instruction, or the like, tells to run what follows."""
    if program(words[-1] if words else "") == "_dockerfile_shell.sh":  # mambaorg/micromamba's
        return Interpreter("bash", "", len(words))
    found = interpreter([*words, "SCRIPT"]) or interpreter([*words, "-c", "SCRIPT"])
    return found if found and (found.script >= len(words) or found.shell in ("cmd", "pwsh")) else None


def shebang(text: str, default: Interpreter | None = None) -> Interpreter | None:
    """Return the shell that a script's first line names, None for another program, `default` where it names none."""
    match = _SHEBANG.match(text)
    return shell_of([*filter(None, match.groups()), "-c"]) if match else default


def command(words: Sequence[Piece]) -> tuple[Shell, Piece, str, Start | None]:
    """Return shell, script, options, and start of a command: what a shell is told to run, or the words as they are."""
    found = interpreter([word.text for word in words])
    if found and found.shell in ("cmd", "pwsh"):
        return found.shell, _joined(words[found.script :]), found.options, found.start
    if found:
        return found.shell, words[found.script], found.options, found.start
    return "sh", line(words), "", None


def line(words: Sequence[Piece]) -> Piece:
    """Return words as a line for a shell, which makes the same words of it."""
    return _joined([_quoted(word) for word in words])


def split(piece: Piece) -> list[Piece]:
    """Return the words of a command line as Python's `shlex` does, which is what Compose uses: no operators."""
    found: list[Piece] = []
    builder, is_word, quote, at = Builder(), False, "", 0
    text = piece.text
    while at < len(text):
        letter = text[at]
        if letter.isspace() and not quote:
            if is_word:
                found.append(_word(builder, piece, at))
            builder, is_word = Builder(), False
        elif letter == quote:
            quote = ""
        elif letter in "'\"" and not quote:
            quote, is_word = letter, True
        else:
            if letter == "\\" and quote != "'" and (not quote or text[at + 1 : at + 2] in ('"', "\\")):
                at += 1
            builder.extend(text, piece.offsets, at, min(at + 1, len(text)))
            is_word = True
        at += 1
    return [*found, _word(builder, piece, len(text))] if is_word else found


def _word(builder: Builder, piece: Piece, end: int) -> Piece:
    return built(builder, piece.offsets.at(end))


def _unwrapped(words: Sequence[str]) -> tuple[int, Start | None]:
    at, start = 0, None
    while at < len(words):
        name = program(words[at])
        if name in _WRAPPERS:
            at += 1
            own = re.compile(_WRAPPERS[name])
            while at < len(words) and own.fullmatch(words[at]):
                at += 1
                if "gosu" in name or name == "su-exec":
                    break
        elif name in _CONDA and words[at + 1 : at + 2] == ["run"]:
            at, start = _conda_run(words, at + 2)
        elif name in _RUNNERS and words[at + 1 : at + 2] == ["run"]:
            rest = (index for index in range(at + 2, len(words)) if program(words[index]) in SHELLS)
            at, start = next(rest, len(words)), "environment"
        else:
            break
    return at, start


def _conda_run(words: Sequence[str], at: int) -> tuple[int, Start]:
    start: Start = "base"
    while at < len(words) and words[at].startswith("-"):
        option, equals, value = words[at].partition("=")
        if option in ("-n", "--name", "-p", "--prefix", "--cwd"):
            value = value if equals else "".join(words[at + 1 : at + 2])
            at += not equals
            if option != "--cwd":
                start = "base" if value in ("base", "/opt/conda", "root") else "environment"
        at += 1
    return at, start


def _posix(words: Sequence[str], at: int, shell: Shell, start: Start | None) -> Interpreter | None:
    options = ""
    has_script = False
    while at < len(words) and words[at][:1] in ("-", "+") and len(words[at]) > 1:
        word = words[at]
        at += 1
        if word == "--":
            break
        if word == "--login":
            options += "l"
        elif not word.startswith("--") and word.startswith("-"):
            options += "".join(letter for letter in "eil" if letter in word)
            has_script = has_script or "c" in word
        if _TAKES_VALUE.fullmatch(word) or (re.fullmatch(r"-\w*o\w*", word) and shell != "fish"):
            options += "e" if words[at : at + 1] == ["errexit"] else ""
            at += 1
    return Interpreter(shell, options, at, start) if has_script and at < len(words) else None


def _windows(words: Sequence[str], at: int, shell: Shell, start: Start | None) -> Interpreter | None:
    switch = re.compile(r"/[ck]" if shell == "cmd" else r"[-/]c(o(m(m(a(n(d)?)?)?)?)?)?", re.IGNORECASE)
    while at < len(words):
        if switch.fullmatch(words[at]):
            return Interpreter(shell, "", at + 1, start) if at + 1 < len(words) else None
        at += 2 if re.match(r"-ex|-v|-w", words[at], re.IGNORECASE) else 1
    return None


def _joined(words: Sequence[Piece]) -> Piece:
    builder = Builder()
    for number, word in enumerate(words):
        if number:
            builder.replace(" ", max(word.offsets.at(0) - 1, 0))
        builder.extend(word.text, word.offsets)
    return Piece(*builder.build())


def _quoted(word: Piece) -> Piece:
    if _PLAIN.fullmatch(word.text):
        return word
    builder = Builder()
    builder.replace("'", word.offsets.at(0), 0)
    for index, character in enumerate(word.text):
        span = word.offsets.span(index, index + 1)
        if character == "'":
            builder.replace("'\\''", span.start, span.end - span.start)
        else:
            builder.extend(word.text, word.offsets, index, index + 1)
    last = word.offsets.span(len(word.text) - 1, len(word.text)) if word.text else word.offsets.span(0, 0)
    builder.replace("'", max(last.end - 1, 0), 1)
    return Piece(*builder.build())
