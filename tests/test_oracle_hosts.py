"""The analysis agrees with real shells also where a host starts one for each script, and hands on what it keeps."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.oracle import hosts
from tests.oracle.analyse import analyse
from tests.oracle.case import Truth
from tests.oracle.compare import disagreements
from tests.oracle.run import Box, box
from tests.oracle.scenarios import Scenario, stated, with_landings


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
    landings = stated(scenario.case, truth)
    if os.environ.get("UPDATE"):
        text = scenario.document.read_text(encoding="utf-8")
        scenario.document.write_text(with_landings(text, scenario, landings), encoding="utf-8")
    else:
        assert landings == scenario.landings.body, "the shells do something else than the document says"
    found = disagreements(scenario.case, truth, analyse(scenario.case))
    assert [item for item in found if not item.is_weak] == []
