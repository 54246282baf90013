"""What a command asks an installer to do, held against tables and against pip and uv themselves."""

from __future__ import annotations

import os
import random
import re
import shlex
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest

from venvlint.installs import Program, Request, read
from venvlint.installs.packages import are_tools, name_of
from venvlint.values import unknown

ROOT = Path(__file__).resolve().parent.parent
PIP = Program("name", "pip")
PYTHON = Program("name", "python")
X = ("x",)
NO_VARIABLES: dict[str, str] = {}


def words(line: str) -> list[str]:
    """Split a line; `$NAME` in it is a part that nobody knows."""
    return [re.sub(r"\$(\w+)", lambda name: unknown(name[1]), word) for word in shlex.split(line)]


def asked(line: str) -> Request | None:
    """Read a line; assignments in front of the command are all the variables there are."""
    argv = words(line)
    variables = {}
    while argv and (assignment := re.fullmatch(r"([A-Za-z_]\w*)=(.*)", argv[0])):
        variables[assignment[1]] = assignment[2]
        argv.pop(0)
    return read(argv, variables.get)


def install(
    program: Program = PIP,
    packages: tuple[str, ...] = X,
    *,
    installer: str = "pip",
    verb: str = "install",
    target: str | None = None,
    traits: str = "",
    refuses: bool = False,
    unsure: bool = False,
) -> Request:
    return Request("install", installer, verb, program, packages, target, frozenset(traits.split()), refuses, unsure)


def named(name: str) -> Request:
    return install(Program("name", name))


def at(path: str) -> Request:
    return install(Program("path", path))


HOME = unknown("HOME")
SPELLINGS = [
    pytest.param("pip install x", named("pip"), id="pip"),
    pytest.param("pip2 install x", named("pip2"), id="pip of Python 2"),
    pytest.param("pip3.12 install x", named("pip3.12"), id="pip of a version"),
    pytest.param("pip-3.6 install x", named("pip-3.6"), id="pip of a version, Fedora's way"),
    pytest.param("PIP.EXE install x", named("PIP.EXE"), id="upper case with .exe"),
    pytest.param("pip$V install x", named(f"pip{unknown('V')}"), id="pip of an unknown version"),
    pytest.param("venv/bin/pip install x", at("venv/bin/pip"), id="pip by path"),
    pytest.param("$HOME/venv/bin/pip3 install x", at(f"{HOME}/venv/bin/pip3"), id="pip by a path partly known"),
    pytest.param(r"'X\Scripts\pip.exe' install x", at(r"X\Scripts\pip.exe"), id="pip by a path of Windows"),
    pytest.param("X/Scripts/python.exe -m pip install x", at("X/Scripts/python.exe"), id="python.exe by path"),
    pytest.param("python -m pip install x", named("python"), id="python -m pip"),
    pytest.param("python3.12 -Im pip install x", named("python3.12"), id="-m last in a bundle"),
    pytest.param("python -mpip install x", named("python"), id="-mpip"),
    pytest.param("python -Impip install x", named("python"), id="-Impip"),
    pytest.param("python -u -W ignore -X utf8 -m pip install x", named("python"), id="options that take values"),
    pytest.param("python -Wignore -m pip install x", named("python"), id="a value that sticks"),
    pytest.param("python --check-hash-based-pycs always -m pip install x", named("python"), id="long with value"),
    pytest.param("python $FLAGS -m pip install x", named("python"), id="unknown flags of the interpreter"),
    pytest.param("python$V -m pip install x", named(f"python{unknown('V')}"), id="python of an unknown version"),
    pytest.param("pypy3 -m pip install x", named("pypy3"), id="pypy"),
    pytest.param("pythonw -m pip install x", named("pythonw"), id="pythonw"),
    pytest.param("python -m pip.__main__ install x", named("python"), id="pip's main module"),
    pytest.param("python venv/bin/pip install x", named("python"), id="pip as a script of an interpreter"),
    pytest.param("python pip-9.0.1-py2.py3-none-any.whl/pip install x", named("python"), id="pip in a wheel"),
    pytest.param("$PYTHON -m pip install x", install(Program("unknown", unknown("PYTHON"))), id="unknown interpreter"),
    pytest.param("$V/bin/$P -m pip install x", at(f"{unknown('V')}/bin/{unknown('P')}"), id="unknown name by path"),
    pytest.param("py -m pip install x", install(Program("launcher")), id="launcher"),
    pytest.param("py -3 -m pip install x", install(Program("launcher", "-3")), id="launcher with a version"),
    pytest.param("py -V:3.12 -I -mpip install x", install(Program("launcher", "-V:3.12")), id="launcher with a tag"),
    pytest.param("""python -c "import pip; pip.main(['install', 'x'])" """, named("python"), id="pip.main"),
    pytest.param(
        """python -c "from pip._internal.cli.main import main as f; f(['install', 'x'])" """, None, id="main renamed"
    ),
    pytest.param(
        """python -c "from pip._internal import main; main(['install', 'x'])" """, named("python"), id="internal main"
    ),
]

