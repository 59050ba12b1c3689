"""What a caller may read of the library, as the fingerprint of an answer tells it.

Taken anew only after the store changed, because it looks at every document.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from corpus.access import may_read
from ingest.store.store import Store

_MOST = 64


@dataclass(frozen=True, slots=True)
class Held:
    """index        names the documents and revisions that the caller may read
    dense_share  share of their passages that have a dense vector, 0 to 1
    """

    index: str
    dense_share: float


class Holdings:
    """For one thread, like its store. `encoder` is the identity of the dense encoder."""

    def __init__(self, store: Store, encoder: str) -> None:
        self._store = store
        self._encoder = encoder
        self._state: tuple[int, int] = (-1, -1)
        self._known: dict[frozenset[str], Held] = {}

    def of(self, access: frozenset[str]) -> Held:
        """What that access set admits. Raises `StoreError`."""
        state = self._store.state()
        if state != self._state or len(self._known) >= _MOST:
            self._state, self._known = state, {}
        if access not in self._known:
            self._known[access] = self._look(access)
        return self._known[access]

    def _look(self, access: frozenset[str]) -> Held:
        digest = hashlib.sha256()
        passages = embedded = 0
        counts = self._store.vectors.embedded(self._encoder)
        for card in self._store.documents.cards():
            if may_read(access, card.access):
                digest.update(f"{card.id}\0{card.revision}\n".encode())
                count = counts.get(card.id, (0, 0))
                passages, embedded = passages + count[0], embedded + count[1]
        return Held(digest.hexdigest()[:16], round(embedded / passages, 4) if passages else 1.0)
