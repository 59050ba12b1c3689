"""What a caller may read of the library, as the fingerprint of an answer tells it.

Taken anew only after the store changed, because it looks at every document; in a service, whose store a long run
changes many times a second, only some seconds after it was last.
"""

from __future__ import annotations

import hashlib
import threading
import time
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


class HeldCounts:
    """What was found, by access set. For any number of threads.

    patience  seconds for which it is good although the store changed
    """

    def __init__(self, patience: float = 0.0) -> None:
        self._patience = patience
        self._turn = threading.Lock()
        self._known: dict[frozenset[str], tuple[Held, float]] = {}

    def get(self, access: frozenset[str], *, unchanged: bool) -> Held | None:
        """What is known; None where it may have changed too long ago."""
        with self._turn:
            held, at = self._known.get(access, (None, 0.0))
        return held if unchanged or time.monotonic() < at + self._patience else None

    def put(self, access: frozenset[str], held: Held, at: float) -> None:
        """What was found by a look that began at a moment of the monotonic clock."""
        with self._turn:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[access] = held, at

    def forget(self) -> None:
        """Keep nothing."""
        with self._turn:
            self._known.clear()


class Holdings:
    """For one thread, like its store. `encoder` is the identity of the dense encoder."""

    def __init__(self, store: Store, encoder: str, counts: HeldCounts | None = None) -> None:
        self._store = store
        self._encoder = encoder
        self._counts = counts or HeldCounts()
        self._seen: dict[frozenset[str], tuple[int, int]] = {}

    def of(self, access: frozenset[str]) -> Held:
        """What that access set admits. Raises `StoreError`."""
        state, at = self._store.state(), time.monotonic()
        held = self._counts.get(access, unchanged=self._seen.get(access) == state)
        if held is None:
            held = self._look(access)
            self._counts.put(access, held, at)
            self._seen = {access: state} if len(self._seen) >= _MOST else {**self._seen, access: state}
        return held

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
