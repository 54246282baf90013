"""The analysis agrees with real shells also where a host starts one for each script, and hands on what it keeps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.oracle import hosts
from tests.oracle.analyse import analyse
from tests.oracle.case import Truth
from tests.oracle.compare import disagreements
from tests.oracle.run import Box, box
from tests.oracle.scenarios import Scenario, landings, stated


@pytest.fixture(scope="module")
def system() -> Iterator[Box]:
    with box() as made:
        yield made


@pytest.mark.parametrize(
    "scenario", [pytest.param(item, id=f"{item.document.stem}: {item.claim}") for item in hosts.scenarios()]
)
def test_scenario(scenario: Scenario, system: Box) -> None:
    assert isinstance(scenario.case, hosts.HostCase)
    truth = Truth()
    truth.add(hosts.run(scenario.case, system))
    assert truth.runs, "the run activates what isn't there"
    assert stated(scenario.case, truth) == landings(scenario, truth), (
        "the shells do something else than the document says"
    )
    found = disagreements(scenario.case, truth, analyse(scenario.case))
    assert [item for item in found if not item.is_weak] == []
