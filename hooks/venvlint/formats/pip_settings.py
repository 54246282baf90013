"""pip's own settings in a repository: `pip.conf`, `pip.ini`, and `PIP_` variables in `.env` files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.formats import machine_scripts
from venvlint.formats.pieces import Piece
from venvlint.model import Script, Skipped
from venvlint.source import Builder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read
    from venvlint.source import Source

_SECTION = re.compile(r"\[(?P<name>[^\]]*)\]")
_CONFIG = re.compile(r"(?P<name>[\w-]+)[ \t]*[=:][ \t]*(?P<value>[\w-]+)[ \t]*")
_VARIABLE = re.compile(r"[ \t]*(?:export[ \t]+)?PIP_(?P<name>\w+)[ \t]*=[ \t]*[\"']?(?P<value>\w+)[\"']?[ \t]*(?:#.*)?")
_KEYS = frozenset({"break-system-packages", "user"})


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield each setting that opens the way out of environments as the command that would make it."""
    del read  # settings stand alone
    is_config = re.search(r"pip\.(?:conf|ini)$", source.path, re.IGNORECASE) is not None
    section = ""
    for match in re.finditer(r"[^\r\n]+", source.text):
        if is_config and (heading := _SECTION.match(match[0])):
            section = heading["name"].strip().lower()
        found = (_CONFIG if is_config else _VARIABLE).fullmatch(match[0])
        if found is None or (is_config and section not in ("global", "install")):
            continue
        key = found["name"].lower().replace("_", "-")
        if key in _KEYS:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            builder = Builder()
            builder.replace(f"pip config set install.{key} {found['value']}", start, len(match[0].strip()))
            yield machine_scripts.line(Piece(*builder.build()), "sh", machine="settings", name="setting")
