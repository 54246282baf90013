"""What the tables of scenarios for one shell share: where each install of a script lands, as the analysis has it."""

from __future__ import annotations

from collections.abc import Mapping

from venvlint import environment, formats
from venvlint.model import Install, Skipped
from venvlint.source import Source

_WHERE = {"environment": "isolated", "directory": "isolated", "unknown": "unknown", "maybe": "mixed"}


def landings(path: str, text: str, others: Mapping[str, str] | None = None) -> str:
    """Return `package where` for each install, in order: "a global, b isolated, c mixed".

    An activation that does nothing stands as `line ineffective`, what wasn't understood as `line skipped`.
    """
    files = {name: body.encode() for name, body in (others or {}).items()}
    source = Source(path, text.encode())
    found: list[str] = []
    for item in environment.follow(source, (each for each in formats.scripts(source, files.get)), files.get):  # type: ignore[misc]
        if isinstance(item, Skipped):
            found.append(f"{item.line} skipped")
        elif item.kind == "activation":
            found.append(f"{source.position(item.span.start)[0]} ineffective")
        else:
            found.append(f"{' '.join(item.packages)} {_landing(item)}")
    return ", ".join(found)


def _landing(install: Install) -> str:
    if install.where != "global":
        return _WHERE[install.where]
    return "global" if install.certainty == "certain" else "mixed"
