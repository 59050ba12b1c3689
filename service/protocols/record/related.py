"""Records that stand beside a question: those that decided it before, those that are open, those they replaced.

A record is near the question when the rarer half of the question's words stands in what it is called, what it decides
and what it weighs; it is on the question when it comes close to the nearest one. A design binds only once
it was accepted.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.documents import Document
from service.answering.terms import Share, rarity, terms
from service.protocols.quotation import Quotation, title_of
from service.protocols.reading import Reading
from service.protocols.record.anatomy import Anatomy, anatomy, status_place
from service.protocols.report import Relation
from service.standing.force import in_force, is_decided
from service.standing.naming import named_card

_DECIDING = terms("which what how should shall use used choose chosen pick decide decision adopt option between versus")
_HALF, _NEAR = 0.5, 0.8
_TELLING = 2
_LOOKED = {"adr": 20, "design": 12}
_MOST = 6


@dataclass(frozen=True, slots=True)
class Beside:
    """A record and how it stands to the question; `of` is the title of the record that names it, "" for the question.

    decides  where it decides, else its title
    status   where it shows its status, else its title
    """

    document: Document
    parts: Anatomy
    relation: Relation
    decides: Quotation | None
    status: Quotation | None
    of: str = ""

    @property
    def on(self) -> bool:
        """Whether the record is on the question itself."""
        return not self.of and self.relation != "related"


def beside(reading: Reading, question: str) -> list[Beside]:
    """The records on the question, nearest first, each followed by those that it replaced or that replaced it."""
    asked = terms(question) - _DECIDING
    weigh = rarity([terms(card.title) for card in reading.cards()])
    shares: dict[str, tuple[float, Document, Anatomy]] = {}
    for kind, limit in _LOOKED.items():
        for passage in reading.look(question, kinds=(kind,), limit=limit):
            if passage.document not in shares:
                document = reading.open(passage)
                parts = anatomy(document)
                if kind == "adr" or in_force(document):
                    shares[document.id] = (_share(asked, document, parts, weigh), document, parts)
    nearest = sorted((row for row in shares.values() if row[0] >= _HALF), key=lambda row: -row[0])[:_MOST]
    found: dict[str, Beside] = {}
    for part, document, parts in nearest:
        reading.admit_whole(document)
        on = part >= _NEAR * nearest[0][0]
        binds = document.kind == "adr" or is_decided(document)
        found[document.id] = _beside(document, parts, _relation(document) if on and binds else "related")
    for record in list(found.values()):
        for near in _line(reading, record):
            found.setdefault(near.document.id, near)
    return list(found.values())


def _share(asked: frozenset[str], document: Document, parts: Anatomy, weigh: dict[str, float]) -> float:
    """The share of what is asked that the record is on; 0 where it shares a single word by chance."""
    core = [document.title, parts.chosen, *(option.name for option in parts.options)]
    core += [quoted.text for quoted in parts.context[:3]]
    own = terms(" ".join(core)) | (terms(parts.decision.text) if parts.decision else frozenset())
    return Share(asked, weigh).of(own) if len(asked & own) >= min(_TELLING, len(asked)) > 0 else 0.0


def _relation(document: Document) -> Relation:
    if not in_force(document):
        return "no longer in force"
    return "decided before" if is_decided(document) else "under discussion"


def _beside(document: Document, parts: Anatomy, relation: Relation, of: str = "") -> Beside:
    title = title_of(document)
    return Beside(document, parts, relation, parts.decision or title, status_place(document) or title, of)


def _line(reading: Reading, record: Beside) -> list[Beside]:
    """The records that it says it replaced, and those that replaced it."""
    said = record.document.parsed.metadata
    named: list[tuple[Relation, str]] = [("supersedes", name) for name in said.supersedes]
    named += [("superseded by", name) for name in said.superseded_by]
    found = []
    for relation, name in named:
        card = named_card(name, reading.cards(), of=record.document.id)
        if card and card.id != record.document.id:
            document = reading.whole(card)
            found.append(_beside(document, anatomy(document), relation, record.document.title))
    return found
