"""Makes a script on which shell and analysis differ as short as it gets."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic

from tests.oracle.case import Case
from tests.oracle.stubs import tool

_MOST_SECONDS = 20.0


def is_valid(case: Case) -> bool:
    """Tell whether the script's own shell can parse it."""
    shell = tool("bash" if case.shell == "bash" else "dash")
    return subprocess.run([shell, "-n"], input=case.text.encode(), capture_output=True).returncode == 0


def minimised(case: Case, still_differs: Callable[[Case], bool]) -> Case:
    """Return the shortest script found by taking away lines, for which `still_differs` holds."""
    end = monotonic() + _MOST_SECONDS
    is_shrinking = True
    while is_shrinking and monotonic() < end:
        is_shrinking = False
        for lines in _smaller(case.text.splitlines(keepends=True)):
            smaller = replace(case, text="".join(lines))
            if is_valid(smaller) and still_differs(smaller):
                case, is_shrinking = smaller, True
                break
            if monotonic() > end:
                break
    used = tuple((name, text) for name, text in case.files if name in case.text)
    smaller = replace(case, files=used)
    return smaller if still_differs(smaller) else case


def _smaller(lines: list[str]) -> Iterator[list[str]]:
    """Yield the script without a run of lines, without a compound's first and last line, or with an idle line."""
    count = len(lines)
    length = count - 1
    while length >= 1:
        for start in range(1, count - length + 1):
            yield lines[:start] + lines[start + length :]
        length = length // 2 if length > 4 else length - 1
    for first in range(1, count):
        indent = _indent(lines[first])
        for last in range(first + 1, count):
            if _indent(lines[last]) == indent:
                yield lines[:first] + lines[first + 1 : last] + lines[last + 1 :]
    for at in range(1, count):
        if lines[at].strip() not in (":", "then", "do", "else"):
            yield [*lines[:at], _indent(lines[at]) + ":\n", *lines[at + 1 :]]


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
