"""Runs a script's tree in the abstract: every way that control can take, with the state of the shell on each."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from venvlint.environment import batch
from venvlint.environment import call as calls
from venvlint.environment.expand import Expander, Field, Piece, joined
from venvlint.environment.frame import Frame
from venvlint.environment.outcome import MOST, Outcome, merged, status_of
from venvlint.environment.patterns import has_magic, matches
from venvlint.environment.record import Recorder
from venvlint.environment.requests import Requests
from venvlint.environment.relevance import Relevance
from venvlint.environment.state import Definition, Loss, State
from venvlint.model import Shell, Span
from venvlint.shells import tree
from venvlint.source import Builder
from venvlint.values import is_known, unknown

MANY_STEPS = 4_000  # commands run in the abstract for one file; beyond, ways are joined sooner
MOST_STEPS = 60_000  # commands run in the abstract for one file; beyond, nothing more is said
_DEEPEST_CALL = 24
_DEEPEST_CODE = 12  # code inside code: bash -c in a heredoc in an eval
_MOST_TURNS = 12  # turns of a loop over known words that are run one by one
_TURNS = 2  # turns of a loop of which nobody knows how often it runs


class TooMuch(Exception):  # noqa: N818 - a bound that is reached, not an error
    """The script has more ways through it than are followed."""


@lru_cache(maxsize=256)
def parse(text: str, shell: Shell) -> tree.Node:
    """Return the tree of code that stands inside of other code."""
    from venvlint import shells

    return shells.parse(text, shell)[0]


class Evaluator:
    """Follows the environment through scripts. `read` gives a file of the repository by its path, None without one."""

    def __init__(self, recorder: Recorder, read: Callable[[str], bytes | None]) -> None:
        self.recorder = recorder
        self.read = read
        self.expander = Expander(self._output)
        self.requests = Requests()
        self.frame: Frame = Frame("", "", "bash", fixed=Span(0, 0))
        self.is_tested = False  # in a condition, where `set -e` doesn't apply
        self.sites: list[tuple[str, Span, str]] = []  # the calls of the functions that are running
        self.relevance = Relevance()
        self.called: list[str] = []
        self.loops = 0  # that are running in this function
        self.seen: set[int] = set()  # functions that were called, by their body
        self.stdin: Field | None = None
        self.sourcing: list[str] = []  # files that are being sourced
        self.programs: list[tree.Labelled] = []  # batch files that are running
        self._steps = 0

    # Entry points

    def shell(self, node: tree.Node, state: State, frame: Frame) -> list[Outcome]:
        """Run a whole shell: its commands, and its EXIT trap where they end."""
        outer, self.frame = self.frame, frame
        tested, self.is_tested = self.is_tested, False
        state.traps = ()
        outcomes = self.run(node, state)
        ended: list[Outcome] = []
        for outcome in outcomes:
            traps = outcome.state.traps
            outcome.state.traps = ()
            after = [Outcome(outcome.state, outcome.status)]
            for text, place in traps:
                self.frame = place
                after = [end for way in after for end in self.run(parse(text, place.shell), way.state)]
            ended.extend(Outcome(end.state, outcome.status) for end in after)
        self.frame, self.is_tested = outer, tested
        return merged(ended)

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
        site = self.site(node, "any")  # code that a function was called with stands at the call
        fixed = None if is_placed else site[1]
        path = self.frame.path if is_placed else site[0]
        frame = Frame(path, text, shell, offsets, self.frame, fixed, depth)
        return parse(text, shell), frame

    def inside(self, node: tree.Node, state: State, frame: Frame) -> list[Outcome]:
        """Run code of another place in the running shell, as `eval` and `source` do."""
        outer, self.frame = self.frame, frame
        outcomes = self.run(node, state)
        self.frame = outer
        return outcomes

    def place(self, node: tree.Node, verb: str = "") -> tuple[str, Span, str]:
        """Return where a command stands, and its text; at the call where its function was called with its verb."""
        if self.sites and isinstance(node, tree.Command) and _is_passed_on(node, verb):
            return self.sites[-1]
        if self.frame.path != self.recorder.path:  # a function of a sourced file: what this file does is to call it
            calls_here = [site for site in self.sites if site[0] == self.recorder.path]
            if calls_here:
                return calls_here[-1]
        return self.frame.path, self.frame.span(node.start, node.end), self.frame.text[node.start : node.end]

    def site(self, node: tree.Node, verb: str = "") -> tuple[str, Span]:
        """Return the path and the span at which a command stands."""
        path, span, _ = self.place(node, verb)
        return path, span

    def merged(self, outcomes: list[Outcome]) -> list[Outcome]:
        """Return the outcomes with equal ones made one; the longer the script, the fewer ways are kept apart."""
        return merged(outcomes, MOST if self._steps < MANY_STEPS else 4 if self._steps < 4 * MANY_STEPS else 2)

    @property
    def is_hasty(self) -> bool:
        """Tell whether so much has been run that what can't matter is passed over."""
        return self._steps > MANY_STEPS

    def program(self, call: calls.Call, state: State) -> list[Outcome]:
        """Run a command that isn't a built-in of the shell."""
        return calls.run_program(self, call, state)

    # Control

    def run(self, node: tree.Node, state: State) -> list[Outcome]:
        """Run a node; the state given is used up."""
        if isinstance(node, tree.Command):
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise TooMuch
            return self._after(calls.run_command(self, node, state))
        if isinstance(node, tree.Sequence):
            return self._sequence(node, state)
        if isinstance(node, tree.AndOr):
            return self._and_or(node, state)
        if isinstance(node, tree.If):
            return self._if(node, state)
        if isinstance(node, tree.Scope):
            if node.is_subshell:
                outcomes = self.subshell(node.body, state, node, node.name)
                if node.name == "background job":
                    return [end._replace(status=True) for end in outcomes]
                return self._after(outcomes)
            return self.run(node.body, state)
        if isinstance(node, tree.Pipeline):
            return self._after(self._pipeline(node, state))
        return self._other(node, state)

    def _other(self, node: tree.Node, state: State) -> list[Outcome]:
        if isinstance(node, tree.Not):
            outcomes = self._condition(node.body, state)
            return [end._replace(status=None if end.status is None else not end.status) for end in outcomes]
        if isinstance(node, tree.Redirected):
            return self._redirected(node, state)
        if isinstance(node, tree.Case):
            return self._case(node, state)
        if isinstance(node, tree.For):
            return self._for(node, state)
        if isinstance(node, tree.While):
            return self._while(node, state)
        if isinstance(node, tree.Function):
            state.functions[node.name] = Definition(node.body, self.frame)
            self.recorder.define(node.name, node.body, self.frame)
            return [Outcome(state, True)]
        if isinstance(node, tree.Labelled):
            return batch.run_program(self, node, state)
        return [Outcome(state)]  # unparsed

    def _after(self, outcomes: list[Outcome]) -> list[Outcome]:
        """End the shell where a command failed under `set -e`."""
        if self.is_tested:
            return outcomes
        return [
            end._replace(ending="exit")
            if end.status is False and end.ending == "normal" and "e" in end.state.options
            else end
            for end in outcomes
        ]

    def _condition(self, node: tree.Node, state: State) -> list[Outcome]:
        tested, self.is_tested = self.is_tested, True
        outcomes = self.run(node, state)
        self.is_tested = tested
        return outcomes

    def _sequence(self, node: tree.Sequence, state: State) -> list[Outcome]:
        live, ended = [Outcome(state, True)], []  # type: list[Outcome], list[Outcome]
        for item in node.items:
            after: list[Outcome] = []
            for way in live:
                for end in self.run(item, way.state):
                    (after if end.ending == "normal" else ended).append(end)
            live = self.merged(after)
            if not live:
                break
        return self.merged(live + ended)

    def _and_or(self, node: tree.AndOr, state: State) -> list[Outcome]:
        outcomes = self._condition(node.first, state)
        if node.rest[0][0] == "&&" and _changes_directory(node.first):
            outcomes = [end._replace(status=True) for end in outcomes]  # what follows counts on it
        for index, (operator, right) in enumerate(node.rest):
            is_last = index + 1 == len(node.rest)
            wanted = operator == "&&"
            after: list[Outcome] = []
            for end in outcomes:
                if end.ending != "normal":
                    after.append(end)
                    continue
                if end.status is not wanted:
                    left = end.state.fork() if end.status is None else end.state
                    after.append(Outcome(left, not wanted))
                if end.status is None or end.status is wanted:
                    after.extend(self.run(right, end.state) if is_last else self._condition(right, end.state))
            outcomes = self.merged(after)
        return outcomes

    def _if(self, node: tree.If, state: State) -> list[Outcome]:
        ended: list[Outcome] = []
        live = [state]
        for condition, body in node.arms:
            after: list[Outcome] = []
            for way in live:
                for end in self._condition(condition, way):
                    if end.ending != "normal":
                        ended.append(end)
                        continue
                    if end.status is not True:
                        after.append(Outcome(end.state.fork() if end.status is None else end.state))
                    if end.status is not False:
                        ended.extend(self.run(body, end.state))
            live = [end.state for end in self.merged(after)]
        for way in live:
            ended.extend([Outcome(way, True)] if node.otherwise is None else self.run(node.otherwise, way))
        return self.merged(ended)

    def _case(self, node: tree.Case, state: State) -> list[Outcome]:
        subject = self.expander.text(node.subject, state)
        ended: list[Outcome] = []
        live: State | None = state  # where no arm has matched yet
        falling: list[State] = []  # where the arm before ended with `;&`
        for arm in node.arms:
            match: bool | None = False
            if live is not None:
                match = self._matches(arm, subject, live)
            entering = falling
            falling = []
            if live is not None and match is not False:
                entering = [*entering, live.fork() if match is None else live]
                live = live if match is None else None
            for way in entering:
                for end in self.run(arm.body, way):
                    if end.ending == "normal" and arm.terminator == ";&":
                        falling.append(end.state)
                    elif end.ending == "normal" and arm.terminator == ";;&":
                        falling_on = self._rest_of_case(node, arm, end)
                        ended.extend(falling_on)
                    else:
                        ended.append(end)
        ended.extend(Outcome(way, None) for way in falling)
        if live is not None:
            ended.append(Outcome(live, True))
        return self.merged(ended)

    def _rest_of_case(self, node: tree.Case, arm: tree.CaseArm, end: Outcome) -> list[Outcome]:
        """Go on with the arms behind one that ended with `;;&`."""
        rest = tree.Case(node.subject, node.arms[node.arms.index(arm) + 1 :], node.start, node.end)
        return self._case(rest, end.state) if rest.arms else [end]

    def _matches(self, arm: tree.CaseArm, subject: str, state: State) -> bool | None:
        result: bool | None = False
        for word in arm.patterns:
            pattern = self.expander.text(word, state)
            if pattern == "*" or pattern == subject:
                return True
            if not is_known(subject) or not is_known(pattern):
                result = None
            elif has_magic(pattern) and matches(subject, pattern):
                return True
        return result

    # Loops

    def _for(self, node: tree.For, state: State) -> list[Outcome]:
        values, is_certain = self._loop_values(node, state)
        live, ended = [Outcome(state, True)], []  # type: list[Outcome], list[Outcome]
        for value in values:
            skipped = [] if is_certain else [Outcome(way.state.fork(), True) for way in live]
            after: list[Outcome] = []
            for way in live:
                if node.name:
                    way.state.set(node.name, value)
                after.extend(self._turn(node.body, way.state))
            live, left = _turned(after)
            live = self.merged(live + skipped)
            ended.extend(left)
        return self.merged(live + ended)

    def _turn(self, body: tree.Node, state: State) -> list[Outcome]:
        """Run a loop's body once."""
        self.loops += 1
        outcomes = self.run(body, state)
        self.loops -= 1
        return outcomes

    def _loop_values(self, node: tree.For, state: State) -> tuple[list[str], bool]:
        """Return a value for each turn that is run, and whether they all happen."""
        if node.words is None:
            values = list(state.positional) if state.positional is not None else [unknown("@")]
            is_certain = state.positional is not None and not node.is_select
        else:
            values = [joined(field) for word in node.words for field in self.expander.fields(word, state)]
            is_certain = not node.is_select
        whole = all(is_known(value) for value in values)
        if node.is_select or (node.words is None and not node.name):
            return [unknown(node.name)] * _TURNS, False
        if len(values) > _MOST_TURNS:
            values = [*values[:_MOST_TURNS], unknown(f"each {node.name}")]
        return values, is_certain and (whole or any(is_known(value) for value in values))

    def _while(self, node: tree.While, state: State) -> list[Outcome]:
        live, ended = [state], []  # type: list[State], list[Outcome]
        for _ in range(_TURNS + 1):
            after: list[Outcome] = []
            for way in live:
                for end in self._condition(node.condition, way):
                    if end.ending != "normal":
                        ended.append(end)
                        continue
                    goes = end.status if not node.is_until or end.status is None else not end.status
                    if goes is not True:
                        ended.append(Outcome(end.state.fork() if goes is None else end.state, True))
                    if goes is not False:
                        after.extend(self._turn(node.body, end.state))
            turned, left = _turned(after)
            ended.extend(left)
            before, live = live, [end.state for end in self.merged(turned)]
            if not live or live == before:
                break
        return self.merged(ended)

    # Scopes

    def subshell(self, body: tree.Node, state: State, node: tree.Node, name: str) -> list[Outcome]:
        """Run commands in a copy of the shell, which is gone when they end."""
        stdin = self.stdin
        inner = self.shell(body, state.fork(), self.frame)
        self.stdin = stdin
        self.leave(state, inner, node, name)
        return [Outcome(state, status_of(inner))]

    def leave(self, state: State, inner: list[Outcome], node: tree.Node, name: str, end: int | None = None) -> None:
        """Go back to the outer shell; an activation that ends here, or at `end`, is noted."""
        end = end if end is not None else node.end
        states = [end.state for end in inner]
        for other in states:
            active = other.activation
            if active is not None and active != state.activation and other.found_on_path().where == "environment":
                ended = self.frame.span(max(end - 1, node.start), end)
                other.loss = Loss(active, ended, name)
        state.keep_common(states)

    def _pipeline(self, node: tree.Pipeline, state: State) -> list[Outcome]:
        outcomes = [Outcome(state, True)]
        stdin = self.stdin
        last = len(node.parts) - 1
        for index, part in enumerate(node.parts):
            is_own = index == last and (state.shell in ("zsh", "ksh") or "lastpipe" in state.options)
            printed = calls.printed(self, part, state) if index < last else None
            outcomes = self.run(part, state) if is_own else self.subshell(part, state, part, "pipeline")
            self.stdin = printed
        self.stdin = stdin
        return outcomes

    def _redirected(self, node: tree.Redirected, state: State) -> list[Outcome]:
        stdin = self.stdin
        self.stdin = calls.redirected_input(self, node.redirects, state) or stdin
        for redirect in node.redirects:
            if redirect.operator not in ("<<", "<<<"):
                self.expander.text(redirect.target, state)
        outcomes = self.run(node.body, state)
        self.stdin = stdin
        return outcomes

    def _output(self, part: tree.Substitution, state: State) -> str | None:
        """Run what a substitution holds; return what it prints where that can be told."""
        output = None if part.is_process else calls.output_of(self, part.body, state)
        self.subshell(part.body, state, part.body, "command substitution")
        return output


