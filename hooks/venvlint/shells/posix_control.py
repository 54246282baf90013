"""Chains, pipelines, and compound commands of POSIX shells to the tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

from tree_sitter import Node

from venvlint.shells import tree

if TYPE_CHECKING:
    from venvlint.shells.posix import Reader


def chain(reader: Reader, node: Node, start: int, end: int, depth: int) -> tree.Node:
    """Flatten the grammar's left-leaning pairs."""
    rest: list[tuple[Literal["&&", "||"], tree.Node]] = []
    while node.type == "list":
        named = [child for child in node.children if child.type != "comment"]
        if len(named) != 3 or named[1].type not in ("&&", "||"):
            return reader.error(node, start, end, depth)
        rest.append((cast(Literal["&&", "||"], named[1].type), reader.node(named[2], depth + 1)))
        node = named[0]
    return tree.AndOr(reader.node(node, depth + 1), tuple(reversed(rest)), start, end)


def redirected(
    node: tree.Node, redirects: tuple[tree.Redirect, ...], strays: tuple[tree.Word, ...], start: int
) -> tree.Node:
    """Hang redirections, and the words behind them, where the shell does: on the last command of a list or pipeline."""
    end = max((node.end, *(each.end for each in redirects if each.operator != "<<"), *(word.end for word in strays)))
    if isinstance(node, tree.Command):
        return tree.Command(node.words + strays, start, end, node.assignments, node.redirects + redirects)
    if isinstance(node, tree.AndOr):
        operator, last = node.rest[-1]
        hung = redirected(last, redirects, strays, last.start)
        return tree.AndOr(node.first, (*node.rest[:-1], (operator, hung)), start, end)
    if isinstance(node, tree.Pipeline):
        last = node.parts[-1]
        return tree.Pipeline((*node.parts[:-1], redirected(last, redirects, strays, last.start)), start, end)
    if isinstance(node, tree.Not):
        return tree.Not(redirected(node.body, redirects, strays, node.body.start), start, end)
    return tree.Redirected(node, redirects, start, end)


def _until(node: Node, keywords: set[str]) -> tuple[list[Node], list[Node]]:
    """Split a node's children at the first of `keywords`."""
    for index, child in enumerate(node.children):
        if child.type in keywords:
            return node.children[1:index], node.children[index + 1 :]
    return node.children[1:], []


def _if(reader: Reader, node: Node, start: int, end: int, depth: int) -> tree.Node:
    arms: list[tuple[tree.Node, tree.Node]] = []
    otherwise: tree.Node | None = None
    condition, rest = _until(node, {"then"})
    body = [child for child in rest if child.type not in ("elif_clause", "else_clause", "fi")]
    arms.append((reader.sequence(node, condition, depth + 1), reader.sequence(node, body, depth + 1)))
    for child in rest:
        if child.type == "elif_clause":
            condition, body = _until(child, {"then"})
            arms.append((reader.sequence(child, condition, depth + 1), reader.sequence(child, body, depth + 1)))
        elif child.type == "else_clause":
            otherwise = reader.sequence(child, child.children[1:], depth + 1)
    return tree.If(tuple(arms), otherwise, start, end)


def _case(reader: Reader, node: Node, start: int, end: int, depth: int) -> tree.Node:
    subject = node.child_by_field_name("value")
    arms = []
    for item in node.children:
        if item.type != "case_item":
            continue
        patterns = tuple(reader.words.word(child) for child in item.children_by_field_name("value"))
        ends = [child.type for child in item.children if child.type in (";;", ";&", ";;&")]
        after = next((i + 1 for i, child in enumerate(item.children) if child.type == ")"), 0)
        body = [child for child in item.children[after:] if child.type not in (";;", ";&", ";;&")]
        arms.append(tree.CaseArm(patterns, reader.sequence(item, body, depth + 1), ends[0] if ends else ";;"))
    word = reader.words.word(subject) if subject is not None else tree.Word((), start, start)
    return tree.Case(word, tuple(arms), start, end)


def _body(reader: Reader, node: Node, depth: int) -> tree.Node:
    body = node.child_by_field_name("body")
    return reader.skip(node) if body is None else reader.sequence(body, body.children, depth + 1)


def _for(reader: Reader, node: Node, start: int, end: int, depth: int) -> tree.Node:
    variable = node.child_by_field_name("variable")
    has_words = any(child.type == "in" for child in node.children)
    values = tuple(reader.words.word(child) for child in node.children_by_field_name("value"))
    return tree.For(
        reader.words.text(variable) if variable is not None else "",
        values if has_words else None,
        _body(reader, node, depth),
        start,
        end,
        is_select=bool(node.children) and node.children[0].type == "select",
    )


def _while(reader: Reader, node: Node, start: int, end: int, depth: int) -> tree.Node:
    condition = reader.sequence(node, node.children_by_field_name("condition"), depth + 1)
    return tree.While(condition, _body(reader, node, depth), node.children[0].type == "until", start, end)


def _function(reader: Reader, node: Node, start: int, end: int, depth: int) -> tree.Node:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return reader.skip(node)
    return tree.Function(reader.words.text(name), reader.node(body, depth + 1), start, end)


def pipeline(parts: list[tree.Node], start: int, end: int) -> tree.Node:
    """Return a pipeline; `!` in front is about the whole of it, which the grammar takes to be about the first part.

    Of `a | b | c && d` it makes `a | { b | c && d; }`; in a shell `|` binds more.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    if isinstance(first, tree.Not):
        return negated(pipeline([first.body, *parts[1:]], first.body.start, end), start, end)
    for index, part in enumerate(parts):
        if isinstance(part, tree.AndOr):
            inner = part.first.parts if isinstance(part.first, tree.Pipeline) else (part.first,)
            head = pipeline([*parts[:index], *inner], start, part.first.end)
            operator, last = part.rest[-1]
            tail = pipeline([last, *parts[index + 1 :]], last.start, end)
            return tree.AndOr(head, (*part.rest[:-1], (operator, tail)), start, end)
    return tree.Pipeline((first, *map(_behind_a_pipe, parts[1:])), start, end)


def _behind_a_pipe(node: tree.Node) -> tree.Node:
    """Return a part of a pipeline whose `time`, if it begins with that, is the program, as if it were quoted."""
    name = tree.name_of(node)
    if not isinstance(node, tree.Command) or name is None or name.text != "time":
        return node
    word = tree.Word((name._replace(quoted=True),), node.words[0].start, node.words[0].end)
    return replace(node, words=(word, *node.words[1:]))


def negated(body: tree.Node, start: int, end: int) -> tree.Node:
    """Return what `!` makes of a command; of several `!` the grammar takes all but the first for words."""
    if isinstance(body, tree.AndOr):
        return tree.AndOr(negated(body.first, start, body.first.end), body.rest, start, end)
    first = body.words[0] if isinstance(body, tree.Command) and len(body.words) > 1 else None
    if isinstance(body, tree.Command) and isinstance(first, tree.Word) and first.parts == (_bang(first),):
        words = body.words[1:]
        inner = tree.Command(words, words[0].start, body.end, body.assignments, body.redirects)
        body = negated(inner, first.start, body.end)
    return tree.Not(body, start, end)


def _bang(word: tree.Word) -> tree.Text:
    return tree.Text("!", False, word.start)


STATEMENTS: dict[str, Callable[[Reader, Node, int, int, int], tree.Node]] = {
    "c_style_for_statement": _for,
    "case_statement": _case,
    "for_statement": _for,
    "function_definition": _function,
    "if_statement": _if,
    "while_statement": _while,
}
