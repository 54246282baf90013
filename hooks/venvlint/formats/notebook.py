"""Jupyter notebooks: what their cells hand to a shell, as IPython reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.formats import CANDIDATE, argv, json_text, machine_scripts
from venvlint.formats.notebook_cells import Cell, load
from venvlint.formats.pieces import Piece
from venvlint.model import Script, Skipped
from venvlint.source import Builder
from venvlint.values import RUNNING_PYTHON, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.model import Shell
    from venvlint.source import Source

# Cell magics whose cell is Python all the same, and those whose cell is a script.
_PYTHON_MAGICS = frozenset({"capture", "debug", "memit", "mprun", "prun", "px", "python", "python3", "time", "timeit"})
_MAGIC = re.compile(r"\s*%%?(?P<name>!|[\w.]+)(?P<rest>[^\n]*)(?:\n|\Z)")
_SHELL_LINE_MAGICS = frozenset({"sh", "bash"})  # Databricks: one percent sign, and the whole cell is a script
# A line for the shell: `!...`, `x = !...`, `%sx ...`. In front stands white space, or the name that gets the output.
_LINE = re.compile(
    r"[ \t]*(?:[\w.,\[\]'\"() \t]+=[ \t]*)?(?P<escape>!!?|%(?:sx|system|time\s+!|sc\s+\w+\s*=)(?:[ \t]|(?<=!)))(?!=)"
)
_OTHER_MAGIC = re.compile(r"[ \t]*(?:[\w.,\[\]'\"() \t]+=[ \t]*)?(?P<escape>%{1,2}[\w.]+|\?|[\w.]+\?{1,2}[ \t]*$)")
# `pip install x` on a line of its own: no Python, but IPython takes it for the magic of that name.
_AUTOMAGIC = re.compile(
    r"(?P<escape>(?:pip|conda|mamba|cd|ls|mkdir|cp|mv|rm|cat|uv)\b)[ \t]+(?![=.(\[,:+*/|&<>-][^-\w]|in\b|is\b)"
)
_STRINGS = re.compile(
    r"""\"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z)|'''(?:\\.|[^\\])*?(?:'''|\Z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|\#[^\n]*|\n""",
    re.DOTALL,
)
_CONTINUED = re.compile(r"(?:[^\n]*\\[ \t]*\r?\n)*[^\n]*")
# Each line is a shell of its own: of most there is nothing to say.
_MATTERS = re.compile(f"{CANDIDATE}|venv", re.IGNORECASE)
# An expression, and a backslash that white space keeps from joining two lines.
_REPLACED = re.compile(r"(?<!\{)\{(?P<name>[^{}\s'\"](?:[^{}]*[^{}\s])?)\}(?!\})|(?<=\S)\\[ \t]+(?=\r?\n)")


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield what the code cells run, in the order in which they stand."""
    del read  # a notebook stands alone
    try:
        language, cells = load(source.text)
    except (json_text.JsonError, RecursionError) as error:
        at = error.offset if isinstance(error, json_text.JsonError) else 0
        yield Skipped(source.path, "not valid JSON", source.position(at)[0])
        return
    code = [cell for cell in cells if cell.kind == "code"]
    found: list[Script] = []
    python: list[Piece] = []
    for cell in code:
        shell, rest = _body(cell, language)
        if shell is not None:
            found.append(_script(rest, shell, "cell"))
        elif rest.text and language == "python":
            found.extend(_of_lines(rest, python))
    for each in _of_calls(source, python):
        if isinstance(each, Skipped):
            yield each
        else:
            found.append(each)
    yield from sorted(found, key=lambda script: script.offsets.at(0))


def _body(cell: Cell, language: str) -> tuple[Shell | None, Piece]:
    """Return the shell that a cell is for, None for Python, and its text without the magics at its top."""
    piece = cell.text
    if language in ("bash", "sh"):
        return "bash", piece
    while match := _MAGIC.match(piece.text):
        start = match.start("name") - 1
        is_cell = piece.text[start - 1 : start] == "%" if start else False
        name, words = match["name"], match["rest"].split()
        shell = _shell_of(name, words)
        if shell is not None and (is_cell or (name in _SHELL_LINE_MAGICS and not piece.text[:start].strip())):
            first = piece.cut(match.start("rest"), match.end("rest")) if not is_cell else None
            body = piece.cut(match.end())
            return shell, _two(first, body) if first and first.text.strip() else body
        if not is_cell:
            break
        if name not in _PYTHON_MAGICS:
            return None, piece.cut(0, 0)
        piece = piece.cut(match.end())
    return None, piece


def _two(first: Piece, second: Piece) -> Piece:
    builder = Builder()
    builder.extend(*first)
    builder.replace("\n", first.offsets.at(len(first.text) - 1))
    builder.extend(*second)
    return Piece(*builder.build())


def _shell_of(name: str, words: list[str]) -> Shell | None:
    if name == "script":
        name = next((argv.program(word) for word in words if not word.startswith("-")), "")
    if name in ("!", "sx", "system"):
        return "bash"
    return argv.SHELLS.get(name)


def _script(piece: Piece, shell: Shell, name: str) -> Script:
    return Script(shell, piece.text, piece.offsets, place="notebook", machine="notebook", name=name)


def _of_lines(piece: Piece, python: list[Piece]) -> Iterator[Script]:
    """Yield what the lines for the shell run; add what is left, line for line, to `python`."""
    left: list[tuple[int, int, str]] = []
    at = 0
    while at < len(piece.text):
        line = _LINE.match(piece.text, at)
        other = None if line else _OTHER_MAGIC.match(piece.text, at) or _AUTOMAGIC.match(piece.text, at)
        match = line or other
        if match is not None and match["escape"]:
            found = _CONTINUED.match(piece.text, match.end())
            end = found.end() if found else len(piece.text)
            if line and _MATTERS.search(piece.text, match.end(), end):
                yield _script(expanded(piece.cut(match.end(), end)), "bash", "`!` line")
            left.append((match.start("escape"), end, "0"))
            at = end + 1
        else:
            at = _next_line(piece.text, at)
    python.append(_without(piece, left))


def _next_line(text: str, at: int) -> int:
    """Return where the line after the one at `at` begins; a string that goes on over lines counts as one."""
    while match := _STRINGS.search(text, at):
        at = match.end()
        if match[0] == "\n":
            return at
    return len(text)


def expanded(piece: Piece) -> Piece:
    """Return a line with the values of Python expressions in it (`{sys.executable}`) in their place."""

    def value(match: re.Match[str]) -> str | None:
        if match["name"] is None:
            return "\\"
        if match["name"].replace(" ", "") == "sys.executable":
            return RUNNING_PYTHON
        if re.fullmatch(r"[\w.]*(?:\.\.|,)[\w.,]*", match["name"]):
            return None  # {a,b} and {1..3} are the shell's
        return unknown(machine_scripts.mark(match["name"]))

    return piece.replaced(_REPLACED, value)


def _without(piece: Piece, stretches: list[tuple[int, int, str]]) -> Piece:
    """Return the Python of a cell: what isn't Python is a `0` there."""
    builder = Builder()
    at = 0
    for start, end, value in stretches:
        builder.extend(piece.text, piece.offsets, at, start)
        builder.replace(value, piece.offsets.at(start))
        at = end
    builder.extend(piece.text, piece.offsets, at)
    return Piece(*builder.build())


def _of_calls(source: Source, cells: list[Piece]) -> Iterator[Script | Skipped]:
    """Yield what Python calls run. The cells count as one module, without those that aren't understood."""
    import ast
    import warnings

    from venvlint.formats import python

    builder = Builder()
    if not any(python.can_run(piece.text) for piece in cells):
        return
    for piece in cells:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(re.sub(r"[\ud800-\udfff]", "\ufffd", piece.text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        builder.extend(*piece)
        builder.replace("\n", max(piece.offsets.at(max(len(piece.text) - 1, 0)), 0))
    yield from python.of_text(source, Piece(*builder.build()), "notebook")
