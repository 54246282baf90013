"""What a Dockerfile's instructions come to: shells, variables, starts, and exact places."""

from __future__ import annotations

import json
import shlex
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venvlint.formats import argv, docker_words, images
from venvlint.formats.dockerfile import scripts
from venvlint.formats.dockerfile_stage import exec_form
from venvlint.formats.pieces import Piece
from venvlint.model import Script
from venvlint.source import Offsets, Source
from venvlint.values import unknown


def read(text: str) -> list[Script]:
    found = list(scripts(Source("Dockerfile", text.encode()), lambda _path: None))
    assert all(isinstance(script, Script) for script in found)
    return [script for script in found if isinstance(script, Script)]


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        pytest.param('["/bin/bash", "-c"]', ("bash", "", "global"), id="bash"),
        pytest.param('["/bin/bash", "-euo", "pipefail", "-c"]', ("bash", "e", "global"), id="options with a value"),
        pytest.param('["/bin/bash", "-o", "errexit", "-c"]', ("bash", "e", "global"), id="a long option"),
        pytest.param('["/bin/bash", "--login", "-c"]', ("bash", "l", "global"), id="login"),
        pytest.param('["/bin/bash", "-lc"]', ("bash", "l", "global"), id="login, short"),
        pytest.param('["/usr/bin/env", "bash", "-c"]', ("bash", "", "global"), id="env"),
        pytest.param('["/bin/ash", "-eo", "pipefail", "-c"]', ("sh", "e", "global"), id="ash"),
        pytest.param('["conda", "run", "-n", "x", "/bin/bash", "-c"]', ("bash", "", "environment"), id="conda run"),
        pytest.param('["conda", "run", "-n", "base", "bash", "-c"]', ("bash", "", "base"), id="conda run in base"),
        pytest.param('["micromamba", "run", "-p", "/e", "bash", "-c"]', ("bash", "", "environment"), id="micromamba"),
        pytest.param('["poetry", "run", "bash", "-c"]', ("bash", "", "environment"), id="poetry"),
        pytest.param('["/usr/local/bin/_dockerfile_shell.sh"]', ("bash", "", "global"), id="micromamba's own"),
        pytest.param('["powershell", "-NoProfile", "-Command", "$x = 1;"]', ("pwsh", "", "global"), id="PowerShell"),
        pytest.param('["cmd", "/S", "/C"]', ("cmd", "", "global"), id="cmd"),
        pytest.param('["/usr/bin/fish", "-c"]', ("fish", "", "global"), id="fish"),
        pytest.param('["python3", "-c"]', None, id="no shell"),
    ],
)
def test_shell(shell: str, expected: tuple[str, str, str] | None) -> None:
    found = read(f"FROM python\nSHELL {shell}\nRUN x\n")
    assert [(script.shell, script.options, script.start) for script in found] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ENV A=b C='d e' F=\"g h\" I=j\\ k", {"A": "b", "C": "d e", "F": "g h", "I": "j k"}, id="quotes"),
        pytest.param("ENV A b  c", {"A": "b  c"}, id="the old form"),
        pytest.param("ENV A=1\nENV A=2 B=$A", {"A": "2", "B": "1"}, id="one instruction sees what was before"),
        pytest.param("ARG A=1\nENV B=${A}2", {"A": "1", "B": "12"}, id="ARG"),
        pytest.param("ARG A=1\nENV A=2", {"A": "2"}, id="ENV wins over ARG"),
        pytest.param("ARG A\nENV B=$A/x", {"B": unknown("A") + "/x"}, id="ARG without a default"),
        pytest.param("ENV A=${X:-d} B=${A:+s} C=${A:-e}", {"A": "d", "B": unknown("A"), "C": "e"}, id="defaults"),
        pytest.param("ENV A=a\nENV B=${A:+s} C=${A:-e}", {"A": "a", "B": "s", "C": "a"}, id="set"),
        pytest.param("ENV A='$B' C=\\$B", {"A": "$B", "C": "$B"}, id="no references"),
        pytest.param("ENV PATH=/v/bin:$PATH\nENV PATH=/w:${PATH}", {"PATH": "/w:/v/bin:$PATH"}, id="PATH"),
        pytest.param("ENV A=${X%.*}", {"A": unknown("X%")}, id="a pattern"),
        pytest.param("ENV A=${", {"A": unknown("{")}, id="broken"),
        pytest.param("LABEL A=b\nENV", {}, id="nothing"),
    ],
)
def test_variables(text: str, expected: dict[str, str]) -> None:
    (script,) = read(f"FROM python\n{text}\nRUN x\n")
    assert dict(script.variables) == expected


