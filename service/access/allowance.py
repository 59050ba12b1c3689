"""How much a caller may ask: requests a minute, and tokens of language models a day.

Counted in this process, by key where there is one. A caller who asks more is told when to come back.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

from limits import RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from corpus.errors import Overloaded
from service.access.keys import Keys
from service.access.principal import Principal


def _counter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


@dataclass
class Allowance:
    """What each caller may ask; a key can say otherwise of its bearer. 0 = without limit. The owner has none."""

    keys: Keys
    per_minute: int = 0
    tokens_per_day: int = 0
    _asked: MovingWindowRateLimiter = field(default_factory=_counter)
    _spent: dict[tuple[str, int], int] = field(default_factory=dict)

    def ask(self, who: Principal) -> None:
        """Count a request. Raises `Overloaded` when there were too many in the last minute."""
        if who.role == "owner":
            return
        most, tokens = self._of(who)
        if most:
            limit = RateLimitItemPerMinute(most)
            if not self._asked.hit(limit, self._name(who)):
                reset = self._asked.get_window_stats(limit, self._name(who)).reset_time
                wait = max(1, math.ceil(reset - time.time()))
                raise Overloaded(f"more than {most} requests in a minute", retry=wait)
        day = int(time.time() // RateLimitItemPerDay.GRANULARITY.seconds)
        if tokens and self._spent.get((self._name(who), day), 0) >= tokens:
            wait = math.ceil((day + 1) * RateLimitItemPerDay.GRANULARITY.seconds - time.time())
            raise Overloaded(f"more than {tokens:,} tokens of language models in a day", retry=wait)

    def spend(self, who: Principal, tokens: int) -> None:
        """Count what a language model spent for a caller."""
        day = int(time.time() // RateLimitItemPerDay.GRANULARITY.seconds)
        for name, past in [known for known in self._spent if known[1] != day]:
            self._spent.pop((name, past), None)
        self._spent[self._name(who), day] = self._spent.get((self._name(who), day), 0) + tokens

    def _of(self, who: Principal) -> tuple[int, int]:
        for key in self.keys.all() if who.key else ():
            if key.id == who.key:
                return key.per_minute or self.per_minute, key.tokens_per_day or self.tokens_per_day
        return self.per_minute, self.tokens_per_day

    @staticmethod
    def _name(who: Principal) -> str:
        return who.key or who.name