OPTIONS = [
    pytest.param("pip3 --no-cache-dir -q install x", named("pip3"), id="options before the verb"),
    pytest.param("pip --proxy http://p install x", named("pip"), id="an option with value before the verb"),
    pytest.param("pip --timeout=5 --log install install x", named("pip"), id="a value that is spelled as the verb"),
    pytest.param("pip install -U --index-url u x", named("pip"), id="values of options aren't packages"),
    pytest.param("pip install x -- --user", install(packages=("x", "--user")), id="-- ends the options"),
    pytest.param("pip install --user x", install(traits="user"), id="--user"),
    pytest.param("pip install --user --no-user x", install(), id="--no-user after --user"),
    pytest.param("pip install --user --prefix= x", install(traits="user"), id="--user with an empty prefix"),
    pytest.param("pip install --user --prefix p x", install(refuses=True), id="--user with a prefix: pip refuses"),
    pytest.param("pip install --user --target p x", install(refuses=True), id="--user with a target: pip refuses"),
    pytest.param("pip install --user --root r x", install(target="r"), id="--user below a root"),
    pytest.param("pip install --break-system-packages x", install(traits="override"), id="PEP 668 overridden"),
    pytest.param("pip install --break x", install(traits="override"), id="abbreviated"),
    pytest.param("pip install --us x", None, id="abbreviated, ambiguous: pip refuses"),
    pytest.param("pip install --user=1 x", None, id="a value to a flag: pip refuses"),
    pytest.param("pip install --target=d x", install(target="d"), id="--target="),
    pytest.param("pip install --targ d x", install(target="d"), id="--targ"),
    pytest.param("pip install -td -Ur r.txt", install(packages=("-r r.txt",), target="d"), id="short ones bundled"),
    pytest.param("pip install -t $D x", install(target=unknown("D")), id="an unknown target"),
    pytest.param("pip install --prefix /usr x", install(target="/usr"), id="--prefix"),
    pytest.param("pip install --root / x", install(), id="--root / changes nothing"),
    pytest.param("pip install --root / --prefix /usr x", install(target="/usr"), id="--root / with a prefix"),
    pytest.param("pip install --root=$D --prefix=/usr x", install(target=f"{unknown('D')}/usr"), id="root and prefix"),
    pytest.param("pip install --require-virtualenv x", install(refuses=True), id="--require-virtualenv"),
    pytest.param("pip --require-venv install x", install(refuses=True), id="--require-venv before the verb"),
    pytest.param("pip --python v install x", install(Program("prefix", "v")), id="--python names an environment"),
    pytest.param("pip --python v/bin/python3 install x", at("v/bin/python3"), id="--python names an interpreter"),
    pytest.param("python -m pip --python v install x", install(Program("prefix", "v")), id="--python with python -m"),
    pytest.param("pip install --python v x", None, id="--python after the verb: pip refuses"),
    pytest.param("pip install --egg --build b x", install(), id="options of former versions"),
    pytest.param("pip install --no-such-option x", install(), id="an option of a version to come"),
    pytest.param(
        "pip install -e . -r r.txt --group dev './d[e]' git+https://h/r",
        install(packages=("-e .", "-r r.txt", "--group dev", "./d[e]", "git+https://h/r")),
        id="all that can be installed, in order",
    ),
    pytest.param("pip install -c c.txt", None, id="a constraint is no package"),
    pytest.param("pip install", None, id="nothing to install: pip refuses"),
    pytest.param("pip install -r", None, id="a value is missing: pip refuses"),
    pytest.param("pip install --dry-run x", None, id="--dry-run"),
    pytest.param("pip install --dry x", None, id="--dry"),
    pytest.param("pip install --download d x", None, id="--download of former versions"),
    pytest.param("pip install x --help", None, id="--help"),
    pytest.param("pip install -Uh x", None, id="-h in a bundle"),
    pytest.param("pip -V install x", None, id="--version"),
    pytest.param("pip help install", None, id="pip help"),
    pytest.param("pip INSTALL x", None, id="verbs have lower case"),
    pytest.param("pip 'install x'", None, id="verb and package in one word"),
    *[
        pytest.param(f"pip {verb} x", None, id=f"pip {verb}")
        for verb in ("download", "wheel", "lock", "uninstall", "list", "show", "freeze", "check", "cache", "index")
    ],
    pytest.param("pip $ARGS", None, id="the verb is unknown"),
    pytest.param("pip $FLAGS install x", install(unsure=True), id="unknown flags before the verb"),
    pytest.param("pip install $PKGS", install(packages=(unknown("PKGS"),), unsure=True), id="unknown packages"),
    pytest.param("pip install --$F x", install(unsure=True), id="an unknown option"),
    pytest.param("pip install x==$V", install(packages=(f"x=={unknown('V')}",)), id="an unknown version"),
]

