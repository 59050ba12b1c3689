"""Whether a unit shares a word with a subject, in its own words or in those of the structure that it is part of."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.documents import Document, Span
from corpus.units import Unit
from service.answering.structure import structure_of
from service.answering.terms import terms
from service.grounding.context import needs


def shares(document: Document, unit: Unit, subject: frozenset[str]) -> bool:
    """Whether the unit, its paragraph, list or table, or what introduces it has one of the subject's terms."""
    near = (Span(u.start, u.end) for u in structure_of(document, unit.block).units())
    spans = (Span(unit.start, unit.end), *near, *needs(document, Span(unit.start, unit.end)).spans)
    return any(terms(document.visible(s.start, s.end)) & subject for s in spans)


def speaking(placed: Iterable[tuple[Document, Unit]], subject: frozenset[str]) -> frozenset[str]:
    """The ids of the documents of which some unit shares a word with the subject."""
    found: set[str] = set()
    for document, unit in placed:
        if document.id not in found and shares(document, unit, subject):
            found.add(document.id)
    return frozenset(found)
