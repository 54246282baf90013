"""Every claim of every document in cases/ is run, and its findings compared whole. `UPDATE=1 pytest` rewrites them."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from filelock import FileLock

from tests.conftest import Outcome, described, lay_out
from tests.documents import Case, DocumentError, as_json, cases, with_findings

DOCUMENTS = sorted((Path(__file__).parent / "cases").glob("**/*.md"))
IS_UPDATE = os.environ.get("UPDATE", "") not in ("", "0")


def parameters() -> Iterator[object]:
    for document in DOCUMENTS:
        try:
            found = cases(document)
        except DocumentError as error:  # one test that fails says more than a collection that breaks off
            yield pytest.param(error, id=document.stem)
        else:
            yield from (pytest.param(case, id=f"{document.stem}: {case.claim}") for case in found)


@pytest.mark.parametrize("case", list(parameters()))
def test_case(case: Case | DocumentError, repository: Path, call: Callable[[Sequence[str]], Outcome]) -> None:
    if isinstance(case, DocumentError):
        pytest.fail(str(case), pytrace=False)
    lay_out(case.inputs, repository)
    outcome = call(as_json(case.command))
    expected = case.expected.body
    found = described(outcome, with_help="\n    help: " in expected, root=repository)
    if IS_UPDATE and found != expected:
        rewrite(case, found)
    elif found != expected:
        pytest.fail(difference(case, expected, found, outcome.err), pytrace=False)


def test_there_are_cases() -> None:
    assert DOCUMENTS


def difference(case: Case, expected: str, found: str, err: str) -> str:
    lines = difflib.unified_diff(expected.splitlines(), found.splitlines(), "expected", "found", n=99, lineterm="")
    place = f"tests/cases/{case.document.name}:{case.expected.line}"
    return "\n".join([f"{place}: {case.claim}", f"$ {' '.join(case.command)}", *lines, err])


def rewrite(case: Case, found: str) -> None:
    with FileLock(Path(os.environ.get("TMPDIR", "/tmp")) / f"venvlint-{case.document.stem}.lock"):  # for pytest -n
        text = case.document.read_text(encoding="utf-8")
        case.document.write_text(with_findings(text, case, found), encoding="utf-8")
