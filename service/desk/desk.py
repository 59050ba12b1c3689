"""The threads that answer, and the queue before them.

Each thread has a store and an engine of its own over the one held index, because a connection to the store is one
thread's. The queue is short: who would wait too long is told at once to come back. What nobody waits for any more is
dropped before it is begun.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

from corpus.errors import AetherError, Overloaded
from service.asker import Asker
from service.wiring import Wiring

T = TypeVar("T")

_Task = tuple["Future[object]", Callable[[Asker], object]]


class Desk:
    """Work for an `Asker`, done by `threads` threads, at most `waiting` of it waiting. `wiring` holds its index."""

    def __init__(self, wiring: Wiring, notice: Callable[[str], None], *, threads: int = 2, waiting: int = 64) -> None:
        self._wiring = wiring
        self._notice = notice
        self._queue: queue.Queue[_Task | None] = queue.Queue(waiting)
        self._threads = [threading.Thread(target=self._serve, name=f"desk-{n}", daemon=True) for n in range(threads)]
        self._closing = False
        self._forgettings = 0

    def open(self) -> None:
        """Let the threads begin."""
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[Asker], T]) -> Future[T]:
        """Queue some work; its future, which may be cancelled until it is begun. Raises `Overloaded`."""
        future: Future[T] = Future()
        try:
            if self._closing:
                raise queue.Full
            self._queue.put_nowait((future, work))  # type: ignore[arg-type]
        except queue.Full:
            raise Overloaded("more is asked than can wait") from None
        return future

    async def run(self, work: Callable[[Asker], T], *, seconds: float = 60.0) -> T:
        """The result of some work. Raises what it raises, and `Overloaded` when it takes longer than `seconds`."""
        future = asyncio.wrap_future(self.submit(work))
        try:
            return await asyncio.wait_for(future, seconds)
        except TimeoutError:
            raise Overloaded(f"not done after {seconds:g} s", retry=5) from None

    @property
    def waiting(self) -> int:
        """How much work waits."""
        return self._queue.qsize()

    def forget(self) -> None:
        """Keep nothing of any text, nor of what is being worked on, once that is done."""
        self._forgettings += 1
        self._wiring.forget()

    def close(self, *, seconds: float = 30.0) -> None:
        """Do what waits, then end the threads."""
        self._closing = True
        until = time.monotonic() + seconds
        for _ in self._threads:
            with suppress(queue.Full):
                self._queue.put(None, timeout=max(0.0, until - time.monotonic()))
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))

    def _serve(self) -> None:
        who: Asker | None = None
        while (task := self._queue.get()) is not None:
            future, work = task
            forgettings = self._forgettings
            if not future.set_running_or_notify_cancel():
                continue
            try:
                who = who or Asker(self._wiring, self._wiring.store(), self._notice)
                with self._wiring.working():
                    future.set_result(work(who))
            except BaseException as error:
                future.set_exception(error)
                if who is not None and not isinstance(error, AetherError):
                    who.store.close()  # whatever state it is in, the next task gets a new one
                    who = None
            if self._forgettings != forgettings:
                self._wiring.forget()
            del future, work, task  # a result is not kept until the next task comes
        if who is not None:
            who.store.close()
