"""What decides, without parsing, that a file is of no interest never passes by a file in which there is something."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.documents import cases
from tests.test_cases import DOCUMENTS
from venvlint import checks, formats
from venvlint.model import Finding
from venvlint.rules import CATALOGUE
from venvlint.settings import Settings, load
from venvlint.source import Source

VARIANTS = 25
_WORD = re.compile(r"[A-Za-z_]{2,}")
_CANDIDATE = re.compile(formats.CANDIDATE, re.MULTILINE | re.IGNORECASE)


@cache
def _settings() -> Settings:
    return load(str(Path(__file__).parent), no_config=True)


def _files() -> Iterator[tuple[str, str, dict[str, bytes]]]:
    """Yield each file of the case documents with those that lie beside it."""
    for document in DOCUMENTS:
        for case in cases(document):
            files = {block.file: block.body.encode() for block in case.inputs if block.file}
            for path, data in files.items():
                yield path, data.decode(), files


FILES = list(_files())


def _variants(text: str, chosen: random.Random) -> Iterator[str]:
    """Yield the text with words taken out, spelled differently, or replaced by others of it."""
    words = sorted(set(_WORD.findall(text)))
    telling = [word for word in words if _CANDIDATE.search(word)]
    yield text
    yield _CANDIDATE.sub("", text)
    for word in telling:
        yield re.sub(rf"\b{word}\b", "", text)
        yield _CANDIDATE.sub(lambda found, kept=word: found[0] if found[0] in kept else "", text)  # type: ignore[misc]
    for _ in range(VARIANTS if words else 0):
        gone = set(chosen.sample(words, chosen.randint(1, len(words)))) | set(chosen.sample(telling, len(telling) // 2))
        how = chosen.choice((lambda _: "", str.upper, str.title, lambda _: chosen.choice(words)))
        yield _WORD.sub(lambda found, gone=gone, how=how: how(found[0]) if found[0] in gone else found[0], text)  # type: ignore[misc]


def _found(path: str, text: str, beside: dict[str, bytes]) -> list[str]:
    source = Source(path, text.encode())
    files = {**beside, path: text.encode()}
    found = checks.script_findings(source, files.get, CATALOGUE["no-global-pip"], _settings())
    return [f"{each.rule}: {each.message}" for each in found if isinstance(each, Finding) and each.path == path]


@pytest.mark.parametrize("part", range(4))
def test_nothing_is_found_in_what_is_dropped(part: int) -> None:
    chosen = random.Random(part)
    dropped = 0
    for path, text, beside in FILES[part::4]:
        for variant in sorted(set(_variants(text, chosen))):
            if formats.can_matter(path, variant.encode()):
                continue
            # `p'i'p`, with quotes in its middle, no pattern finds, and nobody writes that but a test.
            if not _CANDIDATE.search(re.sub(r"['\"\\]", "", variant)):
                dropped += 1
                assert (path, variant, _found(path, variant, beside)) == (path, variant, [])
    assert dropped > 100


def test_git_finds_what_the_filter_keeps(repository: Path) -> None:
    """The pattern means the same to git and to Python."""
    chosen = random.Random(0)
    texts = {variant for _, text, _ in FILES[::3] for variant in _variants(text, chosen)}
    for number, text in enumerate(sorted(texts)[:1500]):
        (repository / f"{number}.txt").write_text(text, encoding="utf-8")
    command = ["git", "grep", "--no-index", "-lIiE", "-e", formats.CANDIDATE]
    listed = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout.split()
    kept = {path.name for path in repository.glob("*.txt") if _CANDIDATE.search(path.read_text(encoding="utf-8"))}
    assert set(listed) == kept
