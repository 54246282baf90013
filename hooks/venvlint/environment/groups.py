"""Redirections of compound commands: `{ echo a; echo b; } >> file` writes what each of its commands prints."""

from __future__ import annotations

from dataclasses import replace

from venvlint.shells import tree

_OUTPUT = (">", ">>", ">|", "&>", "&>>")


def handed_down(node: tree.Redirected) -> tree.Node:
    """Return the body with its output's redirection on every command in it that has none of its own."""
    for redirect in node.redirects:
        is_plain = all(isinstance(part, tree.Text | tree.Variable) for part in redirect.target.parts)
        if redirect.operator in _OUTPUT and redirect.descriptor in ("", "1") and is_plain:
            return _with(node.body, redirect)
    return node.body


def _with(node: tree.Node, redirect: tree.Redirect) -> tree.Node:
    if isinstance(node, tree.Command):
        return _printing(node, redirect)
    if isinstance(node, tree.Sequence):
        return replace(node, items=tuple(_with(item, redirect) for item in node.items))
    if isinstance(node, tree.AndOr):
        rest = tuple((operator, _with(item, redirect)) for operator, item in node.rest)
        return replace(node, first=_with(node.first, redirect), rest=rest)
    if isinstance(node, tree.Pipeline):
        return replace(node, parts=(*node.parts[:-1], _with(node.parts[-1], redirect)))
    if isinstance(node, tree.If):
        arms = tuple((condition, _with(body, redirect)) for condition, body in node.arms)
        return replace(node, arms=arms, otherwise=_with(node.otherwise, redirect) if node.otherwise else None)
    if isinstance(node, tree.Scope | tree.For | tree.While):
        return replace(node, body=_with(node.body, redirect))
    return node


def _printing(node: tree.Command, redirect: tree.Redirect) -> tree.Command:
    if not node.words or any(own.operator in _OUTPUT and own.descriptor in ("", "1") for own in node.redirects):
        return node
    return replace(node, redirects=(*node.redirects, redirect))