VARIABLES = [
    pytest.param("PIP_USER=1 pip install x", install(traits="user"), id="PIP_USER"),
    pytest.param("PIP_USER=yes pip install --no-user x", install(), id="the command line wins"),
    pytest.param("PIP_USER=0 pip install x", install(), id="PIP_USER=0"),
    pytest.param("PIP_USER=off pip install x", install(), id="PIP_USER=off"),
    pytest.param("PIP_NO_USER=1 pip install x", install(traits="user"), id="PIP_NO_USER=1 is pip's --user"),
    pytest.param("PIP_USER= pip install x", install(), id="PIP_USER empty"),
    pytest.param("PIP_USER=maybe pip install x", None, id="no boolean: pip refuses"),
    pytest.param("PIP_USER=1 pip install --isolated x", install(), id="--isolated"),
    pytest.param("PIP_USER=1 pip --isolated install x", install(), id="--isolated before the verb"),
    pytest.param("PIP_TARGET=d pip install x", install(target="d"), id="PIP_TARGET"),
    pytest.param("PIP_PREFIX=d pip install x", install(target="d"), id="PIP_PREFIX"),
    pytest.param("PIP_ROOT=d pip install x", install(target="d"), id="PIP_ROOT"),
    pytest.param("PIP_PYTHON=v pip install x", install(Program("prefix", "v")), id="PIP_PYTHON"),
    pytest.param("PIP_DRY_RUN=1 pip install x", None, id="PIP_DRY_RUN"),
    pytest.param("PIP_REQUIRE_VIRTUALENV=true pip install x", install(refuses=True), id="PIP_REQUIRE_VIRTUALENV"),
    pytest.param("PIP_REQUIRE_VENV=on pip install x", install(refuses=True), id="PIP_REQUIRE_VENV"),
    pytest.param("PIP_REQUIRE_VIRTUALENV=false pip install x", install(), id="PIP_REQUIRE_VIRTUALENV=false"),
    pytest.param("PIP_BREAK_SYSTEM_PACKAGES=1 pip install x", install(traits="override"), id="the override's variable"),
    pytest.param("PIP_REQUIREMENT='a b' pip install", install(packages=("-r a", "-r b")), id="PIP_REQUIREMENT"),
    pytest.param("PIP_CONFIG_FILE=p pip install x", install(), id="a settings file tells nothing"),
]


def uv(program: Program | None = None, packages: tuple[str, ...] = X, **more: object) -> Request:
    return install(program or Program("uv"), packages, **{"installer": "uv", **more})  # type: ignore[arg-type]


