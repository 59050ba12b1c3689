"""Which documents of the library a text names: by link, by the number of a record, or by a whole title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from corpus.documents import Document, Span
from corpus.units import Unit, units
from ingest.store.documents import Card

_LINK = re.compile(r"\]\(\s*<?([^)\s>#]+)")
_RECORD = re.compile(r"\b(?P<series>ADR|RFC|KEP|PEP|MADR|DR)[-\s#:]*(?P<number>\d{1,5})\b", re.IGNORECASE)
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
        for match in _RECORD.finditer(text):
            found = by_record.get((match["series"].upper(), int(match["number"])), [])
            named.update({card.id: card for card in found if len(found) == 1})
        for match in _LINK.finditer(text):
            named.update({card.id: card for card in _linked(match[1], cards)})
        low = " ".join(text.lower().split())
        named.update({card.id: card for title, card in by_title.items() if title in low})
        for card in named.values():
            yield Reference(unit, card)


def named_card(name: str, cards: Sequence[Card]) -> Card | None:
    """The one document that a link's target, a record's number or a title means; None where none or several do."""
    found = _linked(name, cards)
    match = _RECORD.search(name) or re.match(r"\W*(?P<number>\d{1,5})\b", name)
    if not found and match:
        series = match.groupdict().get("series") or "ADR"
        key = (series.upper(), int(match["number"]))
        found = [card for card in cards if key in record_keys(card.title, card.path, card.kind)]
    if not found:
        found = [card for card in cards if card.title.lower() == " ".join(name.lower().split())]
    return found[0] if len(found) == 1 else None


def record_keys(title: str, path: str, kind: str) -> set[tuple[str, int]]:
    """The series and number that a record goes by: from its title, or from the number its file name begins with."""
    keys = {(m["series"].upper(), int(m["number"])) for m in [_RECORD.match(title.strip())] if m}
    name = re.match(r"(?:[a-z]+-)?(\d{3,5})[-_]", PurePosixPath(path).name)
    if name and kind == "adr":
        keys.add(("ADR", int(name[1])))
    return keys


def _linked(target: str, cards: Sequence[Card]) -> list[Card]:
    """The document that a relative link leads to, where only one has that end of a path."""
    if "://" in target or target.startswith("mailto:"):
        return []
    parts = [p for p in PurePosixPath(target.strip("/")).parts if p not in (".", "..")]
    tail = "/".join(parts)
    if not tail or (len(parts) < 2 and not re.search(r"\d|-", tail)):
        return []
    found = [card for card in cards if f"/{card.path}".endswith(f"/{tail}")]
    return found if len(found) == 1 else []
