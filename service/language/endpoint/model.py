"""The port of a language model: messages in, a reply in pieces out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to the model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the reply. Token counts are those of the whole call so far, 0 where the endpoint tells none."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


class Model(Protocol):
    """A language model. `name` is `KIND:MODEL`."""

    @property
    def name(self) -> str: ...

    def stream(self, messages: Sequence[Message]) -> Iterator[Piece]:
        """The reply as it comes. Raises `ModelFailure`, before the first piece or after any."""
        ...
