"""A clause that stands in its evidence is supported, unless its sentence denies, doubts or conditions it."""

from __future__ import annotations

import pytest

from corpus.citations import Citation
from corpus.documents import Document, Parsed, Span
from eval.judging.embedded import EmbeddedJudge
from service.answer import Verdict
from service.grounding.claim import Claim, Ground
from service.grounding.clauses import stands_as_clause
from service.grounding.contract import judge
from service.grounding.weighing.weigh import EmbeddedVerifier

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
        "Nobody says that the broker keeps failed jobs for 30 days.",
    ],
)
def test_what_is_denied_doubted_conditioned_or_cut_does_not_stand_by_itself(context: str) -> None:
    assert not stands_as_clause(CLAUSE, [context])


def test_a_word_or_two_stand_anywhere_and_prove_nothing() -> None:
    assert not stands_as_clause("failed jobs", ["Note: failed jobs."])


def judged(text: str, evidence: str) -> Verdict:
    document = Document("s/a.md", "s", "a.md", Parsed(evidence, ()), "A", "guide", frozenset({"public"}))
    citation = Citation(
        number=1, document=document.id, title="A", kind="guide", revision=document.revision, section=(), start=0,
        end=len(evidence), place="", quote=evidence,
    )  # fmt: skip
    known, admitted = {(document.id, document.revision): document}, {document.id: (Span(0, len(evidence)),)}
    return judge(
        Claim(text, "cited", (citation,)), Ground(known, admitted, document.access, verifier=EmbeddedVerifier())
    )


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("The lint exits with status 3 on a flaw", "The lint exits with status 3 on a flaw; `--fail-on` changes that."),
        ("The defect was in development code", "The defect was in development code; nothing had been released."),
        (
            "Behind a search by words the gain is clear",
            "Behind a search by words the gain is clear, as only it has vectors.",
        ),
    ],
)
def test_the_contract_lets_a_clause_by_that_the_evidence_states(text: str, evidence: str) -> None:
    assert judged(text, evidence).supported


@pytest.mark.parametrize(
    "evidence",
    [
        "If the flag is set, the broker keeps failed jobs for 30 days, and nothing is lost.",
        "Unless the disk is full, the broker keeps failed jobs for 30 days, and nothing is lost.",
        "The broker keeps failed jobs for 30 days (or fewer) when the disk is full.",
        "The broker keeps failed jobs for 30 days only if it is told to.",
    ],
)
def test_the_contract_holds_a_clause_to_its_conditions(evidence: str) -> None:
    assert not judged(CLAUSE, evidence).supported
