"""Which documents of the library a text names: by link, by the number of a record, or by a whole title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.units import Unit, units
from ingest.store.documents import Card
from service.standing.naming import RECORD, linked, record_keys

_LINK = re.compile(r"\]\(\s*<?([^)\s>#]+)")
_SHORT = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """A unit of a text that names a document of the library."""

    unit: Unit
    card: Card


def references(document: Document, cards: Sequence[Card]) -> Iterator[Reference]:
    """Every naming, once for each unit and document, in order of the text."""
    by_record: dict[tuple[str, int], list[Card]] = {}
    by_title = {card.title.lower(): card for card in cards if len(card.title.split()) >= _SHORT}
    for card in cards:
        for key in record_keys(card.title, card.path, card.kind):
            by_record.setdefault(key, []).append(card)
    for unit in units(document, Span(0, len(document.text))):
        text = document.visible(unit.start, unit.end)
        named: dict[str, Card] = {}
        for match in RECORD.finditer(text):
            found = by_record.get((match["series"].upper(), int(match["number"])), [])
            named.update({card.id: card for card in found if len(found) == 1})
        for match in _LINK.finditer(text):
            found = linked(match[1], cards)
            named.update({card.id: card for card in found if len(found) == 1})
        low = " ".join(text.lower().split())
        named.update({card.id: card for title, card in by_title.items() if title in low})
        for card in named.values():
            yield Reference(unit, card)
