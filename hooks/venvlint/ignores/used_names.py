"""Names that the repository's own scripts and documents give to environments: `python -m venv NAME`.

Only what leaves no doubt counts: the command in a script, or in a document that tells how to set the project up, with a
plain relative name that speaks for itself or that the same file activates.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection, Iterator

from venvlint.ignores.disk import Disk
from venvlint.repo import Repo, Running

_SCRIPTS = ("*.sh", "*.bash", "*.zsh", "*.fish", "*.ps1", "*.bat", "*.cmd", "*.mk")
_NAMED = ("Makefile", "[Jj]ustfile", "README*", "CONTRIBUTING*", "DEVELOP*", "HACKING*", "INSTALL*", "SETUP*")
_NOT = (":!*.py", ":!*.ipynb", ":!*.js", ":!*.ts", ":!*.html", ":!*.png", ":!.github/workflows/*")
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


def start(repo: Repo) -> Running:
    """Start the search for files that make environments."""
    named = (f":(glob,icase)**/{name}" for name in _NAMED)
    return repo.start("grep", "-I", "-l", "-z", "-E", "-e", _MARK, "--", *_SCRIPTS, *named, *_NOT)


def used_names(found: Running, disk: Disk, places: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the path of each environment that the repository makes, with the reason to expect it.

    `places` are the directories in which a project is set up: what stands elsewhere is run at the root.
    """
    for path in os.fsdecode(found.output(allowed=(0, 1))).split("\0")[:-1]:
        if _USERS.search(path):
            continue
        data = disk.read(path)
        if data is None or b"mktemp" in data or b"cd /tmp" in data:
            continue
        text = data.decode("utf-8", "replace")
        place = posixpath.dirname(path)
        for name in dict.fromkeys(_names(text)):
            yield (f"{place}/{name}" if place in places and place else name), f"which {path} makes"


def _names(text: str) -> Iterator[str]:
    for found in re.finditer(_MAKES, text):
        name = _target((found["module"] or found["virtualenv"] or found["uv"]).split())
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
