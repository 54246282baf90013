"""Loops, `switch`, and `try` of PowerShell to the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from venvlint.shells import powershell_definitions, tree
from venvlint.shells.powershell_text import variable_name

if TYPE_CHECKING:
    from venvlint.shells.powershell import Reader


def statement(reader: Reader, node: Node, start: int, end: int) -> tree.Node:
    """Return one of the compound statements."""
    if node.type == "foreach_statement":
        return _foreach(reader, node, start, end)
    if node.type == "switch_statement":
        return _switch(reader, node, start, end)
    if node.type == "try_statement":
        return _try(reader, node, start, end)
    condition, body = reader.arm(node)
    if node.type == "for_statement":
        before = tuple(reader.node(child) for child in node.named_children if child.type == "for_initializer")
        after = tuple(reader.node(child) for child in node.named_children if child.type == "for_iterator")
        turns = tree.For("", None, tree.Sequence((body, *after), start, end), start, end)
        return tree.Sequence((*before, turns), start, end)
    is_until = node.type == "do_statement" and any(child.type == "until" for child in node.children)
    loop = tree.While(condition, body, is_until, start, end)
    return tree.Sequence((body, loop), start, end) if node.type == "do_statement" else loop


def _foreach(reader: Reader, node: Node, start: int, end: int) -> tree.Node:
    name = next((child for child in node.named_children if child.type == "variable"), None)
    listed = next((child for child in node.named_children if child.type == "pipeline"), None)
    items: tuple[tree.Word, ...] = ()
    if listed is not None:
        found = reader.values.items(listed)
        items = found if found is not None else _as_list(reader.values.word(listed))
    written = reader.words.text[reader.at[name.start_byte] : reader.at[name.end_byte]] if name is not None else ""
    return tree.For(variable_name(written.strip("${} ")), items, reader.block(node), start, end)


def _as_list(word: tree.Word) -> tuple[tree.Word, ...]:
    """Return a variable as the items of its list."""
    parts = tuple(
        tree.Variable(part.name, True, index="@") if isinstance(part, tree.Variable) and len(word.parts) == 1 else part
        for part in word.parts
    )
    return (tree.Word(parts, word.start, word.end),)


def _switch(reader: Reader, node: Node, start: int, end: int) -> tree.Node:
    asked = next((child for child in node.named_children if child.type == "switch_condition"), None)
    subject = reader.values.word(asked.named_children[-1]) if asked is not None and asked.named_children else None
    is_literal = not any(child.type == "switch_parameters" for child in node.named_children)
    arms: list[tree.CaseArm] = []
    for clause in _clauses(node):
        label = next((child for child in clause.named_children if child.type == "switch_clause_condition"), None)
        written = (
            reader.words.text[reader.at[label.start_byte] : reader.at[label.end_byte]].strip()
            if label is not None
            else ""
        )
        text = written.strip("'\"")
        is_default = label is None or text.lower() == "default"
        part: tree.Part = tree.Text("*" if is_default else text, not is_default)
        if (not is_literal and not is_default) or "{" in text or "$" in text:
            part = tree.Opaque(text)
        word = tree.Word((part,), start, start)
        arms.append(tree.CaseArm((word,), reader.block(clause), ";;"))
    if subject is None:
        subject = tree.Word((tree.Opaque("switch"),), start, start)
    return tree.Case(subject, tuple(arms), start, end)


def _clauses(node: Node) -> list[Node]:
    found: list[Node] = []
    for child in node.named_children:
        if child.type == "switch_clause":
            found.append(child)
        elif child.type in ("switch_body", "switch_clauses", "ERROR"):
            found += _clauses(child)
    return found


def _try(reader: Reader, node: Node, start: int, end: int) -> tree.Node:
    """Either all of the body runs, or a handler does from where the body began."""
    body = reader.block(node)
    handlers: list[tree.Node] = []
    last: tuple[tree.Node, ...] = ()
    for child in node.named_children:
        if child.type == "catch_clauses":
            handlers += [reader.block(clause) for clause in child.named_children if clause.type == "catch_clause"]
        elif child.type == "finally_clause":
            last = (reader.block(child),)
    if handlers:
        arms = tuple((tree.Unparsed(start, start), handler) for handler in handlers)
        body = tree.If(arms, body, start, end)
    return tree.Sequence((body, *last), start, end)


def assigned_if(reader: Reader, name: str, node: Node, start: int, end: int) -> tree.Node:
    """`$x = if (...) { a } else { b }`: what the branch that runs comes to."""
    arms: list[tuple[tree.Node, tree.Node]] = []
    otherwise: tree.Node | None = None
    clauses = [node]
    for child in node.named_children:
        if child.type == "elseif_clauses":
            clauses += [clause for clause in child.named_children if clause.type == "elseif_clause"]
        elif child.type == "else_clause":
            otherwise = _assigned_block(reader, name, child, start, end)
    for clause in clauses:
        condition, _ = reader.arm(clause)
        arms.append((condition, _assigned_block(reader, name, clause, start, end)))
    return tree.If(tuple(arms), otherwise, start, end)


def _assigned_block(reader: Reader, name: str, node: Node, start: int, end: int) -> tree.Node:
    block = next((child for child in node.named_children if child.type == "statement_block"), None)
    lists = [child for child in block.named_children if child.type == "statement_list"] if block is not None else []
    statements = [
        each for child in lists for each in child.named_children if each.type not in ("comment", "empty_statement")
    ]
    if not statements:
        return tree.Sequence((), start, end)
    before = tuple(reader.node(child) for child in statements[:-1])
    last = statements[-1]
    done = (
        powershell_definitions.assigned(reader, name, last, "=", start, end)
        if last.type == "pipeline"
        else reader.node(last)
    )
    return tree.Sequence((*before, done), start, end)