SYSTEM = Program("system")
UV = [
    pytest.param("uv pip install x", uv(), id="uv"),
    pytest.param("v/bin/uv pip install x", uv(), id="uv by path: it searches all the same"),
    pytest.param("uv --quiet pip --no-cache install x", uv(), id="options before both verbs"),
    pytest.param("uv --directory d pip install x", uv(), id="an option with value before the verb"),
    pytest.param("uv pip sync r.txt", uv(None, ("-r r.txt",), verb="sync"), id="sync"),
    pytest.param("uv pip install -Ur r.txt -e .", uv(None, ("-r r.txt", "-e .")), id="requirements"),
    pytest.param("uv pip install --requirement r.txt", uv(None, ("-r r.txt",)), id="pip's spelling"),
    pytest.param("uv pip install --system x", uv(SYSTEM, traits="uv-system"), id="--system"),
    pytest.param("UV_SYSTEM_PYTHON=1 uv pip install x", uv(SYSTEM, traits="uv-system"), id="UV_SYSTEM_PYTHON"),
    pytest.param("UV_SYSTEM_PYTHON=false uv pip install x", uv(), id="UV_SYSTEM_PYTHON=false"),
    pytest.param("uv pip install --sys x", uv(), id="uv abbreviates nothing"),
    pytest.param("uv pip install -p 3.12 x", uv(), id="--python with a version"),
    pytest.param("uv pip install -p python3 x", uv(), id="--python with a name"),
    pytest.param("uv pip install -p=v x", uv(Program("prefix", "v"), traits="uv-system"), id="-p=v"),
    pytest.param(
        "UV_SYSTEM_PYTHON=1 uv pip install --python v/bin/python x",
        uv(Program("path", "v/bin/python"), traits="uv-system"),
        id="--python wins over UV_SYSTEM_PYTHON",
    ),
    pytest.param(
        "UV_PYTHON=/usr/bin/python3 uv pip install x",
        uv(Program("path", "/usr/bin/python3"), traits="uv-system"),
        id="UV_PYTHON",
    ),
    pytest.param("python -m uv pip install x", uv(PYTHON), id="python -m uv: into that Python"),
    pytest.param("python -m uv pip install --system x", uv(SYSTEM, traits="uv-system"), id="--system of python -m uv"),
    pytest.param("uv pip install --target d x", uv(target="d"), id="--target"),
    pytest.param("uv pip install -t=d x", uv(target="d"), id="-t=d"),
    pytest.param(
        "UV_BREAK_SYSTEM_PACKAGES=1 uv pip install --system x",
        uv(SYSTEM, traits="uv-system override"),
        id="the override's variable",
    ),
    pytest.param("uv pip install --user x", None, id="--user: uv refuses"),
    pytest.param("uv pip install --dry-run x", None, id="--dry-run"),
    pytest.param("uv pip install", None, id="nothing to install"),
    pytest.param("uv pip compile r.in", None, id="uv pip compile"),
    pytest.param("uv $FLAGS pip install $P", uv(None, (unknown("P"),), unsure=True), id="unknown words"),
    pytest.param("uv sync", None, id="uv sync isolates"),
    pytest.param("uv add x", None, id="uv add isolates"),
    pytest.param("uv run pip install x", None, id="uv run isolates"),
    pytest.param("uv tool install x", None, id="uv tool isolates"),
    pytest.param("uvx x", None, id="uvx isolates"),
    pytest.param(
        "UV_PROJECT_ENVIRONMENT=/usr/local uv sync --frozen",
        uv(Program("prefix", "/usr/local"), ("-e .",), verb="sync", traits="uv-system"),
        id="the project's environment is elsewhere",
    ),
    pytest.param("UV_PROJECT_ENVIRONMENT=/usr/local uv add --no-sync x", None, id="uv add --no-sync"),
]


def conda(program: str, packages: tuple[str, ...] = X, installer: str = "conda", **more: object) -> Request:
    return install(Program("conda", program), packages, installer=installer, **more)  # type: ignore[arg-type]


