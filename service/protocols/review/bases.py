"""What a proposal rests on, and whether that still holds: records it names, and decisions it goes against.

- A document that it names and that is no longer in force is a superseded basis, unless the proposal says so itself.
- A status that it gives a document is compared with the one that the document has.
- Where it chooses what a decision in force has weighed and not chosen, it contradicts that decision.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.outline import section_path
from corpus.units import Unit, units
from service.answering.terms import terms
from service.protocols.quotation import Quotation, quotation, title_of
from service.protocols.reading import Reading
from service.protocols.record.anatomy import Anatomy, anatomy, status_place
from service.protocols.references import references
from service.standing.force import KNOWS_ENDED, in_force, is_decided, stage

_CHOOSES = re.compile(
    r"\b(?:use|uses|adopt|adopts|choose|chooses|pick|store|stores|keep|keeps|run|runs|build|switch to|move to|rely on"
    r"|relies on|introduce|introduces|will|based on)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"\bnot\b|n't\b|\bno\b|\bnever\b|\binstead of\b|\brather than\b|\bwithout\b|\bunlike\b|\?", re.I)
_ASIDE = re.compile(
    r"\balternativ|\boptions?\b|\brejected\b|\bnon-?goals?\b|\bout of scope\b|\brisks?\b|\bhistory\b", re.I
)
_SAID = re.compile(
    r"\b(?:is|was|been|the)\s+(?:still\s+|already\s+|only\s+|an?\s+)?(?P<status>accepted|approved|proposed|draft|rejected"
    r"|implemented|deprecated|superseded|withdrawn)\b",
    re.IGNORECASE,
)
_PROPER = re.compile(r"[A-Z][\w.+#-]*")
_MOST_LOOKED = 40
_TELLING = 2


@dataclass(frozen=True, slots=True)
class Basis:
    """A place in the proposal and the place in the library that it goes against. `says` is the finding in words."""

    rule: str
    own: Quotation
    library: Quotation
    says: str
    decided: bool


def superseded(reading: Reading, own: Document) -> list[Basis]:
    """Documents that the proposal names although they are no longer in force, or whose status it gets wrong."""
    found: dict[str, Basis] = {}
    named = list(references(own, reading.cards()))
    alone = Counter(reference.unit.start for reference in named)
    for reference in named:
        place = quotation(own, reference.unit)
        text = own.visible(reference.unit.start, reference.unit.end)
        document = reading.whole(reference.card)
        library = status_place(document) or title_of(document)
        if not place or not library or document.id in found:
            continue
        said = _SAID.search(text) if alone[reference.unit.start] == 1 else None
        if said and stage(said["status"]) != stage(document.parsed.metadata.status) != "":
            says = "The proposal gives a document a status that it does not have."
            found[document.id] = Basis("status", place, library, says, is_decided(document))
        elif not in_force(document) and not KNOWS_ENDED.search(text):
            says = "The proposal rests on a document that is no longer in force."
            found[document.id] = Basis("superseded-basis", place, library, says, decided=False)
    return list(found.values())


def against_decisions(reading: Reading, own: Document) -> list[Basis]:
    """Decisions in force that weighed what the proposal chooses, and chose otherwise."""
    if not any(card.kind == "adr" for card in reading.cards()):
        return []
    found: dict[str, Basis] = {}
    choosing = [u for u in units(own, Span(0, len(own.text))) if _chooses(own, u)]
    for unit in choosing[:_MOST_LOOKED]:
        text = " ".join(own.visible(unit.start, unit.end).split())
        for passage in reading.look(text, kinds=("adr",), limit=3):
            document = reading.open(passage)
            if document.id in found or not is_decided(document):
                continue
            reading.admit(document, Span(0, len(document.text)))
            place, basis = quotation(own, unit), _refused(anatomy(document), text)
            if place and basis:
                says = "The proposal chooses what a decision in force has weighed and not chosen."
                found[document.id] = Basis("decision", place, basis, says, decided=True)
    return list(found.values())


def _chooses(own: Document, unit: Unit) -> bool:
    text = own.visible(unit.start, unit.end)
    aside = any(_ASIDE.search(title) for title in section_path(own, unit.start))
    return unit.kind != "code" and bool(_CHOOSES.search(text)) and not _AGAINST.search(text) and not aside


def _refused(record: Anatomy, text: str) -> Quotation | None:
    """Where the record decides, if the text names an option that it did not choose and not the one it did."""
    if record.decision is None or not record.chosen:
        return None
    chosen, said = terms(record.chosen), terms(text)
    for option in record.options:
        name = terms(option.name)
        own = name - chosen
        if not name or name <= chosen or chosen <= name:
            continue
        tells = len(own) >= _TELLING or (len(own) == 1 and bool(_PROPER.fullmatch(option.name)))
        called = terms(option.alias) - chosen
        named = (tells and own <= said) or bool(called and called <= said)
        if named and not (chosen - name and chosen <= said):
            return record.decision
    return None
