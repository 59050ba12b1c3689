"""Quantities that a proposal states otherwise than the library does: same subject, same kind, another value.

Precision comes first: a finding that is wrong costs more trust than one that is missing.

1. Every sentence, list item and row of the proposal that states a measure is looked up in the library.
2. Two sentences speak of the same thing when their words, numbers aside, are nearly the same, or largely the same with
   a name in common. Examples, stories and alternatives fix nothing: there only nearly the same sentence counts. Tests,
   history and check lists are each document's own and are passed over.
3. Their measures are compared by the ledger, those that one side states beyond the other aside. Exactly one may differ,
   only in its value, and it has to say of what it is; where versions or dates beside it differ, both may be right.
4. A sentence that several documents make, each with a value of its own, is a form's and fixes nothing; one that the
   library also states as the proposal does is a disagreement of the library, not of the proposal.
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
from service.grounding.quantity.compare import facets
from service.protocols.quotation import Quotation, quotation
from service.protocols.reading import Reading
from service.standing.force import in_force

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
_EXACTLY, _NEARLY, _MOSTLY, _LARGELY = 0.85, 0.75, 0.7, 0.5
_FEWEST, _MANY = 4, 8
_OTHERS = 2
_MOST_LOOKED = 80
_HITS = 8


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


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What the proposal says, what the library says, and the two values as they are spelt."""

    own: Quotation
    library: Quotation
    says: str
    instead: str


def contradictions(reading: Reading, own: Document) -> list[Contradiction]:
    """Every contradiction, in the order of the proposal."""
    found = []
    for mine in list(stated(own, Span(0, len(own.text))))[:_MOST_LOOKED]:
        told = [other for other in _looked_up(reading, mine) if _same_subject(mine, other)]
        clash = _clash(mine, told)
        if clash:
            found.append(clash)
    return found


def clash(mine: Statement, other: Statement) -> Contradiction | None:
    """Two statements of different documents that speak of the same thing and give it another value."""
    return _clash(mine, [other]) if _same_subject(mine, other) else None


def stated_in(document: Document, unit: Unit) -> Iterator[Statement]:
    """What a unit states."""
    return (one for one in stated(document, Span(unit.start, unit.end)) if one.unit == unit)


def stated(document: Document, span: Span) -> Iterator[Statement]:
    """The units of a stretch that state a measure."""
    for unit in units(document, span):
        text = " ".join(document.visible(unit.start, unit.end).split())
        if unit.kind == "code" or any(map(_DATED.search, _path(document, unit))):
            continue
        entries = ledger(text)
        measures = tuple(q for q in entries if q.kind == "measure" and q.value is not None)
        if measures:
            marks = frozenset(q.label for q in entries if q.kind in ("version", "date"))
            bare = _blanked(text, entries)
            passing = bool(_SUPPOSED.search(text)) or any(map(_PASSING.search, _path(document, unit)))
            yield Statement(document, unit, text, terms(bare), frozenset(identifiers(bare)), measures, marks, passing)


def _path(document: Document, unit: Unit) -> tuple[str, ...]:
    """The headings over the unit, the document's title aside."""
    path = section_path(document, unit.start)
    return path[1:] if path and path[0] == document.title else path


def _blanked(text: str, entries: Sequence[Quantity]) -> str:
    for entry in entries:
        if entry.kind != "name":
            text = text[: entry.start] + " " * (entry.end - entry.start) + text[entry.end :]
    return text


def _looked_up(reading: Reading, mine: Statement) -> Iterator[Statement]:
    """The units that state measures in the passages nearest to a unit."""
    for passage in reading.look(mine.text, limit=_HITS):
        document = reading.open(passage)
        if in_force(document):
            yield from stated(document, Span(passage.start, passage.end))


def _same_subject(mine: Statement, other: Statement) -> bool:
    shared = mine.words & other.words
    if len(shared) < _FEWEST:
        return False
    alike = len(shared) / len(mine.words | other.words)
    named = bool(mine.names & other.names)
    if alike >= _EXACTLY and (len(shared) >= _MANY or (alike == 1 and named)):
        return True
    if alike >= _MOSTLY and named and len(shared) >= _MANY:
        return True
    fixed = not mine.passing and not other.passing
    return fixed and (alike >= _NEARLY or (alike >= _LARGELY and named))


def _clash(mine: Statement, told: Sequence[Statement]) -> Contradiction | None:
    """The first document that contradicts, unless the library agrees as well or has many values."""
    clashing: list[tuple[Statement, Quantity, Quantity]] = []
    for other in told:
        differing = _differing(mine, other)
        if differing == []:
            return None
        if differing and len(differing) == 1 and mine.marks == other.marks and _has_unit(*differing[0]):
            clashing.append((other, *differing[0]))
    values = {b.spelt for _, _, b in clashing}
    if not clashing or (len({o.document.id for o, _, _ in clashing}) >= _OTHERS and len(values) > 1):
        return None
    other, a, b = clashing[0]
    own, library = quotation(mine.document, mine.unit), quotation(other.document, other.unit)
    return Contradiction(own, library, a.spelt, b.spelt) if own and library else None


def _has_unit(a: Quantity, b: Quantity) -> bool:
    """Whether both say of what they are; a bare number may be a version, a step or a line of an example."""
    return all(re.search(r"[^\W\d_]|[%$€£]", quantity.spelt) for quantity in (a, b))


def _differing(mine: Statement, other: Statement) -> list[tuple[Quantity, Quantity]] | None:
    """The measures that differ in value alone, [] where all are the same; None where they cannot be compared.

    Where one side states more than the other, what both state is set aside, and one pair of a kind has to be left.
    """
    left, right = list(mine.measures), list(other.measures)
    if len(left) == len(right):
        paired = [(a, b, facets(a, b)) for a, b in zip(left, right, strict=True)]
        alike = all(different in ((), ("value",)) for _, _, different in paired)
        return [(a, b) for a, b, different in paired if different] if alike else None
    for a in mine.measures:
        same = next((b for b in right if not facets(a, b)), None)
        if same:
            left.remove(a)
            right.remove(same)
    apart = [(a, b) for a in left for b in right if facets(a, b) == ("value",)]
    return apart if len(apart) == 1 else None
