"""The suite `smoke`, whole: the bundled library is ingested as a reader's would be, asked, and held to its floors.

The store and the vectors stay in `.aether/eval` between runs, as those of `aether-eval run smoke` do: what did not
change is not embedded again. A store that is of no use is made anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.errors import AetherError
from eval.running.run import run_suite
from eval.running.summary import Summary, summarise
from eval.running.world import ingest_suite, opened
from eval.suites.catalog import suite

SMOKE = suite("smoke")
REPO = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    store = REPO / ".aether/eval/stores/smoke"
    try:
        ingest_suite(SMOKE, store)
    except AetherError:
        shutil.rmtree(store, ignore_errors=True)
        ingest_suite(SMOKE, store)
    with opened(store) as world:
        return summarise(run_suite(SMOKE, world, tmp_path_factory.mktemp("smoke") / "log"))


def test_smoke_holds_its_floors(summary: Summary) -> None:
    broken = {name: (summary.figure(name).value, floor) for name, floor in SMOKE.floors.items()}
    assert {name: pair for name, pair in broken.items() if pair[0] is None or pair[0] < pair[1]} == {}


def test_the_contract_objects_to_planted_mistakes_and_lets_true_sentences_by(summary: Summary) -> None:
    recall, passed = summary.contract()
    assert recall.n >= 8
    assert passed.n >= 20
    assert recall.value == 1.0
    assert passed.value == 1.0
