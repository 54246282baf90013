"""Names that the repository's own scripts and documents give to environments: `python -m venv NAME`.

Only what leaves no doubt counts: the command in a script, or in a document that tells how to set the project up, with a
plain relative name that speaks for itself or that the same file activates.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator

from venvlint.ignores.disk import Disk
from venvlint.ignores.working_tree import WorkingTree
from venvlint.repo import Repo

_SCRIPTS = (b".sh", b".bash", b".zsh", b".fish", b".ps1", b".bat", b".cmd", b".mk")
_NAMED = (
    b"makefile",
    b"justfile",
    b"readme",
    b"contributing",
    b"develop",
    b"hacking",
    b"install",
    b"setup.md",
    b"setup.rst",
)
_NOT = (b".py", b".ipynb", b".js", b".ts", b".html", b".png", b".svg")
_MANY = 200  # files from which on it is quicker to have git search them
_USERS = re.compile(
    r"(?:^|/)docs?/(?:.*/)?(?:install|setup)[^/]*$", re.IGNORECASE
)  # about what users of the project do
_MARK = "(-m +venv|virtualenv|uv +venv) "
_MAKES = r"""(?x)
    (?:\bpython[\d.]*(?:\.exe)?|\bpy(?:\s+-[\d.]+)?|\$\(?\{?\w+\}?\)?)\s+-m\s+(?:venv|virtualenv)\s+(?P<module>[^`\n]*)
    |(?:^|[\s`$>&;(])virtualenv\s+(?P<virtualenv>[^`\n]*)
    |\buv\s+venv\s+(?P<uv>[^`\n]*)"""
_TAKES_VALUE = frozenset(("-p", "--python", "--prompt", "--seed", "--index-url", "--extra-search-dir", "--app-data"))
_NAME = r"(?:\./)?([\w.-]*\w)/?"
_SPEAKING = r"(?i)\.?[\w.-]*v?env[\w.-]*"
_WORDS = frozenset(("environment", "environments", "virtualenv", "virtualenvs", "venv.", "env."))


def used_names(repo: Repo | None, tree: WorkingTree, disk: Disk, places: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the path of each environment that the repository makes, with the reason to expect it.

    `places` are the directories in which a project is set up: what stands elsewhere is run at the root. Without a
    repository, all files are read here, however many they are.
    """
    paths = sorted(entry.path for entry in tree.tracked(_is_telling))
    if repo and len(paths) > _MANY:
        where = [f":(icase)*{end.decode()}" for end in _SCRIPTS]
        where += [f":(glob,icase)**/{start.decode()}*" for start in _NAMED]
        found = repo.names("grep", "-I", "-l", "-z", "-E", "-e", _MARK, "--", *where, allowed=(0, 1))
        paths = sorted(set(paths).intersection(found))
    for path in paths:
        if _USERS.search(path):
            continue
        data = disk.read(path)
        if data is None or b"env" not in data or b"mktemp" in data or b"cd /tmp" in data:
            continue
        text = data.decode("utf-8", "replace")
        place = posixpath.dirname(path)
        for name in dict.fromkeys(_names(text)):
            yield (f"{place}/{name}" if place in places and place else name), f"which {path} makes"


def _is_telling(name: bytes) -> bool:
    name = name.lower()
    return name.endswith(_SCRIPTS) or (name.startswith(_NAMED) and not name.endswith(_NOT))


def _names(text: str) -> Iterator[str]:
    for found in re.finditer(_MAKES, text):
        name = _target(found[found.lastgroup or 0].split())
        if name and name not in _WORDS and (re.fullmatch(_SPEAKING, name) or _is_activated(name, text)):
            yield name


def _target(words: list[str]) -> str | None:
    """Return the directory that a command line names, if it is plain."""
    left = iter(words)
    for word in left:
        if word in _TAKES_VALUE:
            next(left, "")
        elif not word.startswith("-"):
            plain = re.fullmatch(_NAME, word.strip("\"'").rstrip(";)"))
            return plain[1] if plain and not plain[1].startswith("..") else None
    return None


def _is_activated(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w./\\-])(?:\./|\.\\)?{re.escape(name)}(?:/bin/|[/\\]Scripts[/\\])", text))
