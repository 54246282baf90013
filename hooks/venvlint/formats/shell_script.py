"""Shell scripts: files that are one script from the first line to the last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from venvlint.model import Script, Shell, Skipped
from venvlint.source import Offsets

if TYPE_CHECKING:
    from venvlint.formats import Read
    from venvlint.source import Source

_SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+)*(?:\w+=\S*\s+)*)?(?:\S*/)?(\w+)([^\r\n]*)")
_OPTIONS = re.compile(r"\s-([a-zA-Z]+)")
_SHELLS: dict[str, Shell] = {
    "bash": "bash", "bats": "bash", "sh": "sh", "dash": "sh", "ash": "sh", "zsh": "zsh", "ksh": "ksh", "mksh": "ksh",
    "pwsh": "pwsh", "powershell": "pwsh", "fish": "fish", "csh": "csh", "tcsh": "csh",
}  # fmt: skip
_ENDINGS: dict[str, Shell] = {
    ".zsh": "zsh",
    ".ksh": "ksh",
    ".dash": "sh",
    "zshrc": "zsh",
    "zshenv": "zsh",
    ".ps1": "pwsh",
    ".psm1": "pwsh",
    ".bat": "cmd",
    ".cmd": "cmd",
    ".fish": "fish",
    ".csh": "csh",
    ".tcsh": "csh",
}


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the file as one script; its first line says for which shell, else its name, else it is taken for bash."""
    del read  # what the script sources is followed when it runs
    yield Script(_shell(source), source.text, Offsets.shifted(0), options=_options(source.text))


def _shell(source: Source) -> Shell:
    shebang = _SHEBANG.match(source.text)
    if shebang is not None and shebang[1] in _SHELLS:
        return _SHELLS[shebang[1]]
    for ending, shell in _ENDINGS.items():
        if source.path.lower().endswith(ending):
            return cast(Shell, shell)
    return "bash"


def _options(text: str) -> str:
    shebang = _SHEBANG.match(text)
    return "".join(_OPTIONS.findall(shebang[2])) if shebang is not None else ""
