"""A clause that stands in its evidence is supported, unless its sentence denies, doubts or conditions it."""

from __future__ import annotations

import pytest

from eval.judging.clauses import stands_as_clause
from eval.judging.embedded import EmbeddedJudge

CLAUSE = "the broker keeps failed jobs for 30 days"


@pytest.mark.parametrize(
    "context",
    [
        "Note that the broker keeps failed jobs for 30 days.",
        "Disks are cheap, so be it: the broker keeps failed jobs for 30 days, which is long.",
        "It is new. Chosen: copies, because the broker keeps failed jobs for 30 days (finished ones go sooner).",
        "Other jobs do not matter. - Good: the broker keeps\n  failed jobs for 30 days; nothing else is kept.",
        "- If it is full, ask.\n- the broker keeps failed jobs for 30 days",
    ],
)
def test_a_clause_that_is_stated_outright_stands(context: str) -> None:
    assert stands_as_clause(CLAUSE, [context])
    assert EmbeddedJudge().supports([CLAUSE], [context]) == [1.0]


@pytest.mark.parametrize(
    "context",
    [
        "It is not true that the broker keeps failed jobs for 30 days.",
        "If the flag is set, the broker keeps failed jobs for 30 days.",
        "Unless told otherwise: the broker keeps failed jobs for 30 days.",
        "The proposed change: the broker keeps failed jobs for 30 days.",
        "The broker of the broker keeps failed jobs for 30 days.",
        "In each site the broker keeps failed jobs for 30 days.",
        "See: the broker keeps failed jobs for 30 days (not finished ones).",
        "See: the broker keeps failed jobs for 30 days unless the disk is full.",
        "See: the broker keeps failed jobs for 30 days, except on Sundays.",
        "See: the broker keeps failed jobs for 30 days and nights.",
        "See: the broker keeps failed jobs for 300 days.",
        "Some claim that the broker keeps failed jobs for 30 days.",
    ],
)
def test_what_is_denied_doubted_conditioned_or_cut_does_not_stand_by_itself(context: str) -> None:
    assert not stands_as_clause(CLAUSE, [context])


def test_a_word_or_two_stand_anywhere_and_prove_nothing() -> None:
    assert not stands_as_clause("failed jobs", ["Note: failed jobs."])
