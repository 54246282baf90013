"""Broken input for every reader. `python -m tests.fuzz --minutes 30` looks for tracebacks, and for what takes long."""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.documents import sections
from venvlint import checks, formats, suppress
from venvlint.rules import CATALOGUE
from venvlint.settings import Settings
from venvlint.source import Source

ROOT = Path(__file__).parents[1]
LONGEST = 5.0  # seconds of processor time for one file; they are of a few kilobytes
# A file of every format and shell; whatever text is given to all of them.
PATHS = (
    "a.sh", "a.bash", "a.zsh", "a.ksh", "a.fish", "a.csh", "a.ps1", "a.bat", "a.py", "a.ipynb", "Dockerfile",
    "Makefile", "Jenkinsfile", "Vagrantfile", "Procfile", "justfile", ".envrc", ".env", "pip.conf",
    "compose.yaml", "Taskfile.yml", ".devcontainer/devcontainer.json", "package.json", "pyproject.toml",
    "tox.ini", "a.service", "crontab", "playbook.yml", ".pre-commit-config.yaml", ".github/workflows/a.yml",
    "action.yml", ".gitlab-ci.yml", "azure-pipelines.yml", ".circleci/config.yml", "cloudbuild.yaml",
    ".travis.yml", "appveyor.yml", ".drone.yml", "buildspec.yml",
)  # fmt: skip
# What readers give a meaning to; spliced in anywhere.
MARKS = (
    *"\"'`$(){}[]<>|&;#\\!*?~=:-\n\t \r\0", "$(", "${", "$((", "<<EOF\n", "<<-'X'\n", "EOF\n", "&&", "||", ";;",
    "\\\n", "\r\n", "if ", "then\n", "fi\n", "for i in ", "do\n", "done\n", "case x in ", "esac\n", "f() {",
    "eval ", "bash -c '", "sudo ", "pip install a\n", "source .venv/bin/activate\n", "python -m venv .venv\n",
    "# venvlint: ignore[", "%pip install a", "RUN ", "FROM a AS b\n", "- run: |\n", "$env:PATH = ",
    "@echo off\n", "call ", "goto x\n", ":x\n", "%PATH%", "!x!", "\ufeff", "\u2028", "\ue000", "\ud800", "é",
    "😀",
)  # fmt: skip


@cache
def seeds() -> tuple[tuple[str, str], ...]:
    """Return the inputs of all documents that are tests: file name and text."""
    found = []
    for document in sorted((ROOT / "tests").glob("[cs]*/*.md")):
        for section in sections(document.read_text(encoding="utf-8"), document.name):
            found += [(block.file or "a.sh", block.body) for block in section.blocks if block.language != "findings"]
    return tuple(found)


def examine(path: str, data: bytes) -> float:
    """Read a file as all the hooks do; return the seconds of processor time that it took."""
    started = time.process_time()
    source = Source(path, data)
    if formats.can_matter(path, data):
        rules = [rule for group in CATALOGUE.values() for rule in group]
        findings = [*checks.script_findings(source, {path: data}.get, rules, Settings())]
        for finding in findings:
            span = getattr(finding, "span", None)
            assert span is None or 0 <= span.start <= span.end <= len(source.text), (
                f"{finding} lies outside of its file"
            )
        assert suppress.Comments(source) is not None
        checks.undecodable(source)
    return time.process_time() - started


def broken(chance: random.Random) -> tuple[str, bytes]:
    """Return a file made of pieces of real ones: cut off, spliced, repeated, with marks put in and bytes changed."""
    path, text = chance.choice(seeds())
    for _ in range(chance.randrange(4)):
        other = chance.choice(seeds())[1]
        at, start = chance.randint(0, len(text)), chance.randint(0, len(other))
        piece = other[start : start + chance.randrange(200)] * chance.choice((1, 1, 1, 2, 30))
        text = text[:at] + piece + text[at + chance.choice((0, 0, len(piece))) :]
    for _ in range(chance.randrange(6)):
        at = chance.randint(0, len(text))
        text = text[:at] + chance.choice(MARKS) * chance.choice((1, 1, 1, 3, 200)) + text[at + chance.randrange(3) :]
    text = text[: chance.randint(0, len(text))] if chance.random() < 0.3 else text
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(chance.choice((0, 0, 0, 1, 9))):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return (chance.choice(PATHS) if chance.random() < 0.6 else path), bytes(data)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until the time is up; print each failure with the seed that gives it again."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, help="where the seeds start (default: random)")
    parser.add_argument("--count", type=int, help="how many files at the most")
    options = parser.parse_args(arguments)
    first = seed = options.seed if options.seed is not None else random.randrange(10**9)
    until = time.monotonic() + options.minutes * 60
    failed, slowest = 0, (0.0, 0)
    while time.monotonic() < until and (options.count is None or seed < first + options.count):
        path, data = broken(random.Random(seed))
        try:
            took = examine(path, data)
        except Exception:  # what is looked for
            failed += 1
            _say(f"seed {seed}: {path}, {len(data)} bytes\n{traceback.format_exc()}")
        else:
            slowest = max(slowest, (took, seed))
            if took > LONGEST:
                failed += 1
                _say(f"seed {seed}: {path}, {len(data)} bytes: {took:.1f} s")
        seed += 1
    _say(f"{seed - first} files from seed {first} on, {failed} failed")
    _say(f"the slowest is seed {slowest[1]}: {slowest[0]:.2f} s")
    return 1 if failed else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