def test_arguments_of_the_build_are_gone_when_it_runs() -> None:
    build, run = read("ARG A=1\nFROM python\nARG A\nARG B=2\nENV C=$A$B\nRUN x\nCMD x\n")
    assert dict(build.variables) == {"A": "1", "B": "2", "C": "12"}
    assert dict(run.variables) == {"C": "12"}


def test_stages_know_what_came_before() -> None:
    text = (
        "FROM a AS one\nRUN 1\nFROM b\nRUN 2\nFROM one AS three\nCOPY --from=1 /x /x\nRUN 3\n"
        "FROM one\nRUN --mount=type=bind,from=three 4\n"
    )
    assert [(script.machine, script.after) for script in read(text)] == [
        ("stage one", ()),
        ("stage 1", ()),
        ("stage three", ("stage one", "stage 1")),
        ("stage 3", ("stage one", "stage 1", "stage three")),
    ]


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        pytest.param("python:3.13", "global", id="Python's own"),
        pytest.param("continuumio/miniconda3", "base", id="miniconda"),
        pytest.param("docker.io/condaforge/mambaforge:24@sha256:0", "base", id="registry, tag, digest"),
        pytest.param("localhost:5000/mambaorg/micromamba", "base", id="a registry with a port"),
        pytest.param("quay.io/jupyter/scipy-notebook:latest", "base", id="jupyter"),
        pytest.param("pangeo/base-notebook", "environment", id="pangeo"),
        pytest.param("my/miniconda", "global", id="nobody knows"),
    ],
)
def test_images(image: str, expected: str) -> None:
    assert images.start_in(image) == expected


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab c'\"\\$\n*", max_size=5), min_size=1, max_size=4))
def test_words_are_the_same_for_a_shell(words: list[str]) -> None:
    text = "".join(words)
    ends = [sum(len(word) for word in words[: index + 1]) for index in range(len(words))]
    pieces = [Piece(word, Offsets.shifted(end - len(word))) for word, end in zip(words, ends, strict=True)]
    shell, script, _, _ = argv.command(
        [Piece("printf", Offsets.shifted(0)), Piece("%s\\0", Offsets.shifted(0)), *pieces]
    )
    real = subprocess.run(["sh", "-c", script.text], capture_output=True, check=True)
    assert shell == "sh"
    assert real.stdout.decode().split("\0")[:-1] == words
    assert all(0 <= script.offsets.at(index) <= len(text) + len("printf") for index in range(len(script.text)))


@settings(deadline=None)
@given(st.text(alphabet="ab c'\"\\", max_size=12))
def test_a_command_line_is_split_as_shlex_does(text: str) -> None:
    try:
        expected = shlex.split(text)
    except ValueError:  # a quotation that isn't closed: Compose refuses the file
        return
    assert [word.text for word in argv.split(Piece(text, Offsets.shifted(0)))] == expected


@settings(deadline=None)
@given(st.lists(st.text(alphabet='ab"\\/\n\té☃𝄞', max_size=4), max_size=4), st.booleans())
def test_exec_form_leads_back_to_the_host(words: list[str], is_ascii: bool) -> None:
    text = json.dumps(words, ensure_ascii=is_ascii)
    found = exec_form(Piece(text, Offsets.shifted(100)))
    assert found is not None
    assert [piece.text for piece in found] == words
    for piece in found:
        for index, letter in enumerate(piece.text):
            span = piece.offsets.span(index, index + 1)
            written = text[span.start - 100 : span.end - 100]
            assert written == letter or json.loads(f'"{written}"') == letter


@settings(deadline=None)
@given(st.text(alphabet="${}:-+abPATH'\"\\ =", max_size=20))
def test_any_value_is_expanded(raw: str) -> None:
    docker_words.plain(docker_words.expand(raw, {"a": "b"}, "\\"))
