# ruff: noqa: E101 makefiles have tabs before a recipe line, and spaces in what continues it
"""What make would run is what was read: real `make -n` says so."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import lay_out
from tests.documents import Case, cases
from venvlint.formats import makefile
from venvlint.formats.make_reader import RecipeLine, Rule, statements
from venvlint.model import Script
from venvlint.source import Source
from venvlint.values import CLOSE, OPEN

CASES = Path(__file__).parent / "cases"
MARK = re.compile(f"{OPEN}[^{CLOSE}]*{CLOSE}")

MAKEFILES = {
    "variables": """\
VENV ?= .venv
BIN := $(VENV)/bin
PIP = $(BIN)/pip $(FLAGS)
FLAGS = -q
FLAGS += --no-input
LATE = $(DEFINED_BELOW)
DEFINED_BELOW := below
all:
	${PIP} install $(LATE) $$HOME $(patsubst %.in,%.txt,a.in b.in) $(FILES:.in=.txt)
	@echo $(addprefix -r ,one two) $(firstword $(FILES)) $(notdir a/b.c) $(dir a/b.c) $(strip  x  y )
	-@ echo $(subst a,b,banana) $(if ,yes,no) $(if x,yes,no) $(or ,second) $(words)
	echo $(foreach f,1 2,-r$(f)) $(join) $(lastword 1 2) $(sort b a b) $(suffix) $(basename src/foo.c)
FILES = x.in y.in
""",
    "continuations": """\
all: \\
   one \\
   two # a comment
	echo a && \\
	  echo b   \\
	  # c
	echo 'x \\
	y'
one: ; echo inline
two:
# a comment between

	echo two

	# a comment of the shell's
	echo three
LIST = a \\
       b   \\
  c
three: two
	echo $(LIST) \\# x
""",
    "conditionals": """\
MODE = fast
all:
ifeq ($(MODE),fast)
	echo fast
endif
ifdef MODE
	echo set
endif
ifndef OTHER
OTHER = other
endif
last: all
	echo $(OTHER)
""",
    "define": """\
define steps
echo $(1)
@echo two \\
  three
endef
define more =
	echo $@ $<
endef
all: dep
	$(call steps,one)
	$(more)
	echo $^ $(@D) $(@F)
dep:
	$(steps)
""",
    "target-specific": """\
X = plain
all: X = special
all: ; echo $(X)
other: export Y := y
other:
	echo $(X) $(Y) $$Y
""",
    "one shell": """\
.ONESHELL:
SHELL = /bin/bash
.SHELLFLAGS = -ec
all:
	cd x
	echo y
""",
    "static patterns": """\
FILES = a.txt b.txt
sub/all: $(FILES) | order
	echo $(@D) $^
$(FILES): %.txt: base
	echo fixed
base order:
	echo base
""",
    "recipe prefix": """\
.RECIPEPREFIX = >
all:
> echo a
> @echo b
""",
    "override and names": """\
override A := 1
export B = 2
A-b.c = dotted
all: $(A-b.c)
	echo $(A) $B $(A-b.c)
dotted:: ; echo first
dotted::
	echo second
