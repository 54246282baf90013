"""Vagrantfiles, Procfiles, and `.envrc`: shell code in the files of tools that start machines, programs, and shells."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from venvlint.formats import argv, machine_scripts
from venvlint.formats.pieces import Piece, built
from venvlint.model import Script, Skipped
from venvlint.source import Builder, Offsets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.source import Source

_PROCESS = re.compile(r"^[ \t]*[\w-]+:[ \t]*(?P<command>\S[^\r\n]*)", re.MULTILINE)
# `inline: <<-SHELL`, `s.inline = <<~EOF`, and `$script = <<-SCRIPT`, whose name stands after `inline` elsewhere.
_HEREDOC = re.compile(
    r"(?P<before>[^\n]*?)<<(?P<dash>[-~]?)(?P<quote>['\"]?)(?P<tag>\w+)(?P=quote)[^\n]*\n"
    r"(?P<body>.*?)^[ \t]*(?P=tag)[ \t]*\r?$",
    re.MULTILINE | re.DOTALL,
)
_INLINE = re.compile(r"\binline(?:\s*=>|:|\s*=)\s*$|:inline\s*=>\s*$")
_NAMED = re.compile(r"(?P<name>\$?\w+)\s*=\s*$")
_STRING = re.compile(
    r"""\binline(?:\s*=>|:|\s*=)\s*(?:"(?P<double>(?:\\.|[^"\\])*)"|'(?P<single>(?:\\.|[^'\\])*)')""", re.DOTALL
)
_INTERPOLATION = re.compile(r"#\{(?P<name>[^}]*)\}")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
# What direnv's library does: https://direnv.net/man/direnv-stdlib.1.html
_LAYOUT = re.compile(
    r"^[ \t]*(?P<command>(?:layout|use)[ \t]+(?P<what>[\w-]+)[^\n#;&|]*"
    r"|(?P<path>PATH_add|path_add[ \t]+PATH|load_prefix)[ \t]+(?P<directory>[^\s#;&|]+)"
    r"|(?P<other>source_up|source_up_if_exists|source_url|source_env_if_exists)\b[^\n]*)",
    re.MULTILINE,
)
_LAYOUTS = frozenset(
    {
        "anaconda",
        "conda",
        "micromamba",
        "pdm",
        "pipenv",
        "pixi",
        "poetry",
        "pyenv",
        "python",
        "python2",
        "python3",
        "rye",
        "uv",
        "venv",
        "virtualenv",
    }
)
_WITHOUT_PYTHON = frozenset(
    {"go", "guix", "node", "nodenv", "nvm", "perl", "php", "rbenv", "ruby", "rvm", "julia", "vim", "mise", "asdf"}
)


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the file's shell code."""
    del read  # what they call stands in other files
    name = posixpath.basename(source.path).lower()
    whole = Piece(source.text, Offsets.shifted(0))
    if name.startswith("procfile"):
        for match in _PROCESS.finditer(source.text):
            piece = whole.cut(*match.span("command"))
            yield machine_scripts.line(piece, "sh", machine=f"process {match.start()}", name="process")
    elif "vagrantfile" in name:
        yield from _vagrantfile(source, whole)
    else:
        yield machine_scripts.line(_envrc(whole), "bash", machine="", name="script")


def _vagrantfile(source: Source, whole: Piece) -> Iterator[Script]:
    found: list[tuple[int, int, bool]] = []
    for match in _HEREDOC.finditer(source.text):
        is_comment = match["before"].lstrip().startswith("#")
        named = _NAMED.search(match["before"])
        is_used = named is not None and re.search(
            rf"\binline(?:\s*=>|:|\s*=)\s*{re.escape(named['name'])}(?!\w)", source.text
        )
        if not is_comment and (is_used or _INLINE.search(match["before"])):
            found.append((*match.span("body"), match["quote"] != "'"))
    for match in _STRING.finditer(source.text):
        line_start = source.text.rfind("\n", 0, match.start()) + 1
        if not source.text[line_start : match.start()].lstrip().startswith("#"):
            group = "double" if match["double"] is not None else "single"
            found.append((*match.span(group), group == "double"))
    for start, end, is_filled in sorted(found):
        piece = whole.cut(start, end)
        piece = machine_scripts.filled(piece, _INTERPOLATION) if is_filled else piece
        shell = argv.shebang(piece.text.lstrip())
        if shell is not None or not piece.text.lstrip().startswith("#!"):
            # Vagrant takes `bash -l` where the script names nothing.
            yield machine_scripts.line(
                _unescaped(piece) if is_filled else piece,
                shell.shell if shell else "bash",
                machine="host",
                name="provisioner",
            )


def _unescaped(piece: Piece) -> Piece:
    builder = Builder()
    at = 0
    for match in _ESCAPE.finditer(piece.text):
        builder.extend(piece.text, piece.offsets, at, match.start())
        if match[1] in '"\\$`#':
            builder.extend(piece.text, piece.offsets, match.start() + 1, match.end())
        elif match[1] == "n":
            builder.replace("\n", *_placed(piece, match))
        else:
            builder.extend(piece.text, piece.offsets, match.start(), match.end())
        at = match.end()
    builder.extend(piece.text, piece.offsets, at)
    return built(builder, piece.offsets.at(0))


def _placed(piece: Piece, match: re.Match[str]) -> tuple[int, int]:
    span = piece.offsets.span(*match.span())
    return span.start, span.end - span.start


def _envrc(piece: Piece) -> Piece:
    """Return direnv's own commands as what they come to."""
    builder = Builder()
    at = 0
    for match in _LAYOUT.finditer(piece.text):
        start, end = match.span("command")
        builder.extend(piece.text, piece.offsets, at, start)
        span = piece.offsets.span(start, end)
        builder.replace(_meaning(match), span.start, span.end - span.start)
        at = end
    builder.extend(piece.text, piece.offsets, at)
    return Piece(*builder.build())


def _meaning(match: re.Match[str]) -> str:
    if match["path"]:
        directory = match["directory"] + ("/bin" if match["path"] == "load_prefix" else "")
        return f'export PATH="{directory}:$PATH"'
    if match["what"] in _LAYOUTS:
        return "source .direnv/python/bin/activate"
    if match["what"] in _WITHOUT_PYTHON:
        return ":"
    return 'eval "$(somebody-else)"'  # nix, a parent's .envrc, a team's own layout: nobody knows
