"""systemd units and crontabs: commands without a shell, and lines for cron's, with the variables set above them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.formats import argv, machine_scripts
from venvlint.formats.machine_scripts import JINJA
from venvlint.formats.pieces import Piece, built
from venvlint.model import Script, Skipped
from venvlint.source import Builder, Offsets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.source import Source

_UNIT = re.compile(r"\.(?:service|socket|timer|mount|swap|path)(?:\.\w+)*$", re.IGNORECASE)
# https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html
_SETTING = re.compile(
    r"^[ \t]*(?P<key>Exec\w+|Environment)[ \t]*=[ \t]*(?P<value>(?:[^\n]*\\\r?\n)*[^\n]*)", re.MULTILINE
)
_EXEC = frozenset(
    {"ExecStart", "ExecStartPre", "ExecStartPost", "ExecCondition", "ExecReload", "ExecStop", "ExecStopPost"}
)
_PREFIX = re.compile(r"[@:+!|-]*")
_CONTINUED = re.compile(r"\\\r?\n(?P<name>(?!))?")
_ASSIGNMENT = re.compile(r"[ \t]*(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*(?P<value>[^\n]*)")
_ENTRY = re.compile(
    r"[ \t]*(?:@(?:reboot|yearly|annually|monthly|weekly|daily|midnight|hourly)"
    r"|(?:[\d*/,A-Za-z~LW#?-]+[ \t]+){4}[\d*/,A-Za-z~L#?-]+)[ \t]+"
)
_USER = re.compile(r"[a-z_{][\w.{} -]*?\$?[ \t]+(?=\S)")
_COMMANDS = frozenset(
    {"cd", "source", "pip", "pip3", "python", "python3", "bash", "sh", "env", "sudo", "test", "exec", "export", "nice"}
)


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield what the unit or the table runs."""
    del read  # what they start stands in other files
    if _UNIT.search(source.path):
        yield from _unit(source)
    else:
        yield from _crontab(source)


def _unit(source: Source) -> Iterator[Script]:
    variables: list[tuple[str, str]] = []
    whole = Piece(source.text, Offsets.shifted(0))
    for match in _SETTING.finditer(source.text):
        piece = machine_scripts.filled(whole.cut(*match.span("value")), _CONTINUED)
        piece = machine_scripts.filled(piece.strip(), JINJA)
        if match["key"] == "Environment":
            variables += [_pair(word.text) for word in argv.split(piece) if "=" in word.text]
        elif match["key"] in _EXEC and piece.text:
            prefix = _PREFIX.match(piece.text)
            words = argv.split(piece.cut(prefix.end() if prefix else 0))
            if words:
                # A program is looked for in directories that systemd was built with, whatever PATH says.
                is_shell = argv.interpreter([word.text for word in words]) is not None
                given = tuple(pair for pair in variables if is_shell or pair[0] != "PATH")
                yield machine_scripts.command(words, machine="unit", name="command", variables=given)


def _pair(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value


def _crontab(source: Source) -> Iterator[Script]:
    """cron gives each line to sh, or to what SHELL says; `%` ends it."""
    variables: dict[str, str] = {}
    has_user = re.search(r"(?:^|/)(?:cron\.d/[^/]+|etc/crontab)$", source.path) is not None
    whole = Piece(source.text, Offsets.shifted(0))
    for match in re.finditer(r"[^\r\n]+", source.text):
        text = match[0]
        entry = _ENTRY.match(text)
        if text.lstrip().startswith("#"):
            continue
        if entry is None:
            if assignment := _ASSIGNMENT.fullmatch(text):
                variables[assignment["name"]] = assignment["value"].strip().strip("'\"")
            continue
        at = entry.end()
        if has_user and (user := _USER.match(text, at)) and user[0].strip() not in _COMMANDS:
            at = user.end()
        piece = _until_percent(whole.cut(match.start() + at, match.end()))
        shell = argv.SHELLS.get(argv.program(variables.get("SHELL", "sh")), "sh")
        given = tuple((name, value) for name, value in variables.items() if name not in ("SHELL", "MAILTO"))
        yield machine_scripts.line(
            machine_scripts.filled(piece, JINJA), shell, machine=f"line {match.start()}", name="line", variables=given
        )


def _until_percent(piece: Piece) -> Piece:
    r"""Return a command up to the first `%`, which a backslash takes its meaning from."""
    builder = Builder()
    for match in re.finditer(r"\\%|[^\\%]+|\\|%", piece.text):
        if match[0] == "%":
            break
        start = match.start() + (match[0] == "\\%")
        builder.extend(piece.text, piece.offsets, start, match.end())
    return built(builder, piece.offsets.at(0))
