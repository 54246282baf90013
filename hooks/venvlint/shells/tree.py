"""The tree that every shell parser yields: commands, and what runs them in which order and scope.

Every node has `start` and `end`, character offsets into the script's text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


class Text(NamedTuple):
    """Literal characters of a word, which stand letter for letter at `start` of the script (-1: they don't).

    Unquoted ones can glob and, at a word's start, stand for a home (`~`).
    """

    text: str
    quoted: bool = False
    start: int = -1


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`, `${name}`, `${name:-operand}`: `operator` is what follows the name, `index` an array's subscript."""

    name: str
    quoted: bool = False
    operator: str = ""
    operand: Word | None = None
    index: str = ""


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(body)` or backticks: a command whose output stands in the word; `<(body)` where `is_process`."""

    body: Node
    quoted: bool = False
    is_process: bool = False


@dataclass(frozen=True, slots=True)
class Opaque:
    """A part whose value can't be told, such as arithmetic."""

    text: str
    quoted: bool = False


Part = Text | Variable | Substitution | Opaque


class Word(NamedTuple):
    """One word of a command before expansion."""

    parts: tuple[Part, ...]
    start: int
    end: int


def literal(text: str, start: int) -> Word:
    """Return a word that a parser puts in at an offset: it stands nowhere in the text."""
    return Word((Text(text, True),), start, start)


def text_of(word: Word) -> str:
    """Return the characters of a word that stand for themselves."""
    return "".join(part.text for part in word.parts if isinstance(part, Text))


def name_of(node: Node) -> Text | None:
    """Return the first word of a command where it is one piece of text; None elsewhere."""
    first = node.words[0] if isinstance(node, Command) and node.words else None
    part = first.parts[0] if isinstance(first, Word) and len(first.parts) == 1 else None
    return part if isinstance(part, Text) else None


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name=value`, `name+=value`, `name=(values)`. `values` is set for an array, `index` for one element."""

    name: str
    value: Word | None
    start: int
    end: int
    values: tuple[Word, ...] | None = None
    index: str = ""
    is_append: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """`>file`, `2>&1`, `<<EOF`, `<<<text`: `target` is the file, or the text of a heredoc or here-string."""

    operator: str
    target: Word
    start: int
    end: int
    descriptor: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command. `words[0]` is its name; `export A=b` and its like keep the assignment among the words."""

    words: tuple[Word | Assignment, ...]
    start: int
    end: int
    assignments: tuple[Assignment, ...] = ()
    redirects: tuple[Redirect, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """Commands one after the other."""

    items: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AndOr:
    """`first && second || third`: the operators bind equally, from left to right."""

    first: Node
    rest: tuple[tuple[Literal["&&", "||"], Node], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Not:
    """`! body`."""

    body: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`a | b | c`."""

    parts: tuple[Node, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scope:
    """`( body )`, `body &`: a shell of its own, or `{ body }`, which is the same shell (`is_subshell` false)."""

    body: Node
    is_subshell: bool
    start: int
    end: int
    name: str = "subshell"


@dataclass(frozen=True, slots=True)
class Redirected:
    """A compound command with redirections."""

    body: Node
    redirects: tuple[Redirect, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class If:
    """`arms` are pairs of condition and body, in order."""

    arms: tuple[tuple[Node, Node], ...]
    otherwise: Node | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CaseArm:
    """Patterns, the body, and how it ends: `;;`, `;&` (into the next), `;;&` (test the next)."""

    patterns: tuple[Word, ...]
    body: Node
    terminator: str


@dataclass(frozen=True, slots=True)
class Case:
    """`case subject in arms esac`."""

    subject: Word
    arms: tuple[CaseArm, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class For:
    """`for name in words; do body; done`; `words` None: the positional parameters, or a C-style or `select` loop."""

    name: str
    words: tuple[Word, ...] | None
    body: Node
    start: int
    end: int
    is_select: bool = False


@dataclass(frozen=True, slots=True)
class While:
    """`while condition; do body; done`, or `until`."""

    condition: Node
    body: Node
    is_until: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Function:
    """A definition; `body` runs at each call."""

    name: str
    body: Node
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A batch file: stretches of commands with the labels that they begin with; a jump leads to any of them."""

    parts: tuple[tuple[str, Node], ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Unparsed:
    """Text that the parser couldn't make sense of: nothing is known of what it does."""

    start: int
    end: int


Compound = Sequence | AndOr | Not | Pipeline | Scope | Redirected | If | Case | For | While | Function | Labelled
Node = Command | Compound | Unparsed
