"""The store as one caller sees it: what they may not read is not there.

Every door reads documents through this shelf, and nothing leaves a door that it does not know. What is forbidden and
what is absent raise the same error with the same words, after the same look at the same table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from corpus.access import access_set, may_read
from corpus.documents import Document
from corpus.errors import NotFound
from corpus.passages import Passage
from ingest.store.documents import Card
from ingest.store.store import Store


@dataclass(frozen=True, slots=True)
class ReadableShelf:
    """A `Shelf` of what an access set admits today, whatever the document said when it was ingested."""

    store: Store
    access: frozenset[str]

    def __post_init__(self) -> None:
        """Raises `AccessError` on an empty access set."""
        access_set(self.access)

    def card(self, document: str) -> Card:
        """The document without its text, also when it left its source. Raises `NotFound`."""
        try:
            card = self.store.documents.card(document)
        except NotFound:
            card = None
        if card is None or not may_read(self.access, card.access):
            raise NotFound("no such document", item=document, next_step="Find documents with a search")
        return card

    def read(self, document: str, revision: str = "") -> Document:
        """The document at a revision, of which the first characters are enough, "" being today's. Raises `NotFound`."""
        card = self.card(document)
        known = self.store.documents.revisions(card.id)
        found = [one for one in known if one.startswith(revision)] if revision else [""]
        if len(found) != 1:
            raise NotFound("no such revision", item=f"{document}@{revision[:12]}", next_step="List its revisions")
        return self.store.read(card.id, found[0])

    def cards(self, *, source: str = "", after: str = "") -> Iterator[Card]:
        """Today's documents by id, those after one of them."""
        for card in self.store.documents.cards(source):
            if card.id > after and may_read(self.access, card.access):
                yield card

    def passage(self, passage: str) -> Passage:
        """A passage of today's revisions. Raises `NotFound`."""
        for stored in self.store.passages.pick([passage]):
            if self._holds(stored.passage.document):
                return stored.passage
        raise NotFound("no such passage", item=passage, next_step="Find passages with a search")

    def holds(self, documents: Iterable[str]) -> bool:
        """Whether the caller may read every one of them."""
        return all(self._holds(document) for document in set(documents))

    def admits(self, leaving: BaseModel, *, own: str = "") -> bool:
        """Whether nothing in an answer or a report is of a document that the caller may not read.

        Every field called `document`, at any depth, names one, and so does a refusal's `nearest`; `own` is the name of
        the text that the caller brought along. What is said to have taken a document's place may be a name that leads
        to nothing.
        """
        left = leaving.model_dump()
        return self.holds(set(_named(left)) - {own}) and not any(map(self._hides, _successors(left)))

    def _hides(self, name: str) -> bool:
        """Whether there is such a document, and the caller may not read it."""
        try:
            return not may_read(self.access, self.store.documents.card(name).access)
        except NotFound:
            return False

    def _holds(self, document: str) -> bool:
        try:
            self.card(document)
        except NotFound:
            return False
        return True


def _named(value: object) -> Iterator[str]:
    """The documents that a record names."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "document":
                yield str(inner)
            elif name == "nearest":
                yield from inner
            else:
                yield from _named(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _named(inner)


def _successors(value: object) -> Iterator[str]:
    """What a record names as having taken a document's place."""
    if isinstance(value, dict):
        yield from value.get("superseded_by", ())
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from _successors(inner)
