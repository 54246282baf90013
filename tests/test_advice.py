"""The fix that a finding names is the user's own line, landing in an environment."""

from __future__ import annotations

import pytest

from venvlint.model import Install, Lost, Span
from venvlint.rules import advice, load
from venvlint.source import Source
from venvlint.values import unknown


def install(text: str, *environments: str, installer: str = "pip") -> Install:
    return Install("install", installer, text, Span(0, len(text)), "global", "certain", environments=environments)


@pytest.mark.parametrize(
    ("text", "environments", "mended"),
    [
        pytest.param("pip install x", (), "python3 -m venv .venv && .venv/bin/pip install x", id="no environment yet"),
        pytest.param("pip install x", ("venv",), "venv/bin/pip install x", id="the file's environment"),
        pytest.param("pip install x", ("a", "b"), "b/bin/pip install x", id="the most recent of two"),
        pytest.param("pip install x", (unknown("HOME") + "/v",), "$HOME/v/bin/pip install x", id="under a variable"),
        pytest.param("pip install x", ("my env",), '"my env/bin/pip" install x', id="a space in its name"),
        pytest.param("sudo -H pip3 install x", ("v",), "v/bin/pip install x", id="sudo goes"),
        pytest.param("pip install --user x", ("v",), "v/bin/pip install x", id="--user goes"),
        pytest.param("pip install x --break-system-packages", ("v",), "v/bin/pip install x", id="the override goes"),
        pytest.param("pip install --user-agent x", ("v",), "v/bin/pip install --user-agent x", id="other options stay"),
        pytest.param("pip -q install x", ("v",), "v/bin/pip -q install x", id="options before the verb stay"),
        pytest.param(
            "pip3.12 install x", (), "python3.12 -m venv .venv && .venv/bin/pip install x", id="pip's version"
        ),
        pytest.param(
            "python3.12 -Im pip install x",
            (),
            "python3.12 -m venv .venv && .venv/bin/pip install x",
            id="python's version",
        ),
        pytest.param("/usr/bin/python3 -m pip install x", ("v",), "v/bin/pip install x", id="a path to python"),
        pytest.param("/usr/local/bin/pip install x", ("v",), "v/bin/pip install x", id="a path to pip"),
        pytest.param('"/opt/python 3/bin/pip" install x', ("v",), "v/bin/pip install x", id="a path with a space"),
        pytest.param("pip install \\\n    a \\\n    b", ("v",), "v/bin/pip install a b", id="continued lines join"),
        pytest.param("$PIP install x", ("v",), "v/bin/pip install ...", id="a variable's arguments aren't guessed"),
        pytest.param("pip install " + "x " * 60, ("v",), "v/bin/pip install ...", id="a long list is cut"),
        pytest.param("wget x/pip && pip install x", ("v",), "v/bin/pip install x", id="a path that ends in pip"),
    ],
)
def test_mended(text: str, environments: tuple[str, ...], mended: str) -> None:
    assert advice.mended(install(text, *environments), Source("a.sh", b"")) == mended


def test_mended_on_windows() -> None:
    batch = Source("setup.BAT", b"")
    assert advice.mended(install("pip install x"), batch) == r"py -m venv .venv && .venv\Scripts\pip install x"


def test_lost_activation_names_both_places() -> None:
    text = "(\n. venv/bin/activate\n)\npip install x\n"
    lost = Lost("venv", Span(2, 21), Span(0, 23), "subshell")
    found = Install("install", "pip", "pip install x", Span(24, 37), "global", "certain", lost=lost)
    assert load("lost-activation").message(found, Source("a.sh", text.encode())) == (
        "pip installs globally: venv was activated on line 2 inside a subshell that ended on line 3",
        "call the environment's own pip: venv/bin/pip install x",
    )
