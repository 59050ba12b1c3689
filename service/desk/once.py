"""Writes that are asked for twice and done once.

Who sends a write with an idempotency key may send it again when no answer came: the second time gets the answer of the
first, also while that one is still at work. The same key with another request is a contradiction. Kept in this process,
a day long; a write that failed is not kept, so it can be tried again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from corpus.errors import Clash
from service.access.principal import Principal

T = TypeVar("T")
_KEPT_SECONDS = 86_400.0
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class _Made:
    request: str
    result: asyncio.Future[object]
    since: float


@dataclass
class Once:
    """What was written under which key, by caller."""

    _made: dict[tuple[Principal, str], _Made] = field(default_factory=dict)

    async def run(self, who: Principal, key: str, request: str, work: Callable[[], Awaitable[T]]) -> T:
        """The result of the work, or of the same work before. `request` names all of it. Raises `Clash`."""
        if not key:
            return await work()
        self._drop_old()
        known = self._made.get((who, key))
        if known is not None:
            if known.request != request:
                raise Clash("the key was used for another request", item=key, next_step="Use a new Idempotency-Key")
            return cast(T, await asyncio.shield(known.result))
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._made[who, key] = _Made(request, future, time.monotonic())
        try:
            made = await work()
        except BaseException as error:
            self._made.pop((who, key), None)
            future.set_exception(error if isinstance(error, Exception) else Clash("the first request was given up"))
            future.exception()  # nobody may be waiting
            raise
        future.set_result(made)
        return made

    def _drop_old(self) -> None:
        now = time.monotonic()
        for key, made in list(self._made.items()):
            if now - made.since < _KEPT_SECONDS and len(self._made) < _MOST:
                return
            del self._made[key]
