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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Document, Span
from service.grounding.ledger import Quantity
from service.protocols.quotation import Quotation, quotation
from service.protocols.reading import Reading
from service.standing.comparison import apart, differing, same_subject
from service.standing.force import in_force
from service.standing.statement import Statement, stated

_OTHERS = 2
_MOST_LOOKED = 80
_HITS = 8


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
        told = [other for other in _looked_up(reading, mine) if same_subject(mine, other)]
        clash = _clash(mine, told)
        if clash:
            found.append(clash)
    return found


def clash(mine: Statement, other: Statement) -> Contradiction | None:
    """Two statements of different documents that speak of the same thing and give it another value."""
    return _clash(mine, [other]) if same_subject(mine, other) else None


def _looked_up(reading: Reading, mine: Statement) -> Iterator[Statement]:
    """The units that state measures in the passages nearest to a unit."""
    for passage in reading.look(mine.text, limit=_HITS):
        document = reading.open(passage)
        if in_force(document):
            yield from stated(document, Span(passage.start, passage.end))


def _clash(mine: Statement, told: Sequence[Statement]) -> Contradiction | None:
    """The first document that contradicts, unless the library agrees as well or has many values."""
    clashing: list[tuple[Statement, Quantity, Quantity]] = []
    for other in told:
        if differing(mine, other) == []:
            return None
        pair = apart(mine, other)
        if pair:
            clashing.append((other, *pair))
    values = {b.spelt for _, _, b in clashing}
    if not clashing or (len({o.document.id for o, _, _ in clashing}) >= _OTHERS and len(values) > 1):
        return None
    other, a, b = clashing[0]
    own, library = quotation(mine.document, mine.unit), quotation(other.document, other.unit)
    return Contradiction(own, library, a.spelt, b.spelt) if own and library else None
