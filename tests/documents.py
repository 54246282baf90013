"""Markdown as the tests read it: sections, fenced blocks, and the cases that they make up."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from venvlint.rules import CATALOGUE, ON_REQUEST

# What every hook can report is tried with the one that reads files.
HOOK_OF = {rule: hook.replace("venvlint", "no-global-pip") for hook, rules in CATALOGUE.items() for rule in rules}
COMMAND_OF = {rule: (hook,) for rule, hook in HOOK_OF.items()} | dict.fromkeys(ON_REQUEST, ("venvlint", "history"))
SUBCOMMANDS = ("history",)
TAKE_FILES = ("no-global-pip", "venvlint")
FENCE = re.compile(r"(`{3,})\s*([^`]*?)\s*")


class DocumentError(Exception):
    """A document that can't be run as it stands. Its message says where and why."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `line` is its opening fence's, counted from 1; `body` ends in a line break unless it is empty."""

    info: str
    body: str
    line: int

    @property
    def language(self) -> str:
        """Return the first word of the info string."""
        return self.info.partition(" ")[0]

    @property
    def file(self) -> str:
        """Return what follows the language: the name of the file that the block is the content of, or nothing."""
        return self.info.partition(" ")[2].strip()


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one `##` heading; the one before the first heading has no title."""

    title: str
    line: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A claim, what to lay out in an empty repository, the command to run there, and what it should find."""

    document: Path
    claim: str
    line: int
    inputs: tuple[Block, ...]
    command: tuple[str, ...]
    expected: Block


def sections(text: str, name: str) -> list[Section]:
    """Split Markdown at its `##` headings. `name` stands in errors."""
    found: list[Section] = []
    title, start, blocks = "", 1, list[Block]()
    lines = enumerate(text.split("\n"), 1)
    for number, line in lines:
        if fence := FENCE.fullmatch(line):
            blocks.append(_block(lines, number, fence, name))
        elif line.startswith("## "):
            found.append(Section(title, start, tuple(blocks)))
            title, start, blocks = line[3:].strip(), number, []
    return [*found, Section(title, start, tuple(blocks))]


def _block(lines: Iterator[tuple[int, str]], number: int, fence: re.Match[str], name: str) -> Block:
    body: list[str] = []
    for _, line in lines:
        if line.startswith(fence[1]) and not line.strip("` "):
            return Block(fence[2], "".join(f"{text}\n" for text in body), number)
        body.append(line)
    raise DocumentError(f"{name}:{number}: this fence is never closed")


def cases(document: Path) -> list[Case]:
    """Return the cases of one document, all of them: a section that isn't one is an error."""
    intro, *claims = sections(document.read_text(encoding="utf-8"), document.name)
    if not claims:
        raise DocumentError(f"{document.name}: no section, so nothing would be tested")
    titles = [section.title for section in claims]
    if repeated := {title for title in titles if titles.count(title) > 1}:
        raise DocumentError(f"{document.name}: claimed twice: {', '.join(sorted(repeated))}")
    default = _command(intro, document.name) or COMMAND_OF.get(document.stem, ("no-global-pip",))
    return [_case(document, section, default) for section in claims]


def _case(document: Path, section: Section, default: tuple[str, ...]) -> Case:
    at = f"{document.name}:{section.line}"
    expected = [block for block in section.blocks if block.info == "findings"]
    inputs = tuple(block for block in section.blocks if block.info not in ("findings", "command"))
    if not section.title:
        raise DocumentError(f"{at}: a section without a claim")
    if len(expected) != 1:
        raise DocumentError(f"{at}: {len(expected)} findings blocks, where one belongs")
    if not inputs:
        raise DocumentError(f"{at}: no input")
    for block in inputs:
        if not block.file and block.info != "console":
            raise DocumentError(f"{document.name}:{block.line}: neither `console` nor a language and a file name")
    command = _command(section, document.name)
    return Case(document, section.title, section.line, inputs, command or with_files(default, inputs), expected[0])


def with_files(command: tuple[str, ...], inputs: tuple[Block, ...]) -> tuple[str, ...]:
    """Return `command` with the names of the inputs, as pre-commit calls the hook that is given names."""
    takes_files = command[0] in TAKE_FILES and command[1:2] != SUBCOMMANDS
    return (*command, *(block.file for block in inputs if block.file)) if takes_files else command


def as_json(command: tuple[str, ...]) -> tuple[str, ...]:
    """Return `command` with options for a whole report that a program can read."""
    if command[1:2] == SUBCOMMANDS:
        return (*command[:2], "--format", "json", *command[2:])
    return (command[0], "--format", "json", "--possible", *command[1:])


def _command(section: Section, name: str) -> tuple[str, ...]:
    lines = [line for block in section.blocks if block.info == "command" for line in block.body.splitlines()]
    if len(lines) > 1:
        raise DocumentError(f"{name}:{section.line}: {len(lines)} commands, where one can run")
    return tuple(shlex.split(lines[0])) if lines else ()


def with_findings(text: str, case: Case, findings: str) -> str:
    """Return a document's text with the findings of one of its cases replaced."""
    lines = text.split("\n")
    heading = lines.index(f"## {case.claim}") if f"## {case.claim}" in lines else case.line - 1
    start = next(at for at in range(heading, len(lines)) if re.fullmatch(r"`{3,}\s*findings\s*", lines[at]))
    end = next(at for at in range(start + 1, len(lines)) if lines[at].startswith("```"))
    return "\n".join([*lines[: start + 1], *findings.splitlines(), *lines[end:]])
