"""RAGAS through `ragas.metrics.collections`, offline, with the embedded judge: every metric, and its counts."""

from __future__ import annotations

import warnings

import pytest

from eval.judging.embedded import EmbeddedJudge
from eval.judging.port import JudgeFailure
from eval.judging.ragas_scores import NAMES, ragas_scores
from eval.running.record import Record
from eval.running.run import run_suite
from eval.running.world import ingest_suite, opened
from eval.suites.catalog import suite
from retrieval.encode.embedded import EmbeddedEncoder

pytestmark = pytest.mark.st


class _Broken:
    identity, label = "broken", "broken"

    def fields(self, prompt: str, wanted: str, schema: dict[str, object]) -> dict[str, object]:
        raise JudgeFailure("no answer")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    folder = tmp_path_factory.mktemp("ragas")
    few = suite("smoke").first(12)
    ingest_suite(few, folder / "store")
    with opened(folder / "store") as world:
        return run_suite(few, world, folder / "log").records


@pytest.fixture(autouse=True)
def _quiet() -> None:
    warnings.simplefilter("ignore")  # ragas and langchain warn while they are imported


@pytest.mark.filterwarnings("ignore")
def test_every_metric_runs_offline_and_counts_apart(records: list[Record]) -> None:
    scores = ragas_scores(records, EmbeddedJudge(), EmbeddedEncoder())
    assert [score.name for score in scores] == list(NAMES)
    for score in scores:
        assert score.value is not None
        assert 0 <= score.value <= 1
        assert score.scored + score.refused + score.judge_failed <= len(records)
        assert score.scored == len(score.cases)
    refused = sum(record.refused for record in records)
    assert next(s for s in scores if s.name == "Faithfulness").refused == refused > 0
    assert scores == ragas_scores(records, EmbeddedJudge(), EmbeddedEncoder())


@pytest.mark.filterwarnings("ignore")
def test_a_judge_that_fails_is_counted_and_not_averaged(records: list[Record]) -> None:
    (score,) = ragas_scores(records, _Broken(), EmbeddedEncoder(), ["Faithfulness"])
    assert score.value is None
    assert score.scored == 0
    assert score.judge_failed > 0
