"""A document or a source leaves every place that the program keeps.

First what readers said of it, because only its text tells that it is quoted, then the answers that show it and every
conversation; then the store, its index and its files; then the file that was uploaded. Killed at any point, doing it
again finishes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from corpus.errors import NotFound
from ingest.forget import Forgotten, forget
from ingest.store.documents import Card
from ingest.store.store import Store
from service.access.journal import Journal
from service.desk.uploads import SOURCE, Uploads
from service.feedback import Feedback
from service.talking.kept import Kept
from service.wiring import Wiring


def forget_everywhere(wiring: Wiring, store: Store, name: str) -> Forgotten:
    """Forget the document or the source of that name. Raises what `ingest.forget` raises."""
    cards = [card for card in store.documents.cards(withdrawn=True) if name in (card.id, card.source)]
    Feedback(wiring.settings.store).forget(text for card in cards for text in _texts(store, card))
    Journal(wiring.settings.store, wiring.settings.journal_days).forget([card.id for card in cards])
    Kept(wiring.settings.store).forget()
    wiring.sentences.forget()
    uploads = Uploads(wiring.settings.store)
    for card in cards:
        if card.source == SOURCE:
            uploads.remove(card.path)
    gone = forget(store, name, open_index=wiring.open_index, lexical=wiring.lexical, encoder=wiring.embedder.identity)
    Kept(wiring.settings.store).forget()  # also what was said, or read ahead, while it was still there
    wiring.sentences.forget()
    return gone


def _texts(store: Store, card: Card) -> Iterator[str]:
    """Its title, and its text at every revision."""
    yield card.title
    for revision in store.documents.revisions(card.id):
        with suppress(NotFound):
            yield store.read(card.id, revision).text


class Hearers:
    """Those who are making something, each of whom hears what is forgotten meanwhile."""

    def __init__(self) -> None:
        self._heard: dict[int, list[str]] = {}

    @contextmanager
    def hearing(self) -> Iterator[list[str]]:
        """The ids of the documents that are forgotten while the context lasts, as they are."""
        heard: list[str] = []
        self._heard[id(heard)] = heard
        try:
            yield heard
        finally:
            del self._heard[id(heard)]

    def tell(self, document: str) -> None:
        """It was forgotten."""
        for heard in list(self._heard.values()):
            heard.append(document)
