"""Which document a name means: an id, a link's target, the number of a record, or a whole title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from ingest.store.documents import Card

RECORD = re.compile(r"\b(?P<series>ADR|RFC|KEP|PEP|MADR|DR)[-\s#:]*(?P<number>\d{1,5})\b", re.IGNORECASE)
"""A record by its series and number."""


def named_card(name: str, cards: Sequence[Card], *, of: str = "") -> Card | None:
    """The one document that an id, a link's target, a record's number or a title means; None where none or several do.

    Of several those count that lie beside `of`, a document's id, or else in its source.
    """
    found = [card for card in cards if card.id == name] or linked(name, cards)
    match = RECORD.search(name) or re.match(r"\W*(?P<number>\d{1,5})\b", name)
    if not found and match:
        series = match.groupdict().get("series") or "ADR"
        key = (series.upper(), int(match["number"]))
        found = [card for card in cards if key in record_keys(card.title, card.path, card.kind)]
    if not found:
        found = [card for card in cards if card.title.lower() == " ".join(name.lower().split())]
    for near in (of.rpartition("/")[0], of.partition("/")[0]):
        beside = [card for card in found if of and card.id.startswith(f"{near}/")]
        found = beside if len(found) > 1 and beside else found
    return found[0] if len(found) == 1 else None


def record_keys(title: str, path: str, kind: str) -> set[tuple[str, int]]:
    """The series and number that a record goes by: from its title, or from the number its file name begins with."""
    keys = {(m["series"].upper(), int(m["number"])) for m in [RECORD.match(title.strip())] if m}
    name = re.match(r"(?:[a-z]+-)?(\d{3,5})[-_]", PurePosixPath(path).name)
    if name and kind == "adr":
        keys.add(("ADR", int(name[1])))
    return keys


def linked(target: str, cards: Sequence[Card]) -> list[Card]:
    """The documents that have that end of a path."""
    if "://" in target or target.startswith("mailto:"):
        return []
    parts = [p for p in PurePosixPath(target.strip("/")).parts if p not in (".", "..")]
    tail = "/".join(parts)
    if not tail or (len(parts) < 2 and not re.search(r"\d|-", tail)):
        return []
    return [card for card in cards if f"/{card.path}".endswith(f"/{tail}")]
