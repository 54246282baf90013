"""Where reports go: standard output or a file, with or without colour."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

_COLOURS = {"+": "32", "-": "31", "@": "36"}


def has_colour(choice: str, stream: TextIO) -> bool:
    """Tell whether to use colour: by https://no-color.org, https://force-color.org, and the terminal if nobody says."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def opened(path: str | None) -> Iterator[TextIO]:
    """Yield the file at `path`, or standard output, ready for any text."""
    if path is not None:
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:  # noqa: PTH123 - paths are str here
            yield file
        return
    if hasattr(sys.stdout, "reconfigure"):  # a name that isn't UTF-8, or a console that isn't, must not be a crash
        sys.stdout.reconfigure(errors="backslashreplace")
    yield sys.stdout


def show(lines: Iterable[str], choice: str) -> None:
    """Print a diff."""
    with opened(None) as out:
        colour = has_colour(choice, out)
        for line in lines:
            code = _COLOURS.get(line[0]) if colour else None
            out.write(f"\x1b[{code}m{line[:-1]}\x1b[0m\n" if code else line)
