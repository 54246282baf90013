"""PowerShell scripts to a tree of commands, by tree-sitter-powershell."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from venvlint.shells import powershell_control, powershell_definitions, tree
from venvlint.shells.byte_offsets import ByteOffsets
from venvlint.shells.powershell_blocks import fed, handed_over
from venvlint.shells.powershell_mending import mended
from venvlint.shells.powershell_values import Values, peeled
from venvlint.shells.powershell_words import Block, Words

_LANGUAGE = Language(tree_sitter_powershell.language())
_DEEPEST = 60
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ENDINGS = frozenset({"break", "continue", "exit", "return", "throw"})
# Statements that run no commands where they stand.
_SILENT = {
    "class_statement",
    "comment",
    "data_statement",
    "empty_statement",
    "enum_statement",
    "trap_statement",
    "using_statement",
}


def parse(text: str) -> tuple[tree.Node, tuple[tree.Unparsed, ...]]:
    """Return the tree of a script and the stretches of it that the parser couldn't make sense of."""
    text = _LONE_SURROGATE.sub("\ufffd", text)
    reader = Reader(text, 0, len(text), 0)
    return reader.whole(), tuple(reader.unparsed)


def _parsed(data: bytes) -> Node:
    return Parser(_LANGUAGE).parse(data).root_node


