"""An encoder that keeps the vectors of what it was asked last, for a process that answers many questions.

An answer compares its question with every sentence of the best passages, and most of those were compared with the
question before. The same text has the same vector in any company, so nothing changes but the time. Kept are digests and
vectors, not texts, up to a number of them; who was asked longest ago goes first. Behind them may stand a larger memory,
which somebody else fills.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Mapping, Sequence

from corpus.ports import Embedder
from retrieval.encode.recent import Recent, name_of

Behind = Callable[[Collection[bytes]], Mapping[bytes, "array[float]"]]
"""Finds vectors, in single precision, by the names of their texts."""


class RememberingEncoder:
    """An `Embedder` over another. Safe for many threads.

    most    vectors that are kept, 1.5 kB each at 384
    behind  where else a vector may be found
    """

    def __init__(self, encoder: Embedder, *, most: int = 20_000, behind: Behind = lambda names: {}) -> None:
        self._encoder = encoder
        self._behind = behind
        self._recent: Recent[array[float]] = Recent(most)

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
        names = [name_of(text) for text in texts]
        found = self._recent.find(names)
        new = {name: text for name, text in zip(names, texts, strict=True) if name not in found}
        if new:
            made = dict(self._behind(new.keys()))
            left = {name: text for name, text in new.items() if name not in made}
            vectors = self._encoder.embed(list(left.values())) if left else ()
            made |= {name: array("f", vector) for name, vector in zip(left, vectors, strict=True)}
            self._recent.keep(made)
            found |= made
        whole = {name: tuple(vector) for name, vector in found.items()}
        return [whole[name] for name in names]

    def forget(self) -> None:
        """Keep nothing, as after a document was forgotten."""
        self._recent.forget()
