"""What one answer may spend on a language model, and what it spent."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from service.answer import Usage
from service.language.endpoint.model import Message

_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Budget:
    """Of one answer: tokens in and out together, calls with their retries, and seconds from the first call."""

    tokens: int = 24_000
    calls: int = 4
    seconds: float = 40.0


@dataclass(frozen=True, slots=True)
class Price:
    """Of a million tokens in and of a million tokens out, in the currency of the price table."""

    into: float
    out: float


@dataclass(slots=True)
class Meter:
    """What one answer has spent so far."""

    budget: Budget
    clock: Callable[[], float] = time.monotonic
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    _began: float | None = field(default=None)

    def left(self) -> float:
        """Seconds that are left."""
        self._began = self.clock() if self._began is None else self._began
        return self.budget.seconds - (self.clock() - self._began)

    def short_of(self, messages: Sequence[Message]) -> str:
        """What a further call with these messages would exceed, "" when it may be made."""
        if self.calls >= self.budget.calls:
            return "calls"
        if self.left() <= 0:
            return "seconds"
        asked = estimate("".join(m.text for m in messages))
        return "tokens" if self.tokens_in + self.tokens_out + asked > self.budget.tokens else ""

    def charge(self, tokens_in: int, tokens_out: int) -> None:
        """A call was made."""
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out

    def usage(self, model: str, prices: Mapping[str, Price], degraded: str = "") -> Usage:
        """The record of it. A price may be of the model's name with or without its kind."""
        price = prices.get(model) or prices.get(model.partition(":")[2])
        cost = round((self.tokens_in * price.into + self.tokens_out * price.out) / 1e6, 6) if price else None
        seconds = round(self.budget.seconds - self.left(), 3) if self.calls else 0.0
        return Usage(
            model=model,
            calls=self.calls,
            tokens_in=self.tokens_in,
            tokens_out=self.tokens_out,
            seconds=seconds,
            cost=cost,
            degraded=degraded,
        )


def estimate(text: str) -> int:
    """Tokens of a text, where no endpoint counts them: four characters each."""
    return math.ceil(len(text) / _PER_TOKEN)
