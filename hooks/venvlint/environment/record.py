"""Gathers, for each command that installs, where it landed on every way that led there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from venvlint.environment.frame import Frame
from venvlint.environment.landing import Landing
from venvlint.environment.state import Activation, Loss, State, shown_environment
from venvlint.installs import Request
from venvlint.model import Certainty, Install, Lost, Place, Span
from venvlint.shells import tree
from venvlint.source import ELSEWHERE


class Reach(NamedTuple):
    """One time that the command was reached."""

    request: Request
    landing: Landing
    traits: frozenset[str]
    loss: Loss | None
    ineffective: tuple[Activation, str] | None
    environments: tuple[str, ...]
    is_assumed: bool
    is_possible: bool
    reason: str
    machine: str


@dataclass(slots=True)
class Recorder:
    """What was found in one file's scripts. Spans are the host file's."""

    path: str
    place: Place = "script"
    machine: str = ""
    is_cut: bool = False  # not all ways were followed to their end
    is_possible: bool = False  # nobody can say whether what runs now runs at all
    reaches: dict[tuple[str, Span, str], list[Reach]] = field(default_factory=dict)
    texts: dict[tuple[str, Span, str], tuple[str, Place]] = field(default_factory=dict)
    activations: dict[tuple[str, Span], Install] = field(default_factory=dict)
    functions: dict[int, tuple[str, tree.Node, Frame]] = field(default_factory=dict)

    def define(self, name: str, body: tree.Node, frame: Frame) -> None:
        """Note a function, in case that nobody calls it."""
        self.functions.setdefault(id(body), (name, body, frame))

    def reach(
        self,
        site: tuple[str, Span],
        text: str,
        request: Request,
        landing: Landing,
        state: State,
        *,
        is_possible: bool = False,
        reason: str = "",
    ) -> None:
        """Note that a command is reached in `state` and would land in `landing`."""
        key = (*site, request.kind)
        self.texts[key] = (text, self.place)
        self.reaches.setdefault(key, []).append(
            Reach(
                request,
                landing,
                request.traits | ({"sudo"} if state.is_elevated and request.kind == "install" else frozenset()),
                state.loss,
                state.ineffective,
                state.environments,
                state.assumed,
                is_possible or self.is_possible,
                reason,
                self.machine,
            )
        )

    def ineffective(self, site: tuple[str, Span], text: str, reason: str, environment: str) -> None:
        """Note an activation that does nothing."""
        if site[1].start == ELSEWHERE:
            return
        self.activations[site] = Install(
            kind="activation",
            installer="",
            text=text,
            span=site[1],
            where="global",
            certainty="possible" if self.is_possible else "certain",
            place=self.place,
            traits=frozenset({"ineffective"}),
            reason=reason,
            environments=(environment,),
        )

    def installs(self) -> Iterator[Install]:
        """Yield what was found in the file itself, in order of position."""
        blamed: set[tuple[str, Span]] = set()
        found: list[Install] = []
        for (path, span, kind), reaches in self.reaches.items():
            if path != self.path or span.start == ELSEWHERE:
                continue
            install = self._install(span, reaches, *self.texts[path, span, kind])
            found.append(install)
            if "ineffective" in install.traits and install.where == "global":
                blamed.update(
                    (reach.ineffective[0].path, reach.ineffective[0].span) for reach in reaches if reach.ineffective
                )
        for site, activation in self.activations.items():
            if site[0] == self.path and site not in blamed:
                found.append(activation)
        yield from sorted(_without_shown_settings(found), key=lambda install: install.span)

    def _install(self, span: Span, reaches: list[Reach], text: str, place: Place) -> Install:
        """Make one of all the times that the command was reached; assumed ones count where there are no others."""
        reaches = [reach for reach in reaches if not reach.is_assumed] or reaches
        outside = [reach for reach in reaches if reach.landing.where == "global"]
        shown = (outside or [reach for reach in reaches if reach.landing.where == "maybe"] or reaches)[0]
        machines = {reach.machine for reach in outside}
        is_certain = any(_is_certain([reach for reach in reaches if reach.machine == each]) for each in machines)
        certainty: Certainty = "certain" if is_certain and not self.is_cut else "possible"
        longest = max((reach.environments for reach in reaches), key=len)
        traits = frozenset[str]().union(*(reach.traits for reach in outside or [shown]))
        if shown.landing.is_base and "sudo" not in traits:
            traits |= {"base"}
        if shown.ineffective is not None:
            traits |= {"ineffective"}
        packages = tuple(dict.fromkeys(package for reach in outside or reaches for package in reach.request.packages))
        return Install(
            kind=shown.request.kind,
            installer=shown.request.installer,
            text=text,
            span=span,
            where=shown.landing.where,
            certainty=certainty,
            place=place,
            packages=packages,
            traits=traits,
            lost=self._lost(shown.loss) if "sudo" not in traits else None,
            reason=shown.reason or (shown.ineffective[1] if shown.ineffective else ""),
            environments=_shown_environments(longest),
        )

    def _lost(self, loss: Loss | None) -> Lost | None:
        if loss is None or loss.activation.path != self.path or loss.activation.span.start == ELSEWHERE:
            return None
        activation = loss.activation
        return Lost(shown_environment(activation.environment), activation.span, loss.ended, loss.scope)


@lru_cache(maxsize=64)
def _shown_environments(prefixes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(shown_environment(prefix) for prefix in prefixes)


def _is_certain(reaches: list[Reach]) -> bool:
    """Tell whether all ways through one machine lead outside; it doesn't matter that another one has an environment."""
    return all(reach.landing.where == "global" for reach in reaches) and not all(reach.is_possible for reach in reaches)


def _without_shown_settings(found: list[Install]) -> list[Install]:
    """Leave out the settings that switch isolation off where an install shows what they do: one fault, one finding."""
    shows = any("unisolated" in install.traits and _is_global_install(install) for install in found)
    return [
        install for install in found if not (shows and install.kind == "setting" and "unisolated" in install.traits)
    ]


def _is_global_install(install: Install) -> bool:
    return install.kind == "install" and install.where == "global" and install.certainty == "certain"
