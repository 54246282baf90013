"""Which refs still hold what was once committed."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence

from venvlint.history.graph import Commit, Graph
from venvlint.repo import Repo, RepositoryError
from venvlint.tracked.groups import Group


class Holders:
    """The refs that reach environments, numbered in the order given; `commits` are those that changed each."""

    def __init__(self, repo: Repo, graph: Graph, found: Sequence[Group], commits: Sequence[Collection[bytes]]) -> None:
        marks: dict[bytes, int] = {}
        for number, names in enumerate(commits):
            for name in names:
                marks[name] = marks.get(name, 0) | 1 << number
        reached = graph.reached(marks)
        self._refs = [(name, target, reached[target]) for name, target in graph.refs() if target in reached]
        self._times = graph.times(marks.keys())
        tips = {target: bits for _, target, bits in self._refs}
        asked = [(tip, number) for tip, bits in tips.items() for number in range(len(found)) if bits >> number & 1]
        asked += [(b"HEAD", number) for number in range(len(found))]
        self._present = set(_present(repo, asked, [_witnesses(group) for group in found]))

    def of(self, number: int) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
        """Return the refs that reach an environment, those whose tip has it, and whether HEAD has it."""
        refs = [(name, target) for name, target, bits in self._refs if bits >> number & 1]
        at_tip = tuple(name for name, target in refs if (target, number) in self._present)
        return tuple(name for name, _ in refs), at_tip, (b"HEAD", number) in self._present

    def span(self, commits: Collection[bytes]) -> tuple[Commit, Commit]:
        """Return the first and the last of some commits, by their dates."""
        found = sorted((self._times[name], name) for name in commits)
        (first, first_name), (last, last_name) = found[0], found[-1]
        return Commit(first_name.decode(), first), Commit(last_name.decode(), last)


def _witnesses(group: Group) -> tuple[bytes, ...]:
    """Return paths of which one at least is there as long as the environment is."""
    if not group.is_mixed:
        return (os.fsencode(group.root) + b"/",)
    own = tuple(one.path for one in group.entries if one.path.endswith(b"pyvenv.cfg"))
    return own or tuple(one.path for one in group.entries)


def _present(
    repo: Repo, asked: Sequence[tuple[bytes, int]], witnesses: Sequence[tuple[bytes, ...]]
) -> Iterator[tuple[bytes, int]]:
    """Yield those of the given pairs of a commit and an environment where the commit has the environment."""
    questions = [(pair, pair[0] + b":" + path) for pair in asked for path in witnesses[pair[1]] if b"\n" not in path]
    stdin = b"".join(question + b"\n" for _, question in questions)
    try:
        answers = repo.git("--no-replace-objects", "cat-file", "--buffer", "--batch-check=%(objecttype)", stdin=stdin)
    except RepositoryError:  # a partial clone without trees
        return
    for (pair, _), answer in zip(questions, answers.splitlines(), strict=False):
        if answer in (b"blob", b"tree"):
            yield pair