CONDA = [
    pytest.param("conda install -y x", conda(""), id="the active environment"),
    pytest.param("conda install -yn base x", conda("base", traits="base"), id="base"),
    pytest.param("mamba install --name=e -c f x", conda("e", installer="mamba"), id="by name"),
    pytest.param("conda install --pref p x", install(Program("prefix", "p"), installer="conda"), id="by prefix"),
    pytest.param("/opt/conda/bin/conda install x", conda(""), id="conda by path"),
    pytest.param("python -m conda install x", conda(""), id="python -m conda"),
    pytest.param("conda update --all", conda("", ("--all",), verb="update"), id="update of all"),
    pytest.param("conda update -n base conda", conda("base", ("conda",), verb="update", traits="base"), id="of conda"),
    pytest.param("conda install --file r.txt", conda("", ("--file r.txt",)), id="from a file"),
    pytest.param(
        "micromamba -r /m install -y -n base -f e.yml",
        conda("base", ("--file e.yml",), installer="micromamba", traits="base"),
        id="micromamba from a file into base",
    ),
    pytest.param("micromamba install -f e.yml", None, id="the file names the environment"),
    pytest.param(
        "conda env update -n e -f e.yml", conda("e", ("--file e.yml",), verb="env update"), id="env update by name"
    ),
    pytest.param("conda env update -f e.yml", None, id="env update: the file names the environment"),
    pytest.param("conda install --dry-run x", None, id="--dry-run"),
    pytest.param("conda install -d x", None, id="-d"),
    pytest.param("conda install --download-only x", None, id="--download-only"),
    pytest.param("conda install", None, id="nothing to install"),
    pytest.param("conda create -n e x", None, id="create isolates"),
    pytest.param("conda env create -f e.yml", None, id="env create isolates"),
    pytest.param("conda remove x", None, id="remove"),
    pytest.param("conda list", None, id="list"),
]


def legacy(installer: str, packages: tuple[str, ...], traits: str = "", **more: object) -> Request:
    program = more.pop("program", PYTHON)
    assert isinstance(program, Program)
    return install(program, packages, installer=installer, traits=f"legacy {traits}", **more)  # type: ignore[arg-type]


LEGACY = [
    pytest.param("python setup.py install", legacy("setup.py", (".",)), id="setup.py install"),
    pytest.param("python setup.py build -j 2 install --user", legacy("setup.py", (".",), "user"), id="several verbs"),
    pytest.param("python setup.py -q develop", legacy("setup.py", ("-e .",), verb="develop"), id="develop"),
    pytest.param("python ./sub/setup.py install", legacy("setup.py", ("./sub",)), id="below a directory"),
    pytest.param("./setup.py install --root=$D", legacy("setup.py", (".",), target=unknown("D")), id="executed"),
    pytest.param("python setup.py install --pref /p", legacy("setup.py", (".",), target="/p"), id="--prefix"),
    pytest.param("python setup.py install --cuda_ext", legacy("setup.py", (".",)), id="an option of its own"),
    pytest.param("python setup.py develop --uninstall", None, id="develop --uninstall"),
    pytest.param("python setup.py --dry-run install", None, id="setup.py --dry-run"),
    pytest.param("python setup.py --version install", None, id="setup.py --version"),
    pytest.param("python setup.py install --help", None, id="setup.py install --help"),
    pytest.param("python setup.py sdist bdist_wheel", None, id="setup.py sdist"),
    pytest.param("python -m build", None, id="python -m build"),
    pytest.param(
        "easy_install-3.8 -U x",
        legacy("easy_install", X, program=Program("name", "easy_install-3.8")),
        id="easy_install",
    ),
    pytest.param("python -m easy_install --user x", legacy("easy_install", X, "user"), id="python -m easy_install"),
    pytest.param("python -m easy_install -d d x", legacy("easy_install", X, target="d"), id="easy_install -d"),
    pytest.param("easy_install --version", None, id="easy_install --version"),
    pytest.param("easy_install", None, id="easy_install of nothing"),
    pytest.param("python -m ensurepip -U", install(PYTHON, ("pip",), installer="ensurepip"), id="ensurepip"),
    pytest.param("python -m ensurepip --version", None, id="ensurepip --version"),
    pytest.param("python get-pip.py", install(PYTHON, ("pip",)), id="get-pip.py"),
    pytest.param(
        "python /tmp/get-pip.py --user x", install(PYTHON, ("pip", "x"), traits="user"), id="get-pip.py installs more"
    ),
]


def unisolated(installer: str, verb: str, packages: tuple[str, ...]) -> Request:
    return install(PYTHON, packages, installer=installer, verb=verb, traits="unisolated")


