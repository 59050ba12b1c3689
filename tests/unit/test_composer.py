"""The port that writes answers: what the guard behind every composer lets out."""

from __future__ import annotations

import pytest

from corpus.citations import Citation
from corpus.documents import Document, Span, revision_of
from ingest.parse.text.markdown import parse_text
from service.answer import Sentence, Verdict
from service.answering.assemble import Assembled
from service.answering.composer import unsound
from service.grounding.claim import Ground

TEXT = "# Gateway\n\nThe gateway answers within 200 ms.\n\n# Secrets\n\nNobody else reads this sentence.\n"
READ = Document(
    "d/a.md", "d", "a.md", parse_text(TEXT, "a.md"), "A", "design", frozenset({"public"}), revision=revision_of(TEXT)
)
GROUND = Ground({(READ.id, READ.revision): READ}, {READ.id: (Span(0, TEXT.index("# Secrets")),)}, frozenset({"public"}))
SAID = "The gateway answers within 200 ms."
HOLDS = Verdict(supported=True)


def cite(quote: str, *, number: int = 1, shift: int = 0, revision: str = READ.revision) -> Citation:
    start = TEXT.index(quote) + shift
    return Citation(
        number=number, document=READ.id, title="A", kind="design", revision=revision, section=(), start=start,
        end=start + len(quote), place="", quote=quote,
    )  # fmt: skip


def body(sentence: Sentence, *citations: Citation) -> Assembled:
    return Assembled(sentence.text, (sentence,), citations, ())


def test_what_holds_leaves() -> None:
    said = Sentence(text=SAID, kind="cited", citations=(1,), verdict=HOLDS)
    assert unsound(body(said, cite(SAID)), GROUND) == ""
    assert unsound(body(Sentence(text="Ask us.", kind="notice", citations=(), verdict=HOLDS)), GROUND) == ""


@pytest.mark.parametrize(
    ("numbers", "citation", "holds", "fault"),
    [
        ((1,), cite(SAID), False, "sentence without"),
        ((2,), cite(SAID), True, "sentence without"),
        ((), cite(SAID), True, "uncited"),
        ((1,), cite(SAID, shift=1), True, "citation 1: quote"),
        ((1,), cite(SAID, revision="0" * 64), True, "citation 1: resolution"),
        ((1,), cite("Nobody else reads this sentence."), True, "citation 1: resolution"),
    ],
)
def test_what_does_not_hold_stays(numbers: tuple[int, ...], citation: Citation, holds: bool, fault: str) -> None:
    said = Sentence(text=SAID, kind="cited", citations=numbers, verdict=Verdict(supported=holds))
    assert unsound(body(said, citation), GROUND).startswith(fault)


def test_a_citation_that_nobody_used_is_checked_too() -> None:
    said = Sentence(text=SAID, kind="cited", citations=(1,), verdict=HOLDS)
    assert unsound(body(said, cite(SAID), cite(SAID, number=2, shift=2)), GROUND) == "citation 2: quote"
