"""Expressions of PowerShell: to the words that they come to, and to the conditions that `if` and `while` ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from tree_sitter import Node

from venvlint.shells import tree
from venvlint.shells.powershell_text import variable
from venvlint.shells.powershell_words import Words

if TYPE_CHECKING:
    from venvlint.shells.byte_offsets import ByteOffsets

Convert = Callable[[Node], tree.Node]

# What a parenthesised command prints is taken for its value where the evaluator may be able to tell it.
PRINTING = frozenset(
    {"convert-path", "gcm", "get-command", "get-item", "get-location", "gi", "gl", "join-path", "pwd", "resolve-path",
     "rvpa", "split-path", "write-output", "echo", "where.exe", "which"}
)  # fmt: skip
_WRAPPERS = ("pipeline", "pipeline_chain", "argument_expression", "while_condition")
_SAME_VALUE = {"definition", "fullname", "path", "providerpath", "source", "tostring", "trim", "value"}
_TEST_ARGUMENT = re.compile(r"\[(?:system\.)?string\]::isnullor(?:empty|whitespace)\((.*)\)", re.IGNORECASE | re.DOTALL)
_COMBINE = re.compile(r"\[(?:system\.)?io\.path\]::(combine|getfullpath)\(", re.IGNORECASE)
_OPERATORS: dict[str, Literal["&&", "||"]] = {"-and": "&&", "-or": "||"}


def peeled(node: Node) -> Node:
    """Return the node without the levels of precedence that hold nothing else."""
    while (
        node.named_child_count == 1
        and node.child_count == 1
        and (node.type.endswith("_expression") or node.type in _WRAPPERS)
        and node.type not in ("script_block_expression",)
    ):
        child = node.named_children[0]
        node = child
    return node


class Values:
    """Reads expressions. `commands` converts the commands of a node, `statements` those of parentheses."""

    def __init__(self, words: Words, at: ByteOffsets, convert: Convert) -> None:
        self._words = words
        self._at = at
        self._convert = convert

    def _text(self, node: Node) -> str:
        return self._words.text[self._at[node.start_byte] : self._at[node.end_byte]]

    def word(self, node: Node) -> tree.Word:
        """Return an expression as one word."""
        return tree.Word(tuple(self.parts(node)), self._at[node.start_byte], self._at[node.end_byte])

    def items(self, node: Node) -> tuple[tree.Word, ...] | None:
        """Return the items of a list, None where the expression isn't one."""
        node = peeled(node)
        if node.type == "array_expression":
            inner = [
                each for child in node.named_children if child.type == "statement_list" for each in child.named_children
            ]
            found = [
                each for child in inner for each in self.items(child) or (self._single(child),) if each is not None
            ]
            return tuple(found)
        if node.type == "array_literal_expression" and any(child.type == "," for child in node.children):
            return tuple(self.word(child) for child in node.named_children)
        if node.type == "parenthesized_expression" and node.named_child_count == 1:
            return self.items(node.named_children[0])
        if node.type == "additive_expression" and node.child_count == 3:  # @("a") + @("b")
            left, right = self.items(node.children[0]), self.items(node.children[2])
            if left is not None or right is not None:
                return (left or (self.word(node.children[0]),)) + (right or (self.word(node.children[2]),))
        return None

    def _single(self, node: Node) -> tree.Word | None:
        return None if node.type in ("empty_statement", "comment") else self.word(node)

    def parts(self, node: Node) -> Iterator[tree.Part]:
        node = peeled(node)
        kind = node.type
        start, end = self._at[node.start_byte], self._at[node.end_byte]
        if kind == "string_literal" or kind.endswith(("string_literal", "string_characters")):
            start = end - len(self._words.text[start:end].lstrip())  # the grammar counts white space to some strings
            yield from self._words.string(start, end)
        elif kind == "variable" or kind == "braced_variable":
            yield variable(self._text(node).strip())
        elif kind in ("integer_literal", "real_literal", "decimal_integer_literal"):
            yield tree.Text(self._text(node).strip(), True, start)
        elif kind == "type_literal":
            yield tree.Text(self._text(node), True, start)
        elif kind.startswith("additive_") and node.child_count == 3 and node.children[1].type == "+":
            yield from self.parts(node.children[0])
            yield from self.parts(node.children[2])
        elif kind in ("format_expression", "format_argument_expression") and node.named_child_count >= 2:
            yield from self._formatted(node)
        elif kind == "cast_expression" or (kind == "expression_with_unary_operator" and node.named_child_count == 1):
            inner = node.named_children[-1]
            yield from (
                self.parts(inner)
                if kind == "cast_expression" or inner.type == "cast_expression"
                else [self._opaque(node)]
            )
        elif kind in ("parenthesized_expression", "sub_expression"):
            yield from self._inside(node)
        elif kind == "member_access":
            yield from self._member(node)
        elif kind == "invokation_expression":
            yield from self._invoked(node)
        elif kind == "command":
            yield self._substitution(node)
        else:
            yield self._opaque(node)

    def _opaque(self, node: Node) -> tree.Opaque:
        return tree.Opaque(self._text(node), True)

    def _substitution(self, node: Node) -> tree.Part:
        return tree.Substitution(self._convert(node), True)

    def _inside(self, node: Node) -> Iterator[tree.Part]:
        """Yield what parentheses come to: their one expression, or what their commands print."""
        inner = [child for child in node.named_children if child.type != "comment"]
        if len(inner) == 1 and inner[0].type == "statement_list":
            inner = [child for child in inner[0].named_children if child.type not in ("comment", "empty_statement")]
        if len(inner) != 1:
            yield tree.Substitution(self._convert(node), True)
            return
        yield from self.parts(inner[0])

    def _member(self, node: Node) -> Iterator[tree.Part]:
        name = self._text(node.named_children[-1]).lower()
        inner = peeled(node.named_children[0])
        if self._text(node).lower().endswith(("$myinvocation.mycommand.path", "$myinvocation.mycommand.definition")):
            yield tree.Variable("PSCommandPath", True)
        elif name in _SAME_VALUE:
            yield from self.parts(inner)
        else:
            yield self._opaque(node)

    def _invoked(self, node: Node) -> Iterator[tree.Part]:
        written = self._text(node)
        combine = _COMBINE.match(written)
        if combine is not None:
            arguments = self.arguments(node)
            for index, word in enumerate(arguments):
                if index:
                    yield tree.Text("/", True)
                yield from word.parts
        elif (
            re.search(r"\.(?:tostring|trim(?:end|start)?)\([^()]*\)$", written, re.IGNORECASE)
            and node.named_child_count > 1
        ):
            yield from self.parts(node.named_children[0])
        else:
            yield self._opaque(node)

    def arguments(self, node: Node) -> tuple[tree.Word, ...]:
        """Return the arguments of a method's call."""
        found = next((child for child in node.named_children if child.type == "argument_list"), None)
        listed = found.named_children[0] if found is not None and found.named_children else None
        return tuple(self.word(child) for child in listed.named_children) if listed is not None else ()

    def _formatted(self, node: Node) -> Iterator[tree.Part]:
        """Yield what `"{0}/bin" -f $a` comes to."""
        right = node.named_children[-1]
        values = self.items(right) or (self.word(right),)
        for part in self.parts(node.named_children[0]):
            if not isinstance(part, tree.Text):
                yield part
                continue
            for number, piece in enumerate(re.split(r"\{(\d+)\}", part.text)):
                if number % 2 == 0:
                    yield tree.Text(piece, True)
                elif int(piece) < len(values):
                    yield from values[int(piece)].parts

    # Conditions

    def condition(self, node: Node) -> tree.Node:
        """Return what `if` asks as commands that succeed or fail."""
        node = peeled(node)
        kind = node.type
        start, end = self._at[node.start_byte], self._at[node.end_byte]
        if kind in ("command", "pipeline", "pipeline_chain", "assignment_expression"):
            return self._convert(node)
        if kind == "parenthesized_expression" and node.named_child_count == 1:
            return self.condition(node.named_children[0])
        if kind == "expression_with_unary_operator" and self._text(node).lstrip().lower().startswith(("!", "-not")):
            return tree.Not(self.condition(node.named_children[-1]), start, end)
        if kind == "logical_expression" and node.child_count == 3:
            operator = _OPERATORS.get(self._text(node.children[1]).strip().lower())
            if operator is not None:
                right = self.condition(node.children[2])
                return tree.AndOr(self.condition(node.children[0]), ((operator, right),), start, end)
        return self._question(node, start, end)

    def _question(self, node: Node, start: int, end: int) -> tree.Node:
        if node.type == "comparison_expression" and node.child_count == 3:
            operator = re.sub(r"^-[ci]?(?=eq|ne)", "-", self._text(node.children[1]).strip().lower())
            words = self.word(node.children[0]), self.word(node.children[2])
            if operator in ("-eq", "-ne"):
                return _test((words[0], tree.literal("==" if operator == "-eq" else "!=", start), words[1]), start, end)
        if node.type == "invokation_expression" and _TEST_ARGUMENT.fullmatch(self._text(node)):
            arguments = self.arguments(node)
            if len(arguments) == 1:
                return _test((tree.literal("-z", start), arguments[0]), start, end)
        if node.type in ("variable", "string_literal", "integer_literal"):
            written = self._text(node).strip().lower()
            if written in ("$true", "$false", "$null"):
                return tree.Command((tree.literal("true" if written == "$true" else "false", start),), start, end)
            return _test((self.word(node),), start, end)
        return _unknown(self._convert(node), start, end)


def _test(words: tuple[tree.Word, ...], start: int, end: int) -> tree.Node:
    return tree.Command((tree.literal("[", start), *words, tree.literal("]", end)), start, end)


def _unknown(commands: tree.Node, start: int, end: int) -> tree.Node:
    """Return commands whose answer can't be told."""
    return tree.Sequence((commands, tree.Command((tree.literal("((", start),), start, start)), start, end)
