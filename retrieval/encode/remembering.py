"""An encoder that keeps the vectors of what it was asked last, for a process that answers many questions.

An answer compares its question with every sentence of the best passages, and most of those were compared with the
question before. The same text has the same vector in any company, so nothing changes but the time. Kept are digests and
vectors, not texts, up to a number of them; who was asked longest ago goes first.
"""

from __future__ import annotations

import hashlib
import threading
from array import array
from collections import OrderedDict
from collections.abc import Sequence

from corpus.ports import Embedder


class RememberingEncoder:
    """An `Embedder` over another. Safe for many threads. `most`: vectors that are kept, 1.5 kB each at 384."""

    def __init__(self, encoder: Embedder, *, most: int = 20_000) -> None:
        self._encoder = encoder
        self._most = most
        self._turn = threading.Lock()
        self._kept: OrderedDict[bytes, array[float]] = OrderedDict()

    @property
    def identity(self) -> str:
        """That of the encoder."""
        return self._encoder.identity

    @property
    def dimension(self) -> int:
        """That of the encoder."""
        return self._encoder.dimension

    def embed(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """One vector a text, in order."""
        names = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        found: dict[bytes, tuple[float, ...]] = {}
        with self._turn:
            for name in names:
                if name in self._kept:
                    self._kept.move_to_end(name)
                    found[name] = tuple(self._kept[name])
        new = {name: text for name, text in zip(names, texts, strict=True) if name not in found}
        if new:
            vectors = self._encoder.embed(list(new.values()))
            found |= dict(zip(new, vectors, strict=True))
            self._keep({name: array("f", found[name]) for name in new})
        return [found[name] for name in names]

    def forget(self) -> None:
        """Keep nothing, as after a document was forgotten."""
        with self._turn:
            self._kept.clear()

    def _keep(self, vectors: dict[bytes, array[float]]) -> None:
        with self._turn:
            self._kept |= vectors
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
