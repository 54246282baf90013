"""The analysis agrees with real bash and dash: on scripts written by hand, and on random ones."""

from __future__ import annotations

import venv
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.oracle import stubs
from tests.oracle.__main__ import main
from tests.oracle.analyse import analyse
from tests.oracle.case import Truth
from tests.oracle.compare import disagreements
from tests.oracle.minimise import is_valid
from tests.oracle.programs import script
from tests.oracle.run import Box, Exploration, box
from tests.oracle.scenarios import Scenario, landings, scenarios, stated

SCRIPTS = 200  # of each kind: less than a minute; by hand, thousands: python -m tests.oracle
FIXED_SEED = 20_000
ENOUGH_RUNS = 64


@pytest.fixture(scope="module")
def system() -> Iterator[Box]:
    with box() as made:
        yield made


@pytest.mark.parametrize(
    "scenario", [pytest.param(item, id=f"{item.document.stem}: {item.claim}") for item in scenarios()]
)
def test_scenario(scenario: Scenario, system: Box) -> None:
    truth = Exploration(scenario.case, system, Random(0)).go_on(ENOUGH_RUNS)
    assert stated(scenario.case, truth) == landings(scenario, truth), (
        "the shell does something else than the document says"
    )
    found = disagreements(scenario.case, truth, analyse(scenario.case))
    assert [item for item in found if not item.is_weak or item.kind == "dead"] == []


@pytest.mark.parametrize(
    "seed", [pytest.param(("--seed", str(FIXED_SEED)), id="always the same"), pytest.param((), id="fresh")]
)
def test_random_scripts(seed: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--count", str(SCRIPTS), *seed])
    told = capsys.readouterr().out  # the seeds, too
    assert code == 0, told


def test_activate_script_does_what_the_real_one_does(tmp_path: Path) -> None:
    venv.create(tmp_path / "real", with_pip=False)
    real = (tmp_path / "real/bin/activate").read_text()
    stated, done = dict[str, Truth](), dict[str, Truth]()
    cases = [item.case for item in scenarios() if item.document.stem in ("activation", "path", "scopes", "functions")]
    with box() as ours, box() as theirs:
        scripts = list(theirs.root.rglob("bin/activate"))
        assert len(scripts) > len(stubs.ENVIRONMENTS)
        for activate in scripts:
            activate.write_text(real.replace(str(tmp_path / "real"), str(activate.parents[1])))
        for case in cases:
            stated[case.name] = Exploration(case, ours, Random(0)).go_on(ENOUGH_RUNS)
            done[case.name] = Exploration(case, theirs, Random(0)).go_on(ENOUGH_RUNS)
    assert {name: truth.landed for name, truth in done.items()} == {
        name: truth.landed for name, truth in stated.items()
    }


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_random_scripts_are_valid(shell: str) -> None:
    assert [case.name for case in (script(seed, shell) for seed in range(50)) if not is_valid(case)] == []
