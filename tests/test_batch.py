"""Batch files: scenarios with the places where their installs land. With VENVLINT_WINE=1 Wine's cmd has to agree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shell_tables import case, contradictions, landings, place_of

SCENARIOS = [
    # Activation: venv's documentation, https://docs.python.org/3/library/venv.html#how-venvs-work
    case("pip install a", "a global", "nothing is active"),
    case("call venv\\Scripts\\activate.bat\npip install a", "a isolated", "call of an activate script"),
    case("call venv\\Scripts\\activate\npip install a", "a isolated", "its ending may be left out"),
    case('call "%~dp0venv\\Scripts\\activate.bat"\npip install a', "a isolated", "beside the script"),
    case("CALL VENV\\SCRIPTS\\ACTIVATE.BAT\nPIP install a", "a isolated", "cases are all one"),
    case("call venv/Scripts/activate.bat\npip install a", "a isolated", "slashes"),
    case("@call venv\\Scripts\\activate.bat\n@pip install a", "a isolated", "an at sign in front"),
    case("call venv\\Scripts\\activate.bat & pip install a", "a isolated", "two commands on a line"),
    case("call venv\\Scripts\\activate.bat && pip install a", "a isolated", "the second if the first succeeds"),
    case("call venv\\Scripts\\activate.bat > nul\npip install a", "a isolated", "redirected"),
    case("cd venv\\Scripts\ncall activate.bat\npip install a", "a isolated", "from the directory that it stands in"),
    case("call venv\\Scripts\\activate.bat\ncall deactivate\npip install a", "a global", "deactivated again"),
    case("call .venv\\Scripts\\activate.bat\ncall venv\\Scripts\\activate.bat\npip install a", "a isolated", "one after the other"),
    case("call conda activate ml\npip install a", "a isolated", "conda"),
    case("call conda.bat activate ml\npip install a", "a isolated", "conda's batch file by name"),
    case("call activate ml\npip install a", "a isolated", "conda's old way"),
    case("call C:\\Miniconda3\\Scripts\\activate.bat\npip install a", "a global", "conda's base"),
    case("call C:\\Miniconda3\\Scripts\\activate.bat C:\\Miniconda3 & call conda activate ml\npip install a", "a isolated", "conda's base, then an environment"),
    # Without `call` a batch file doesn't come back: https://ss64.com/nt/call.html
    case("venv\\Scripts\\activate.bat\npip install a", "1 ineffective", "without call nothing below runs"),
    case("venv\\Scripts\\activate\npip install a", "1 ineffective", "without call and ending"),
    case("venv\\Scripts\\activate.bat && pip install a\npip install b", "1 ineffective, a isolated", "the rest of the line runs, though"),
    case("venv\\Scripts\\activate.bat & pip install a\npause", "a isolated", "nothing but a pause is lost"),
    case("if exist x (\n  echo y\n) else (\n  venv\\Scripts\\activate.bat\n  pip install a\n)\npip install b", "4 ineffective, a isolated, b global", "the rest of the block runs, too"),
    case("venv\\Scripts\\activate.bat", "", "an activation as the last command"),
    case("call venv\\Scripts\\activate.bat\ndeactivate\npip install a", "", "deactivate is a batch file, too"),
    case("other.bat\npip install a", "", "another batch file without call"),
    case("source venv/Scripts/activate\npip install a", "a global", "cmd has no source"),
    case("venv\\Scripts\\Activate.ps1\npip install a", "a global", "a script of PowerShell"),
    case("powershell venv\\Scripts\\Activate.ps1\npip install a", "a global", "activated in PowerShell"),
    case("cmd /c venv\\Scripts\\activate.bat\npip install a", "a global", "activated in another cmd"),
    case('cmd /c "venv\\Scripts\\activate.bat && pip install a"', "a isolated", "all in another cmd"),
    case("start venv\\Scripts\\activate.bat\npip install a", "a global", "activated in a window of its own"),
    # PATH
    case("set PATH=venv\\Scripts;%PATH%\npip install a", "a isolated", "PATH in front"),
    case('set "PATH=%~dp0venv\\Scripts;%PATH%"\npip install a', "a isolated", "PATH in front, quoted"),
    case("set PATH=%PATH%;venv\\Scripts\npip install a", "a global", "PATH at the end does nothing"),
    case("path venv\\Scripts;%PATH%\npip install a", "a isolated", "the command path"),
    case("set Path=venv\\Scripts;%Path%\npip install a", "a isolated", "PATH in small letters"),
    case("set PATH=C:\\Python311;C:\\Python311\\Scripts;%PATH%\npip install a", "a global", "PATH of a Python of all"),
    case("set VIRTUAL_ENV=%CD%\\venv\npip install a", "a global", "VIRTUAL_ENV alone does nothing"),
    # Scope
    case("setlocal\ncall venv\\Scripts\\activate.bat\nendlocal\npip install a", "a global", "endlocal undoes an activation"),
    case("setlocal\ncall venv\\Scripts\\activate.bat\npip install a", "a isolated", "setlocal alone doesn't"),
    case("call venv\\Scripts\\activate.bat\nsetlocal\npip install a\nendlocal\npip install b", "a isolated, b isolated", "setlocal inherits"),
    case("call :make\npip install a\ngoto :eof\n:make\ncall venv\\Scripts\\activate.bat\nexit /b", "a isolated", "a subroutine activates"),
    case("call :make\npip install a\ngoto :eof\n:make\nsetlocal\ncall venv\\Scripts\\activate.bat\nexit /b", "a global", "setlocal of a subroutine ends with it"),
    case("(call venv\\Scripts\\activate.bat)\npip install a", "a isolated", "parentheses are no shell"),
    case("echo y | call venv\\Scripts\\activate.bat\npip install a", "a global", "a pipeline's sides are"),
    # Branches
    case("if exist venv (\n  call venv\\Scripts\\activate.bat\n)\npip install a", "a mixed", "one branch activates"),
    case("if exist venv (call venv\\Scripts\\activate.bat) else (call .venv\\Scripts\\activate.bat)\npip install a", "a isolated", "both branches do"),
    case("if not exist venv (\n  exit /b 1\n)\ncall venv\\Scripts\\activate.bat\npip install a", "a isolated", "the other one leaves"),
    case("if not exist venv\\Scripts\\activate.bat goto fail\ncall venv\\Scripts\\activate.bat\npip install a\n:fail\npip install b", "a isolated, b mixed", "a jump around it"),
    case("if 1==1 (call venv\\Scripts\\activate.bat)\npip install a", "a isolated", "a condition that holds"),
    case('if "a"=="b" (call venv\\Scripts\\activate.bat)\npip install a', "a global", "one that doesn't"),
    case("if not defined VIRTUAL_ENV (\n  echo activate first\n  exit /b 1\n)\npip install a", "a isolated", "a guard"),
    case('if "%VIRTUAL_ENV%"=="" exit /b 1\npip install a', "a isolated", "a guard by comparison"),
    case("if errorlevel 1 (\n  pip install a\n)", "a global", "a branch that may run"),
    case("if errorlevel 1 exit /b 1\npip install a", "a global", "a branch that leaves"),
    case("where python >nul 2>&1 || exit /b 1\npip install a", "a global", "or leave"),
    # Jumps
    case("goto b\n:a\npip install a\ngoto end\n:b\ncall venv\\Scripts\\activate.bat\ngoto a\n:end", "a isolated", "back and forth"),
    case("goto end\npip install a\n:end", "", "jumped over"),
    case("goto :eof\npip install a", "", "behind the end"),
    case("exit /b\npip install a", "", "behind exit"),
    case("call :sub\npip install b\nexit /b\n:sub\npip install a", "b global, a global", "a subroutine that ends with the file"),
    case("call :sub a\ngoto :eof\n:sub\npip install %1\n", "a global", "a subroutine's argument"),
    case("if exist x goto venv\ngoto run\n:venv\ncall venv\\Scripts\\activate.bat\n:run\npip install a", "a mixed", "a label reached from two states"),
    case(":retry\nset /a n+=1\nif %n% lss 3 goto retry\npip install a", "a global", "a loop of jumps"),
    case("goto nowhere\npip install a", "", "a label that isn't there ends the script"),
    case("call :nowhere\npip install a", "a global", "a subroutine that isn't there"),
    # Loops
    case("for %%p in (a b) do pip install %%p", "a b global", "over words"),
    case("for %%e in (venv .venv) do (\n  call %%e\\Scripts\\activate.bat\n  pip install a\n)", "a isolated", "over environments"),
    case("for %%e in (venv) do call %%e\\Scripts\\activate.bat\npip install a", "a isolated", "what a loop does lasts"),
    case("for /f %%i in ('where python') do set PY=%%i\npip install a", "a global", "over a command's output"),
    case("for /d %%d in (*) do (\n  pip install a\n)", "a global", "over directories"),
    # Variables and quoting
    case("set PIP=python -m pip\n%PIP% install a", "a global", "a command in a variable"),
    case("set VENV=venv\ncall %VENV%\\Scripts\\activate.bat\npip install a", "a isolated", "a path in a variable"),
    case('set "PY=%~dp0venv\\Scripts\\python.exe"\n"%PY%" -m pip install a', "a isolated", "an interpreter in a variable"),
    case('set PY="C:\\Python311\\python.exe"\n%PY% -m pip install a', "a global", "quotes in a variable"),
    case("setlocal enabledelayedexpansion\nset PIP=venv\\Scripts\\pip\n!PIP! install a", "a isolated", "delayed expansion"),
    case('set ROOT=%~dp0\nset ROOT=%ROOT:~0,-1%\n"%ROOT%\\venv\\Scripts\\pip" install a', "a isolated", "without the last backslash"),
    case("%PYTHON% -m pip install a", "a unknown", "an interpreter that the caller chooses"),
    case("venv\\Scripts\\pip install a", "a isolated", "an environment's pip"),
    case("venv\\Scripts\\python.exe -m pip install a", "a isolated", "an environment's Python"),
    case("py -3 -m pip install a", "a global", "the launcher with a version"),
    case("py -m pip install a", "a global", "the launcher"),
    case("call venv\\Scripts\\activate.bat\npy -m pip install a", "a isolated", "the launcher, with an environment active"),
    case("C:\\Python311\\Scripts\\pip.exe install a", "a global", "pip of a Python of all"),
    case("pip install ^\n  a ^\n  b", "a b global", "a continued line"),
    case("echo pip install a", "", "text that is printed"),
    case("rem pip install a\n:: pip install b", "", "comments"),
    case('echo "a & pip install b"', "", "an ampersand in quotes"),
    case("echo a ^& pip install b", "", "an ampersand behind a caret"),
    case("(\n  echo pip install a\n) > install.txt", "", "a file that is written"),
    case("start \"\" /wait pip install a", "a global", "start with a title"),
    case("call pip install a", "a global", "call of a program"),
    case("pip install a || exit /b 1", "a global", "or leave, behind it"),
    case("python -m venv venv && venv\\Scripts\\pip install a", "a isolated", "made and used on one line"),
    case("pip install --user a\r\npip install b\r\n", "a global, b global", "line ends of Windows"),
    case("(call venv\\Scripts\\activate.bat\npip install a", "a isolated", "a parenthesis that nobody closes"),
    case("REM\r\n@ECHO OFF\r\nIF EXIST x ECHO y\r\nPIP INSTALL a", "", "pip's own words are in small letters"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "expected"), SCENARIOS)
def test_scenario(script: str, expected: str) -> None:
    assert landings("setup.bat", script) == expected


def test_a_script_of_the_repository() -> None:
    others = {"common.bat": "call venv\\Scripts\\activate.bat\n"}
    assert landings("setup.bat", "call common.bat\npip install a", others) == "a isolated"
    assert landings("setup.bat", "call common\npip install a", others) == "a isolated"
    assert landings("setup.bat", "common.bat\npip install a", others) == ""
    assert landings("setup.bat", "call elsewhere.bat\npip install a", others) == "a unknown"


# Wine's cmd, another implementation of the same language

WINE = shutil.which("wine64") or shutil.which("wine64", path="/usr/lib/wine")
_INSTALL = re.compile(
    r"(?P<path>\S*\\)?(?<![\w-])(?:python(?:\.exe)? -m )?pip(?:\.exe)? install (?P<tag>[\w%]+)", re.IGNORECASE
)
_ACTIVATE = '@echo off\r\nset "VIRTUAL_ENV=%~dp0.."\r\nset "_OLD_PATH=%PATH%"\r\nset "PATH=%~dp0;%PATH%"\r\n'
_DEACTIVATE = '@echo off\r\nset "VIRTUAL_ENV="\r\nset "PATH=%_OLD_PATH%"\r\n'
_BEYOND = re.compile(
    r"conda|activate ml|powershell|py -|python\.exe|for /|C:\\Python|%PYTHON%|start|lss|--user|PIP INSTALL|closes|\^$",
    re.MULTILINE,
)


def _lay_out(script: str, directory: Path) -> None:
    for name in ("venv", ".venv"):
        scripts = directory / name / "Scripts"
        scripts.mkdir(parents=True)
        (scripts / "activate.bat").write_text(_ACTIVATE)
        (scripts / "deactivate.bat").write_text(_DEACTIVATE)
        (scripts / "pip.txt").touch()
    (directory / "global").mkdir()
    (directory / "global" / "pip.txt").touch()
    (directory / "other.bat").write_text("@echo off\r\n")
    (directory / "script.bat").write_text(_INSTALL.sub(_shown, script).replace("\r", "").replace("\n", "\r\n"))
    start = f"@echo off\r\nset PATH=Z:{directory}\\global;%PATH%\r\nset PROMPT=-\r\ncall script.bat\r\n"
    (directory / "start.bat").write_text(start.replace("/", "\\"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What Wine's cmd prints for each scenario. It takes seconds to start, so it starts once for all of them."""
    if WINE is None or not os.environ.get("VENVLINT_WINE"):
        pytest.skip("two minutes, with Wine installed: asked for by VENVLINT_WINE=1")
    root = tmp_path_factory.mktemp("batch")
    lines = ["@echo off"]
    for number, scenario in enumerate(SCENARIOS):
        script = str(scenario.values[0])
        lines += [f"echo SCENARIO {number}"]
        if not _BEYOND.search(script):
            _lay_out(script, root / str(number))
            lines += [
                f"cd /d Z:{root}/{number}".replace("/", "\\").replace("cd \\d", "cd /d"),
                "cmd /c start.bat < nul",
            ]
    (root / "all.bat").write_text("\r\n".join([*lines, ""]))
    environ = {**os.environ, "WINEPREFIX": str(root / "prefix"), "WINEDEBUG": "-all", "DISPLAY": ""}
    command = [WINE, "cmd", "/c", str(root / "all.bat")]
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, errors="replace", timeout=600, check=False
    )
    found = re.split(r"SCENARIO \d+", done.stdout)[1:]
    assert len(found) == len(SCENARIOS), done.stdout + done.stderr
    return found


@pytest.mark.parametrize(
    ("number", "expected"), [pytest.param(n, each.values[1], id=each.id) for n, each in enumerate(SCENARIOS)]
)
def test_cmd_agrees(number: int, expected: str, printed: list[str]) -> None:
    if _BEYOND.search(str(SCENARIOS[number].values[0])):
        pytest.skip("it runs what isn't there")
    places = re.findall(r"LANDS (\w+) (\S*)", printed[number])
    landed = {(tag, place_of(place)) for tag, place in places}
    assert not contradictions(landed, expected), printed[number]


def _shown(found: re.Match[str]) -> str:
    """Return a command that says where on PATH a `pip` would be found, in the place of one that installs."""
    if found["path"]:
        return f"(echo LANDS {found['tag']} {found['path']})"
    return f"(for %%Q in (pip.txt) do @echo LANDS {found['tag']} %%~$PATH:Q)"
