"""What PowerShell's statements define: variables, functions, and their parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from venvlint.shells import tree
from venvlint.shells.powershell_text import variable_name
from venvlint.shells.powershell_values import PRINTING, peeled

if TYPE_CHECKING:
    from venvlint.shells.powershell import Reader

SET_VARIABLE = re.compile(r"\[(?:system\.)?environment\]::setenvironmentvariable\(", re.IGNORECASE)


def assignment(reader: Reader, node: Node, start: int, end: int) -> tree.Node:
    """Return `$name = value`, with any of the operators."""
    left, value = node.named_children[0], node.named_children[-1]
    operator = next(
        (
            reader.text[reader.at[c.start_byte] : reader.at[c.end_byte]].strip()
            for c in node.children
            if c.type == "assignement_operator"
        ),
        "=",
    )
    target = re.fullmatch(r"(?:\[[^\]]*\]\s*)*\$\{?([\w:]+)\}?", reader.text[slice(*reader.span(left))].strip())
    return assigned(reader, target[1] if target else "", value, operator, start, end)


def assigned(reader: Reader, name: str, value: Node, operator: str, start: int, end: int) -> tree.Node:
    """Return the assignment of what `value` comes to, or of what the commands in it print."""
    inner = peeled(value)
    if inner.type == "script_block_expression" and name:
        return tree.Function(f"${variable_name(name)}", reader.sequence(inner), start, end)
    if inner.type == "if_statement":
        from venvlint.shells import powershell_control

        return powershell_control.assigned_if(reader, name, inner, start, end)
    if name.lower() in ("null", ""):
        return reader.node(value)
    items = reader.values.items(value)
    word = None if items is not None else reader.values.word(value)
    before: tuple[tree.Node, ...] = ()
    if inner.type in ("command", "pipeline_chain", "assignment_expression") and not _is_printing(reader, inner):
        before = (reader.node(inner),)
        word = tree.Word((tree.Opaque(f"output {start}", True),), start, end)
    elif word is not None and any(isinstance(part, tree.Opaque) for part in word.parts):
        before = (reader.node(value),)
    assignment = tree.Assignment(_scoped(name), word, start, end, items, "", operator == "+=")
    if operator not in ("=", "+=", "??="):
        assignment = tree.Assignment(
            _scoped(name), tree.Word((tree.Opaque(f"{name} {start}", True),), start, end), start, end
        )
    done = tree.Command((), start, end, (assignment,))
    return done if not before else tree.Sequence((*before, done), start, end)


def _is_printing(reader: Reader, node: Node) -> bool:
    written = reader.text[slice(*reader.span(node))]
    return re.split(r"[\s(]", written, maxsplit=1)[0].lower() in PRINTING


def set_variable(reader: Reader, node: Node, start: int, end: int) -> tree.Node:
    """`[Environment]::SetEnvironmentVariable(name, value[, target])`: only the process's own counts here."""
    words = reader.values.arguments(node)
    names = [part.text for part in words[0].parts if isinstance(part, tree.Text)] if words else []
    target = tree.text_of(words[2]) if len(words) > 2 else ""
    is_own = len(words) == 2 or target.lower().endswith("process")
    if not names or not is_own:
        return tree.Sequence((), start, end)
    assignment = tree.Assignment(_scoped(f"env:{''.join(names)}"), words[1], start, end)
    return tree.Command((), start, end, (assignment,))


def function(reader: Reader, node: Node, start: int, end: int) -> tree.Node:
    """Return a function, which takes its arguments first."""
    name = next((child for child in node.named_children if child.type == "function_name"), None)
    items = []
    for child in node.named_children:
        if child.type == "function_parameter_declaration":
            items.append(parameters(reader, child))
        elif child.type in ("script_block", "ERROR"):
            items.append(reader.node(child))
    written = reader.text[slice(*reader.span(name))].lower() if name is not None else ""
    return tree.Function(written.rpartition(":")[2], tree.Sequence(tuple(items), start, end), start, end)


def parameters(reader: Reader, node: Node) -> tree.Node:
    """Return `param(...)` as a command that takes the arguments: each parameter, with its default."""
    start, end = reader.span(node)
    listed = next((child for child in node.named_children if child.type == "parameter_list"), None)
    words: list[tree.Word | tree.Assignment] = [tree.literal(":param", start)]
    for child in listed.named_children if listed is not None else []:
        found = next((each for each in child.named_children if each.type == "variable"), None)
        if found is None:
            continue
        name = variable_name(reader.text[slice(*reader.span(found))].strip("${}"))
        default = next((each for each in child.named_children if each.type == "script_parameter_default"), None)
        is_switch = "[switch]" in reader.text[slice(*reader.span(child))].lower()
        if default is not None and default.named_children:
            words.append(tree.Assignment(name, reader.values.word(default.named_children[-1]), start, end))
        else:
            words.append(tree.literal(f"{name}?" if is_switch else name, start))
    return tree.Command(tuple(words), start, end)


def _scoped(name: str) -> str:
    """Return the name of an assignment's variable; the scope that it names stays, for the evaluator."""
    scope, colon, _ = name.partition(":")
    if colon and scope.lower() in ("env", "global", "script"):
        return f"{scope.lower()}:{variable_name(name)}"
    return variable_name(name)
