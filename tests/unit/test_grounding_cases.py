"""Every check against its table of cases in `cases/`: one line is evidence, claim, and the text that loses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.citations import Citation
from corpus.documents import Document, Span, revision_of
from ingest.parse.text.markdown import parse_text
from service.answer import SentenceKind
from service.grounding.claim import Check, Claim, Ground
from service.grounding.contract import judge
from service.grounding.identifiers import identifiers
from service.grounding.quantities import derivation, quantities
from service.grounding.words.ban import ban
from service.grounding.words.entities import entities
from service.grounding.words.polarity import polarity

CASES = Path(__file__).with_name("cases")
CHECKS: dict[str, Check] = {
    "quantities": quantities,
    "identifiers": identifiers,
    "entities": entities,
    "polarity": polarity,
    "ban": ban,
}


def rows(name: str) -> Iterator[tuple[str, str, str]]:
    for line in (CASES / f"{name}.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            evidence, claim, lost = (part.strip() for part in line.split("||"))
            yield evidence.replace("\\n", "\n"), claim, lost


def read(text: str) -> Document:
    return Document(
        "docs/a.md",
        "docs",
        "a.md",
        parse_text(text, "a.md"),
        "A",
        "design",
        frozenset({"public"}),
        "",
        "",
        revision_of(text),
    )


def case(evidence: str, text: str, kind: SentenceKind = "cited") -> tuple[Claim, Ground]:
    document = read(evidence)
    end = len(evidence)
    citation = Citation(
        number=1, document=document.id, title="A", kind="design", revision=document.revision, section=(), start=0,
        end=end, place="", quote=evidence,
    )  # fmt: skip
    ground = Ground({(document.id, document.revision): document}, {document.id: (Span(0, end),)}, document.access)
    return Claim(text, kind, (citation,)), ground


ALL = [pytest.param(name, *row, id=f"{name}-{i}") for name in CHECKS for i, row in enumerate(rows(name), 1)]


@pytest.mark.parametrize(("name", "evidence", "text", "lost"), ALL)
def test_every_case(name: str, evidence: str, text: str, lost: str) -> None:
    claim, ground = case(evidence, text, "judgement" if name == "ban" else "cited")
    objection = CHECKS[name](claim, ground)
    if not lost:
        assert objection is None, objection
        return
    assert objection is not None
    assert objection.check == name
    assert lost.lower() in objection.detail.lower()


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_has_cases_of_both_sorts(name: str) -> None:
    found = list(rows(name))
    assert len(found) >= 25
    assert sum(not lost for _, _, lost in found) >= 8
    assert sum(bool(lost) for _, _, lost in found) >= 8


@pytest.mark.parametrize("name", [n for n in CHECKS if n != "ban"])
def test_the_evidence_itself_always_holds(name: str) -> None:
    for evidence, _, _ in rows(name):
        claim, ground = case(evidence, evidence)
        verdict = judge(claim, ground)
        assert verdict.supported, (evidence, verdict)
        assert verdict.score == 1.0


@pytest.mark.parametrize(
    ("evidence", "text", "formula"),
    [
        ("It answers within 200 ms.", "It answers within 0.2 s.", "<= 200 ms = <= 0.2 s"),
        ("It answers within 200 ms.", "Within 200 ms it answers.", ""),
        ("Availability is 99.9 %.", "Down 43.8 min/month.", "(100 % − 99.9 %) × 1 mo = 43.8 min/month"),
    ],
)
def test_what_is_computed_shows_how(evidence: str, text: str, formula: str) -> None:
    claim, _ = case(evidence, text)
    assert derivation(claim) == formula


def test_destructive_commands_are_marked_and_others_are_not() -> None:
    marked = "Then run `rm -rf /var/lib/ledger` on the node."
    assert judge(*case(marked, marked)).caution == "rm -rf /var/lib/ledger"
    harmless = "Then run `kubectl get pods -n ledger` on the node."
    assert judge(*case(harmless, harmless)).caution == ""
