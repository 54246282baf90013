"""The documents can't be silently empty, and rewriting touches one block only."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents import DocumentError, cases, with_findings

CASE = """\
An introduction.

## A bare install is global

```sh a b.sh
pip install x
```

```findings
a b.sh:1:1-1:14 global-install: old
```

## Nothing is silent

```sh empty.sh
```

```findings
```
"""


def document(directory: Path, text: str, name: str = "global-install.md") -> Path:
    path = directory / name
    path.write_text(text)
    return path


def test_cases(tmp_path: Path) -> None:
    first, second = cases(document(tmp_path, CASE))
    assert (first.claim, first.inputs[0].file, first.inputs[0].body) == (
        "A bare install is global",
        "a b.sh",
        "pip install x\n",
    )
    assert first.command == ("no-global-pip", "a b.sh")
    assert (second.inputs[0].body, second.expected.body) == ("", "")


@pytest.mark.parametrize(
    ("name", "intro", "command"),
    [
        pytest.param("committed-environment.md", "", ("no-site-packages",), id="a rule's document runs its hook"),
        pytest.param("subshells.md", "", ("no-global-pip", "a b.sh"), id="a topic's document runs no-global-pip"),
        pytest.param(
            "git.md",
            "```command\nno-site-packages --staged 'a b'\n```\n",
            ("no-site-packages", "--staged", "a b"),
            id="said",
        ),
    ],
)
def test_command(tmp_path: Path, name: str, intro: str, command: tuple[str, ...]) -> None:
    assert cases(document(tmp_path, intro + CASE, name))[0].command == command


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("# Only a title\n", "no section, so nothing would be tested", id="no section"),
        pytest.param(
            CASE.replace("```findings\n```", ""), ":13: 0 findings blocks, where one belongs", id="no findings"
        ),
        pytest.param(CASE.replace("```sh empty.sh\n```", ""), ":13: no input", id="no input"),
        pytest.param(CASE + "```\n", ":20: this fence is never closed", id="an open fence"),
        pytest.param(CASE.replace("sh empty.sh", "sh"), ":15: neither `console` nor a", id="no file name"),
        pytest.param(
            CASE.replace("Nothing is silent", "A bare install is global"), "claimed twice", id="a claim twice"
        ),
    ],
)
def test_document_that_would_not_be_run(tmp_path: Path, text: str, error: str) -> None:
    with pytest.raises(DocumentError) as raised:
        cases(document(tmp_path, text))
    assert error in str(raised.value)


def test_with_findings(tmp_path: Path) -> None:
    case, clean = cases(document(tmp_path, CASE))
    assert with_findings(CASE, case, "") == CASE.replace("a b.sh:1:1-1:14 global-install: old\n", "")
    assert with_findings(CASE, clean, "one\ntwo\n") == CASE.replace("```findings\n```", "```findings\none\ntwo\n```")
