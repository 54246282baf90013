"""Which functions of a long script can be passed over, because nothing that matters can happen in them."""

from __future__ import annotations

import re

from venvlint.environment.state import Definition, State
from venvlint.values import unknown

_MATTERS = re.compile(
    r"pip|conda|mamba|activate|venv|virtualenv|\bPATH\b|easy_install|setup\.py|\bsource\b|(?:^|[\s;&|({])\.\s|\beval\b|\bexec\b"
    r"|poetry|\buv\b|VIRTUAL|EXTERNALLY-MANAGED|\$[{]?[@*1]|\bcd\b|pushd|popd|\bexit\b|\btrap\b|\bset\b|workon",
    re.IGNORECASE | re.MULTILINE,
)
_WORDS = re.compile(r"[\w:.-]+")
_ASSIGNED = re.compile(r"\b([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=")


class Relevance:
    """Remembers what it found out about each function's text."""

    def __init__(self) -> None:
        self._known: dict[int, bool] = {}

    def is_idle(self, definition: Definition, state: State) -> bool:
        """Tell whether a function, and all that it calls, neither installs nor changes what installs would land in."""
        if definition.body is None or definition.frame is None:
            return False
        key = id(definition.body)
        if key not in self._known:
            self._known[key] = True  # for functions that call each other
            text = self._text(definition)
            called = set(_WORDS.findall(text)) & state.functions.keys()
            self._known[key] = not _MATTERS.search(text) and all(
                self.is_idle(state.functions[name], state) for name in called
            )
        return self._known[key]

    def pass_over(self, definition: Definition, state: State) -> None:
        """Do as if the function had run: what it assigns is unknown from now on."""
        for name in set(_ASSIGNED.findall(self._text(definition))):
            state.set(name, unknown(f"{name} as set by a function"))

    def _text(self, definition: Definition) -> str:
        if definition.body is None or definition.frame is None:
            raise AssertionError("unreachable: a function without text")
        return definition.frame.text[definition.body.start : definition.body.end]
