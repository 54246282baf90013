"""Lines of ignore files that were probably meant to ignore a path, and why they don't."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# What to mend in a line, in this order, and what to say when that alone made the difference.
# https://git-scm.com/docs/gitignore#_pattern_format
_FAULTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"^#\s*(?=\S+$)"), "", "is commented out"),
    (re.compile(r"\s+#.*$"), "", "has a comment behind the pattern, which git takes for a part of it"),
    (re.compile(r"\s*[^\S ]\s*$"), "", "ends in a tab or another blank, which git takes for a part of the pattern"),
    (re.compile(r"^\s+"), "", "starts with a blank, which git takes for a part of the pattern"),
    (re.compile(r"^([\"'])(.*)\1$"), r"\2", "stands in quotes, which git takes for a part of the pattern"),
    (re.compile(r"\\"), "/", "has a backslash, where git separates directories by `/`"),
    (re.compile(r"^\./"), "", "starts with `./`, which matches nothing"),
)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A line of an ignore file, counted from 1 (0: the whole file), and what is wrong with it."""

    path: str
    line: int
    text: str
    fault: str

    def __str__(self) -> str:
        return (
            f"`{self.text.strip()}` on line {self.line} of {self.path} {self.fault}"
            if self.line
            else f"{self.path} {self.fault}"
        )


def decoded(data: bytes) -> tuple[str, bool]:
    """Return the text of an ignore file, and whether git can read it."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return data.decode("utf-16", "replace"), False
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape"), True


def meaning(line: str) -> tuple[str, str]:
    """Return the path that a line was meant for, without slashes around it, and the fault that keeps it from that."""
    first = ""
    for pattern, replacement, fault in _FAULTS:
        mended = pattern.sub(replacement, line)
        if mended != line:
            first = first or fault
            line = mended
    core = line.rstrip(" ").removeprefix("**/").strip("/")
    return re.sub(r"/\*{1,2}$", "", core), first


def find(
    path: str, files: Mapping[str, bytes], links: Mapping[str, bytes], *, is_link: bool = False
) -> NearMiss | None:
    """Return what comes closest to ignoring `path`, or None.

    `files` are ignore files by path, `links` those that are symlinks, with the content of their targets.
    """
    misses = sorted(_misses(path, files, links, is_link), key=lambda miss: miss[0])
    return misses[0][1] if misses else None


def _misses(
    path: str, files: Mapping[str, bytes], links: Mapping[str, bytes], is_link: bool
) -> Iterator[tuple[int, NearMiss]]:
    """Yield what comes close, with the rank of each: low is likely."""
    for place in _above(path):
        file = f"{place}/.gitignore" if place else ".gitignore"
        text, is_readable = decoded(files.get(file) or links.get(file) or b"")
        relative = path[len(place) + 1 :] if place else path
        for number, line in enumerate(text.split("\n"), 1):
            core, fault = meaning(line.removesuffix("\r"))
            if not (file in links or not is_readable):
                if found := _fault(line.removesuffix("\r"), relative, is_link):
                    yield found[0], NearMiss(file, number, line, found[1])
            elif not fault and core in (relative, relative.rpartition("/")[2]):
                words = (
                    "a symlink, which git doesn't follow" if is_readable else "saved as UTF-16, which git can't read"
                )
                yield 0, NearMiss(file, 0, "", f"is {words}")


def _above(path: str) -> Iterator[str]:
    while path:
        path = path.rpartition("/")[0]
        yield path


def _fault(line: str, path: str, is_link: bool) -> tuple[int, str] | None:
    """Return why a line doesn't ignore `path`, relative to the ignore file, though it looks so; with the rank."""
    core, fault = meaning(line)
    name = path.rpartition("/")[2]
    is_meant = core.lower() in (name.lower(), path.lower())
    if fault and is_meant:
        return 1, fault
    if is_meant and core not in (name, path):
        return 2, "is written in another case"
    if is_meant and is_link and line.rstrip(" ").endswith("/"):
        return 1, "matches directories only, and this is a symlink"
    if not fault and core != path and core.rpartition("/")[2] == name and "/" in line.rstrip("/ ").removeprefix("**/"):
        return 3, "matches only beside that file" if core == name else f"matches only at `{core}`"
    return None
