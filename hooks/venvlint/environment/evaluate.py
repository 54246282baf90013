"""Runs a script's tree in the abstract: every way that control can take, with the state of the shell on each."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from venvlint import shells
from venvlint.environment import branches, commands, dialects, landing, loops, sites, streams, traps
from venvlint.environment.call import Call
from venvlint.environment.expand import Expander
from venvlint.environment.fields import Field
from venvlint.environment.frame import Frame
from venvlint.environment.outcome import MOST, Outcome, Status, merged, status_of
from venvlint.environment.record import Recorder
from venvlint.environment.relevance import Relevance
from venvlint.environment.requests import Requests
from venvlint.environment.state import Definition, Loss, State
from venvlint.model import Shell, Span
from venvlint.shells import tree
from venvlint.source import Builder

MANY_STEPS = 4_000  # commands run in the abstract for one file; beyond, what can't matter is passed over
# How many ways are kept apart up to so many steps: the longer the script, the fewer.
_MOST_WAYS = (MANY_STEPS, MOST), (4 * MANY_STEPS, 4)
_FEWEST_WAYS = 2
MOST_STEPS = 58_000  # of work for one file; beyond, nothing more is said: nobody waits for two seconds
# What costs as much as a command: a redirection, and so many variables copied, words expanded, characters parsed.
_VARIABLES_A_STEP, _WORDS_A_STEP, _CHARACTERS_A_STEP = 100, 20, 26
_DEEPEST_CODE = 12  # code inside code: bash -c in a heredoc in an eval


_ACTIVATES = re.compile(r"activate|\bPATH\b")


class TooMuch(Exception):  # noqa: N818 - a bound that is reached, not an error
    """The script has more ways through it than are followed."""


class Evaluator:
    """Follows the environment through scripts. `read` gives a file of the repository by its path, None without one."""

    def __init__(self, recorder: Recorder, read: Callable[[str], bytes | None]) -> None:
        self.recorder = recorder
        self.read = read
        self.expander = Expander(self._output, partial(traps.may_end, self))
        self.requests = Requests()
        self.frame: Frame = Frame("", "", "bash", fixed=Span(0, 0))
        self.is_tested = False  # in a condition, where `set -e` doesn't apply
        self.sites: list[tuple[str, Span, str]] = []  # the calls of the functions that are running
        self.relevance = Relevance()
        self.called: list[str] = []
        self.unit: tree.Node | None = None  # what the shell has read before it ran what is running
        self.unit_end = 0  # of the unit that called the first of them
        self.loops = 0  # that are running in this function
        self.seen: set[int] = set()  # functions that were called, by their body
        # Commands that are taken to succeed unless the script asks, by identity; kept, so that no other gets theirs.
        self.expected: dict[int, tree.Node] = {}
        self.stdin: Field | None = None
        self.substituted: Status = None  # how the last command substitution ended
        self.sourcing: list[str] = []  # files that are being sourced
        self.programs: list[tree.Labelled] = []  # batch files that are running
        self.ended: set[tuple[object, ...]] = set()  # states in which what the shell traps its end with has run
        self._root: tree.Node | None = None  # of the code that is running: its parts are read one by one
        self._steps = 0
        self._most_steps = MOST_STEPS

    # Entry points

    def parse(self, text: str, shell: Shell) -> tuple[tree.Node, tuple[tree.Unparsed, ...]]:
        """Return a script's tree, and what of it couldn't be parsed; a long one leaves less time to follow it."""
        self._most_steps -= len(text) // _CHARACTERS_A_STEP
        return shells.parse(text, shell)

    def shell(self, node: tree.Node, state: State, frame: Frame, *, is_tested: bool = False) -> list[Outcome]:
        """Run a whole shell: its commands, and its EXIT trap where they end."""
        outer, self.frame = self.frame, frame
        tested, self.is_tested = self.is_tested, is_tested
        unit, root = self.unit, self._root
        if frame is not outer:
            self.unit = self._root = node
        state.traps = ()
        try:
            return merged([end for outcome in self.run(node, state) for end in traps.run_traps(self, outcome)])
        finally:  # a tree that were kept would be work for the garbage collector
            self.frame, self.is_tested, self.unit, self._root = outer, tested, unit, root

    def code(self, field: Field, node: tree.Node, shell: Shell) -> tuple[tree.Node, Frame]:
        """Return the tree of code that a word of the running code holds, and where it stands."""
        builder = Builder()
        for piece in field:
            if piece.start >= 0:
                builder.add(piece.text, piece.start)
            else:
                builder.replace(piece.text, node.start)
        text, offsets = builder.build()
        is_placed = any(piece.start >= 0 and piece.text.strip() for piece in field)
        depth = self.frame.depth + 1
        if depth > _DEEPEST_CODE:
            return tree.Unparsed(0, 0), self.frame
        site = sites.site(self, node, "any")  # code that a function was called with stands at the call
        fixed = None if is_placed else site[1]
        path = self.frame.path if is_placed else site[0]
        frame = Frame(path, text, shell, offsets, self.frame, fixed, depth)
        return shells.inner(text, shell), frame

    def inside(self, node: tree.Node, state: State, frame: Frame) -> list[Outcome]:
        """Run code of another place in the running shell, as `eval` and `source` do."""
        outer, self.frame = self.frame, frame
        unit, root = self.unit, self._root
        self.unit = self._root = node
        outcomes = self.run(node, state)
        self.frame, self.unit, self._root = outer, unit, root
        return outcomes

    def merged(self, outcomes: list[Outcome]) -> list[Outcome]:
        """Return the outcomes with equal ones made one, and no more of them than are kept apart by now."""
        most = next((ways for steps, ways in _MOST_WAYS if self._steps < steps), _FEWEST_WAYS)
        return merged(outcomes, most)

    @property
    def is_hasty(self) -> bool:
        """Tell whether so much has been run that what can't matter is passed over."""
        return self._steps > MANY_STEPS

    def call(self, call: Call, state: State) -> list[Outcome]:
        """Run a command whose words are known."""
        return commands.run_call(self, call, state)

    def program(self, call: Call, state: State) -> list[Outcome]:
        """Run a command that isn't a built-in of the shell."""
        return commands.run_program(self, call, state)

    # Control

    def run(self, node: tree.Node, state: State) -> list[Outcome]:
        """Run a node; the state given is used up."""
        self._steps += 1 + len(state.variables) // _VARIABLES_A_STEP + len(state.created) // _VARIABLES_A_STEP
        if self._steps > self._most_steps:
            raise TooMuch
        if isinstance(node, tree.Command):
            self._steps += len(node.words) // _WORDS_A_STEP + len(node.redirects)
            return traps.after_command(self, commands.run_command(self, node, state))
        if isinstance(node, tree.Sequence):
            return self._sequence(node, state)
        if isinstance(node, tree.AndOr):
            return branches.run_and_or(self, node, state)
        if isinstance(node, tree.If):
            return branches.run_if(self, node, state)
        if isinstance(node, tree.Scope):
            if node.is_subshell:
                outcomes = self.subshell(node.body, state, node, node.name)
                if node.name == "background job":
                    return [end._replace(status=True) for end in outcomes]
                return traps.after_command(self, outcomes)
            return self.run(node.body, state)
        if isinstance(node, tree.Pipeline):
            return traps.after_command(self, streams.run_pipeline(self, node, state))
        return self._other(node, state)

    def _other(self, node: tree.Node, state: State) -> list[Outcome]:
        if isinstance(node, tree.Not):
            outcomes = self.condition(node.body, state)
            return [end._replace(status=None if end.status is None else not end.status) for end in outcomes]
        if isinstance(node, tree.Redirected):
            return streams.run_redirected(self, node, state)
        if isinstance(node, tree.Case):
            return branches.run_case(self, node, state)
        if isinstance(node, tree.For):
            return loops.run_for(self, node, state)
        if isinstance(node, tree.While):
            return loops.run_while(self, node, state)
        if isinstance(node, tree.Function):
            state.functions[node.name] = Definition(node.body, self.frame)
            self.recorder.define(node.name, node.body, self.frame)
            return [Outcome(state, True)]
        if isinstance(node, tree.Labelled):
            return dialects.run_labelled(self, node, state)
        if isinstance(node, tree.Unparsed) and _ACTIVATES.search(self.frame.text, node.start, node.end):
            state.lose_environment()  # nobody knows what became of it
        return [Outcome(state)]

    def condition(self, node: tree.Node, state: State) -> list[Outcome]:
        tested, self.is_tested = self.is_tested, True
        outcomes = self.run(node, state)
        self.is_tested = tested
        if id(node) in self.expected:
            return [end._replace(status=None) for end in outcomes]
        return outcomes

    def _sequence(self, node: tree.Sequence, state: State) -> list[Outcome]:
        live, ended = [Outcome(state, True)], []  # type: list[Outcome], list[Outcome]
        for item in node.items:
            after: list[Outcome] = []
            if node is self._root:
                self.unit = item
            for way in live:
                for end in self.run(item, way.state):
                    (after if end.ending == "normal" else ended).append(end)
            live = self.merged(after)
            if not live:
                break
        return self.merged(live + ended)

    # Scopes

    def subshell(self, body: tree.Node, state: State, node: tree.Node, name: str) -> list[Outcome]:
        """Run commands in a copy of the shell, which is gone when they end."""
        stdin = self.stdin
        inner = self.shell(body, state.fork(), self.frame, is_tested=self.is_tested)
        self.stdin = stdin
        self.leave(state, inner, node, name)
        return [Outcome(state, status_of(inner))]

    def leave(self, state: State, inner: list[Outcome], node: tree.Node, name: str, end: int | None = None) -> None:
        """Go back to the outer shell; an activation that ends here, or at `end`, is noted."""
        end = end if end is not None else node.end
        states = [end.state for end in inner]
        for other in states:
            active = other.activation
            if active is not None and active != state.activation and landing.on_path(other).where == "environment":
                ended = self.frame.span(max(end - 1, node.start), end)
                other.loss = Loss(active, ended, name)
        state.keep_common(states)

    def _output(self, part: tree.Substitution, state: State) -> str | None:
        """Run what a substitution holds; return what it prints where that can be told."""
        output = None if part.is_process else streams.output_of(self, part.body, state)
        options = state.options
        if state.shell == "bash":
            state.options -= {"e"}  # bash doesn't hand `set -e` on to substitutions
        ends = self.subshell(part.body, state, part.body, "command substitution")
        self.substituted = status_of(ends)
        state.options = options
        return output
