"""Amounts of files and bytes in words."""

from __future__ import annotations

from collections.abc import Iterable

_UNITS = ("kB", "MB", "GB", "TB")


def size(count: int) -> str:
    """Return a number of bytes as people say it: 812 bytes, 3.4 kB, 31.2 MB."""
    if count < 1000:
        return counted(count, "byte")
    value = float(count)
    for unit in _UNITS:
        value /= 1000
        if value < 999.95 or unit == _UNITS[-1]:
            break
    return f"{value:.1f} {unit}"


def counted(number: int, what: str) -> str:
    """Return a number of things: 1 file, 1,200 files."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def amount(files: int, count: int) -> str:
    """Return a number of files and of bytes: 812 files, 31.2 MB."""
    return f"{counted(files, 'file')}, {size(count)}"


def largest(packages: Iterable[tuple[str, int]]) -> str:
    """Return the end of a sentence that names the largest packages with their bytes, empty where there are none."""
    named = [f"{name} ({size(count)})" for name, count in packages if count]
    return f", largest: {', '.join(named)}" if named else ""
