"""YAML scalars lead back to the exact characters of the file, whatever style they are written in."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from venvlint.formats import yaml_text
from venvlint.formats.yaml_text import Node
from venvlint.model import Skipped
from venvlint.source import ELSEWHERE, Source


def roots(text: str) -> list[Node | Skipped]:
    return list(yaml_text.documents(Source("x.yml", text.encode("utf-8", "surrogateescape"))))


def root(text: str) -> Node:
    (node,) = roots(text)
    assert isinstance(node, Node)
    return node


def scalars(node: Node) -> list[Node]:
    found, waiting, seen = [], [node], set()
    while waiting:
        each = waiting.pop()
        if id(each) not in seen:
            seen.add(id(each))
            waiting += each.children
            found += [each] if each.kind == "scalar" else []
    return found


def check(node: Node) -> int:
    """Check every character of a scalar; return how many of them stand in the file as they are."""
    value, offsets = yaml_text.scalar(node, node.source)
    assert value == node.value
    host = node.source.text
    same = 0
    last = node.start - 1
    for at, character in enumerate(value):
        there = offsets.at(at)
        start, end = offsets.span(at, at + 1)
        assert start == there
        assert last < there, "characters keep their order, and no two of them are one"
        assert node.start <= start < end <= node.end
        last = end - 1
        written = host[start:end]
        if written == character:
            same += 1
        elif written[0] == "\\":
            assert written[1:2] != ""
        else:
            assert (character, written) in {
                ("'", "''"),
                (" ", "\n"),
                (" ", "\r"),
                (" ", "\r\n"),
                (" ", "\x85"),
                ("\n", "\r"),
                ("\n", "\r\n"),
                ("\n", "\x85"),
            }
    return same


PIECES = st.sampled_from(
    [
        "a",
        "b c",
        "pip install x",
        " ",
        "  ",
        "   ",
        "\t",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\n   ",
        "\n\n",
        "\r\n",
        "\r\n  ",
        "\r",
        "\n  \n",
        "\u2028",
        "\x85",
        "\x85  ",
        "'",
        "''",
        '"',
        '\\"',
        "\\\\",
        "\\n",
        "\\x41",
        "\\u00e9",
        "\\U0001F600",
        "\\ ",
        "\\\n",
        "\\\n  ",
        "\\\r\n ",
        "\\t",
        "\\\t",
        "\\/",
        "\\'",
        "\\0",
        "é",
        "\U0001f600",
        "\ufffd",
        "#",
        " # c",
        ": ",
        ":",
        "- ",
        "|",
        ">",
        "&a",
        "*a",
        "!t",
        "${{ x }}",
        "%",
        "@",
        "{",
        "}",
        "[",
        "]",
        ",",
        "?",
        "---",
        "\n---\n",
        "...",
    ]
)
BODIES = st.lists(PIECES, max_size=14).map("".join)
HEADERS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["|", ">"]),
        st.sampled_from(["", "-", "+", "1", "2", "3", "2-", "+1", "1+", "-2"]),
        st.sampled_from(["", " ", " # comment", "\t"]),
        st.sampled_from(["\n", "\r\n", "\n\n", "\n  \n"]),
    ),
)
LINES = st.lists(
    st.tuples(
        st.sampled_from(["", " ", "  ", "   ", "    ", "      ", "\t", "  \t"]),
        st.sampled_from(
            ["", "a", "b c", "# no comment", "é\U0001f600", "'", '"', "\\n", "- x", "k: v", "a ", "a\t", "\ufffd"]
        ),
        st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\x85", "\u2028"]),
    ).map("".join),
    max_size=8,
).map("".join)
SCALARS = st.one_of(
    BODIES,
    BODIES.map(lambda body: f"'{body}'"),
    BODIES.map(lambda body: f'"{body}"'),
    st.builds(lambda header, lines: header + lines, HEADERS, LINES),
    st.builds(lambda header, lines: header + lines.rstrip("\r\n\x85\u2028"), HEADERS, LINES),
)
PLACES = st.sampled_from(
    [
        "{}",
        "a: {}",
        "a: {}\nb: c\n",
        "a:\n  b: {}\n",
        "a:\n  b: {}\n  c: d\n",
        "- {}\n- x\n",
        "- - {}\n  - x\n",
        "[{}, x]\n",
        "{{k: {}, l: m}}\n",
        "a: &x {}\nb: *x\n",
        "a: !t {}\n",
        "a: &x !t\n  {}\n",
        "a: !t &x # c\n  {}\n",
        "--- {}\n---\n- {}\n",
        "\ufeffa: {}\n",
        "é: \U0001f600\nb: {}\n",
        "# c\r\na:\r\n  - {}\r\n",
    ]
)


@settings(max_examples=4000, deadline=None)
@given(PLACES, SCALARS)
def test_every_character_of_every_style_is_found_again(place: str, written: str) -> None:
    for node in roots(place.format(written, written)):
        if isinstance(node, Node):
            for each in scalars(node):
                check(each)


@settings(max_examples=1000, deadline=None)
@given(
    st.lists(st.text("ab \n\té'\"#:-\\\U0001f600"), min_size=1, max_size=5), st.sampled_from(["|", ">", "'", '"', None])
)
def test_what_another_program_writes_is_found_again(values: list[str], style: str | None) -> None:
    node = root(yaml.safe_dump({"k": values}, default_style=style, allow_unicode=True, width=20))
    found = [yaml_text.scalar(each, node.source)[0] for each in yaml_text.items(yaml_text.at(node, "k"))]
    assert found == values
    for each in scalars(node):
        check(each)


@settings(max_examples=1000, deadline=None)
@given(st.text(), st.binary(max_size=40))
@example("", b"\xfe\xff\x00\x00\x00")  # UTF-16 that ends within a character
def test_nothing_makes_it_crash(text: str, data: bytes) -> None:
    for each in (text.encode("utf-8", "replace"), data, b"a: [" + data):
        try:
            source = Source("x.yml", each)
        except UnicodeDecodeError:  # said of the file before anybody reads it
            continue
        for node in yaml_text.documents(source):
            if isinstance(node, Node):
                for one in scalars(node):
                    yaml_text.scalar(one, node.source)
                yaml_text.entries(node)
                list(yaml_text.flat(node))


STYLES = [
    pytest.param("run: pip install x\n", id="plain"),
    pytest.param("run: pip\n  install\n\n  x\n", id="plain over several lines"),
    pytest.param("run: 'it''s pip\n  install x'\n", id="single-quoted"),
    pytest.param('run: "say \\"hi\\" \\\n  pip\\x20install\n  x"\n', id="double-quoted"),
    pytest.param("run: |\n  echo é\n    indented\n\n  pip install x\n", id="literal"),
    pytest.param("run: >-\n  echo\n  pip\n\n    install\n  x\n\n\n", id="folded"),
    pytest.param("run: |2+\r\n    pip\r\n  install\r\n\r\n", id="literal with indicators and CRLF"),
    pytest.param("run: >+1 # why\n  pip\n install\n\n", id="folded with indicators and a comment"),
]


@pytest.mark.parametrize("written", STYLES)
def test_words_stand_where_the_map_says(written: str) -> None:
    node = yaml_text.at(root("# \U0001f600\n" + written), "run")
    assert node is not None
    check(node)
    value, offsets = yaml_text.scalar(node, node.source)
    for word in ("pip", "install"):
        if word in value:
            start, end = offsets.span(value.index(word), value.index(word) + len(word))
            assert node.source.text[start:end] == word


def test_a_span_ends_after_an_escape() -> None:
    node = yaml_text.at(root(r'run: "pip install \"x\""'), "run")
    assert node is not None
    value, offsets = yaml_text.scalar(node, node.source)
    start, end = offsets.span(0, len(value))
    assert node.source.text[start:end] == r"pip install \"x\""


def test_merge_keys_give_way_to_a_mappings_own() -> None:
    node = root("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  c: 3\n  <<: [*x, *y]\n")
    found = {key: each.value for key, each in yaml_text.entries(yaml_text.at(node, "z")).items()}
    assert found == {"a": "1", "b": "1", "c": "3"}


def test_an_anchor_can_be_used_again() -> None:
    node = root("a: &x 1\nb: &x 2\nc: *x\nd: *none\n")
    assert [each.value for each in yaml_text.entries(node).values()] == ["1", "2", "2", ""]


def test_cycles_end() -> None:
    node = root("a: &x\n  <<: *x\n  b: c\nd: &y [e, *y]\n")
    assert list(yaml_text.entries(yaml_text.at(node, "a"))) == ["b"]
    assert {each.value for each in yaml_text.flat(yaml_text.at(node, "d"))} == {"e"}


def test_aliases_that_multiply_end() -> None:
    bomb = "a0: &a0 {k: v}\n" + "".join(f"a{n + 1}: &a{n + 1} {{<<: [*a{n}, *a{n}]}}\n" for n in range(60))
    assert list(yaml_text.entries(yaml_text.at(root(bomb), "a60"))) == ["k"]
    lists = "a0: &a0 [k]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(60))
    assert len(list(yaml_text.flat(yaml_text.at(root(lists), "a60")))) < 10_000


def test_several_documents_and_what_breaks_off() -> None:
    *nodes, skipped = roots("a: 1\n---\nb: 2\n---\nc:\n\t- d\n")
    assert [list(yaml_text.entries(node)) for node in nodes if isinstance(node, Node)] == [["a"], ["b"], []]
    assert skipped == Skipped("x.yml", "not valid YAML: found character that cannot start any token", 6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: 'b\n", (None, "found unexpected end of stream"), id="open quote"),
        pytest.param("a: b\nc: \x07\n", (2, "a control character isn't allowed"), id="control character"),
        pytest.param("a: b: c\n", (1, "mapping values are not allowed in this context"), id="nested mapping"),
        pytest.param("[" * 20_000, (1, "did not find expected node content"), id="deep flow sequence"),
    ],
)
def test_errors_are_skipped_with_their_line(text: str, expected: tuple[int | None, str]) -> None:
    *_, skipped = roots(text)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == f"not valid YAML: {expected[1]}"
    assert expected[0] in (None, skipped.line)


def test_deep_nesting_is_read() -> None:
    node = root("- " * 20_000 + "a\n")
    assert len(scalars(node)) == 1


def test_bytes_that_are_no_utf8_stay_as_they_are() -> None:
    (node,) = yaml_text.documents(Source("x.yml", b"run: echo \xff pip\n"))
    assert isinstance(node, Node)
    value, offsets = yaml_text.scalar(scalars(node)[0], node.source)
    assert value == "echo \udcff pip"
    assert offsets.at(7) == 12


def test_text_of_another_file_stands_elsewhere() -> None:
    value, offsets = yaml_text.scalar(scalars(root("- pip install x\n"))[0], Source("y.yml", b""))
    assert value == "pip install x"
    assert offsets.at(4) == ELSEWHERE


def test_an_anchor_ends_where_the_parser_ends_it() -> None:
    (node,) = scalars(root("&a?b c"))
    assert node.value == "?b c"
    check(node)


def test_what_stands_before_an_error_is_read() -> None:
    node, skipped = roots("a:\n  - b: c\n  - d: 'e\n")
    assert isinstance(node, Node)
    assert isinstance(skipped, Skipped)
    (each, other) = yaml_text.items(yaml_text.at(node, "a"))
    assert (yaml_text.text(yaml_text.at(each, "b")), other.children) == ("c", [])
