"""The port of answer selection: how well a sentence answers a question, read together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Selector(Protocol):
    """Reads a question beside each of its candidate sentences."""

    @property
    def identity(self) -> str:
        """Names the method and its weights."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """One finite score a text, in order, higher is better. A text's score does not depend on the others. Raises
        `EncoderError`."""

    def forget(self) -> None:
        """Keep nothing of any text, as after a document was forgotten."""


class Unselected:
    """No selector: the order of the first stage stands."""

    identity = "none"

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """The same for all."""
        return [0.0] * len(texts)

    def forget(self) -> None:
        """Nothing was kept."""


UNSELECTED = Unselected()
