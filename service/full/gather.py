"""What the documents say of each facet of a question, best first.

1. Under a heading that promises the facet, in the documents that the answer cites, then in the others that were found.
2. In a sentence of a found passage that has the facet's words.
3. Where both are silent and the facet says so, by one more search for its words beside the question.

A document that the answer cites is on the subject when its title or headings share a word with it; everything else has
to share half of the question's words itself. What has ended, what a vendor says of itself, and a paper's figures are
left out: none of them may stand without more words than a quotation has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.outline import section_path
from corpus.units import Unit, units
from service.answering.instructions import is_addressed
from service.answering.terms import terms
from service.full.facet import Facet, facets
from service.protocols.quotation import Quotation, quotation
from service.protocols.reading import Reading, Said
from service.protocols.record.anatomy import CONSEQUENCES
from service.protocols.record.sides import side
from service.protocols.sections import headed
from service.protocols.substance import is_placeholder
from service.standing.force import in_force
from service.standing.tier import tier_of

_GENERIC = terms(
    "which what how why should shall could would best better good recommend recommendation decide decision adopt "
    "option options alternative alternatives approach compare between versus tradeoff trade-off choose plan design "
    "architecture risk risks drawback benefit consider considerations tell explain describe about when use using work "
    "does our we"
)
_SHORTEST, _LONGEST = 5, 60
_LOOKED = 6
_READ = 5
_WEAK = ("vendor documentation", "marketing")
_MEASURED = re.compile(r"\d|\b(?:best|most|every|always|never)\b")


@dataclass(frozen=True, slots=True)
class Pick:
    """A unit that was picked, and how it is quoted."""

    unit: Unit
    quoted: Quotation

    @property
    def document(self) -> Document:
        """Where it stands."""
        return self.quoted.document


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about: its telling words, and what an answer to it has said already."""

    question: str
    words: frozenset[str]
    said: Mapping[str, Sequence[Span]]

    def has(self, document: Document, unit: Unit) -> bool:
        """Whether the answer says the unit already."""
        return any(span.start < unit.end and unit.start < span.end for span in self.said.get(document.id, ()))

    def shared(self, text: str) -> int:
        """How many of the telling words a text has."""
        return len(self.words & terms(text))

    def near(self, text: str) -> bool:
        """Whether a text shares half of the telling words, and two of them where there are two."""
        shared = self.shared(text)
        return shared >= min(2, len(self.words)) and 2 * shared >= len(self.words)


def subject_of(question: str, said: Mapping[str, Sequence[Span]]) -> Subject:
    """The subject of a question; all of its words where none is telling."""
    return Subject(question, terms(question) - _GENERIC or terms(question), said)


def gather(
    reading: Reading, subject: Subject, documents: Sequence[Document], found: Sequence[Said]
) -> dict[str, tuple[Pick, ...]]:
    """The picks of every facet by its name, the same words once, whichever document has them.

    documents  those at hand, those that the answer cites first
    found      the units of the passages that were found, best first
    """
    at_hand = [document for document in documents if in_force(document)][:_READ]
    for document in at_hand:
        reading.admit_whole(document)
    seen: set[str] = set()
    gathered: dict[str, tuple[Pick, ...]] = {}
    for facet in facets():
        picks: list[Pick] = []
        for pick in _candidates(reading, subject, facet, at_hand, found):
            words = " ".join(pick.quoted.text.split()).casefold()
            if words not in seen and len(picks) < facet.most:
                seen.add(words)
                picks.append(pick)
            if len(picks) == facet.most:
                break
        gathered[facet.name] = tuple(picks)
    return gathered


def _candidates(
    reading: Reading, subject: Subject, facet: Facet, documents: Sequence[Document], found: Sequence[Said]
) -> Iterator[Pick]:
    """What may be picked for a facet, best first. More is searched only where the documents at hand are silent."""
    headings = [pick for document in documents for pick in _under_headings(subject, facet, document)]
    silent = not headings
    yield from sorted(headings, key=lambda pick: (len(pick.quoted.spans) > 1, -subject.shared(pick.quoted.text)))
    if facet.worded is not None:
        spoken = [said for said in found if facet.worded.search(said.text) and in_force(said.document)]
        for pick in _picks(subject, facet, spoken):
            silent = False
            yield pick
    if silent and facet.look:
        wider = reading.found(f"{facet.look}: {subject.question}", limit=_LOOKED)
        yield from _picks(subject, facet, [said for said in wider if in_force(said.document) and _speaks(facet, said)])


def _under_headings(subject: Subject, facet: Facet, document: Document) -> Iterator[Pick]:
    """The quotable units under a document's headings of the facet."""
    for branch in headed(document, facet.headed):
        ours = bool(subject.words & terms(" ".join((document.title, *branch.path))))
        inside = [Said(document, unit) for unit in units(document, branch.span)]
        picks = [pick for pick in map(_pick, inside) if pick and not subject.has(document, pick.unit)]
        yield from (p for p in picks if _fits(facet, p) and (ours or subject.near(_whole(document, p.unit))))


def _picks(subject: Subject, facet: Facet, said: Iterable[Said]) -> Iterator[Pick]:
    for one in said:
        pick = _pick(one)
        known = pick is None or subject.has(one.document, one.unit)
        if pick and not known and _fits(facet, pick) and subject.near(_whole(one.document, one.unit)):
            yield pick


def _fits(facet: Facet, pick: Pick) -> bool:
    """Whether a unit can be what the facet is: no advantage is a risk, and no row of a table is a decision."""
    if facet.name == "risk":
        return side(pick.document, pick.unit) != "good"
    if facet.name == "decision" and any(map(CONSEQUENCES.search, section_path(pick.document, pick.unit.start))):
        return False
    return facet.name not in ("decision", "context", "check") or pick.unit.kind != "row"


def _speaks(facet: Facet, said: Said) -> bool:
    """Whether a unit stands under a heading of the facet, or has its words."""
    titles = " > ".join(section_path(said.document, said.unit.start)[1:])
    return bool(facet.headed.search(titles) or (facet.worded and facet.worded.search(said.text)))


def _pick(said: Said) -> Pick | None:
    """The unit as it may be quoted by itself; None where it may not."""
    document, unit, text = said.document, said.unit, said.text
    bare = text.rstrip(" *_`")
    header = document.parsed.blocks[unit.block].label == "header"
    if unit.kind == "code" or header or bare.endswith((":", "?")) or is_placeholder(text):
        return None
    if not _SHORTEST <= len(text.split()) <= _LONGEST or is_addressed(document, unit) or not _may_stand(document, text):
        return None
    quoted = quotation(document, unit)
    return Pick(unit, quoted) if quoted and len(quoted.text.split()) <= 2 * _LONGEST else None


def _may_stand(document: Document, text: str) -> bool:
    """Whether a sentence of the document needs no word on whose it is."""
    tier = tier_of(document)
    foreign = document.kind == "paper" or tier == "peer-reviewed paper"
    return tier not in _WEAK and not (foreign and _MEASURED.search(text))


def _whole(document: Document, unit: Unit) -> str:
    """The unit's words with its title and headings."""
    path = section_path(document, unit.start)
    return " ".join((document.title, *path, document.visible(unit.start, unit.end)))
