"""csh: scenarios with the places where their installs land. Where tcsh is installed, it has to agree."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.shell_tables import case, contradictions, landings, run_for_real

SCENARIOS = [
    # Activation
    case("pip install a", "a global", "nothing is active"),
    case("source .venv/bin/activate.csh\npip install a", "a isolated", "sourced"),
    case("source .venv/bin/activate.csh; pip install a", "a isolated", "on one line"),
    case("source .venv/bin/activate.csh && pip install a", "a isolated", "and"),
    case("source .venv/bin/activate.csh\ndeactivate\npip install a", "a global", "deactivated again"),
    case("set venv = .venv\nsource $venv/bin/activate.csh\npip install a", "a isolated", "a path in a variable"),
    case("set venv=.venv\nsource ${venv}/bin/activate.csh\npip install a", "a isolated", "a variable in braces"),
    case("source `dirname $0`/.venv/bin/activate.csh\npip install a", "a isolated", "beside the script"),
    case("tcsh .venv/bin/activate.csh\npip install a", "a global", "activated in another csh"),
    case("tcsh -c 'source .venv/bin/activate.csh; pip install a'\npip install b", "a isolated, b global", "all in another csh"),
    case("source .venv/bin/activate.csh\nsh -c 'pip install a'", "a isolated", "a child inherits"),
    case(". .venv/bin/activate.csh\npip install a", "a global", "csh has no dot"),
    # PATH
    case("setenv PATH $PWD/.venv/bin:$PATH\npip install a", "a isolated", "PATH in front"),
    case("setenv PATH ${PATH}:$PWD/.venv/bin\npip install a", "a global", "PATH at the end"),
    case("set path = ($PWD/.venv/bin $path)\npip install a", "a isolated", "path in front"),
    case("set path=( $path $PWD/.venv/bin )\npip install a", "a global", "path at the end"),
    case("setenv VIRTUAL_ENV $PWD/.venv\npip install a", "a global", "VIRTUAL_ENV alone does nothing"),
    # Scope
    case("(source .venv/bin/activate.csh; pip install a)\npip install b", "a isolated, b global", "parentheses"),
    case("source .venv/bin/activate.csh | cat\npip install a", "a global", "a pipeline"),
    case("pip install a &\nwait", "a global", "in the background"),
    # Branches
    case("if (-d .nothing) then\n  source .venv/bin/activate.csh\nendif\npip install a", "a mixed", "one branch activates"),
    case("if (-d .nothing) then\n  source .venv/bin/activate.csh\nelse\n  source venv/bin/activate.csh\nendif\npip install a", "a isolated", "both branches do"),
    case("if (-d .nothing) then\n  exit 1\nelse if (0) then\n  exit\nelse\n  source venv/bin/activate.csh\nendif\npip install a", "a isolated", "the others leave"),
    case("if (! $?VIRTUAL_ENV) exit 1\npip install a", "a isolated", "a guard on one line"),
    case("if (! $?VIRTUAL_ENV) then\n  echo activate first\n  exit 1\nendif\npip install a", "a isolated", "a guard"),
    case("if ($?VIRTUAL_ENV == 0) exit 1\npip install a", "a isolated", "a guard by a number"),
    case("if ($?VIRTUAL_ENV) then\n  pip install a\nelse\n  pip install b\nendif", "a isolated, b global", "a guard with both ways"),
    case("if (1) source .venv/bin/activate.csh\npip install a", "a isolated", "a condition that holds"),
    case("if ({ pip install a }) then\n  pip install b\nendif", "a global, b global", "a command in a condition"),
    case("test -d .venv || exit 1\nsource .venv/bin/activate.csh\npip install a", "a isolated", "or leave"),
    case("switch (`uname`)\ncase Linux:\n  source .venv/bin/activate.csh\n  breaksw\ndefault:\n  exit\nendsw\npip install a", "a isolated", "a switch"),
    case("switch (x)\ncase y:\n  source .venv/bin/activate.csh\n  breaksw\nendsw\npip install a", "a global", "an arm that doesn't fit"),
    case("switch (x)\ncase x:\n  pip install a\ncase y:\n  pip install b\n  breaksw\ndefault:\n  pip install c\nendsw", "a global, b global", "arms into each other"),
    case("exit\npip install a", "", "behind exit"),
    case("if ( ! -d .venv ) then\n  sh -c 'exit 0'\nendif\nsource .venv/bin/activate.csh\npip install a", "a isolated", "behind a branch that makes it"),
    case("if (! $?VIRTUAL_ENV || ! $?HOME) exit 1\npip install a", "a isolated", "a guard among others"),
    case("if (0) pip install a | cat\nif (0) pip install b\npip install c", "c global", "conditions that don't hold"),
    case("if (1) then\n  if (0) then\n    pip install a\n  else\n    pip install b\n  endif\nelse\n  pip install c\nendif", "b global", "inside each other"),
    # Loops
    case("foreach p (a b)\n  pip install $p\nend", "a b global", "over words"),
    case("set list = (a b)\nforeach p ($list)\n  pip install $p\nend", "a b global", "over a list"),
    case("while (1)\n  source .venv/bin/activate.csh\n  break\nend\npip install a", "a isolated", "a loop that is left"),
    # Words
    case(".venv/bin/pip install a", "a isolated", "an environment's pip"),
    case("set packages = (a b)\npip install $packages", "a b global", "a list as arguments"),
    case("set cmd = (pip install)\n$cmd a", "a global", "a command in a list"),
    case("set cmd = 'pip install'\n$cmd a", "a global", "a command in a string"),
    case("set venv = .venv\n$venv/bin/pip install a", "a isolated", "a path in front of a command"),
    case("alias p pip install\np a", "a global", "an alias"),
    case("alias p 'pip install \\!*'\np a", "a global", "an alias with its arguments"),
    case("pip install 'a' \"b\"", "a b global", "quotes"),
    case("pip install \\\n  a", "a global", "a continued line"),
    case("pip install a # pip install b", "a global", "a comment"),
    case("echo 'a; pip install b'", "", "a semicolon in quotes"),
    case("eval pip install a", "a global", "eval"),
    case("echo `pip install a`", "a global", "a substitution"),
    case("set out = `pip install a`", "a global", "output in a variable"),
    case("pip install a >& /dev/null", "a global", "redirected"),
    case("cat << EOF\npip install a\nEOF\npip install b", "b global", "a here-document"),
    case("false && pip install a || pip install b", "b global", "or binds weaker"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "expected"), SCENARIOS)
def test_scenario(script: str, expected: str) -> None:
    assert landings("setup.csh", script) == expected


# The real tcsh

TCSH = shutil.which("tcsh")
_ACTIVATE = """
alias deactivate 'setenv PATH "$_OLD_VIRTUAL_PATH"; unsetenv VIRTUAL_ENV; unalias deactivate'
setenv VIRTUAL_ENV @ENV@
set _OLD_VIRTUAL_PATH = "$PATH"
setenv PATH "@ENV@/bin:$PATH"
"""
_PROGRAMS = ("cat", "dirname", "false", "sh", "tcsh", "test", "uname")


@pytest.mark.skipif(TCSH is None, reason="tcsh isn't installed")
@pytest.mark.parametrize(("script", "expected"), SCENARIOS)
def test_tcsh_agrees(script: str, expected: str, tmp_path: Path) -> None:
    assert TCSH is not None
    files = {"setup.csh": f"{script}\n", "bin/activate.csh": _ACTIVATE}
    landed, errors = run_for_real([TCSH, "-f", "setup.csh"], files, _PROGRAMS, tmp_path)
    assert not contradictions(landed, expected), (landed, errors)
    assert landed or not expected or "VIRTUAL_ENV" in script, errors
