"""Jenkins pipelines: the strings given to `sh`, `bat`, `powershell` and `pwsh`, in the blocks that they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from venvlint.formats import Read, argv, images
from venvlint.formats.groovy_text import Token, string, tokens
from venvlint.formats.pieces import Piece
from venvlint.model import Script, Shell, Skipped
from venvlint.source import Source
from venvlint.values import is_known

_STEPS: dict[str, Shell] = {"bat": "cmd", "powershell": "pwsh", "pwsh": "pwsh", "sh": "bash"}
# Blocks of plugins whose steps run in an environment.
_ACTIVE = {"withPythonEnv": "environment", "withVirtualenv": "environment", "virtualenv": "environment"}
_SHEBANG = re.compile(r"\s*#!\s*(?:\S*/)?(?:env\s+)?(?:\S*/)?(\w+)([^\n]*)")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\+\w+)?")


@dataclass(slots=True)
class _Block:
    """A pair of braces: what holds in it."""

    variables: list[tuple[str, str]] = field(default_factory=list)
    start: images.Start | None = None
    is_environment: bool = False  # `environment { NAME = 'value' }`, which holds in the block around it


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the scripts in the order in which they stand in the file."""
    del read  # libraries are in no repository
    yield from _Reader(source).scripts()


class _Reader:
    """Goes through the tokens of a pipeline with the blocks that are open."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = list(tokens(source))
        self.blocks = [_Block()]
        self.next = _Block()  # what the next brace opens
        self.constants = _constants(self.tokens)

    def scripts(self) -> Iterator[Script]:
        """Yield what the steps run."""
        for at, token in enumerate(self.tokens):
            if token.text == "{":
                self.blocks.append(self.next)
                self.next = _Block()
            elif token.text == "}" and len(self.blocks) > 1:
                self.blocks.pop()
            elif token.kind == "name":
                shell = _STEPS.get(token.text.removeprefix("steps."))
                if shell is not None and (script := self._argument(at + 1, "script")):
                    yield self._script(shell, script)
                else:
                    self._name(at, token.text)

    def _name(self, at: int, name: str) -> None:
        """Note what a name says about the block that it opens, or the one that it stands in."""
        if name == "withEnv":
            self.next.variables += self._assignments(at + 1)
        elif name == "environment" and self._text(at + 1) == "{":
            self.next.is_environment = True
        elif name in _ACTIVE:
            self.next.start = "environment"
        elif name in ("docker.image", "image") and (image := self._argument(at + 1, "")):
            block = self.next if name == "docker.image" else self.blocks[1 if len(self.blocks) > 1 else 0]
            block.start = images.start_in(image.text)
        elif self.blocks[-1].is_environment and self._text(at + 1) == "=" and len(self.blocks) > 1:
            value = self.tokens[at + 2] if at + 2 < len(self.tokens) else None
            if value is not None and value.kind == "string":
                self.blocks[-2].variables.append((name, string(value, self._value).text))

    def _text(self, at: int) -> str:
        while at < len(self.tokens) and self.tokens[at].text == "\n":
            at += 1
        return self.tokens[at].text if at < len(self.tokens) else ""

    def _argument(self, at: int, name: str) -> Piece | None:
        """Return the string given to a step, by position or as `name: '...'`."""
        is_open = self._text(at) == "("
        depth = 0
        for index in range(at, min(at + 60, len(self.tokens))):
            token = self.tokens[index]
            if token.kind == "string" and depth <= is_open:
                before = self.tokens[index - 2 : index]
                key = before[0].text if len(before) == 2 and before[1].text == ":" else ""
                if key in ("", name) and self.tokens[index - 1].text in ("(", ":", "\n", ",", self.tokens[at - 1].text):
                    return self._joined(index)
            depth += token.text in ("(", "[")
            depth -= token.text in (")", "]")
            is_end = token.text in ("{", "}", ";", "=") or (token.text == "\n" and not is_open and index > at)
            if depth < 0 or (is_open and not depth) or is_end:
                return None
        return None

    def _joined(self, at: int) -> Piece:
        """Return a string with those that `+` adds to it; what isn't a string isn't known."""
        piece = string(self.tokens[at], self._value)
        while self._text(at + 1) == "+" and at + 2 < len(self.tokens) and self.tokens[at + 2].kind == "string":
            from venvlint.formats.expressions import joined

            at += 2
            piece = joined([piece, string(self.tokens[at], self._value)], "")
        return piece

    def _assignments(self, at: int) -> Iterator[tuple[str, str]]:
        """Yield the variables of `withEnv(['NAME=value', 'PATH+EXTRA=directory'])`."""
        for token in self.tokens[at : at + 80]:
            if token.text == "{":
                return
            name, equals, value = (
                string(token, self._value).text.partition("=") if token.kind == "string" else ("", "", "")
            )
            if equals and _NAME.fullmatch(name):
                variable, plus, _ = name.partition("+")
                yield variable, f"{value}:${variable}" if plus else value

    def _value(self, expression: str) -> str | None:
        return self.constants.get(expression.strip().removeprefix("env."))

    def _script(self, shell: Shell, piece: Piece) -> Script:
        shebang = _SHEBANG.match(piece.text)
        if shebang and shell == "bash":
            shell = argv.SHELLS.get(shebang[1], shell)
        starts = [block.start for block in self.blocks if block.start is not None]
        return Script(
            shell,
            piece.text,
            piece.offsets,
            place="runner",
            machine="pipeline",
            variables=tuple(pair for block in self.blocks for pair in block.variables),
            name="step",
            options="e" if shell in ("bash", "sh") and (not shebang or "e" in shebang[2]) else "",
            start=starts[-1] if starts else "global",
        )


def _constants(found: Sequence[Token]) -> dict[str, str]:
    """Return the variables that are given one string, and no other, anywhere in the file."""
    values: dict[str, set[str]] = {}
    for name, equals, value in zip(found, found[1:], found[2:], strict=False):
        if name.kind == "name" and equals.text == "=":
            text = string(value, lambda _: None).text if value.kind == "string" else "\0"
            values.setdefault(name.text.removeprefix("env."), set()).add(text)
    return {
        name: next(iter(texts)) for name, texts in values.items() if len(texts) == 1 and is_plain(next(iter(texts)))
    }


def is_plain(text: str) -> bool:
    """Tell whether a value is a string of which all is known."""
    return is_known(text) and "\0" not in text
