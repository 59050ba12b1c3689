"""A circuit breaker: after a row of failures an endpoint is left alone for a while, then tried once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class Breaker:
    """Closed while calls succeed; open for `rest` seconds after `limit` failures in a row; then one call may try."""

    limit: int = 3
    rest: float = 30.0
    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def admits(self) -> bool:
        """Whether a call may be made now; the one that is admitted after a rest keeps the others waiting."""
        with self._lock:
            if self._failures < self.limit:
                return True
            if self.clock() < self._until:
                return False
            self._until = self.clock() + self.rest
            return True

    def succeeded(self) -> None:
        """A call went well."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """A call failed."""
        with self._lock:
            self._failures += 1
            if self._failures >= self.limit:
                self._until = self.clock() + self.rest


_SHARED: dict[str, Breaker] = {}
_LOCK = Lock()


def breaker_of(endpoint: str) -> Breaker:
    """The breaker that all answers of this process share for an endpoint."""
    with _LOCK:
        return _SHARED.setdefault(endpoint, Breaker())
