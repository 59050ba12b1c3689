"""An encoder that goes on without vectors when it fails, for a service that should rather answer by words than not.

A text whose vector could not be computed gets one of zeros, which is near nothing: a search leaves out its dense list,
and what ranks by cosine ranks by the rest. Never for what is written to a store.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from corpus.errors import EncoderError
from corpus.ports import Embedder

_QUIET_SECONDS = 60.0


class ForgivingEncoder:
    """An `Embedder` over another. `notice` is told of failures once a minute."""

    def __init__(self, encoder: Embedder, notice: Callable[[str], None]) -> None:
        self._encoder = encoder
        self._notice = notice
        self._told = float("-inf")

    @property
    def identity(self) -> str:
        """That of the encoder."""
        return self._encoder.identity

    @property
    def dimension(self) -> int:
        """That of the encoder."""
        return self._encoder.dimension

    def embed(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """One vector a text, of zeros where the encoder fails."""
        try:
            return self._encoder.embed(texts)
        except EncoderError as error:
            now = time.monotonic()
            if now - self._told >= _QUIET_SECONDS:
                self._told = now
                self._notice(f"answers are found by words alone: {error}")
            return [(0.0,) * self.dimension] * len(texts)