class Reader:
    """Turns a stretch of a script into the tree. Words are read from the text, all else from the grammar's nodes."""

    def __init__(self, text: str, start: int, stop: int, depth: int) -> None:
        self.text = text
        self._depth = depth
        self._stop = stop
        masked, self.root, lost = mended(text[start:stop], _parsed)
        self.at = ByteOffsets(masked, masked.encode("utf-8", "surrogatepass"), start)
        self.words = Words(text, self._nested, self._values_in)
        self.values = Values(self.words, self.at, self.node)
        self.unparsed = [tree.Unparsed(start + first, start + last) for first, last in lost]

    def whole(self) -> tree.Node:
        return self.sequence(self.root)

    def _inner(self, start: int, stop: int) -> Reader | None:
        if self._depth >= _DEEPEST or stop <= start:
            return None
        return Reader(self.text, start, min(stop, len(self.text)), self._depth + 1)

    def _nested(self, start: int, stop: int) -> tree.Node:
        """Return the commands in a range of the text."""
        inner = self._inner(start, stop)
        return tree.Sequence((), start, max(stop, start)) if inner is None else inner.whole()

    def _values_in(self, start: int, stop: int) -> tuple[tree.Word, ...] | None:
        """Return what an expression in a range of the text comes to: None where it is anything but one expression."""
        inner = self._inner(start, stop)
        if inner is None:
            return None
        statements = [child for child in inner.root.named_children if child.type == "statement_list"]
        found = statements[0].named_children if len(statements) == 1 else []
        if len(found) != 1 or found[0].type != "pipeline":
            return None
        if self.text[start] == "(" and peeled(found[0]).type == "command":
            return None  # the grammar went astray: no command begins with a parenthesis
        items = inner.values.items(found[0])
        return items if items is not None else (inner.values.word(found[0]),)

    def span(self, node: Node) -> tuple[int, int]:
        start, end = self.at[node.start_byte], self.at[node.end_byte]
        written = self.text[start:end]
        return start + len(written) - len(written.lstrip()), start + len(written.rstrip())

    def sequence(self, node: Node) -> tree.Node:
        """Return the commands below a node, one after the other."""
        items = tuple(self._items(node.children))
        return items[0] if len(items) == 1 else tree.Sequence(items, *self.span(node))

    def _items(self, children: list[Node]) -> Iterator[tree.Node]:
        behind = -1
        for child in children:
            if not child.is_named or child.type in _SILENT or self.at[child.start_byte] < behind:
                continue
            yield self.node(child)
            if child.type == "ERROR":
                behind = self.words.end  # the words of a broken command that the grammar takes for statements

    def node(self, node: Node) -> tree.Node:
        kind = node.type
        start, end = self.span(node)
        if kind == "command":
            return self._command(node)
        if kind == "pipeline":
            return self._pipeline(node, start, end)
        if kind == "assignment_expression":
            return powershell_definitions.assignment(self, node, start, end)
        if kind == "if_statement":
            return self._if(node, start, end)
        if kind == "flow_control_statement":
            return self._ending(node, start, end)
        if kind == "function_statement":
            return powershell_definitions.function(self, node, start, end)
        if kind in (
            "foreach_statement",
            "for_statement",
            "while_statement",
            "do_statement",
            "switch_statement",
            "try_statement",
        ):
            return powershell_control.statement(self, node, start, end)
        if kind == "param_block":
            return powershell_definitions.parameters(self, node)
        if kind == "invokation_expression" and powershell_definitions.SET_VARIABLE.match(self.text[start:end]):
            return powershell_definitions.set_variable(self, node, start, end)
        if kind == "ERROR":
            return self._error(node, start, end)
        if kind == "script_block_expression":
            return tree.Sequence((), start, end)  # a value: nobody has called it yet
        return self.sequence(node)

    def _error(self, node: Node, start: int, end: int) -> tree.Node:
        """Keep the commands inside a stretch that doesn't parse as a whole; where they stand is then uncertain."""
        self.unparsed.append(tree.Unparsed(start, end))
        body = self.sequence(node)
        unknown = tree.Unparsed(start, start)
        return tree.Sequence((unknown, tree.If(((unknown, body),), None, start, end)), start, end)

    # Commands

    def _command(self, node: Node) -> tree.Node:
        start, _ = self.span(node)
        items = list(self.words.command(start, self._stop))
        end = max(self.words.end, start)
        words = tuple(item for item in items if isinstance(item, tree.Word))
        redirects = tuple(item for item in items if isinstance(item, tree.Redirect))
        blocks = tuple(self._nested(item.start, item.end) for item in items if isinstance(item, Block))
        self.words.end = end
        ends = [item.end + 1 if isinstance(item, Block) else item.end for item in items]
        end = min(max(ends), end) if ends else end
        command = tree.Command(self._with_block(words), start, end, (), redirects)
        return handed_over(command, blocks) if blocks else command

    def _with_block(self, words: tuple[tree.Word, ...]) -> tuple[tree.Word, ...]:
        """Return the words of `& $block` with a function's name where a script block was put into the variable."""
        target = words[1].parts if len(words) > 1 and self.text[words[0].start : words[0].end] in ("&", ".") else ()
        if len(target) == 1 and isinstance(target[0], tree.Variable):
            name = target[0].name
            if re.search(rf"\${re.escape(name)}\s*=\s*\{{", self.text, re.IGNORECASE):
                named = tree.Word((tree.Text(f"${name}", True),), words[1].start, words[1].end)
                return (words[0], named, *words[2:])
        return words

    def _pipeline(self, node: Node, start: int, end: int) -> tree.Node:
        """Return a statement: chains parted by `&&` and `||`, each of commands parted by `|`."""
        chains = [child for child in node.named_children if child.type != "comment"]
        operators = [child.children[0].type for child in chains if child.type == "pipeline_chain_tail"]
        chains = [child for child in chains if child.type != "pipeline_chain_tail"]
        parts = [self._chain(child) for child in chains]
        if not parts:
            return tree.Sequence((), start, end)
        is_job = self.text[:end].endswith("&") and not self.text[:end].endswith("&&")
        first = parts[0]
        if len(parts) > 1 and len(operators) == len(parts) - 1:
            rest = tuple(
                ("&&" if operator == "&&" else "||", part) for operator, part in zip(operators, parts[1:], strict=True)
            )
            first = tree.AndOr(first, rest, start, end)  # type: ignore[arg-type]
        elif len(parts) > 1:
            first = tree.Sequence(tuple(parts), start, end)
        return tree.Scope(first, True, start, end, "background job") if is_job else first

    def _chain(self, node: Node) -> tree.Node:
        """Return a pipeline. All of it runs in one process and one scope."""
        if node.type != "pipeline_chain":
            return self.node(node)
        parts = [child for child in node.named_children if child.type not in ("comment", "redirection")]
        done = [self.node(child) for child in parts]
        start, end = self.span(node)
        items = tuple(
            fed(each, self.values.items(parts[0]) or ()) if index == 1 else each for index, each in enumerate(done)
        )
        return items[0] if len(items) == 1 else tree.Sequence(items, start, end)

    # Statements

    def _if(self, node: Node, start: int, end: int) -> tree.Node:
        arms = [self.arm(node)]
        otherwise: tree.Node | None = None
        for child in node.named_children:
            if child.type == "elseif_clauses":
                arms += [self.arm(clause) for clause in child.named_children if clause.type == "elseif_clause"]
            elif child.type == "else_clause":
                otherwise = self.block(child)
        return tree.If(tuple(arms), otherwise, start, end)

    def arm(self, node: Node) -> tuple[tree.Node, tree.Node]:
        asked = next((child for child in node.named_children if child.type in ("pipeline", "while_condition")), None)
        start, _ = self.span(node)
        condition = self.values.condition(asked) if asked is not None else tree.Unparsed(start, start)
        return condition, self.block(node)

    def block(self, node: Node) -> tree.Node:
        """Return the commands of the `{ ... }` below a node."""
        found = next((child for child in node.named_children if child.type == "statement_block"), None)
        start, end = self.span(node)
        return self.sequence(found) if found is not None else tree.Sequence((), start, end)

    def _ending(self, node: Node, start: int, end: int) -> tree.Node:
        """`exit`, `return`, `throw`, `break`, `continue`; what stands behind one is run before."""
        written = self.text[start:end]
        keyword = re.split(r"\W", written, maxsplit=1)[0].lower()
        name = keyword if keyword in _ENDINGS else "return"
        code = re.fullmatch(r"\w+\s+(\d+)", written)
        words = [tree.Word((tree.Text(name, True),), start, start + len(name))]
        words += [tree.Word((tree.Text(code[1], True),), start, end)] if code and name == "exit" else []
        ending = tree.Command(tuple(words), start, end)
        values = tuple(self.node(child) for child in node.named_children)
        return tree.Sequence((*values, ending), start, end) if values else ending
