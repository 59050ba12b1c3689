"""Which documents took the place of which, as one caller may know it.

A document is superseded where it says so itself, or where one that took force says that it supersedes it: a proposal,
or a record that was rejected, supersedes nothing. What the caller may not read is as if it did not exist: a name that
leads to it stays a name. Taken anew only after the store changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from corpus.access import may_read
from corpus.documents import Document
from ingest.store.store import Store
from service.standing.force import took_force
from service.standing.naming import named_card

_MOST = 64


class Lineage:
    """For one thread, like its store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._state: tuple[int, int] = (-1, -1)
        self._known: dict[frozenset[str], Mapping[str, tuple[str, ...]]] = {}

    def settled(self, document: Document, access: frozenset[str]) -> Document:
        """The document with those that took its place, by id where the library has them. Raises `StoreError`."""
        metadata = document.parsed.metadata
        newer = self._of(access).get(document.id, metadata.superseded_by)
        if newer == metadata.superseded_by:
            return document
        return replace(document, parsed=replace(document.parsed, metadata=replace(metadata, superseded_by=newer)))

    def _of(self, access: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
        state = self._store.state()
        if state != self._state or len(self._known) >= _MOST:
            self._state, self._known = state, {}
        if access not in self._known:
            self._known[access] = self._look(access)
        return self._known[access]

    def _look(self, access: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
        told = dict(self._store.documents.lineages())
        if not told:
            return {}
        cards = [card for card in self._store.documents.cards() if may_read(access, card.access)]
        newer: dict[str, list[str]] = {}
        for card in cards:
            said = told.get(card.id)
            for name in said.superseded_by if said else ():
                found = named_card(name, cards, of=card.id)
                newer.setdefault(card.id, []).append(found.id if found else name)
        for card in cards:
            said = told.get(card.id) if took_force(card.status) else None
            for name in said.supersedes if said else ():
                found = named_card(name, cards, of=card.id)
                if found and found.id != card.id:
                    newer.setdefault(found.id, []).append(card.id)
        return {document: tuple(dict.fromkeys(names)) for document, names in newer.items()}
