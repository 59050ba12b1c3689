"""Earlier work on the subject of a proposal, and incidents on it that are on record."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.outline import sections_of
from corpus.passages import Passage
from service.answering.terms import terms
from service.protocols.quotation import Quotation, first_of
from service.protocols.reading import Reading
from service.protocols.sections import headed
from service.protocols.subject import GIST, about

_LESSON = re.compile(
    r"\broot causes?\b|\bcauses?\b|\bwhat (?:went wrong|happened)\b|\bimpact\b|\blessons?\b|\bcontributing\b"
    r"|\bsummary\b",
    re.IGNORECASE,
)
_HITS = 30
_PRECEDENTS, _INCIDENTS = 3, 3
_SHARED, _TOLD = 2, 4


@dataclass(frozen=True, slots=True)
class Earlier:
    """A document on the same subject: the place in the proposal that it bears on, and the words it is known by."""

    document: Document
    own: Quotation
    library: Quotation


def precedents(reading: Reading, own: Document) -> list[Earlier]:
    """The documents nearest to what the proposal is about, incidents aside."""
    kinds = ("design", "adr", "paper", "guide")
    return _nearest(reading, own, kinds, GIST, _PRECEDENTS)


def incidents(reading: Reading, own: Document) -> list[Earlier]:
    """The postmortems on what the proposal is about."""
    return _nearest(reading, own, ("postmortem",), _LESSON, _INCIDENTS)


def _nearest(
    reading: Reading, own: Document, kinds: tuple[str, ...], gist: re.Pattern[str], most: int
) -> list[Earlier]:
    """The first documents that the title and the gist lead to, each once, in order of rank.

    A document has to share two words of the proposal's title with its own title and section, or be found by both
    searches and share a word of the title and four in all, so that the last resort of a search is no precedent.
    """
    place = about(own)
    if place is None:
        return []
    by_title = reading.look(own.title, kinds=kinds, limit=_HITS)
    by_gist = reading.look(place.text, kinds=kinds, limit=_HITS)
    both = {p.document for p in by_title[: 2 * most]} & {p.document for p in by_gist[: 2 * most]}
    found: dict[str, Earlier] = {}
    for passage in (*by_title, *by_gist):
        if passage.document in found or len(found) == most:
            continue
        theirs = terms(f"{passage.title} {passage.text}")
        said = terms(f"{own.title} {place.text}") & theirs
        told = passage.document in both and len(said) >= _TOLD and bool(terms(own.title) & theirs)
        if told or len(_named(own, passage)) >= _SHARED:
            document = reading.open(passage)
            library = _gist(reading, document, gist) or first_of(document, Span(passage.start, passage.end))
            if library:
                found[document.id] = Earlier(document, place, library)
    return list(found.values())


def _named(own: Document, passage: Passage) -> frozenset[str]:
    return terms(own.title) & terms(" ".join((passage.title, *passage.section)))


def _gist(reading: Reading, document: Document, gist: re.Pattern[str]) -> Quotation | None:
    """The first words of the section that says what the document is about."""
    for branch in headed(document, gist):
        if found := first_of(document, branch.span):
            reading.admit(document, branch.span)
            return found
    for section in sections_of(document)[:2]:
        if found := first_of(document, Span(section.start, section.end)):
            reading.admit(document, Span(section.start, section.end))
            return found
    return None