def _turned(outcomes: list[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """Part the ends of a loop's turn into those that go on with the next and those that leave the loop."""
    live: list[Outcome] = []
    left: list[Outcome] = []
    for end in outcomes:
        if end.ending in ("break", "continue"):
            if end.levels > 1:
                left.append(end._replace(levels=end.levels - 1))
            elif end.ending == "continue":
                live.append(Outcome(end.state, True))
            else:
                left.append(Outcome(end.state, True))
        else:
            (live if end.ending == "normal" else left).append(end)
    return merged(live), left


def _changes_directory(node: tree.Node) -> bool:
    """Tell whether a command is `cd` or `pushd`."""
    first = node.words[0] if isinstance(node, tree.Command) and node.words else None
    part = first.parts[0] if isinstance(first, tree.Word) and len(first.parts) == 1 else None
    return isinstance(part, tree.Text) and part.text in ("cd", "pushd")


def _is_passed_on(node: tree.Command, verb: str) -> bool:
    """Tell whether a command's name, or its verb, is what its function was called with."""
    words = [word.parts for word in node.words if isinstance(word, tree.Word)]
    is_passed = [
        any(isinstance(part, tree.Variable) and (part.name in "@*" or part.name.isdigit()) for part in parts)
        for parts in words
    ]
    if not any(is_passed):
        return False
    written = {"".join(part.text for part in parts if isinstance(part, tree.Text)) for parts in words}
    return is_passed[0] or verb not in written


__all__ = ["Evaluator", "Piece", "TooMuch"]
