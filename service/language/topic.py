"""What of the evidence has to do with what is asked.

A unit that shares no word with the question, its document's title or its headings, whose paragraph, list, table and
lead-in share none either, and which is far from them in meaning, was put there for another reason than to tell of the
subject: a model may not rest a sentence on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.documents import Document
from corpus.outline import section_path
from corpus.ports import Embedder
from corpus.units import Unit
from service.answering.subject import shares
from service.answering.terms import terms

_FAR = 0.1
"""Cosine below which a unit without a common word is off the subject. Of the 347 units that extractive answers to 40
questions over ArchQA's operations are made of, two are."""


def off_topic(document: Document, inside: Sequence[Unit], question: str, embedder: Embedder) -> Iterator[Unit]:
    """The units that have nothing to do with the question."""
    asked = terms(question)
    strange: list[tuple[Unit, str, str]] = []
    for unit in inside:
        heading = " ".join(dict.fromkeys((document.title, *section_path(document, unit.start))))
        if not shares(document, unit, asked | terms(heading)):
            strange.append((unit, document.visible(unit.start, unit.end), f"{heading}. {question}"))
    texts = list(dict.fromkeys(text for _, *both in strange for text in both))
    vectors = dict(zip(texts, embedder.embed(texts), strict=True)) if texts else {}
    for unit, said, subject in strange:
        if sum(a * b for a, b in zip(vectors[said], vectors[subject], strict=True)) < _FAR:
            yield unit
