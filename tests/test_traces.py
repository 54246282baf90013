"""Searching what git prints as bytes finds what looking at each path would find, however the bytes arrive."""

from __future__ import annotations

import string
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from venvlint.history import changes
from venvlint.tracked import blobs, traces
from venvlint.tracked.listing import LINK, Entry, Listing, pieces

NAMES = str.split(
    "pyvenv.cfg bin Scripts activate activate.fish Activate.ps1 activate_this.py conda-meta history "
    "numpy-1.0-0.json lib site-packages dist-packages my-site-packages .tox .nox .pixi envs py312 __pypackages__ "
    "3.11 .gitignore python python3.12 python3.13t python2w pypy pypy3 pypy.exe python3.exe python3.12.exe "
    "pythonw python.exe pythonw.exe monopython.exe "
    "setup.cfg x.ps1 a é"
)
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=6).map(lambda parts: "/".join(parts).encode())
ENTRIES = st.builds(
    Entry,
    st.sampled_from([b"100644", b"100755", LINK, b"160000"]),
    st.text("0123456789abcdef", min_size=40, max_size=40).map(str.encode),
    PATHS | st.binary(min_size=1, max_size=8).map(lambda name: name.replace(b"\0", b"") or b"x"),
)


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    for size in sizes:
        yield data[:size]
        data = data[size:]
    yield data


def every_path_by_itself(entries: list[Entry]) -> set[traces.Sighting]:
    found = set()
    for entry in entries:
        for name, trace in vars(traces).items():
            if isinstance(trace, traces.Trace) and (match := trace.path.fullmatch(entry.path)):
                if (name == "_LINK") != (entry.mode == LINK and trace.what == "link"):
                    continue
                if entry.mode == LINK and trace.what in ("config", "script", "program"):
                    continue
                found.add(traces.Sighting(trace.what, match["root"] or b"", entry))
    return found


@given(st.lists(ENTRIES), st.lists(st.integers(1, 200)), st.sampled_from([b"%s %s 0\t%s\0", b"%s blob %s\t%s\0"]))
def test_sightings(entries: list[Entry], sizes: list[int], form: bytes) -> None:
    data = b"".join(form % entry for entry in entries)
    found = {sighting for piece in pieces(cut(data, sizes)) for sighting in traces.sightings(piece)}
    assert found == every_path_by_itself(entries)


def test_every_name_is_searched_for() -> None:
    entries = [Entry(b"100644", b"0" * 40, f"{place}{name}".encode()) for name in NAMES for place in ("", "bin/")]
    data = b"".join(b"%s %s 0\t%s\0" % entry for entry in entries)
    assert {sighting for piece in pieces([data]) for sighting in traces.sightings(piece)} == every_path_by_itself(
        entries
    )


@given(st.lists(ENTRIES, unique_by=lambda entry: entry.path), PATHS, st.lists(st.integers(1, 200)))
def test_listing_of_a_directory(entries: list[Entry], directory: bytes, sizes: list[int]) -> None:
    entries.sort(key=lambda entry: entry.path)
    data = b"".join(b"%s %s 0\t%s\0" % entry for entry in entries)
    listing = Listing(lambda: cut(data, sizes))
    below = [entry for entry in entries if entry.path.startswith(directory + b"/")]
    assert list(listing.below(directory)) == below
    assert list(listing.below(b"")) == entries
    assert list(Listing(lambda: ()).below(directory)) == []


@given(
    st.lists(
        st.tuples(st.text(string.hexdigits.lower(), min_size=40, max_size=40), st.binary(max_size=99) | st.none())
    ),
    st.lists(st.integers(1, 60)),
    st.integers(1, 200),
)
def test_contents(answers: list[tuple[str, bytes | None]], sizes: list[int], limit: int) -> None:
    data = b"".join(
        f"{name} missing\n".encode() if content is None else b"%s %d\n%s\n" % (name.encode(), len(content), content)
        for name, content in answers
    )
    before, blobs.HEAD = blobs.HEAD, limit
    try:
        found = list(blobs._heads(part for part in cut(data, sizes) if part))
    finally:
        blobs.HEAD = before
    assert found == [(name.encode(), content[:limit]) for name, content in answers if content is not None]


@given(
    st.lists(st.tuples(st.booleans(), st.lists(st.tuples(PATHS, st.booleans()), max_size=4))),
    st.lists(st.integers(1, 300)),
)
def test_changes(commits: list[tuple[bool, list[tuple[bytes, bool]]]], sizes: list[int]) -> None:
    """A merge's changes look different: two parents, and no line end in front of them."""
    old, new, gone = b"1" * 40, b"2" * 40, b"0" * 40
    data, expected = b"", []
    for number, (is_merge, paths) in enumerate(commits):
        name = f"{number:040x}".encode()
        data += b"\x01" + name + b"\0" + (b"\0" if is_merge else b"\n" if paths else b"")
        for path, is_removal in paths:
            blob = gone if is_removal else new
            mode = b"000000" if is_removal else b"100755"
            facts = (b"::100644 100644 ", b"MM") if is_merge else (b":100644 ", b"M")
            data += facts[0] + mode + b" " + (old + b" ") * (2 if is_merge else 1) + blob + b" " + facts[1] + b"\0"
            data += path + b"\0"
            if path.startswith((b"bin/", b"lib/")):
                expected.append(changes.Change(name, mode, b"" if is_removal else new, path))
    pattern = changes.beginning([rb"bin/", rb"lib/"])
    found = [change for piece in changes._pieces(cut(data, sizes)) for change in changes._matching(piece, pattern)]
    assert found == expected
