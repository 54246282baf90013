"""The fix in the user's own words: the line as it should be, with the environment that the file already has."""

from __future__ import annotations

import re

from venvlint.model import Install
from venvlint.source import Source
from venvlint.values import shown

# A call of pip in a command: the Python that runs it, or its own name, and the version that either carries.
_PIP = re.compile(
    r"""(?<![\w./\\$-])["']?
    (?: (?P<python>[\w./\\:~-]*python(?P<version>[\d.]*t?)(?:\.exe)?)["']?(?:\s+-\w+)*?\s+-\w*m\s*pip
      | [\w./\\:~-]*?pip(?P<pip>[\d.]*t?)(?:\.exe)? )["']?
    (?P<rest>\s(?:[^;&|]*\s)?install(?!\S).*)""",
    re.VERBOSE | re.DOTALL,
)
_REFUSED = re.compile(r"\s+--(?:user|break-system-packages)(?![\w-])")  # what an environment doesn't need
_CONTINUED = re.compile(r"\s*[\\`^]\r?\n\s*|\s*\r?\n\s*")
_BLANKS = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")
_WINDOWS = (".ps1", ".psm1", ".bat", ".cmd")
_LONGEST = 100  # characters of a command that is worth showing whole


def mended(install: Install, source: Source, environment: str | None = None) -> str:
    """Return the install as a command that lands in `environment`, else in one that the file has, else in a new one."""
    is_pip = install.kind == "install" and install.installer == "pip"
    call = _PIP.search(_BLANKS.sub(" ", _CONTINUED.sub(" ", install.text))) if is_pip else None
    rest = shown(_REFUSED.sub("", call["rest"]).rstrip()) if call else " install ..."
    if len(rest) > _LONGEST:
        rest = " install ..."
    if environment is None and install.environments:
        environment = install.environments[-1]
    if environment is not None:
        return pip(environment, source) + rest
    python = f"python{_version(call)}" if not _is_windows(source) else "py"
    return f"{python} -m venv .venv && {pip('.venv', source)}{rest}"


def of_conda(install: Install) -> str:
    """Return how to make an environment of conda's and install into it."""
    tool = install.installer if install.installer in ("mamba", "micromamba") else "conda"
    return f"{tool} create -n NAME, then {tool} install -n NAME ..."


def pip(environment: str, source: Source) -> str:
    """Return how the file's shell calls the pip of `environment`."""
    directory = shown(environment)
    path = rf"{directory}\Scripts\pip" if _is_windows(source) else f"{directory}/bin/pip"
    return f'"{path}"' if re.search(r"[\s()&;]", path) else path


def _version(call: re.Match[str] | None) -> str:
    return (call and (call["version"] or call["pip"])) or "3"


def _is_windows(source: Source) -> bool:
    return source.path.lower().endswith(_WINDOWS)


def installs(install: Install) -> str:
    """Return the verb: "installs", or "may install" where only some ways through the script lead there."""
    return "installs" if install.certainty == "certain" else "may install"


def inactive(install: Install, where: str) -> str:
    """Return what is said of an install that lands `where` ("globally") because nothing is active."""
    if install.certainty == "certain":
        return with_reason(f"{install.installer} installs {where}: no environment is active here", install)
    return with_reason(f"{install.installer} may install {where}: on some ways here no environment is active", install)


def with_reason(text: str, install: Install) -> str:
    """Return a text with what is known of why the install lands where it does."""
    return f"{text} ({install.reason})" if install.reason else text


def into_environment(install: Install, source: Source) -> str:
    """Return the help for an install that wants nothing but an environment."""
    return f"install into an environment: {mended(install, source)}"


def is_outside(install: Install) -> bool:
    """Tell whether the install lands, or may land, outside every environment."""
    return install.where in ("global", "maybe")
