"""Strings of Python and TOML have the values that the real parsers give them, and each character knows its place."""

from __future__ import annotations

import ast
import json
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venvlint.formats import toml_text
from venvlint.formats.pieces import Piece, Value
from venvlint.formats.python_text import Field, Text
from venvlint.source import Offsets

_TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Co")), max_size=12)
_PREFIXES = ("", "r", "b", "f", "rb", "u")


def _whole(source: str) -> Text:
    return Text(Piece(source, Offsets.shifted(0)))


def _expression(text: Text) -> ast.expr:
    assert isinstance(text.tree, ast.Module)
    statement = text.tree.body[0]
    assert isinstance(statement, ast.Expr)
    return statement.value


@settings(deadline=None)
@given(st.lists(_TEXTS, min_size=1, max_size=3), st.sampled_from(["'", '"']), st.booleans())
def test_python_literal(texts: list[str], quote: str, is_wide: bool) -> None:
    literals = [repr(text) if quote == "'" else json.dumps(text, ensure_ascii=not is_wide) for text in texts]
    source = f"(é := ({' '.join(literals)}))"
    named = _expression(text := _whole(source))
    assert isinstance(named, ast.NamedExpr)
    assert isinstance(named.value, ast.Constant)
    parts = [part for part in text.literal(named.value) if isinstance(part, Piece)]
    assert "".join(part.text for part in parts) == named.value.value
    for part in parts:
        for index, character in enumerate(part.text):
            written = source[slice(*part.offsets.span(index, index + 1))]
            assert written == character or written.startswith("\\")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('f"a{x}b"', ["a", "{x}", "b"], id="field"),
        pytest.param('f"{{a}} {x!r:>{w}}"', ["{a} ", "{x!r:>{w}}"], id="braces, conversion, nested specification"),
        pytest.param("f'{d[\"k\"]} c'", ['{d["k"]}', " c"], id="quotes in a field"),
        pytest.param('"a" f"{x=}" r"\\n"', ["a", "{x=}", "\\n"], id="side by side"),
        pytest.param('f"{a == b}{a if x != y else b}"', ["{a == b}", "{a if x != y else b}"], id="comparisons"),
        pytest.param('f"""{\nx\n}"""', ["{\nx\n}"], id="over lines"),
    ],
)
def test_python_f_string(source: str, expected: list[str]) -> None:
    text = _whole(source)
    parts = text.literal(_expression(text))
    found = [source[part.start : part.end] if isinstance(part, Field) else part.text for part in parts]
    assert found == expected


_KEYS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Co")), min_size=1, max_size=5)
_VALUES = st.recursive(
    st.one_of(_TEXTS, st.integers(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=6,
)


def _written(value: Any) -> str:
    if isinstance(value, dict):
        pairs = ", ".join(f"{_string(key)} = {_written(each)}" for key, each in value.items())
        return f"{{ {pairs} }}" if value else "{}"
    if isinstance(value, list):
        return f"[ {', '.join(_written(each) for each in value)} ]"
    return _string(value) if isinstance(value, str) else json.dumps(value)


def _string(text: str) -> str:
    if "'" not in text and text.isprintable() and len(text) % 2:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(value: Value) -> Any:
    if isinstance(value, Piece):
        return value.text
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else None


def _without_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_numbers(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_numbers(each) for each in value]
    return value if isinstance(value, str) else None


@settings(deadline=None)
@given(st.dictionaries(_KEYS, st.dictionaries(_KEYS, _VALUES, max_size=3), max_size=3))
def test_toml(tables: dict[str, dict[str, Any]]) -> None:
    lines = []
    for name, table in tables.items():
        lines += [f"[{_string(name)}] # '", *(f"{_string(key)} = {_written(value)}" for key, value in table.items())]
    text = "\n".join(lines)
    assert _plain(toml_text.load(text)) == _without_numbers(tomllib.loads(text))


def test_toml_strings_over_lines() -> None:
    text = 'a = """\nb \\\n   c"""\nd = \'\'\'\ne\'\'\'\'\n[[f]]\ng.h = "i"\n[[f]]\ng.h = "\\u00e9"\n'
    assert _plain(toml_text.load(text)) == tomllib.loads(text)
