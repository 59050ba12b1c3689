"""What a unit of a document states: its measures, and the words that say of what they are.

Tests, history and check lists are each document's own and state nothing that another document could deny. Examples,
stories and alternatives state in passing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.identifiers import identifiers
from corpus.outline import section_path
from corpus.units import Unit, units
from service.answering.terms import terms
from service.grounding.ledger import Quantity, ledger

_PASSING = re.compile(
    r"\balternativ|\bexamples?\b|\bfuture\b|\breject|\bstor(?:y|ies)\b|\bappendix\b|\bprior\b|\bprevious\b|\bold\b"
    r"|\bproblem\b|\bbackground\b|\boutdated\b",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\btests?\b|\btesting\b|\bbenchmark|\bhistory\b|\bsign-?off\b|\bchangelog\b|\bgraduation\b|\bmilestones?\b", re.I
)
_SUPPOSED = re.compile(
    r"\bfor (?:example|instance)\b|\be\.g\.|\bsuch as\b|\bsuppose|\bassume[sd]?\b|\bimagine\b|\blet'?s\b"
    r"|\bwould\b|\bcould\b|\bcurrently\b|\bused to\b|\bpreviously\b|\bI want\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A unit that states measures.

    words    its content words without numbers
    names    its identifiers
    marks    versions and dates beside the measures
    passing  whether it stands where nothing is fixed, or only supposes
    """

    document: Document
    unit: Unit
    text: str
    words: frozenset[str]
    names: frozenset[str]
    measures: tuple[Quantity, ...]
    marks: frozenset[str]
    passing: bool


def stated_in(document: Document, unit: Unit) -> Iterator[Statement]:
    """What a unit states."""
    return (one for one in stated(document, Span(unit.start, unit.end)) if one.unit == unit)


def stated(document: Document, span: Span) -> Iterator[Statement]:
    """The units of a stretch that state a measure."""
    for unit in units(document, span):
        text = " ".join(document.visible(unit.start, unit.end).split())
        if unit.kind == "code" or any(map(_DATED.search, headings(document, unit))):
            continue
        entries = ledger(text)
        measures = tuple(q for q in entries if q.kind == "measure" and q.value is not None)
        if measures:
            marks = frozenset(q.label for q in entries if q.kind in ("version", "date"))
            bare = _blanked(text, entries)
            passing = bool(_SUPPOSED.search(text)) or any(map(_PASSING.search, headings(document, unit)))
            yield Statement(document, unit, text, terms(bare), frozenset(identifiers(bare)), measures, marks, passing)


def headings(document: Document, unit: Unit) -> tuple[str, ...]:
    """The headings over the unit, the document's title aside."""
    path = section_path(document, unit.start)
    return path[1:] if path and path[0] == document.title else path


def _blanked(text: str, entries: Sequence[Quantity]) -> str:
    for entry in entries:
        if entry.kind != "name":
            text = text[: entry.start] + " " * (entry.end - entry.start) + text[entry.end :]
    return text
