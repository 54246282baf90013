"""GitLab CI: `before_script` and `script` in one shell, `after_script` in another, job by job."""

from __future__ import annotations

import re
from collections.abc import Iterator

from venvlint.formats import Read, images
from venvlint.formats.expressions import is_elsewhere, joined, mark
from venvlint.formats.gitlab_config import NO_JOBS, Config, Job, values
from venvlint.formats.pieces import Piece
from venvlint.formats.yaml_text import Node, at, items, scalar, text
from venvlint.model import Script, Shell, Skipped
from venvlint.source import ELSEWHERE, Builder, Source

_ROOT = ".gitlab-ci.yml"
_EXPRESSION = re.compile(r"\$\[\[(.*?)\]\]", re.DOTALL)
_PARTS = ("before_script", "script", "after_script")


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield the scripts of the jobs that have text in this file, as the whole configuration runs them."""
    reader = _Reader(source, _config(source, read))
    yield from Config(source, lambda _: None).skipped
    names = [name for name, value in reader.config.root.items() if name not in NO_JOBS and value.kind == "mapping"]
    for name in names:
        if not name.startswith("."):
            yield from reader.job(name)
    for name in names:  # templates for jobs of other files
        if name.startswith(".") and reader.has_unused(name):
            yield from reader.job(name)
    yield from reader.rest()


def _config(source: Source, read: Read) -> Config:
    """Return the configuration of the repository where this file is part of it, else the file's own."""
    own = Config(source, read)
    if source.path == _ROOT:
        return own
    data = read(_ROOT)
    if data is None:
        return own
    whole = Config(Source(_ROOT, data), read, source.path)
    return whole if source.path in whole.files else own


class _Reader:
    """Reads jobs, and remembers which commands have been part of one."""

    def __init__(self, source: Source, config: Config) -> None:
        self.source, self.config = source, config
        self.used: set[tuple[str, int]] = set()
        self.default = config.own("default")
        self.made: set[tuple[object, ...]] = set()

    def job(self, name: str) -> Iterator[Script]:
        """Yield a job's two shells."""
        job, missing = self.config.job(name)
        start = self._start(job)
        if missing and "before_script" not in job and start == "global":
            start = "unknown"  # what it extends is in a file that isn't here
        parts = {part: list(self.config.commands(self._part(job, part))) for part in _PARTS}
        given = (*values(self.config.root.get("variables")), *self.config.variables(name))
        shell: Shell = "pwsh" if _is_windows(job, self.default) else "bash"
        for nodes in ([*parts["before_script"], *parts["script"]], parts["after_script"]):
            yield from self._script(name, nodes, shell, start, given)

    def _part(self, job: Job, part: str) -> Node | None:
        return job.get(part) or self.default.get(part) or (self.config.root.get(part) if part != "script" else None)

    def _start(self, job: Job) -> images.Start:
        image = job.get("image") or self.default.get("image") or self.config.root.get("image")
        return images.start_in(text(at(image, "name")) or text(image))

    def _script(
        self, name: str, nodes: list[Node | None], shell: Shell, start: images.Start, given: tuple[tuple[str, str], ...]
    ) -> Iterator[Script]:
        self.used.update((node.source.path, node.start) for node in nodes if node is not None)
        piece = joined(self._piece(node) for node in nodes)
        # The same script in many jobs is followed once.
        key = (piece.text, shell, start, given, *((node.source.path, node.start) if node else None for node in nodes))
        if not nodes or key in self.made or is_elsewhere(piece):
            return
        self.made.add(key)
        yield Script(
            shell,
            piece.text,
            piece.offsets,
            place="runner",
            machine=name,
            variables=given,
            options="" if shell == "pwsh" else "e",
            start=start,
        )

    def _piece(self, node: Node | None) -> Piece:
        if node is None:  # a reference to what isn't here: it may do anything
            builder = Builder()
            builder.replace(". " + mark("!reference"), ELSEWHERE)
            return Piece(*builder.build())
        return Piece(*scalar(node, self.source)).replaced(_EXPRESSION, lambda match: mark(match[1]))

    def has_unused(self, name: str) -> bool:
        """Tell whether commands of a template in this file were part of no job yet."""
        own = self.config.own(name)
        return any(self._is_unused(node) for part in _PARTS for node in self.config.commands(own.get(part)))

    def _is_unused(self, node: Node | None) -> bool:
        return (
            node is not None
            and node.source.path == self.source.path
            and (node.source.path, node.start) not in self.used
        )

    def rest(self) -> Iterator[Script]:
        """Yield what stands at the root or in `default` for jobs of other files."""
        for part in _PARTS:
            for holder in (self.default, self.config.root):
                nodes = list(self.config.commands(holder.get(part))) if part != "script" else []
                if any(self._is_unused(node) for node in nodes):
                    start = self._start({})
                    yield from self._script(
                        part, nodes, "bash", start, tuple(values(self.config.root.get("variables")))
                    )


def _is_windows(job: Job, default: Job) -> bool:
    tags = [text(each) for each in items(job.get("tags") or default.get("tags"))]
    return any("windows" in tag.lower() for tag in tags)
