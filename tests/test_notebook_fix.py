"""`--fix` on a notebook changes the bytes of the command and no others, however the JSON is written."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from venvlint import environment, formats
from venvlint.fixes import edited
from venvlint.model import Edit, Install, Script
from venvlint.rules import notebook_shell_install
from venvlint.source import Source

_CALLS = (
    "pip",
    "pip3",
    "pip3.12",
    "python -m pip",
    "python3 -m pip",
    "{sys.executable} -m pip",
    '"{sys.executable}" -m pip',
)
_PACKAGES = st.lists(st.sampled_from(["a", '"b>=1"', "'c[d]'", "-r r.txt", "{name}", "é", "-q"]), min_size=1).map(
    " ".join
)
_ENDS = st.sampled_from(["", " # why", " > /dev/null", " && ls", " \\\n  more", " | tail -n 1"])
_COMMANDS = st.builds(
    lambda indent, space, call, packages, end: (f"{indent}!{space}{call}", f" install x {packages}{end}"),
    st.sampled_from(["", "    "]),
    st.sampled_from(["", " "]),
    st.sampled_from(_CALLS),
    _PACKAGES,
    _ENDS,
)
_OTHERS = st.one_of(
    st.sampled_from(
        ["", "import x", "%pip install y", "# !pip install z", "s = '!pip install z'", "é = '\\n'", "x = 1", "!ls"]
    ),
    st.text(st.characters(blacklist_characters="!%'\"\\\r\n?", blacklist_categories=("Cs", "Co")), max_size=8).map(
        lambda text: f"# {text}"
    ),
)
_LINES = st.lists(st.one_of(_COMMANDS, _OTHERS), min_size=1, max_size=8)
_LAYOUTS = st.fixed_dictionaries(
    {
        "indent": st.sampled_from([None, 1, 2, "\t"]),
        "ensure_ascii": st.booleans(),
        "separators": st.sampled_from([(",", ":"), (", ", ": ")]),
        "sort_keys": st.booleans(),
    }
)


def _notebook(cells: list[list[str]], *, is_list: bool, is_old: bool) -> dict[str, Any]:
    written: list[dict[str, Any]] = []
    for lines in cells:
        text = "\n".join(lines)
        source = re.findall(r"[^\n]*\n|[^\n]+", text) if is_list else text
        outputs = [{"output_type": "stream", "name": "stdout", "text": ["!pip install no\n"]}]
        written.append(
            {"cell_type": "code", "metadata": {}, "outputs": outputs, "input" if is_old else "source": source}
        )
    if is_old:
        return {"nbformat": 3, "metadata": {"name": "x"}, "worksheets": [{"cells": written}]}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3"}}, "cells": written}


def _fixed(data: bytes) -> bytes:
    source = Source("n.ipynb", data)
    found = [script for script in formats.scripts(source, lambda _: None) if isinstance(script, Script)]
    edits: list[Edit] = []
    for install in environment.follow(source, found, lambda _: None):
        if isinstance(install, Install) and install.where in ("global", "maybe"):
            fix = notebook_shell_install.fix(install, source)
            edits.extend(fix.edits if fix is not None else ())
    return edited(data, edits)


def _plain(line: str | tuple[str, str], *, is_mended: bool) -> str:
    if isinstance(line, str):
        return line
    start = re.sub(r"![^\n]*", "%pip", line[0]) if is_mended else line[0]
    return start + line[1]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(_LINES, min_size=1, max_size=4),
    _LAYOUTS,
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "\n", "\r\n"]),
)
def test_only_the_command_changes(
    cells: list[list[str | tuple[str, str]]], layout: dict[str, Any], is_list: bool, is_old: bool, end: str
) -> None:
    before, after = (
        json.dumps(
            _notebook(
                [[_plain(line, is_mended=is_mended) for line in cell] for cell in cells], is_list=is_list, is_old=is_old
            ),
            **layout,
        )
        + end
        for is_mended in (False, True)
    )
    if end == "\r\n":
        before, after = before.replace("\n", "\r\n"), after.replace("\n", "\r\n")
    # All that the fix does is what writing `%pip` in the first place would have done: byte for byte.
    assert _fixed(before.encode()) == after.encode()