POETRY_SETTING = Request("setting", "poetry", "config", Program("name", "poetry"), traits=frozenset({"unisolated"}))
PIP_SETTING = Request("setting", "pip", "config set", PIP, traits=frozenset({"override"}))
PROJECTS = [
    pytest.param("poetry config virtualenvs.create false", POETRY_SETTING, id="poetry's isolation off"),
    pytest.param("poetry config --local virtualenvs.create 0", POETRY_SETTING, id="in this project only"),
    pytest.param("poetry config virtualenvs.create true", None, id="poetry's isolation on"),
    pytest.param("poetry config virtualenvs.create off", None, id="poetry refuses other words"),
    pytest.param("poetry config virtualenvs.create", None, id="only shown"),
    pytest.param("poetry config virtualenvs.create --unset", None, id="--unset"),
    pytest.param("poetry config virtualenvs.in-project false", None, id="another setting"),
    pytest.param("poetry install", None, id="poetry install isolates"),
    pytest.param(
        "POETRY_VIRTUALENVS_CREATE=false poetry -n install --only main",
        unisolated("poetry", "install", ("-e .",)),
        id="POETRY_VIRTUALENVS_CREATE",
    ),
    pytest.param("POETRY_VIRTUALENVS_CREATE=0 poetry add x", unisolated("poetry", "add", X), id="poetry add"),
    pytest.param("POETRY_VIRTUALENVS_CREATE=True poetry install", None, id="POETRY_VIRTUALENVS_CREATE=True"),
    pytest.param("POETRY_VIRTUALENVS_CREATE=0 poetry lock", None, id="poetry lock"),
    pytest.param("pipenv install --deploy", None, id="pipenv isolates"),
    pytest.param(
        "pipenv install --system --deploy", unisolated("pipenv", "install", ("-r Pipfile",)), id="pipenv --system"
    ),
    pytest.param("PIPENV_SYSTEM=1 pipenv sync", unisolated("pipenv", "sync", ("-r Pipfile",)), id="PIPENV_SYSTEM"),
    pytest.param("pipenv install --system x", unisolated("pipenv", "install", X), id="pipenv, by package"),
    pytest.param("pipenv lock", None, id="pipenv lock"),
    pytest.param("pdm install", None, id="pdm isolates"),
    pytest.param("pdm add -g x", unisolated("pdm", "add", X), id="pdm's global project"),
    pytest.param("pdm config python.use_venv false", None, id="pdm: __pypackages__ isolates too"),
    pytest.param(
        "flit install -s --user",
        install(Program("name", "flit"), ("-e .",), installer="flit", traits="user"),
        id="flit install",
    ),
    pytest.param(
        "flit install --python v/bin/python",
        install(Program("path", "v/bin/python"), (".",), installer="flit"),
        id="flit install --python",
    ),
    pytest.param("flit build", None, id="flit build"),
    pytest.param(
        "pip-sync", install(Program("name", "pip-sync"), ("-r requirements.txt",), installer="pip-sync", verb="sync"),
        id="pip-sync",
    ),
    pytest.param(
        "python -m piptools sync --pip-args '--user -q' a.txt",
        install(PYTHON, ("-r a.txt",), installer="pip-sync", verb="sync", traits="user"),
        id="piptools sync",
    ),
    pytest.param("pip-sync -n", None, id="pip-sync -n"),
    pytest.param("pip-compile r.in", None, id="pip-compile"),
    pytest.param("pip config set global.break-system-packages true", PIP_SETTING, id="pip config set"),
    pytest.param("pip config --user set install.break_system_packages 1", PIP_SETTING, id="another spelling"),
    pytest.param("pip config set global.break-system-packages false", None, id="set to false"),
    pytest.param("pip config set global.index-url u", None, id="another setting of pip"),
    pytest.param("pip config unset global.break-system-packages", None, id="pip config unset"),
    *[
        pytest.param(line, None, id=line)
        for line in (
            "pipx install x", "hatch run x", "nox -s x", "tox -e py", "pixi add x", "rye sync", "apt-get install pip",
            "npm install x", "brew install x", "gem install x", "cargo install x", "virtualenv v", "python -m venv v",
            "python script.py install x", "python - install x", "python -V -m pip install x", "py -0", "$PIP install x",
            "echo pip install x", "piptools", "python",
        )
    ],
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), SPELLINGS + OPTIONS + VARIABLES + UV + CONDA + LEGACY + PROJECTS)
def test_reads(line: str, expected: Request | None) -> None:
    assert asked(line) == expected


