"""The scripts written by hand, in `tests/scenarios`: a claim, a script, and where its installs land."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.documents import Block, DocumentError, Section, sections
from tests.oracle.case import ROOT, Case, Toggle, Truth

DIRECTORY = Path(__file__).parents[1] / "scenarios"
_SHEBANGS = {"bash": "#!/bin/bash\n", "sh": "#!/bin/sh\n"}
# An absolute path of the system that scripts run on, which lies below the scratch system's root.
_ABSOLUTE = re.compile(r"(?<![\w.}@/~)\"])(?=/(?:usr|opt|bin)\b)|(?<=\")(?=/(?:usr|opt)\b)")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A claim as a case, with the landings that the document states."""

    document: Path
    claim: str
    case: Case
    landings: Block


def scenarios() -> Iterator[Scenario]:
    """Yield the scenarios of all documents."""
    for document in sorted(DIRECTORY.glob("*.md")):
        claims = sections(document.read_text(encoding="utf-8"), document.name)[1:]
        for number, section in enumerate(claims, 1):
            yield _scenario(document, section, f"{document.stem}{number}")


def _scenario(document: Path, section: Section, name: str) -> Scenario:
    scripts = [block for block in section.blocks if block.info in _SHEBANGS]
    landings = [block for block in section.blocks if block.info == "landings"]
    if len(scripts) != 1 or len(landings) != 1:
        raise DocumentError(f"{document.name}:{section.line}: one script and one landings block make a scenario")
    others = (block for block in section.blocks if block.language in _SHEBANGS and block.file)
    files = tuple((block.file, rooted(block.body)) for block in others)
    lines = [line for block in section.blocks if block.info == "unknown" for line in block.body.splitlines()]
    shell = scripts[0].info
    case = Case(
        name,
        "bash" if shell == "bash" else "sh",
        _SHEBANGS[shell] + rooted(scripts[0].body),
        files,
        tuple(_toggle(line) for line in lines),
    )
    return Scenario(document, section.title, case, landings[0])


def rooted(text: str) -> str:
    return _ABSOLUTE.sub(ROOT, text)


def _toggle(line: str) -> Toggle:
    """Read `variable CI true`, `environment maybe`, `arguments dev`: each may also be missing."""
    kind, _, rest = line.partition(" ")
    name, _, value = rest.partition(" ")
    if kind == "variable":
        return Toggle("variable", name, (None, value))
    if kind == "environment":
        return Toggle("environment", name, (None, "there"))
    if kind == "arguments":
        return Toggle("arguments", "$@", (None, rest))
    raise DocumentError(f"{line}: neither a variable, an environment, nor arguments")


def stated(case: Case, truth: Truth) -> str:
    """Return the landings block that the runs give."""
    return "".join(f"{tag} {truth.of(tag)}\n" for tag in case.tags)


def landings(scenario: Scenario, truth: Truth) -> str:
    """Return what the document states, after writing down what the runs gave where UPDATE is set."""
    if not os.environ.get("UPDATE"):
        return scenario.landings.body
    given = stated(scenario.case, truth)
    text = scenario.document.read_text(encoding="utf-8")
    scenario.document.write_text(with_landings(text, scenario, given), encoding="utf-8")
    return given


def with_landings(text: str, scenario: Scenario, landings: str) -> str:
    """Return a document's text with the landings of one scenario replaced."""
    lines = text.split("\n")
    start = lines.index("```landings", lines.index(f"## {scenario.claim}"))
    end = lines.index("```", start)
    return "\n".join([*lines[: start + 1], *landings.splitlines(), *lines[end:]])
