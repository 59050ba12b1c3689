"""Whether a measure that is asked for stands near what it is asked of."""

from __future__ import annotations

import pytest

from corpus.documents import Document
from corpus.units import Unit
from ingest.parse.text.markdown import parse_text
from service.answering.measured import unmeasured
from service.answering.rank import FEATURES, Scored


def ranked(*said: tuple[str, float], kind: str = "sentence") -> list[Scored]:
    """Units by how much of the question each covers."""
    at = FEATURES.index("coverage_headed")
    made = []
    for text, coverage in said:
        read = Document("d", "d", "d", parse_text(text, "d.md"), "D", "other", frozenset({"public"}))
        features = tuple(coverage if i == at else 0.0 for i in range(len(FEATURES)))
        made.append(Scored(read, Unit(kind, 0, len(text), 0), 0, features, coverage))  # type: ignore[arg-type]
    return made


ABOUT = ("The janitor deletes expired sessions from the store.", 0.8)
ELSEWHERE = ("Backups run every 6 hours and use 4 GiB in release 1.29 at 5 % load for $3 on port 80.", 0.1)


@pytest.mark.parametrize(
    "question",
    [
        "How long does the janitor keep expired sessions?",
        "How often does the janitor delete expired sessions?",
        "After how many minutes does the janitor delete an expired session?",
        "At what interval does the janitor run?",
        "Within what response time must the janitor delete sessions?",
        "How much memory does the janitor need for expired sessions?",
        "What percentage of the expired sessions does the janitor delete?",
        "How much does the janitor of expired sessions cost?",
        "By which release do sessions have to be moved to the janitor?",
        "Which port does the janitor listen on?",
    ],
)
def test_a_measure_that_only_stands_elsewhere_is_not_stated(question: str) -> None:
    assert unmeasured(question, ranked(ABOUT, ELSEWHERE))
    assert not unmeasured(question, ranked(ABOUT, (ELSEWHERE[0], 0.4))), "near enough"
    assert not unmeasured(question, []), "nothing was found: the decision's to say"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How long does the janitor keep sessions?", "The janitor keeps sessions for 30 days."),
        ("How long does the janitor keep sessions?", "The janitor keeps sessions until their owner is forgotten."),
        ("How long does the janitor keep sessions?", "The janitor keeps sessions for one year."),
        ("How long has the janitor kept sessions?", "The janitor has kept sessions since 2019."),
        ("How often does the janitor run?", "The janitor runs nightly."),
        ("How often does the janitor retry a call?", "The janitor retries a failed call three times."),
        ("How often is the janitor asked?", "The janitor is asked after every login."),
        ("How often does the janitor run?", "The janitor's schedule is `*/5 * * * *`."),
        ("How often does the janitor run?", "The janitor runs with `intervalSeconds: 300`."),
        ("What timeout does the janitor have?", "The janitor's `timeout` is set to 20."),
        ("How many hours are sessions kept?", "The janitor never deletes sessions."),
        ("How much memory does the janitor need?", "The janitor needs 512 MiB."),
        ("What share of sessions is deleted?", "Half of the sessions are deleted."),
        ("How much does the janitor cost?", "The janitor is free."),
        ("In which release did the janitor come?", "The janitor came with v1.4.0."),
    ],
)
def test_a_measure_is_stated_in_many_ways(question: str, said: str) -> None:
    assert not unmeasured(question, ranked((said, 0.8)))
    assert unmeasured(question, ranked(("The janitor deletes sessions.", 0.8)))


@pytest.mark.parametrize(
    "question",
    [
        "Why does the janitor delete expired sessions?",
        "How many attempts does the janitor make?",
        "Which of the janitors deletes sessions, and how often does it run?",
        "How long are sessions kept, and who decides?",
        "How often does it run? Who starts it?",
        "When does the janitor run?",
    ],
)
def test_other_questions_and_those_that_ask_for_more_are_the_decisions(question: str) -> None:
    assert not unmeasured(question, ranked(ABOUT))


def test_a_row_of_numbers_may_have_its_unit_in_the_head() -> None:
    assert not unmeasured("How long does the janitor wait?", ranked(("| janitor | 30 |", 0.8), kind="row"))
    assert unmeasured("How long does the janitor wait?", ranked(("| janitor | waits |", 0.8), kind="row"))
