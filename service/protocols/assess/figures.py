"""The figures that the library states of a system: each with its sentence, its aspect and its kind.

A sentence is on the system when the system's words stand in it, over it, or in its document's title. It is *promised*
where it binds or bounds, *measured* where it tells how things are or were, and of an *incident* in a postmortem.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from corpus.documents import Document, Span
from corpus.outline import section_path
from corpus.units import Unit, units
from service.answering.terms import terms
from service.grounding.ledger import Quantity, ledger
from service.grounding.quantity.compare import told
from service.grounding.segment import as_read
from service.protocols.quotation import Quotation, quotation
from service.protocols.reading import Reading
from service.protocols.substance import folded
from service.standing.force import in_force

Kind = Literal["measured", "promised", "incident"]
_LONGEST = 60
_MOST_WHOLE = 12
_LOOKED = 12
_DIGIT = re.compile(r"\d")
_BINDS = re.compile(
    r"\b(?:must|shall|should|will|may|at most|at least|no more than|target|objective|slo|goal|limit(?:s|ed)?|budget"
    r"|up to|maximum|minimum|max|min|default|threshold|exceeds?|above|below|fires?|trigger\w*|alerts?|if|when)\b"
    r"|[<>≤≥]",
    re.IGNORECASE,
)
_NO_STATE = re.compile(
    r"\bexamples?\b|\bfor instance\b|\be\.g\.|\balternativ|\bfuture\b|\bhistory\b|\breferences?\b|\bchangelog\b", re.I
)


@dataclass(frozen=True, slots=True)
class Aspect:
    """What a system is measured by; the fields are explained in `aspects.toml`."""

    name: str
    label: str
    look: str
    question: str
    cues: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Figured:
    """A sentence with figures of the system."""

    document: Document
    unit: Unit
    place: Quotation
    quantities: tuple[Quantity, ...]
    aspect: Aspect
    kind: Kind

    @property
    def values(self) -> tuple[str, ...]:
        """The figures with their bounds and statistics."""
        return tuple(dict.fromkeys(told(quantity) for quantity in self.quantities))


@cache
def aspects() -> tuple[Aspect, ...]:
    """The aspects in the order of the file."""
    table = tomllib.loads(Path(__file__).with_name("aspects.toml").read_text("utf-8"))
    return tuple(
        Aspect(
            **{key: row[key] for key in ("name", "label", "look", "question")},
            cues=re.compile("|".join(row["cues"]), re.IGNORECASE),
        )
        for row in table["aspect"]
    )


def figures(reading: Reading, system: str) -> list[Figured]:
    """The sentences with figures, the same words once, the documents that are about the system first."""
    named = terms(system)
    found: dict[tuple[str, int], Figured] = {}
    for document, unit in _candidates(reading, system, named):
        key = (document.id, unit.start)
        if key not in found and (figure := _figure(document, unit, named)):
            found[key] = figure
    by_words: dict[str, Figured] = {}
    for figure in found.values():
        by_words.setdefault(folded(figure.place.text), figure)
    return list(by_words.values())


def _candidates(reading: Reading, system: str, named: frozenset[str]) -> Iterator[tuple[Document, Unit]]:
    """Every unit of the documents that are called after the system, then what is found on each aspect."""
    whole = [card for card in reading.cards() if named and named <= terms(f"{card.title} {card.path}")]
    for card in whole[:_MOST_WHOLE]:
        document = reading.whole(card)
        yield from ((document, unit) for unit in units(document, Span(0, len(document.text))))
    for aspect in aspects():
        for said in reading.found(f"{system}: {aspect.look}", limit=_LOOKED):
            yield said.document, said.unit


def _figure(document: Document, unit: Unit, named: frozenset[str]) -> Figured | None:
    text = as_read(document.visible(unit.start, unit.end))
    path = [title for title in section_path(document, unit.start) if title != document.title]
    if unit.kind == "code" or not in_force(document) or any(_NO_STATE.search(t) for t in (*path, text)):
        return None
    over = terms(" ".join((document.title, document.path, *path, text)))
    aspect = next((a for a in aspects() if a.cues.search(text)), None)
    quantities = tuple(q for q in ledger(text) if q.kind == "measure" and _counts(text, q))
    if aspect is None or not quantities or 3 * len(named & over) < 2 * len(named):
        return None
    place = quotation(document, unit)
    if place is None or len(place.text.split()) > _LONGEST:
        return None
    return Figured(document, unit, place, quantities, aspect, _kind(document, text))


def _counts(text: str, quantity: Quantity) -> bool:
    """Whether it is a figure in digits, and no part of a name or the number of an issue."""
    before, after = text[: quantity.start][-1:], text[quantity.end :][:1]
    return bool(_DIGIT.search(quantity.spelt)) and before not in tuple("#/-_[") and after not in tuple("-_/")


def _kind(document: Document, text: str) -> Kind:
    if document.kind == "postmortem":
        return "incident"
    return "promised" if _BINDS.search(text) else "measured"
