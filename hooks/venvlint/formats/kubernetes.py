"""Kubernetes manifests and Helm templates: what the containers of workloads run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from venvlint.formats import argv, containers
from venvlint.formats.dockerfile_stage import Stage, execute, in_shell
from venvlint.formats.pieces import Piece
from venvlint.formats.yaml_text import Node, at, documents, entries, items, scalar, text
from venvlint.model import Script, Skipped
from venvlint.source import Source
from venvlint.values import CLOSE, OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from venvlint.formats import Read

# Kinds that have containers, with those of Argo and Tekton, whose steps hold scripts.
_WORKLOADS = frozenset(
    {"ClusterTask", "ClusterWorkflowTemplate", "CronJob", "CronWorkflow", "DaemonSet", "Deployment", "Job", "Pipeline"}
    | {"PipelineRun", "Pod", "PodTemplate", "ReplicaSet", "ReplicationController", "Rollout", "StatefulSet"}
    | {"StepAction", "Task", "TaskRun", "Workflow", "WorkflowTemplate"}
)
# https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
_REFERENCE = re.compile(r"\$(?P<escape>\$(?=\())|\$\((?P<name>[A-Za-z_][\w.-]*)\)")
_KIND = re.compile(rf"^[\"'\s]*kind[\"']?:\s*[\"']?(?:{'|'.join(sorted(_WORKLOADS))})\b", re.MULTILINE)
_TEMPLATE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_MOST_NESTED = 60


def scripts(source: Source, read: Read) -> Iterator[Script | Skipped]:
    """Yield what the containers of each workload run."""
    del read  # a manifest stands alone
    if not _KIND.search(source.text):  # of some other YAML it doesn't matter whether it is valid
        return
    is_template = "{{" in source.text
    for document in documents(_without_templates(source) if is_template else source):
        if isinstance(document, Skipped):
            if not is_template:  # what a template comes to needn't be YAML before it is filled in
                yield document
        elif text(at(document, "kind")) in _WORKLOADS:
            yield from _containers(source, document, Stage("container", "unknown"))


def is_manifest(text: str) -> bool:
    """Tell whether a YAML file has something of a kind that runs containers."""
    return _KIND.search(text) is not None


def _without_templates(source: Source) -> Source:
    """Return the source with template actions replaced, each by as many characters: offsets stay what they are."""
    filled = Source(source.path, b"")

    def placeholder(match: re.Match[str]) -> str:
        start, end = match.span()
        line_start = source.text.rfind("\n", 0, start) + 1
        line_end = source.text.find("\n", end)
        line_end = len(source.text) if line_end < 0 else line_end
        is_alone = not source.text[line_start:start].strip() and not source.text[end:line_end].strip()
        if is_alone or "\n" in match[0]:
            return re.sub(r"[^\n]", " ", match[0])
        return f"{OPEN}{'.' * (end - start - 2)}{CLOSE}"

    filled.text = _TEMPLATE.sub(placeholder, source.text)
    return filled


def _containers(source: Source, node: Node, stage: Stage, depth: int = 0) -> Iterator[Script]:
    """Yield what every mapping below `node` runs that has the keys of a container, a probe, or a step."""
    if depth > _MOST_NESTED:
        return
    if node.kind == "mapping":
        known = entries(node)
        if "image" in known or "env" in known:
            stage = _stage(source, node, stage)
        if known.keys() & {"command", "args", "script", "source"}:
            yield from _commands(source, node, stage)
        for value in known.values():
            yield from _containers(source, value, stage, depth + 1)
    elif node.kind == "sequence":
        for item in node.children:
            yield from _containers(source, item, stage, depth + 1)


def _stage(source: Source, node: Node, outer: Stage) -> Stage:
    image = text(at(node, "image"))
    stage = containers.of_image(f"container {node.start}", image) if image else outer
    pairs = ((text(at(item, "name")), at(item, "value")) for item in items(at(node, "env")))
    return containers.add_environment(
        stage, ((name, _value(source, value).text) for name, value in pairs if name and value and text(value))
    )


def _commands(source: Source, node: Node, stage: Stage) -> Iterator[Script]:
    words = [_value(source, item) for key in ("command", "args") for item in _list(at(node, key))]
    script = at(node, "script") or at(node, "source")
    if script is not None and script.kind == "scalar":
        piece = Piece(*scalar(script, source))
        given = argv.shell_of([word.text for word in words])
        shell = given if words else argv.Interpreter("sh", "", 0)
        yield from in_shell(stage, piece, argv.shebang(piece.text, shell), "script")
    elif words:
        yield from execute(stage, words, "command")


def _list(node: Node | None) -> list[Node]:
    return [item for item in node.children if item.kind == "scalar"] if node and node.kind == "sequence" else []


def _value(source: Source, node: Node) -> Piece:
    return containers.substituted(Piece(*scalar(node, source)), _REFERENCE)
