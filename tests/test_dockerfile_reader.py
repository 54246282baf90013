"""Dockerfiles are split as BuildKit splits them, and every character is traced back."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from venvlint.formats.dockerfile_reader import Instruction, instructions
from venvlint.formats.pieces import Piece

CASES = Path(__file__).parent / "cases"
LINES = (
    "FROM python:3.12 AS one",
    "RUN pip install a",
    "run pip install a && \\",
    "RUN --mount=type=cache,target=/root/.cache --network=none pip install \\",
    "    # a comment within",
    "# a comment",
    "",
    "   ",
    "    && pip install b",
    "RUN <<EOF",
    "RUN cat <<-'EOF' > /x && bash <<TWO",
    "\tEOF",
    "EOF",
    "TWO",
    'RUN ["pip", "install", "a\\u0041 \\" b"]',
    "RUN [ -f x ] && pip install y",
    "ENV A=b C='d e'",
    "ENV PATH=/opt/venv/bin:$PATH \\",
    "ONBUILD RUN pip install z",
    "CMD pip install c \\\\",
    "\\",
    "RUN echo é \\  ",
    "# escape=`",
    "RUN pip install `",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("RUN a \\\n  b", [("RUN", (), "a   b")], id="a continuation joins without a line break"),
        pytest.param("RUN a \\ \t\n b", [("RUN", (), "a  b")], id="blanks may follow the escape"),
        pytest.param(
            "RUN a \\\\\nRUN b", [("RUN", (), "a \\\\"), ("RUN", (), "b")], id="an escaped escape ends a line"
        ),
        pytest.param("RUN a \\\n # no\n\n && b", [("RUN", (), "a  && b")], id="comments and blank lines within"),
        pytest.param("RUN a # x \\\n && b", [("RUN", (), "a # x  && b")], id="a comment behind code is the shell's"),
        pytest.param("# escape=`\nRUN a `\n b\\\nRUN c", [("RUN", (), "a  b\\"), ("RUN", (), "c")], id="escape"),
        pytest.param("#\n# escape=`\nRUN a `\nRUN b", [("RUN", (), "a `"), ("RUN", (), "b")], id="escape too late"),
        pytest.param("\ufeff# escape=`\nRUN a `\n b", [("RUN", (), "a  b")], id="byte order mark"),
        pytest.param("RUN a\r\nRUN b \\\r\n c\r\n", [("RUN", (), "a"), ("RUN", (), "b  c")], id="CRLF"),
        pytest.param("run a", [("RUN", (), "a")], id="keywords in lower case"),
        pytest.param("RUN --mount=a --x -- b --c", [("RUN", ("--mount=a", "--x"), "b --c")], id="flags"),
        pytest.param("RUN \\\n --mount=a \\\n pip x", [("RUN", ("--mount=a",), "pip x")], id="flags continued"),
        pytest.param("ONBUILD RUN a", [("RUN", (), "a")], id="ONBUILD"),
        pytest.param("RUN a \\", [("RUN", (), "a")], id="a continuation at the end of the file"),
        pytest.param("RUN\n\\\n", [("RUN", (), ""), ("", (), "")], id="nothing to run"),
    ],
)
def test_instructions(text: str, expected: list[tuple[str, tuple[str, ...], str]]) -> None:
    assert [(each.keyword, each.flags, each.arguments.text) for each in instructions(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("RUN <<EOF\na\nb\nEOF\nRUN c", [("EOF", "a\nb\n")], id="plain"),
        pytest.param("RUN <<-EOF\n\ta\n\tEOF\n", [("EOF", "a\n")], id="tabs taken off"),
        pytest.param("RUN <<'E'\n$a\nE", [("E", "$a\n")], id="quoted"),
        pytest.param('RUN <<"E" bash\n$a\nE', [("E", "$a\n")], id="quoted twice, with an interpreter"),
        pytest.param("RUN <<A cat >x && <<B cat\n1\nA\n2\nB\n", [("A", "1\n"), ("B", "2\n")], id="several"),
        pytest.param(
            "RUN <<EOF\n# a \\\n\nb\nEOF", [("EOF", "# a \\\n\nb\n")], id="comments and escapes are the body's"
        ),
        pytest.param("RUN <<EOF\nEOF", [("EOF", "")], id="empty"),
        pytest.param("RUN cat <<<EOF\nRUN a", [], id="a here-string is none"),
        pytest.param('RUN bash -c "cat <<EOF"\nRUN a', [], id="nor one in quotes"),
        pytest.param("RUN echo $((1<<2))\nRUN a", [], id="nor a shift"),
        pytest.param("RUN <<EOF\na", [("EOF", "a")], id="never closed"),
        pytest.param("ENV A=<<EOF\nRUN a", [], id="not in ENV"),
        pytest.param("COPY <<EOF /x\nRUN a\nEOF", [("EOF", "RUN a\n")], id="a file's contents"),
    ],
)
def test_heredocs(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.name, each.body.text) for one in instructions(text) for each in one.heredocs] == expected


@settings(deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=12), st.sampled_from(("\n", "\r\n")))
def test_every_character_is_traced_back(lines: list[str], end: str) -> None:
    text = end.join(lines)
    found = list(instructions(text))
    for one in found:
        for piece in _pieces(one):
            at = [piece.offsets.at(index) for index in range(len(piece.text))]
            assert at == sorted(set(at))
            # Of a CRLF it is the line feed that a heredoc's line break stands for.
            assert [text[offset] for offset in at] == list(piece.text)
            assert not at or one.span.start <= at[0] <= at[-1] < max(one.span.end, at[0] + 1) + len(end)
    spans = [one.span for one in found]
    assert all(before.end <= after.start for before, after in pairwise(spans))


@settings(deadline=None)
@given(st.text(alphabet="RUN <ECOPY\\`\n\r#\"'[]$={}\t-", max_size=60))
def test_any_text_is_read(text: str) -> None:
    list(instructions(text))


def _pieces(one: Instruction) -> list[Piece]:
    closing = [each.closing for each in one.heredocs if each.closing]
    return [one.arguments, *(each.body for each in one.heredocs), *closing]


def _agree(text: str) -> bool:
    """Tell whether tree-sitter's grammar could read the text; where it could, its instructions are ours."""
    tree_sitter = pytest.importorskip("tree_sitter")
    grammar = pytest.importorskip("tree_sitter_dockerfile", reason="it has wheels for few systems")
    root = tree_sitter.Parser(tree_sitter.Language(grammar.language())).parse(text.encode()).root_node
    if root.has_error:
        return False
    theirs = [
        (each.type.removesuffix("_instruction").upper(), each.start_point[0])
        for each in root.children
        if each.type.endswith("_instruction")
    ]
    ours = [
        ("ONBUILD" if each.is_trigger else each.keyword, text.count("\n", 0, each.span.start))
        for each in instructions(text)
    ]
    assert ours == theirs
    return True


