"""Settings from `[tool.venvlint]` of pyproject.toml, or from venvlint.toml."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathspec import PathSpec

FILES = ("venvlint.toml", "pyproject.toml")  # the first that has settings is the one
SYSTEM_TOOLS = frozenset(
    (
        "build", "conda", "hatch", "micromamba", "nox", "pdm", "pip", "pipenv", "pipx", "poetry", "pre-commit", "rye",
        "setuptools", "tox", "uv", "virtualenv", "virtualenvwrapper", "wheel",
    )
)  # fmt: skip
Patterns = tuple[str, ...]
Reader = Callable[[str], bytes | None]


class SettingsError(Exception):
    """Settings, or names of rules on the command line, that can't be obeyed; the message says which and why."""


class Settings(NamedTuple):  # every run has them, and dataclasses take longer to import than all the rest of a start
    """What a project chose. Patterns have .gitignore's syntax, and paths are relative to the repository."""

    select: tuple[str, ...] = ()  # empty: all rules
    ignore: tuple[str, ...] = ()
    exclude: Patterns = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    environment_names: tuple[str, ...] = (".venv", "venv")
    system_tools: frozenset[str] = SYSTEM_TOOLS
    assume_active: Patterns = ()
    baseline: str | None = None

    def is_excluded(self, path: str) -> bool:
        """Tell whether `exclude` matches a file, or a directory (with or without a final slash) or one above it."""
        return _is_matched(self.exclude, path)

    def is_assumed_active(self, path: str) -> bool:
        """Tell whether scripts of this file start in an environment."""
        return _is_matched(self.assume_active, path)

    def ignored_in(self, path: str) -> frozenset[str]:
        """Return the rules that `per-file-ignores` switches off for a path."""
        matching = (rules for pattern, rules in self.per_file_ignores.items() if _is_matched((pattern,), path))
        return frozenset(rule for rules in matching for rule in rules)


def normalised(name: str) -> str:
    """Return a project's name as package indexes compare it: https://peps.python.org/pep-0503/#normalized-names."""
    return re.sub(r"[-_.]+", "-", name).lower()


def load(root: str, config: str | None = None, no_config: bool = False, read: Reader | None = None) -> Settings:
    """Return the settings of the repository at `root`, or those of the file `config`; raises SettingsError.

    `read` returns the content of a file of the repository, or None where there is none (default: from disk).
    """
    if no_config:
        return Settings()
    if config is not None:
        data = _disk(config)
        if data is None:
            raise SettingsError(f"{config}: no such file")
        return _settings(_table(config, data), config)
    for name in FILES:
        data = read(name) if read else _disk(os.path.join(root, name))
        if data is not None and (name == FILES[0] or b"venvlint" in data):
            table = _table(name, data)
            if name == FILES[0] or table:
                return _settings(table, name)
    return Settings()


def _disk(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None


def _table(name: str, data: bytes) -> dict[str, Any]:
    """Return the settings' table of a file: `tool.venvlint`, or all of a file that has no such table."""
    import tomllib

    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{name}: not valid TOML: {error}") from None
    tool = content.get("tool", {})
    table = tool.get("venvlint") if isinstance(tool, dict) else None
    if table is None:
        table = {} if os.path.basename(name) == FILES[1] else content
    if not isinstance(table, dict):
        raise SettingsError(f"{name}: tool.venvlint must be a table")
    return table


def _settings(table: dict[str, Any], name: str) -> Settings:
    known = {name.replace("_", "-"): name for name in Settings._fields}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise SettingsError(f"{name}: no setting is called {key!r}{nearest(key, known)}")
        values[known[key]] = _value(key, value, name)
    return Settings(**values)


def _value(key: str, value: object, name: str) -> object:
    if key == "baseline":
        if isinstance(value, str):
            return value
        raise SettingsError(f"{name}: {key} must be the name of a file")
    if key == "per-file-ignores":
        if not isinstance(value, dict):
            raise SettingsError(f"{name}: {key} must be a table of patterns and lists of rules")
        return {pattern: checked(_strings(f"{key}.{pattern}", rules, name), name) for pattern, rules in value.items()}
    strings = _strings(key, value, name)
    if key in ("select", "ignore"):
        return checked(strings, name)
    if key == "system-tools":
        return frozenset(map(normalised, strings))
    if key in ("exclude", "assume-active"):
        _compiled(strings, f"{name}: {key}")
    return strings


def _strings(key: str, value: object, name: str) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise SettingsError(f"{name}: {key} must be a list of strings")


def checked(rules: Iterable[str], name: str) -> tuple[str, ...]:
    """Return `rules` if all are names of rules; raises SettingsError, which starts with `name`, otherwise."""
    from venvlint.rules import CATALOGUE

    known = [rule for hook in CATALOGUE.values() for rule in hook]
    found = tuple(rules)
    for rule in found:
        if rule not in known:
            raise SettingsError(f"{name}: no rule is called {rule!r}{nearest(rule, known)}")
    return found


def nearest(name: str, known: Iterable[str]) -> str:
    """Return `: did you mean ...?` with the most similar of the known names, or nothing if none is similar."""
    import difflib

    found = difflib.get_close_matches(name.lower().replace("_", "-"), list(known), 1)
    return f": did you mean {found[0]!r}?" if found else ""


def _is_matched(patterns: Patterns, path: str) -> bool:
    if not patterns:
        return False
    spec = _compiled(patterns, "exclude")
    return any(spec.match_file(one) for one in _forms(path))


def _forms(path: str) -> Iterator[str]:
    """Yield the directories above `path`, and itself as a file and as a directory: nobody says which it is."""
    at = path.find("/")
    while 0 <= at < len(path) - 1:  # as in git, nothing below an excluded directory comes back in
        yield path[: at + 1]
        at = path.find("/", at + 1)
    yield path
    if not path.endswith("/"):
        yield path + "/"


@cache
def _compiled(patterns: Patterns, name: str) -> PathSpec[Any]:
    import pathspec

    try:
        return pathspec.GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        raise SettingsError(f"{name}: {error}") from None
