"""Floors on answers: the runbooks of prometheus-operator, ingested here, asked, and scored by the yardstick.

The floors lie well below what was measured when they were set (span_recall@5 1.00, fact_recall 0.95,
fact_recall@60 0.70, citation_hit 1.00, AUROC of twins 0.91; eleven answerable questions): they catch what breaks, not
what drifts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.archqa import ask, cases, score, twin_auroc
from service.answer import Answer
from service.cli.program import run
from service.settings import Settings
from service.wiring import Wiring

pytestmark = [pytest.mark.quality, pytest.mark.shared]

FLOORS = {
    "doc_recall@10": 0.9,
    "span_recall@5": 0.8,
    "span_recall@10": 0.9,
    "fact_recall": 0.75,
    "fact_recall@60": 0.45,
    "citation_hit": 0.8,
}


@pytest.fixture(scope="module")
def asked(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Answer], list[Answer]]:
    """The questions, their answers, and the answers of their twins."""
    folder = tmp_path_factory.mktemp("prom")
    corpus = shared / "data/archqa/corpora/prometheus-operator-runbooks"
    assert run(["ingest", str(corpus), "--store", str(folder / "store")]) in (0, 4)
    every = (shared / "data/archqa/operations.jsonl").read_text("utf-8").splitlines()
    questions = folder / "questions.jsonl"
    questions.write_text("\n".join(line for line in every if '"id": "prom-' in line) + "\n", "utf-8")
    wiring = Wiring(Settings.model_validate({"store": folder / "store"}))
    with wiring.store() as store:
        engine = wiring.engine(store)
        known = cases(questions)
        return questions, ask(engine, known), ask(engine, known, twins=True)


def test_answers_are_above_the_floors(asked: tuple[Path, list[Answer], list[Answer]], tmp_path: Path) -> None:
    questions, answers, _ = asked
    figures = score(questions, answers, tmp_path / "answers.jsonl")
    assert figures["questions"] == 15
    assert figures["unanswered"] == 0
    assert figures["quote_verbatim"] == 1.0
    assert {name: figures[name] for name, floor in FLOORS.items() if figures[name] < floor} == {}


def test_every_sentence_is_supported(asked: tuple[Path, list[Answer], list[Answer]]) -> None:
    for answer in (*asked[1], *asked[2]):
        assert all(s.verdict.supported and s.citations for s in answer.sentences)
        assert (answer.status == "refused") == (not answer.sentences)


def test_few_sentences_are_dropped(asked: tuple[Path, list[Answer], list[Answer]]) -> None:
    answers: Sequence[Answer] = asked[1]
    assert sum(len(a.dropped) for a in answers) <= sum(len(a.sentences) for a in answers) / 20


def test_a_question_is_trusted_more_than_its_twin(asked: tuple[Path, list[Answer], list[Answer]]) -> None:
    _, answers, twins = asked
    assert twin_auroc(answers, twins) >= 0.75
