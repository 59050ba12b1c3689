"""The encoder of the wiring, with a file of what it embedded: hundreds of questions meet the same sentences.

The same text has the same vector in any company (ADR 0004), so an answer is the same with and without this; only its
time is not. Vectors are kept in a file beside the store, by the encoder's identity and the hash of the text, so a run
that is started again, or tomorrow's, embeds what is new.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from corpus.ports import Embedder
from service.settings import Settings
from service.wiring import Wiring

_ASKED = 500


class CachingEncoder:
    """An `Embedder` that asks another one only for what it does not know."""

    def __init__(self, encoder: Embedder, place: Path) -> None:
        self._encoder = encoder
        self._known: dict[bytes, tuple[float, ...]] = {}
        place.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(place, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute("CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, vector BLOB)")

    @property
    def identity(self) -> str:
        """That of the encoder."""
        return self._encoder.identity

    @property
    def dimension(self) -> int:
        """That of the encoder."""
        return self._encoder.dimension

    def embed(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """One unit vector a text, in order."""
        digests = [hashlib.sha256(f"{self.identity}\0{text}".encode("utf-8", "replace")).digest() for text in texts]
        self._recall([digest for digest in dict.fromkeys(digests) if digest not in self._known])
        lacking = {d: text for d, text in zip(digests, texts, strict=True) if d not in self._known}
        if lacking:
            made = dict(zip(lacking, self._encoder.embed(list(lacking.values())), strict=True))
            self._known |= made
            rows = [(digest, np.array(vector, dtype=np.float64).tobytes()) for digest, vector in made.items()]
            self._database.execute("BEGIN")
            self._database.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
            self._database.execute("COMMIT")
        return [self._known[digest] for digest in digests]

    def close(self) -> None:
        """Give the file back."""
        self._database.close()

    def _recall(self, digests: Sequence[bytes]) -> None:
        for start in range(0, len(digests), _ASKED):
            asked = digests[start : start + _ASKED]
            marks = ",".join("?" * len(asked))
            query = f"SELECT digest, vector FROM vectors WHERE digest IN ({marks})"
            for digest, blob in self._database.execute(query, asked):
                self._known[digest] = tuple(np.frombuffer(blob, dtype=np.float64).tolist())


class CachingWiring(Wiring):
    """The wiring of every door, with an encoder that keeps its vectors."""

    @cached_property
    def embedder(self) -> Embedder:
        """The encoder of the settings, over the file of vectors."""
        return CachingEncoder(super().embedder, vectors_of(self.settings))

    def close(self) -> None:
        """Give the index and the file of vectors back."""
        super().close()
        if isinstance(self.embedder, CachingEncoder):
            self.embedder.close()


def vectors_of(settings: Settings) -> Path:
    """Where the vectors are kept: beside the store, since a store holds nothing that it did not write."""
    return settings.store.with_name(f"{settings.store.name}.vectors.db")