def test_reads_a_prefix_that_nobody_knows() -> None:
    program = f"{unknown('BIN')}pip"
    assert read([program, "install", "x"], NO_VARIABLES.get) == at(program)


def test_reads_nothing() -> None:
    assert read([], NO_VARIABLES.get) is None


def test_reads_anything() -> None:
    dice = random.Random(0)
    programs = shlex.split("pip python py uv conda micromamba poetry pipenv pdm flit pip-sync easy_install setup.py")
    pieces = [*PIECES, *shlex.split("install sync config set -m -c -mpip pip uv env update base -n = -= --= -"), ""]
    pieces += [unknown("A"), f"-{unknown('A')}", f"-t{unknown('A')}", f"--{unknown('A')}=x", "import pip; pip.main(["]
    for _ in range(3000):
        argv = [dice.choice([*programs, *pieces]), *dice.choices(pieces, k=dice.randint(0, 6))]
        assert isinstance(read(argv, NO_VARIABLES.get), Request | None)


@pytest.mark.parametrize(
    ("package", "name"),
    [
        pytest.param("pip", "pip", id="a name"),
        pytest.param("Pre_Commit", "pre-commit", id="normalised"),
        pytest.param("uv==0.5", "uv", id="pinned"),
        pytest.param("poetry[x]>=1; python_version>'3'", "poetry", id="extras, version and marker"),
        pytest.param("pip @ https://h/p.whl", "pip", id="a direct reference"),
        pytest.param("conda-forge::pip=20", "pip", id="of a conda channel"),
        pytest.param(f"uv=={unknown('V')}", "uv", id="an unknown version"),
        pytest.param(f"uv{unknown('V')}", "uv", id="an unknown specifier"),
        pytest.param(unknown("P"), None, id="unknown"),
        pytest.param("./pip", None, id="a path"),
        pytest.param("pip/", None, id="a directory"),
        pytest.param("-r pip", None, id="a requirements file"),
        pytest.param("pip-20-py3-none-any.whl", None, id="a wheel"),
        pytest.param("git+https://h/pip", None, id="a URL"),
        pytest.param(".", None, id="here"),
    ],
)
def test_name_of(package: str, name: str | None) -> None:
    assert name_of(package) == name


def test_are_tools() -> None:
    assert are_tools(("pip", "wheel>=1"), {"pip", "wheel"})
    assert not are_tools(("pip", "requests"), {"pip", "wheel"})
    assert not are_tools((), {"pip"})


