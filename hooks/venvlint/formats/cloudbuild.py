"""Google Cloud Build: each step runs a script, or a program with arguments, in a container of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from venvlint.formats import Read, argv, images
from venvlint.formats.ci_yaml import variables
from venvlint.formats.pieces import Piece
from venvlint.formats.yaml_text import Node, at, documents, flat, items, scalar, text
from venvlint.model import Script, Shell, Skipped
from venvlint.source import Source

_Found = tuple[Shell, Piece, str, images.Start | None]  # shell, script, options, and what it starts in
_DOUBLED = re.compile(r"\$\$")
# Images whose own entry point is a program that installs nothing.
_BUILDERS = re.compile(r"cloud-builders?(-community)?/|cloud-sdk|/(docker|gcloud|git|kaniko|kubectl|terraform)\b")


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield what each step runs."""
    del read  # such a file stands alone
    for root in documents(source):
        if isinstance(root, Skipped):
            yield root
            continue
        for step in flat(at(root, "steps")):
            yield from _step(source, step)


def _step(source: Source, step: Node) -> Iterator[Script]:
    image = text(at(step, "name"))
    found = _script(source, step) or _command(source, step, image)
    if found is not None:
        shell, piece, options, start = found
        yield Script(
            shell,
            piece.text,
            piece.offsets,
            place="runner",
            machine=f"step {step.start}",
            variables=tuple(variables(at(step, "env"))),
            name="step",
            options=options,
            start=start or images.start_in(image),
        )


def _script(source: Source, step: Node) -> _Found | None:
    script = at(step, "script")
    if script is None or script.kind != "scalar":
        return None
    piece = Piece(*scalar(script, source))
    shebang = re.match(r"\s*#!\s*\S*?(\w+)(?:\s+(\w+))?[^\n]*", piece.text)
    if shebang is None:
        return "sh", piece, "e", None
    shell = argv.SHELLS.get(shebang[2] if shebang[1] == "env" else shebang[1])
    return (shell, piece, "", None) if shell else None


def _command(source: Source, step: Node, image: str) -> _Found | None:
    entry = [each for each in items(at(step, "entrypoint")) if each.kind == "scalar"]
    if not entry and _BUILDERS.search(image):
        return None
    words = [Piece(*scalar(each, source)) for each in (*entry, *flat(at(step, "args"))) if each.kind == "scalar"]
    return argv.command([word.replaced(_DOUBLED, lambda _: "$") for word in words]) if words else None