""",
}


def read_from(directory: Path) -> Callable[[str], bytes | None]:
    def read(path: str) -> bytes | None:
        return (directory / path).read_bytes() if (directory / path).is_file() else None

    return read


def found(source: Source, directory: Path) -> list[Script]:
    everything = list(makefile.scripts(source, read_from(directory)))
    assert all(isinstance(script, Script) for script in everything)
    return [script for script in everything if isinstance(script, Script)]


def agree(text: str, directory: Path) -> None:
    """Compare, for each target, what real make says that it would run with the scripts read."""
    (directory / "Makefile").write_text(text)
    source = Source("Makefile", text.encode())
    scripts = [script for script in found(source, directory) if script.name == "recipe line"]
    for machine in dict.fromkeys(script.machine for script in scripts):
        own = next(script for script in scripts if script.machine == machine)
        name = machine.removeprefix("target ")
        command = [shutil.which("make") or "make", "-n", "-B", "-s", "--no-print-directory", name]
        # Even under -n, make runs the shell functions: with nothing on PATH, nothing can be installed.
        environment = {"PATH": str(directory / "nothing"), "HOME": "HOME", "LC_ALL": "C"}
        real = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)
        assert real.returncode == 0, real.stderr
        ran = [script.text for script in scripts if script.machine in (*own.after, machine)]
        # A recipe of several targets is run for each, and read once.
        lines = "\n".join(dict.fromkeys(real.stdout.rstrip("\n").split("\n")))
        read = "\n".join(dict.fromkeys("\n".join(text.rstrip("\n") for text in ran).split("\n")))
        pattern = re.escape(MARK.sub("\0", read)).replace("\0\\ ", "(.* )?").replace("\0", ".*")
        assert re.fullmatch(pattern, lines), (name, ran, real.stdout)


needs_make = pytest.mark.skipif(not shutil.which("make"), reason="no make here")


@needs_make
@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in MAKEFILES.items()])
def test_make_would_run_what_is_read(text: str, tmp_path: Path) -> None:
    agree(text, tmp_path)


NOT_ALIKE = {
    "A variable leads to the system's pip",  # `which python3` is read as the name, make has what PATH leads to
    "Both branches of a conditional in a recipe are run by someone",  # and make takes one of them
    "What is no install",  # make runs $(MAKE) under -n, too
}


@needs_make
@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.claim) for case in cases(CASES / "makefile.md") if case.claim not in NOT_ALIKE],
)
def test_make_would_run_what_is_read_of_the_cases(case: Case, tmp_path: Path) -> None:
    lay_out(case.inputs, tmp_path)
    (tmp_path / "requirements.txt").touch()
    for block in case.inputs:
        if block.file == "Makefile":
            agree(block.body, tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("ifdef X\nP = pip\nelse\nP = v/bin/pip\nendif\n", "${P} x", id="branches that differ"),
        pytest.param("ifdef X\nP = pip\nelse\nP = pip3\nendif\n", "pip3 x", id="names that PATH decides on"),
        pytest.param("ifeq ($(X),1)\nP = pip\nelse ifdef Y\nP = pip\nelse\nP = pip\nendif\n", "pip x", id="equal"),
        pytest.param("ifndef P\nP = pip\nendif\n", "pip x", id="a default"),
        pytest.param("ifeq ($(P),)\nP = pip\nendif\n", "pip x", id="a default in other words"),
        pytest.param("ifdef X\nP = pip\nendif\n", "${P} x", id="set in one branch only"),
        pytest.param("P = $(or $(Q),pip)\n", "pip x", id="or"),
        pytest.param("P = $(if $(Q),a,b)\n", "${...} x", id="if"),
        pytest.param("P := $(shell which python3) -m pip\n", "python3 -m pip x", id="a program found on PATH"),
        pytest.param("P := $(shell cat x)\n", "${...} x", id="a program's output"),
        pytest.param("P = $(P) pip\n", "${P} pip x", id="a variable of itself"),
        pytest.param("P = $(A)\nA = $(B)$(B)\nB = $(A)$(A)\n", "${...} x", id="variables in a circle"),
        pytest.param("include common.mk\n", "from-file x", id="a file of the repository"),
        pytest.param("-include missing.mk\n", "${P} x", id="a file that isn't there"),
        pytest.param("include round.mk\n", "round x", id="a file that includes itself"),
    ],
)
def test_values(text: str, expected: str, tmp_path: Path) -> None:
    (tmp_path / "common.mk").write_text("P = from-file\nrule:\n\tpip install elsewhere\n")
    (tmp_path / "round.mk").write_text("include round.mk\nP = round\n")
    source = Source("Makefile", f"{text}all:\n\t$(P) x\n".encode())
    recipes = [script.text for script in found(source, tmp_path) if script.name == "recipe line"]
    shown = [MARK.sub(lambda mark: "${P}" if mark[0][1:-1] == "P" else "${...}", recipe) for recipe in recipes]
    assert [re.sub(r"(\$\{\.\.\.\})+", "${...}", each) for each in shown] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("export PATH := v/bin:$(PATH)\n", [("PATH", "v/bin:$PATH")], id="exported"),
        pytest.param("PATH := v/bin:$(PATH)\n", [("PATH", "v/bin:$PATH")], id="PATH always is"),
        pytest.param("X = a\n", [], id="a variable of make's own"),
        pytest.param("X = a\nexport X\n", [("X", "a")], id="exported later"),
        pytest.param("X = a\nexport\n", [("X", "a")], id="everything"),
        pytest.param(".EXPORT_ALL_VARIABLES:\nX = a$$b\n", [("X", "a$b")], id="everything, the other way"),
        pytest.param("export X = a\nunexport X\n", [], id="taken back"),
    ],
)
def test_exports(text: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    (script,) = found(Source("Makefile", f"{text}all:\n\tx\n".encode()), tmp_path)
    assert list(script.variables) == expected


@pytest.mark.parametrize(
    ("text", "shell", "options"),
    [
        pytest.param("", "sh", "", id="default"),
        pytest.param("SHELL := /bin/bash\n", "bash", "", id="bash"),
        pytest.param("SHELL = /usr/bin/env bash\n", "bash", "", id="by env"),
        pytest.param("SHELL = bash\n.SHELLFLAGS = -eu -o pipefail -c\n", "bash", "e", id="flags"),
        pytest.param("SHELL = /bin/bash -l\n", "bash", "l", id="login"),
        pytest.param("SHELL = pwsh.exe\n.SHELLFLAGS = -NoProfile -Command\n", "pwsh", "", id="PowerShell"),
        pytest.param("SHELL = cmd.exe\n.SHELLFLAGS = /C\n", "cmd", "", id="cmd"),
        pytest.param("SHELL = /usr/bin/python3\n", None, None, id="no shell"),
    ],
)
def test_shells(text: str, shell: str | None, options: str | None, tmp_path: Path) -> None:
    scripts = found(Source("Makefile", f"{text}all:\n\tx\n".encode()), tmp_path)
    assert [(script.shell, script.options) for script in scripts] == ([(shell, options)] if shell else [])


def test_an_empty_line_ends_what_it_continues(tmp_path: Path) -> None:
    (script,) = found(Source("Makefile", b"all:\n\techo a; \\\n\techo b \\\n\nX = y\n"), tmp_path)
    assert script.text == "echo a; \\\necho b "


def test_a_shell_function_is_a_script(tmp_path: Path) -> None:
    source = Source("Makefile", b"PIP = pip\nX := $(shell $(PIP) install a >&2)\nall: ; x\n")
    first = found(source, tmp_path)[0]
    assert (first.name, first.text) == ("shell function", "pip install a >&2")
    assert source.text[slice(*first.offsets.span(0, len(first.text)))] == "$(PIP) install a >&2"


LINES = (
    *("all: dep", "dep:", "\tpip install $(X) $$Y \\", "\t@echo a", "X = b # c", "ifdef X", "else", "endif", "endef"),
    *("define d", "$(d)", "X += \\", "  more", "", "# c \\", "include x", "export PATH := v:$(PATH)", "\t$(call d,1)"),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(LINES), max_size=12), st.sampled_from(("\n", "\r\n")))
def test_every_character_is_traced_back(lines: list[str], end: str) -> None:
    text = end.join(lines)
    for statement in statements(text):
        pieces = [statement.text] if isinstance(statement, RecipeLine) else []
        pieces += [statement.targets] if isinstance(statement, Rule) else []
        for piece in pieces:
            at = [index for index, letter in enumerate(piece.text) if letter != " "]  # also a joint's
            assert [text[piece.offsets.at(index)] for index in at] == [piece.text[index] for index in at]
    list(makefile.scripts(Source("Makefile", text.encode()), lambda _path: None))


@settings(deadline=None)
@given(st.text(alphabet="all:\t\n\\$(){}=,#; define", max_size=80))
def test_any_text_is_read(text: str) -> None:
    list(makefile.scripts(Source("Makefile", text.encode()), lambda _path: None))
