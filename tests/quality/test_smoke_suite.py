"""The suite `smoke`, whole: the bundled library is ingested as a reader's would be, asked, and held to its floors."""

from __future__ import annotations

import pytest

from eval.running.run import run_suite
from eval.running.summary import Summary, summarise
from eval.running.world import ingest_suite, opened
from eval.suites.catalog import suite

SMOKE = suite("smoke")


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    folder = tmp_path_factory.mktemp("smoke")
    ingest_suite(SMOKE, folder / "store")
    with opened(folder / "store") as world:
        return summarise(run_suite(SMOKE, world, folder / "log"))


def test_smoke_holds_its_floors(summary: Summary) -> None:
    broken = {name: (summary.figure(name).value, floor) for name, floor in SMOKE.floors.items()}
    assert {name: pair for name, pair in broken.items() if pair[0] is None or pair[0] < pair[1]} == {}


def test_the_contract_objects_to_planted_mistakes_and_lets_true_sentences_by(summary: Summary) -> None:
    recall, passed = summary.contract()
    assert recall.n >= 8
    assert passed.n >= 20
    assert recall.value == 1.0
    assert passed.value == 1.0