def test_tables_know_the_options_of_the_installed_pip_and_uv() -> None:
    run = subprocess.run(
        [sys.executable, ROOT / "scripts" / "options.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


# What the differential test makes command lines of: options of every action, whole, cut down, and with values. Those
# that check their values have good ones, and all are options that pip has: what else pip refuses is no concern here.
PIECES = shlex.split("""
    -U -q -qq -I -e. -rr.txt -tD -Ur -UtD -h --user --us --no-user --target --target=D --targ=D --prefix=P --prefi=P
    --prefix= --root=R --root / --require-virtualenv --require-v --require-venv --dry-run --dry --break
    --break-system-packages --pre --index-url u -i -r -e . -t --no-deps --no-de --no-cache-dir --no-binary=:all:
    --no-bin=x --upgrade --upg --upgrade-strategy=eager --user=1 --isolated --group=g --only-binary=:all: -- - x y>=2
    ./z --python v --log f --report r --progress-bar=off -Ca=b --config-settings=a=b --editable=p --req --src s
""")
ENVIRON = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_DRY_RUN",
           "PIP_REQUIREMENT", "PIP_BREAK_SYSTEM_PACKAGES", "PIP_EDITABLE")  # fmt: skip
Told = tuple[list[str], str | None, bool, bool, bool]


def told_by_pip(arguments: list[str]) -> Told | None:
    """What pip's own parser makes of `pip install`, None where it ends, refuses, or installs nothing."""
    from pip._internal.commands import create_command

    command = create_command("install", isolated="--isolated" in arguments)
    command.parser.defaults = deepcopy(command.parser.defaults)  # pip shares its lists among parsers
    try:
        options, rest = command.parse_args(arguments)
    except SystemExit:
        return None
    packages = [*rest, *(f"-r {file}" for file in options.requirements), *(f"-e {path}" for path in options.editables)]
    packages += [f"--group {group}" for _, group in options.dependency_groups]
    is_refused = options.use_user_site and (options.target_dir is not None or options.prefix_path)
    if options.python or options.dry_run or not packages:
        return None
    root = None if options.root_path == "/" else options.root_path
    prefix = options.prefix_path or ""
    target = options.target_dir or (f"{root}/{prefix}".rstrip("/") if root else prefix) or None
    is_user = bool(options.use_user_site) and target is None
    is_override = bool(options.override_externally_managed)
    if is_refused:  # said as where it demands an environment: nothing is installed outside of one
        return sorted(packages), None, False, is_override, True
    return sorted(packages), target, is_user, is_override, bool(options.require_venv)


@pytest.mark.parametrize("seed", range(8))
def test_agrees_with_pip(seed: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pip", "25.1")  # the first to know every option of PIECES
    dice = random.Random(seed)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    for _ in range(60):
        arguments = dice.choices(PIECES, k=dice.randint(1, 6))
        values = ("1", "0", "no", "True", "", "a/b", "maybe") if dice.random() < 0.3 else ("1", "0")
        variables = {name: dice.choice(values) for name in dice.sample(ENVIRON, dice.choice((0, 0, 0, 1, 2)))}
        with monkeypatch.context() as patch:
            patch.setenv("PIP_CONFIG_FILE", os.devnull)
            for name, value in variables.items():
                patch.setenv(name, value)
            expected = told_by_pip(arguments)
        capsys.readouterr()
        found = read(["pip", "install", *arguments], variables.get)
        told = found and (
            sorted(found.packages),
            found.target,
            "user" in found.traits,
            "override" in found.traits,
            found.requires_environment,
        )
        assert told == expected, (variables, arguments)


@pytest.mark.parametrize(
    ("line", "lands"),
    [
        pytest.param("uv pip install x", "refused", id="no environment"),
        pytest.param("uv pip install -p 3 x", "refused", id="a version is searched among environments"),
        pytest.param("VIRTUAL_ENV=$CWD/v uv pip install x", "v", id="VIRTUAL_ENV"),
        pytest.param("VIRTUAL_ENV=$CWD/v uv pip install -p 3 x", "v", id="VIRTUAL_ENV with a version"),
        pytest.param("UV_SYSTEM_PYTHON=1 uv pip install --python v x", "v", id="--python wins over UV_SYSTEM_PYTHON"),
        pytest.param("uv pip install -p=v x", "v", id="-p=v"),
        pytest.param("VIRTUAL_ENV=$CWD/v uv pip install --system x", "system", id="--system wins over VIRTUAL_ENV"),
        pytest.param("VIRTUAL_ENV=$CWD/v python -m uv pip install x", "parent", id="python -m uv wins, too"),
        pytest.param("uv pip install --user x", "refused", id="--user"),
    ],
)
def test_agrees_with_uv(line: str, lands: str, tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("the one Python on PATH is a symbolic link")
    binary = pytest.importorskip("uv").find_uv_bin()
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("UV_", "VIRTUAL", "CONDA", "PIP"))
    }
    # PATH has one Python, which is in no environment: uv also takes an environment that it finds on PATH.
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(Path(sys.base_prefix, "bin", "python3"))
    kept |= {"PATH": str(tmp_path / "bin"), "UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run([binary, "venv", "-q", "v", "--python", sys.executable], cwd=tmp_path, env=kept, check=True)
    argv = [word.replace("$CWD", str(tmp_path)) for word in shlex.split(line)]
    while "=" in argv[0]:
        name, _, value = argv.pop(0).partition("=")
        kept[name] = value
    command = [binary, *argv[1:]] if argv[0] == "uv" else [sys.executable, *argv[1:]]
    run = subprocess.run(
        [*command, "--dry-run", "--offline"], cwd=tmp_path, env=kept, capture_output=True, text=True, check=False
    )
    found = re.search(r"environment at: (.*)", run.stderr)
    place = Path(tmp_path, found[1]).resolve() if found else "refused"
    assert (
        place
        == {
            "refused": "refused",
            "v": (tmp_path / "v").resolve(),
            "system": Path(sys.base_prefix).resolve(),
            "parent": Path(sys.prefix).resolve(),
        }[lands]
    ), run.stderr