@pytest.mark.filterwarnings("ignore:int argument support:DeprecationWarning")
def test_tree_sitter_reads_the_case_files_alike() -> None:
    text = (CASES / "dockerfile.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```dockerfile [^\n]*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    read = [_agree(block) for block in blocks]
    assert sum(read) > len(read) / 2


WELL_FORMED = (
    "FROM python:3.12 AS one\n",
    "RUN pip install a\n",
    "RUN pip install a \\\n    # why\n    && pip install b\n",
    "RUN --mount=type=cache,target=/root/.cache pip install c\n",
    'RUN ["pip", "install", "d"]\n',
    "RUN <<EOF\npip install e\nEOF\n",
    "# a comment\n\n",
    "ENV PATH=/opt/venv/bin:$PATH\n",
    "ARG VENV=/opt/venv\n",
    'CMD ["python", "-m", "app"]\n',
    "WORKDIR /app\n",
    'SHELL ["/bin/bash", "-c"]\n',
    "COPY --from=one /opt/venv /opt/venv\n",
)


@pytest.mark.filterwarnings("ignore:int argument support:DeprecationWarning")
@settings(deadline=None)
@given(st.lists(st.sampled_from(WELL_FORMED), min_size=1, max_size=8))
def test_tree_sitter_reads_made_up_files_alike(parts: list[str]) -> None:
    assume(_agree("".join(parts)))
