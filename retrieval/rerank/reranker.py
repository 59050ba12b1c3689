"""The port of reranking: how well each of the best candidates fits the question, once more and more closely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from corpus.passages import Passage


class Reranker(Protocol):
    """Scores a question's candidates beside each other."""

    @property
    def identity(self) -> str:
        """Names the method, its weights and settings."""

    @property
    def weight(self) -> float:
        """What the best of the candidates is raised by, the worst by nothing; a list of the first stage weighs 1."""

    def score(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """One finite score a passage, in order, higher is better, comparable within one call only. The order in which
        the passages come changes none. Raises `EncoderError`."""

    def forget(self) -> None:
        """Keep nothing of any text, as after a document was forgotten."""


class Unranked:
    """No reranker: the order of the first stage stands."""

    identity = "none"
    weight = 0.0

    def score(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """The same for all."""
        return [0.0] * len(passages)

    def forget(self) -> None:
        """Nothing was kept."""
