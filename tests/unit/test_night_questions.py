"""Whether readers ask what they asked before, by the journal of a service."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from eval.nightly.questions import put_before, questions_stage
from retrieval.encode.embedded import EmbeddedEncoder

NIGHT = date(2026, 11, 25)
PARTS = ("broker", "gateway", "scheduler", "registry", "ledger", "console", "vault", "mirror", "router", "cache")
USUAL = (
    "How do I restart the {}?",
    "What is the timeout of the {}?",
    "Who is on call for the {}?",
    "How is the {} deployed to production?",
    "Which port does the {} listen on?",
    "What happens when the {} runs out of memory?",
)
OTHER = ("Which clause of the licence covers the {}?", "May a contractor in Brazil be paid for the {} in advance?")


def _ask(journal: Path, days: int, question: str, confidence: float) -> None:
    day = NIGHT - timedelta(days=days)
    journal.mkdir(exist_ok=True)
    with (journal / f"{day}.jsonl").open("a") as file:
        file.write(json.dumps({"answer": {"question": question, "confidence": confidence}}) + "\n")


def _usual(journal: Path, days: range, *, sure: float = 0.0, forms: tuple[str, ...] = USUAL) -> None:
    """Twelve questions a day."""
    for day in days:
        for n in range(12):
            number = 7 * day + n
            question = forms[number % len(forms)].format(PARTS[(number * 3) % len(PARTS)])
            _ask(journal, day, question, sure + ((number * 37) % 50) / 100)


@pytest.fixture(scope="module")
def encoder() -> EmbeddedEncoder:
    return EmbeddedEncoder()


def test_the_same_questions_as_ever_are_fine(tmp_path: Path, encoder: EmbeddedEncoder) -> None:
    _usual(tmp_path / "journal", range(1, 29))
    stage = questions_stage(tmp_path / "journal", NIGHT, encoder)
    assert stage.verdict == "fine"
    assert "84 questions in 7 days against 252 before" in stage.summary


@pytest.mark.parametrize(
    ("recent", "sure", "moved"), [(OTHER, 0.0, "subject"), (USUAL, 0.5, "confidence"), (("{}?",), 0.0, "words")]
)
def test_what_moved_is_named(
    tmp_path: Path, encoder: EmbeddedEncoder, recent: tuple[str, ...], sure: float, moved: str
) -> None:
    _usual(tmp_path / "journal", range(8, 29))
    _usual(tmp_path / "journal", range(1, 8), sure=sure, forms=recent)
    stage = questions_stage(tmp_path / "journal", NIGHT, encoder)
    assert stage.verdict == "look"
    told = {line.partition(":")[0]: float(line.rsplit(" ", 1)[1]) for line in stage.details}
    assert told[moved] < 0.001
    shown = stage.model_dump_json()
    assert not [part for part in PARTS if part in shown], "a report shows no reader's question"


def test_a_few_questions_are_not_compared_and_no_journal_is_no_error(tmp_path: Path, encoder: EmbeddedEncoder) -> None:
    assert questions_stage(tmp_path / "journal", NIGHT, encoder).summary.startswith("0 questions")
    _usual(tmp_path / "journal", range(1, 3))
    stage = questions_stage(tmp_path / "journal", NIGHT, encoder)
    assert (stage.verdict, "too few" in stage.summary) == ("fine", True)


def test_the_day_of_the_night_and_half_a_line_do_not_count(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    for days in (0, 1, 7, 8):
        _ask(journal, days, f"{days} days ago?", 0.5)
    with (journal / f"{NIGHT - timedelta(days=1)}.jsonl").open("a") as file:
        file.write('{"answer": {"question": "cut')
    before, recent = put_before(journal, NIGHT)
    assert [one.question for one in before] == ["8 days ago?"]
    assert [one.question for one in recent] == ["7 days ago?", "1 days ago?"]
