"""Runs a case under the real shell, over and over with its unknowns falling differently."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.oracle import stubs
from tests.oracle.case import ROOT, TAG, Case, Outcome, Truth

SECONDS = 10
# To activate what isn't there is outside of the claim, and so is to call its pip: the analysis may take it that an
# environment is where the script says.
_FAILED_ACTIVATION = re.compile(
    rb"(\bactivate|\.inc|/bin/(?:pip|python)[\d.]*)\W{0,3}: (No such file|not found|Not a directory)"
    rb"|(open|find) \S*(\bactivate|\.inc)\b"
)
_FAILED_CHANGE = re.compile(rb"(cd|pushd): (.*: (No such file|Not a directory)|can't cd to)")
_WEIGHTS = {"toggle": 2.0, "c": 1.0, "p": 0.05}

Choice = tuple[str | None, ...]  # the value of each toggle


class Box:
    """A scratch system, used for one run at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / "work"
        stubs.build(root)
        below = (self.work / name for name in stubs.SUBDIRECTORIES)
        self._places = [root, root / "home", root / "opt", self.work, *below]
        self._kept = {place: set(place.iterdir()) for place in self._places}

    def run(self, case: Case, choice: Choice, bits: str) -> Outcome:
        """Run `case` once and leave the system as it was."""
        environment = self.prepared(bits)
        root = str(self.root)
        for name, text in ((case.path, case.text), *case.files):
            (self.work / name).write_text(text.replace(ROOT, root))
        arguments, variables = self._prepare(case, choice)
        shell = stubs.tool("bash" if case.shell == "bash" else "dash")
        errors, status = self.execute([shell, case.path, *arguments], {**environment, **variables})
        asks = any(toggle.kind == "directory" for toggle in case.toggles)
        return self.outcome(errors, status is not None and (asks or not _FAILED_CHANGE.search(errors)))

    def prepared(self, bits: str = "") -> dict[str, str]:
        """Return the environment of the scratch system, made ready for a run."""
        (self.root / "log").write_text("")
        (self.root / "bits").write_text(bits + "\n")
        root = self.root
        return {
            "PATH": f"{root}/usr/local/bin:{root}/usr/bin:{root}/bin",
            "HOME": f"{root}/home",
            "LC_ALL": "C",
            # A real pip, should one ever be reached, must find nothing to install.
            "PIP_NO_INDEX": "1",
        }

    def execute(self, argv: list[str], environment: dict[str, str]) -> tuple[bytes, int | None]:
        """Return what a command wrote to standard error, and its status: None where it took too long."""
        return _execute(argv, str(self.work), environment)

    def outcome(self, errors: bytes, is_done: bool) -> Outcome:
        """Read the log of a run, and leave the system as it was."""
        log = (self.root / "log").read_text().split("\n")
        self._clean()
        landed = tuple((TAG.findall(line)[0], line.endswith("global")) for line in log if line.startswith("land "))
        drawn = "".join(line[5] for line in log if line.startswith("draw "))
        is_valid = is_done and "broken" not in log and not _FAILED_ACTIVATION.search(errors)
        return Outcome(landed, drawn, is_valid, "unmade" not in log)

    def _prepare(self, case: Case, choice: Choice) -> tuple[list[str], dict[str, str]]:
        arguments: list[str] = []
        variables: dict[str, str] = {}
        for toggle, value in zip(case.toggles, choice, strict=True):
            if toggle.kind == "variable" and value is not None:
                variables[toggle.name] = value
            elif toggle.kind == "arguments" and value is not None:
                arguments = shlex.split(value)
            elif toggle.kind == "environment" and value is not None:
                for place in (".", "..", *stubs.SUBDIRECTORIES):  # wherever the script has gone by then
                    stubs.environment(self.root, f"work/{place}/{toggle.name}")
            elif toggle.kind == "directory" and value is None:
                (self.work / toggle.name).rename(self.root / "hidden")  # `_clean` puts it back
        return arguments, variables

    def _clean(self) -> None:
        if (self.root / "hidden").exists():
            shutil.rmtree(self.work / "sub", ignore_errors=True)  # the script may have made it
            (self.root / "hidden").rename(self.work / "sub")
        for place in self._places:
            for path in set(place.iterdir()) - self._kept[place]:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()


def _execute(argv: list[str], directory: str, environment: dict[str, str]) -> tuple[bytes, int | None]:
    """Return what went to standard error, and the status, None where something ran on (also in the background)."""
    process = subprocess.Popen(
        argv,
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        return process.communicate(timeout=SECONDS)[1], process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[1], None


@contextmanager
def box() -> Iterator[Box]:
    """Give a scratch system that goes away afterwards."""
    # Thousands of small files come and go: in memory where that can be had.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with TemporaryDirectory(prefix="oracle-", dir=memory) as name:
        yield Box(Path(name).resolve() / "system")


class Exploration:
    """The outcomes of one case, found one by one: every draw seen can also fall the other way."""

    def __init__(self, case: Case, box: Box, random: Random) -> None:
        self.case, self.truth = case, Truth()
        self._box, self._random = box, random
        choices: Iterator[Choice] = itertools.product(*(toggle.values for toggle in case.toggles))
        self._frontier: list[tuple[float, Choice, str]] = [(_WEIGHTS["toggle"], choice, "") for choice in choices]

    def go_on(self, runs: int) -> Truth:
        """Run up to `runs` more outcomes."""
        for _ in range(runs):
            if not self._frontier:
                break
            weights = [weight for weight, _, _ in self._frontier]
            at = self._random.choices(range(len(weights)), weights)[0]
            _, choice, prefix = self._frontier.pop(at)
            outcome = self._box.run(self.case, choice, prefix)
            for index in range(len(prefix), len(outcome.drawn)):
                flipped = prefix.ljust(index, "0") + "1"
                # Early draws decide more than the rounds of a loop, of which there may be many.
                self._frontier.append((_WEIGHTS[outcome.drawn[index]] / (1 + index), choice, flipped))
            self.truth.add(outcome)
        self.truth.is_exhaustive = not self._frontier
        return self.truth
