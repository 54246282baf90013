"""fish: scenarios with the places where their installs land. Where fish is installed, it has to agree."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.shell_tables import case, contradictions, landings, run_for_real

SCENARIOS = [
    # Activation
    case("pip install a", "a global", "nothing is active"),
    case("source .venv/bin/activate.fish\npip install a", "a isolated", "sourced"),
    case(". .venv/bin/activate.fish\npip install a", "a isolated", "by the dot"),
    case("source .venv/bin/activate.fish; and pip install a", "a isolated", "and"),
    case("source .venv/bin/activate.fish && pip install a", "a isolated", "and, by its sign"),
    case("source .venv/bin/activate.fish\ndeactivate\npip install a", "a global", "deactivated again"),
    case("source .venv/bin/activate\npip install a", "a global", "the script of other shells fails"),
    case("source (dirname (status filename))/.venv/bin/activate.fish\npip install a", "a isolated", "beside the script"),
    case("source (status dirname)/.venv/bin/activate.fish\npip install a", "a isolated", "beside the script, the new way"),
    case("set venv .venv\nsource $venv/bin/activate.fish\npip install a", "a isolated", "a path in a variable"),
    case("fish .venv/bin/activate.fish\npip install a", "a global", "activated in another fish"),
    case("fish -c 'source .venv/bin/activate.fish; pip install a'\npip install b", "a isolated, b global", "all in another fish"),
    case("bash -c 'source .venv/bin/activate; pip install a'\npip install b", "a isolated, b global", "all in a bash"),
    case("source .venv/bin/activate.fish\nbash -c 'pip install a'", "a isolated", "a bash inherits"),
    case("pip install a &", "a global", "in the background"),
    # PATH
    case("set -x PATH $PWD/.venv/bin $PATH\npip install a", "a isolated", "PATH in front"),
    case("set -gx PATH $PWD/.venv/bin $PATH\npip install a", "a isolated", "PATH in front, global"),
    case("set PATH $PWD/.venv/bin $PATH\npip install a", "a isolated", "PATH is exported already"),
    case("set -p PATH $PWD/.venv/bin\npip install a", "a isolated", "PATH, prepended"),
    case("set -a PATH $PWD/.venv/bin\npip install a", "a global", "PATH at the end does nothing"),
    case("set PATH $PATH $PWD/.venv/bin\npip install a", "a global", "PATH at the end, written out"),
    case("fish_add_path $PWD/.venv/bin\npip install a", "a isolated", "fish_add_path"),
    case("fish_add_path --append $PWD/.venv/bin\npip install a", "a isolated", "at the end of a list that stands in front"),
    case("fish_add_path --append --path $PWD/.venv/bin\npip install a", "a global", "fish_add_path at the end"),
    case("set -gx VIRTUAL_ENV $PWD/.venv\npip install a", "a global", "VIRTUAL_ENV alone does nothing"),
    case("export PATH=\"$PWD/.venv/bin:$PATH\"\npip install a", "a isolated", "export"),
    case("PATH=$PWD/.venv/bin:$PATH pip install a\npip install b", "a isolated, b global", "for one command"),
    # Scope
    case("begin\n  source .venv/bin/activate.fish\nend\npip install a", "a isolated", "a block is no shell"),
    case("begin\n  set -lx PATH $PWD/.venv/bin $PATH\n  pip install a\nend\npip install b", "a isolated, b global", "a block's own PATH"),
    case("function enter\n  source .venv/bin/activate.fish\nend\nenter\npip install a", "a isolated", "a function activates"),
    case("function enter\n  source .venv/bin/activate.fish\nend\npip install a", "a global", "a function that nobody calls"),
    case("function enter\n  set -lx PATH $PWD/.venv/bin $PATH\n  pip install a\nend\nenter\npip install b", "a isolated, b global", "a function's own PATH"),
    case("function enter\n  set -x PATH $PWD/.venv/bin $PATH\nend\nenter\npip install a", "a isolated", "the PATH that is there"),
    case("set pip pip\nfunction f\n  set pip .venv/bin/pip\nend\nf\n$pip install a", "a isolated", "the variable that is there"),
    case("set pip pip\nfunction f\n  set -l pip .venv/bin/pip\nend\nf\n$pip install a", "a global", "a function's own variable"),
    case("function add\n  pip install $argv\nend\nadd a", "a global", "a function's arguments"),
    case("function add -a name\n  pip install $name\nend\nadd a", "a global", "a function's argument by name"),
    case("function pip\n  .venv/bin/pip $argv\nend\npip install a", "a isolated", "a function by pip's name"),
    case("function pip\n  .venv/bin/pip $argv\nend\ncommand pip install a", "a global", "around a function by pip's name"),
    case("alias p='pip install'\np a", "a global", "an alias"),
    case("source .venv/bin/activate.fish | cat\npip install a", "a isolated", "a pipeline is no shell"),
    # Branches
    case("if test -d .nothing\n  source .venv/bin/activate.fish\nend\npip install a", "a mixed", "one branch activates"),
    case("if test -d .nothing\n  source .venv/bin/activate.fish\nelse\n  source venv/bin/activate.fish\nend\npip install a", "a isolated", "both branches do"),
    case("if test -d .nothing\n  exit 1\nelse if false\n  exit\nelse\n  source venv/bin/activate.fish\nend\npip install a", "a isolated", "the others leave"),
    case("test -d .venv; or exit 1\nsource .venv/bin/activate.fish\npip install a", "a isolated", "or leave"),
    case("test -d .venv || exit 1\nsource .venv/bin/activate.fish\npip install a", "a isolated", "or leave, by its sign"),
    case("if not set -q VIRTUAL_ENV\n  echo activate first\n  exit 1\nend\npip install a", "a isolated", "a guard"),
    case("set -q VIRTUAL_ENV; or exit 1\npip install a", "a isolated", "a guard by or"),
    case("test -n \"$VIRTUAL_ENV\"; or exit 1\npip install a", "a isolated", "a guard by test"),
    case("if true\n  source .venv/bin/activate.fish\nend\npip install a", "a isolated", "a condition that holds"),
    case("switch (uname)\n  case Linux\n    source .venv/bin/activate.fish\n  case '*'\n    exit\nend\npip install a", "a isolated", "a switch"),
    case("switch x\n  case y\n    source .venv/bin/activate.fish\nend\npip install a", "a global", "a switch whose arm doesn't fit"),
    case("false\nand pip install a\npip install b", "b global", "and, on the next line"),
    case("exit\npip install a", "", "behind exit"),
    # Loops
    case("for p in a b\n  pip install $p\nend", "a b global", "over words"),
    case("set list a b\nfor p in $list\n  pip install $p\nend", "a b global", "over a list"),
    case("while true\n  source .venv/bin/activate.fish\n  break\nend\npip install a", "a isolated", "a loop that is left"),
    # Words
    case(".venv/bin/pip install a", "a isolated", "an environment's pip"),
    case(".venv/bin/python -m pip install a", "a isolated", "an environment's Python"),
    case("set packages a b\npip install $packages", "a b global", "a list as arguments"),
    case("set cmd pip install\n$cmd a", "a global", "a command in a list"),
    case("pip install 'a' \"b\"", "a b global", "quotes"),
    case("pip install \\\n  a", "a global", "a continued line"),
    case("pip install a # pip install b", "a global", "a comment"),
    case("echo pip install a", "", "text that is printed"),
    case("echo 'a; pip install b'", "", "a semicolon in quotes"),
    case("eval pip install a", "a global", "eval"),
    case("echo (pip install a)", "a global", "a substitution"),
    case("set out (pip install a)", "a global", "output in a variable"),
    case("pip install a > /dev/null 2>&1", "a global", "redirected"),
    case("time pip install a", "a global", "timed"),
    case("not pip install a; or pip install b", "a global, b global", "not"),
    case("if pip install a; pip install b; end", "a global, b global", "an install in a condition"),
    case("pip install a; if true", "a global", "a block that nobody ends"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "expected"), SCENARIOS)
def test_scenario(script: str, expected: str) -> None:
    assert landings("setup.fish", script) == expected


def test_a_script_of_the_repository() -> None:
    others = {"common.fish": "source .venv/bin/activate.fish\n"}
    assert landings("setup.fish", "source common.fish\npip install a", others) == "a isolated"
    assert landings("setup.fish", "source elsewhere.fish\npip install a", others) == "a unknown"


# The real fish

FISH = shutil.which("fish")
_ACTIVATE = """
set -gx VIRTUAL_ENV @ENV@
set -gx _OLD_PATH $PATH
set -gx PATH @ENV@/bin $PATH
function deactivate
    set -gx PATH $_OLD_PATH
    set -e VIRTUAL_ENV
    functions -e deactivate
end
"""
_ACTIVATE_SH = 'export VIRTUAL_ENV=@ENV@\nexport PATH="@ENV@/bin:$PATH"\nif [ -n "$x" ]; then :; fi\n'
_PROGRAMS = ("bash", "cat", "dirname", "fish", "sh", "uname")
_BEYOND = re.compile(r"if true$")


@pytest.mark.skipif(FISH is None, reason="fish isn't installed")
@pytest.mark.parametrize(("script", "expected"), SCENARIOS)
def test_fish_agrees(script: str, expected: str, tmp_path: Path) -> None:
    if _BEYOND.search(script):
        pytest.skip("fish refuses it")
    assert FISH is not None
    files = {"setup.fish": script, "bin/activate.fish": _ACTIVATE, "bin/activate": _ACTIVATE_SH}
    landed, errors = run_for_real([FISH, "setup.fish"], files, _PROGRAMS, tmp_path)
    assert not contradictions(landed, expected), (landed, errors)
