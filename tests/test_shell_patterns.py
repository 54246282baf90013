"""What is said of patterns and values with unknown parts holds whatever those parts are: bash is the judge."""

from __future__ import annotations

import subprocess

import pytest

from venvlint.environment.patterns import surely_differs, surely_matches
from venvlint.values import unknown

FILLINGS = ("", "/", "/a", "/venv", "/a/venv", "env", "x y", "/srv/.venv/b", "*")
VALUES = ("X", "X/env", "X/.venv/bin", "/opt/X", "/opt/X/env", "envX", "X.venvX", "/opt/venv", "")
PATTERNS = (
    "*", "*/env", "*/venv", "*venv*", "/opt/*", "X", "X/env", "X/venv", "*/@(env|venv)", "*/[a-f]nv", "?*", "/opt/venv",
    "*/!(env)", "env*", "\\*", "/srv/*/b", "", "+(/opt/)*", "[!/]*",
)  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_surely_is_for_all_fillings(pattern: str) -> None:
    turn = "while IFS= read -r value && IFS= read -r pattern; do [[ $value == $pattern ]]; echo $?; done"
    script = f"shopt -s extglob\n{turn}"
    for value in VALUES:
        filled = [(value.replace("X", text), pattern.replace("X", text)) for text in FILLINGS]
        lines = "".join(f"{one}\n{other}\n" for one, other in filled)
        run = subprocess.run(["bash", "-c", script], input=lines, capture_output=True, text=True, check=True)
        answers = {line == "0" for line in run.stdout.split()}
        marked, asked = (text.replace("X", unknown("X")) for text in (value, pattern))
        if surely_differs(marked, asked):
            assert answers == {False}, value
        if surely_matches(marked, asked):
            assert answers == {True}, value


@pytest.mark.parametrize(("value", "pattern"), [("X/env", "*/venv"), ("X/env", "X/venv"), ("/opt/X", "/srv/*")])
def test_what_ends_or_starts_otherwise_differs(value: str, pattern: str) -> None:
    assert surely_differs(value.replace("X", unknown("X")), pattern.replace("X", unknown("X")))
