"""No input makes a reader fail or take long. VENVLINT_FUZZ=10 tries ten times as many; see also `tests.fuzz`."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import fuzz

TIMES = int(os.environ.get("VENVLINT_FUZZ", "1"))
QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=TIMES == 1, database=None)


@settings(QUIET, max_examples=150 * TIMES)
@given(path=st.sampled_from(fuzz.PATHS), data=st.binary(max_size=400))
def test_bytes(path: str, data: bytes) -> None:
    assert fuzz.examine(path, b"pip install a\n" + data) < fuzz.LONGEST  # pip, as else nothing is read


@settings(QUIET, max_examples=250 * TIMES)
@given(path=st.sampled_from(fuzz.PATHS), pieces=st.lists(st.sampled_from(fuzz.MARKS), max_size=60))
def test_marks(path: str, pieces: list[str]) -> None:
    assert fuzz.examine(path, ("pip install a\n" + "".join(pieces)).encode("utf-8", "surrogatepass")) < fuzz.LONGEST


@settings(QUIET, max_examples=400 * TIMES)
@given(seed=st.integers(0, 2**32))
def test_broken_files(seed: int) -> None:
    assert fuzz.examine(*fuzz.broken(random.Random(seed))) < fuzz.LONGEST


@pytest.mark.parametrize(
    "mark", ["$(", "${", "`", "'", "(", "{ ", "if a; then ", "<<A ", "a | ", "a && ", "x=$x$x\n", "[ ! "]
)
def test_endless_repetition(mark: str) -> None:
    assert fuzz.examine("a.sh", (f"x=aa\npip install a\n{mark * (100_000 // len(mark))}").encode()) < fuzz.LONGEST
