"""Cases out of a corpus: each with gold that stands there, each once, and reviewed by a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.documents import Document, revision_of
from corpus.library import LIBRARY, manifest
from eval.cli.program import run
from eval.generating.candidate import Candidate, read_candidates, write_candidates
from eval.generating.generate import generate
from eval.generating.rules import read_off
from eval.generating.writing import write_cases
from eval.judging.port import JudgeFailure
from eval.running.trace import fold
from eval.suites.suite import BUNDLED, read_cases
from ingest.parse.registry import parse_file


def _document(place: Path, source: str, kind: str) -> Document:
    parsed = parse_file(place.read_bytes(), place.name)
    return Document(
        id=f"{source}/{place.name}",
        source=source,
        path=place.name,
        parsed=parsed,
        title=parsed.metadata.title,
        kind=kind,  # type: ignore[arg-type]
        access=frozenset(parsed.metadata.access or ("public",)),
        revision=revision_of(parsed.text),
    )


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    library = [_document(LIBRARY / e.path, "library", e.kind) for e in manifest() if e.path.endswith(".md")]
    return library + [_document(p, "companion", "other") for p in sorted((BUNDLED / "companion").glob("*.md"))]


@pytest.fixture(scope="module")
def candidates(documents: list[Document]) -> list[Candidate]:
    return generate(documents)


def test_every_rule_and_variant_yields_something(candidates: list[Candidate]) -> None:
    rules = {one.rule for one in candidates}
    assert rules >= {"definition", "decision", "advantages", "drawbacks", "procedure", "number"}
    assert rules >= {"unanswerable", "swapped", "conflicting"}
    assert len(candidates) >= 100


def test_gold_stands_in_its_document(documents: list[Document], candidates: list[Candidate]) -> None:
    texts = {document.id: fold(document.text) for document in documents}
    for one in candidates:
        assert bool(one.case.gold) != one.case.refuse
        for gold in one.case.gold:
            assert gold.quote
            assert gold.quote in texts[gold.document], one.case.question


def test_nothing_is_proposed_twice_and_the_order_of_documents_does_not_matter(
    documents: list[Document], candidates: list[Candidate]
) -> None:
    ids = [one.case.id for one in candidates]
    assert len(set(ids)) == len(ids)
    assert generate(list(reversed(documents))) == candidates


def test_a_conflict_needs_both_documents(candidates: list[Candidate]) -> None:
    (conflict, *_) = [one for one in candidates if one.rule == "conflicting"]
    assert len({gold.document for gold in conflict.case.gold}) == 2
    assert len(set(conflict.case.facts)) == 2


def test_a_stranger_is_named_nowhere(documents: list[Document], candidates: list[Candidate]) -> None:
    known = " ".join(document.text for document in documents)
    for one in candidates:
        if one.rule == "swapped":
            (name,) = [
                n for n in ("Quillmark", "Brindleport", "Osterhaven", "Tamberlin", "Velloria") if n in one.case.question
            ]
            assert name not in known


def test_a_decision_is_asked_without_its_answer(candidates: list[Candidate]) -> None:
    asked = [one.case for one in candidates if one.rule == "decision"]
    assert len(asked) >= 8
    assert not [case.question for case in asked if case.facts[0][0].lower() in case.question.lower()]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("no build step, so a document can be searched as soon as its batch is written to disk", "no build step, so a"),
        (
            "over both sets of questions, in normal and in full form, the answers keep every rule that applies",
            "over both",
        ),
        ("of a document: its time is over; see the other", "of a document: its time is over"),
        (
            "the index is a copy of the store, and is made again whenever it is lost or damaged",
            "the index is a copy of the",
        ),
    ],
)
def test_a_fact_says_something_by_itself(text: str, fact: str) -> None:
    body = f"# ADR 0001: Copies\n\n## Decision outcome\n\n### Consequences\n\n- Good: {text}.\n"
    parsed = parse_file(body.encode(), "0001-copies.md")
    document = Document(
        id="d/0001-copies.md", source="d", path="0001-copies.md", parsed=parsed, title="Copies", kind="adr",
        access=frozenset({"public"}), revision=revision_of(parsed.text),
    )  # fmt: skip
    (found,) = [one for one in read_off(document) if one.rule == "advantages"]
    assert found.facts[0].startswith(fact)
    assert len(found.facts[0].split()) >= 4


def test_what_another_document_tells_is_not_proposed_as_unanswerable(candidates: list[Candidate]) -> None:
    asked = {one.case.question for one in candidates if one.rule == "unanswerable"}
    assert asked
    assert not any('"manifest of the index"' in question for question in asked), "ADR 0003 tells what it is"


def test_a_person_accepts_edits_and_rejects(tmp_path: Path, candidates: list[Candidate]) -> None:
    file, out = tmp_path / "candidates.jsonl", tmp_path / "accepted.jsonl"
    write_candidates(file, candidates[:4])
    a, b, c, _ = (one.case.id for one in candidates[:4])
    assert run(["review-cases", str(file), "--accept", a, "--reject", b]) == 0
    assert run(["review-cases", str(file), "--edit", c, "--question", "Another?", "--export", str(out)]) == 0
    assert [one.state for one in read_candidates(file)] == ["accepted", "rejected", "accepted", "proposed"]
    assert [case.id for case in read_cases(out)] == [a, c]
    assert list(read_cases(out))[1].question == "Another?"
    assert run(["review-cases", str(file), "--accept", "nobody"]) == 2
    assert run(["review-cases", str(file), "--edit", a]) == 2
    assert run(["review-cases", str(tmp_path / "none")]) == 2


def test_numbers_that_differ_are_found_in_records_with_a_colon_in_their_title(tmp_path: Path) -> None:
    made = []
    for number, size in ((1, 64), (2, 48)):
        place = tmp_path / f"{number}.md"
        place.write_text(f"# ADR {number}: Limits: of queues\n\nA Larkspur queue holds {size} jobs.\n")
        made.append(_document(place, "docs", "other"))
    (conflict,) = [one for one in generate(made) if one.rule == "conflicting"]
    assert conflict.case.facts == (("64",), ("48",))


class _Writer:
    """A model that says what it is told to, passage by passage."""

    identity = label = "told"

    def __init__(self, *said: dict[str, Any]) -> None:
        self.said, self.asked = list(said), list[str]()

    def fields(self, prompt: str, wanted: str, schema: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(prompt)
        if not self.said:
            raise JudgeFailure("says nothing", item="told")
        return self.said.pop(0)


def test_a_model_proposes_only_what_stands_in_its_passage(tmp_path: Path) -> None:
    place = tmp_path / "lark.md"
    place.write_text("# Larkspur\n\nA Larkspur queue is drained by the night shift. " + "It is quiet then. " * 12)
    document = _document(place, "docs", "other")
    good = {
        "question": "Who empties a queue of Larkspur?",
        "quote": "A Larkspur queue is drained by the night shift.",
        "fact": "the night shift",
    }
    unsound = [
        {**good, "quote": "A Larkspur queue is drained by the day shift.", "fact": "the day shift"},
        {**good, "fact": "the operators"},
        {**good, "question": "Does the night shift empty it?"},
        {**good, "question": "Tell me."},
        {},
    ]
    library = [(document, [document.text, "too short"] + [document.text] * 9)]
    model = _Writer(good, *unsound)
    written = list(write_cases(model, library, most=7))
    assert [found.question for _, found in written] == [good["question"]]
    assert len(model.asked) == 7
    assert all(document.text in prompt for prompt in model.asked)
    (case,) = [one.case for one in generate([document], written=written) if one.rule == "model"]
    assert (case.gold[0].quote, case.facts) == (good["quote"], ((good["fact"],),))
    with pytest.raises(JudgeFailure, match="says nothing"):
        list(write_cases(_Writer(), library, most=2))
