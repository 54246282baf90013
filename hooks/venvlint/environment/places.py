"""What the path of a directory tells: the system's Python, an environment, conda's base, or nothing of the kind."""

from __future__ import annotations

import re
from typing import Literal

from venvlint.values import CLOSE, OPEN, is_unknown, unknown

Kind = Literal["system", "base", "environment", "transparent", "unknown"]

HOME = unknown("HOME")
SYSTEM_PATH = unknown("PATH")  # the PATH that a script starts with when nothing is active
LOST_PATH = unknown("?PATH")  # a PATH that can't be followed any more
LOGIN_PATH = unknown("PATH-of-a-login")  # what /etc/profile may have put in front, which may be all of PATH

_DRIVE = re.compile(r"[A-Za-z]:")
_HOMES = re.compile(
    rf"(?:{OPEN}(?:HOME|USERPROFILE){CLOSE}|/root|/home/[^/]+|/Users/[^/]+|[A-Za-z]:/Users/[^/]+)(?=/|$)"
)

# Prefixes of a Python that all projects share. The home directory stands as `~`.
_SYSTEM = re.compile(
    r"""(?:
        / | /usr | /usr/local | /usr/local/opt/python[^/]* | /snap | /opt/homebrew(?:/.*)? | /opt/local
      | /home/linuxbrew/.*
      | /usr/local/(?:Cellar|Caskroom)/.* | /Library/.* | /System/.* | /opt/python/[^/]+ | /opt/_internal/[^/]+
      | /opt/hostedtoolcache/.* | [A-Za-z]:/hostedtoolcache/.*
      | ~ | ~/\.local | ~/\.pyenv | .*/\.?pyenv/versions/[\d.]+[^/]* | ~/\.asdf(?:/installs/.*)?
      | ~/\.local/share/mise/installs/.*
      | ~/\.local/share/uv/python/[^/]+
      | [A-Za-z]:/Python\d* | [A-Za-z]:/Program\ Files[^/]*/.* | ~/AppData/Local/Programs/Python/[^/]+
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_SYSTEM_VARIABLES = {
    "pythonLocation",
    "Python_ROOT_DIR",
    "Python3_ROOT_DIR",
    "PYENV_ROOT",
    "PYTHON_ROOT",
    "HOMEBREW_PREFIX",
}
_BASE = re.compile(
    r"(?:mini|ana)conda\d*|mini(?:forge|mamba)\d*|mambaforge|(?:micro)?mamba|conda\d*|miniconda[-\d.\w]*", re.IGNORECASE
)
_BASE_VARIABLES = {
    "CONDA",
    "CONDA_DIR",
    "CONDA_ROOT",
    "CONDA_HOME",
    "CONDA_BASE",
    "MINICONDA",
    "MAMBA_ROOT_PREFIX",
    "MINICONDA_HOME",
}

# Names by which people call environments, and the directories in which tools keep them.
_ENVIRONMENT = re.compile(
    r"\.?(?:.*[._-])?(?:v|virtual|py|python|conda)?-?envs?(?:[\d._-].*)?|.*venv.*|.*virtualenv.*", re.IGNORECASE
)
_KEEPERS = re.compile(r"\.?(?:virtual|v|py)?envs|\.virtualenvs|\.tox|\.nox|virtualenvs|venvs", re.IGNORECASE)
_ENVIRONMENT_VARIABLES = re.compile(
    r".*(?:VENV|VIRTUAL_?ENV|CONDA_PREFIX|(?:^|_)ENV(?:_|$)(?:DIR|PATH|ROOT)?).*", re.IGNORECASE
)

# Directories on PATH that hold programs, but no Python of their own.
_TRANSPARENT_VARIABLES = re.compile(
    r"(?:HOME|PWD|JAVA|JDK|CARGO|RUSTUP|GO|CUDA|NODE|NVM|NPM|PNPM|YARN|BUN|DENO|LLVM|CLANG|GCC|QT|ANDROID|SDK|FLUTTER|DART|GEM|RUBY|RBENV|ROCM|HIP|SPARK"
    r"|HADOOP|MAVEN|M2|GRADLE|KREW|FZF|DOTFILES|ZSH|XDG|GITHUB_WORKSPACE|SCRIPT|ROOT|REPO|PROJECT|WORKSPACE|TOOLS).*",
    re.IGNORECASE,
)
_PYTHONIC = re.compile(r"py|conda|mamba", re.IGNORECASE)
_BIN = re.compile(r"/(?:bin|scripts)$", re.IGNORECASE)


def normal(path: str, cwd: str = "") -> str:
    """Return `path` absolute from `cwd`, with slashes, without `.`, `..` and doubled or final slashes."""
    path = path.replace("\\", "/")
    if cwd and not (path.startswith(("/", OPEN, "~")) or _DRIVE.match(path)):
        path = f"{cwd}/{path}"
    root = "/" if path.startswith("/") else ""
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            if OPEN in parts[-1]:
                parts[-1] = f"{OPEN}parent-of-{parts[-1].replace(OPEN, '').replace(CLOSE, '')}{CLOSE}"
            else:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return root + "/".join(parts)


def prefix_of(directory: str) -> str | None:
    """Return X where `directory` is `X/bin` or `X/Scripts`, None otherwise."""
    match = _BIN.search(directory)
    if match is None:
        return "/" if directory == "/bin" else None
    return directory[: match.start()] or "/"


def kind_of_prefix(prefix: str) -> Kind:
    """Tell what a prefix is by its path alone; "unknown" where the path doesn't tell."""
    plain = _HOMES.sub("~", prefix)
    if _SYSTEM.fullmatch(plain):
        return "system"
    name = plain.rsplit("/", 1)[-1]
    variable = name[1:-1] if is_unknown(name) else ""
    if variable:
        if variable in _SYSTEM_VARIABLES:
            return "system"
        if variable in _BASE_VARIABLES or variable.startswith("$(conda info"):
            return "base"
        return "environment" if _ENVIRONMENT_VARIABLES.fullmatch(variable) else "unknown"
    if plain.startswith(f"{OPEN}PYENV_ROOT{CLOSE}/versions/") and "/envs/" not in plain:
        return "system"
    parents = plain.split("/")[:-1]
    if any(_KEEPERS.fullmatch(parent) for parent in parents[-2:]) or _ENVIRONMENT.fullmatch(name):
        return "environment"
    if _BASE.fullmatch(name):
        return "base"
    return "unknown"


def kind_of_entry(directory: str) -> Kind:
    """Tell what a directory on PATH holds by its path alone: which `pip` would be found in it, if any."""
    if directory == SYSTEM_PATH:
        return "system"
    if LOST_PATH in directory:
        return "unknown"
    plain = _HOMES.sub("~", directory)
    if plain in (
        "/bin",
        "/sbin",
        "/usr/sbin",
        "/usr/local/sbin",
        "/snap/bin",
        "~/bin",
        "~/.local/bin",
        "/usr/local/cuda/bin",
        "~/.cargo/bin",
    ):
        return "system" if plain == "/bin" else "transparent"
    if plain.endswith(("/.pyenv/shims", "/pyenv/shims", "/.asdf/shims")) or plain == f"{OPEN}PYENV_ROOT{CLOSE}/shims":
        return "system"
    if plain.endswith(".pyenv/bin") or plain == f"{OPEN}PYENV_ROOT{CLOSE}/bin":
        return "transparent"  # pyenv itself; its Pythons are behind the shims
    prefix = prefix_of(directory)
    if prefix is None:
        return _kind_of_odd_entry(plain)
    kind = kind_of_prefix(prefix)
    if kind == "unknown":
        return _kind_of_tools(_HOMES.sub("~", prefix))
    return kind


def _kind_of_tools(prefix: str) -> Kind:
    """Tell whether X of an `X/bin` that names no Python may hold one nevertheless."""
    first, _, rest = prefix.partition("/")
    if is_unknown(first) and not rest:
        return _kind_of_variable(first)
    return "unknown" if _PYTHONIC.search(prefix.replace(HOME, "")) else "transparent"


def _kind_of_variable(mark: str) -> Kind:
    name = re.sub(r"^(?:parent-of-)+", "", mark[1:-1])
    is_script_directory = name == "directory-of-the-script"
    return "transparent" if is_script_directory or _TRANSPARENT_VARIABLES.fullmatch(name) else "unknown"


def _kind_of_odd_entry(directory: str) -> Kind:
    """Tell what a directory on PATH that isn't called `bin` holds."""
    if is_unknown(directory):
        return _kind_of_variable(directory)
    kind = kind_of_prefix(directory)
    if kind == "base" or _SYSTEM.fullmatch(directory):
        return kind  # on Windows the prefix itself holds python.exe
    return "unknown" if _PYTHONIC.search(directory) else "transparent"
