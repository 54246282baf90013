"""Shell scripts: files that are one script from the first line to the last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from venvlint.model import SHELLS, Script, Shell, Skipped
from venvlint.source import Offsets

if TYPE_CHECKING:
    from venvlint.formats import Read
    from venvlint.source import Source

_SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+)*(?:\w+=\S*\s+)*)?(?:\S*/)?(\w+)([^\r\n]*)")
_RECIPE_SCRIPT = re.compile(
    r"(?:build|bld|run_test|(?:pre|post)-(?:link|unlink))(?:[-_]\w+)?\.(?:sh|bat)", re.IGNORECASE
)
_OPTIONS = re.compile(r"\s-([a-zA-Z]+)")
_SHELLS: dict[str, Shell] = {**SHELLS, "bats": "bash"}
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
    start: Literal["environment", "global"] = "environment" if _is_recipe(source.path, read) else "global"
    yield Script(_shell(source), source.text, Offsets.shifted(0), options=_options(source.text), start=start)


def _is_recipe(path: str, read: Read) -> bool:
    """Tell whether conda-build or rattler-build runs the script, in an environment that it makes for the purpose."""
    directory, _, name = path.rpartition("/")
    if not _RECIPE_SCRIPT.fullmatch(name):
        return False
    return any(read(f"{directory}/{recipe}".lstrip("/")) is not None for recipe in ("meta.yaml", "recipe.yaml"))


def _shell(source: Source) -> Shell:
    shebang = _SHEBANG.match(source.text)
    if shebang is not None and shebang[1] in _SHELLS:
        return _SHELLS[shebang[1]]
    for ending, shell in _ENDINGS.items():
        if source.path.lower().endswith(ending):
            return shell
    return "bash"


def _options(text: str) -> str:
    shebang = _SHEBANG.match(text)
    return "".join(_OPTIONS.findall(shebang[2])) if shebang is not None else ""
