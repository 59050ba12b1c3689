"""The index, kept open from one question to the next, for a short while at a time.

Opening an index proves its files, which takes longer than a search. Whoever asks many questions in a row keeps it open,
and gives it back every few seconds for a moment longer than a waiting process sleeps between two looks at the lock: so
an ingest beside a batch of questions gets its turn.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from corpus.ports import Index
from ingest.settle import OpenIndex

_PAUSE = 0.1


class Lease:
    """An `OpenIndex` that closes what it opened after `seconds`, at the next call, or on `close`. For one thread."""

    def __init__(self, open_index: OpenIndex, *, seconds: float) -> None:
        self._open = open_index
        self._seconds = seconds
        self._stack = ExitStack()
        self._index: Index | None = None
        self._since = 0.0

    @contextmanager
    def __call__(self, *, fresh: bool = False) -> Iterator[Index]:
        """The index; a fresh one, or one in whose use something went wrong, is closed when its context is left."""
        if self._index is not None and (fresh or time.monotonic() - self._since > self._seconds):
            self.close()
            time.sleep(_PAUSE)
        if self._index is None:
            self._index, self._since = self._stack.enter_context(self._open(fresh=fresh)), time.monotonic()
        try:
            yield self._index
        except BaseException as error:
            self._index = None
            self._stack.__exit__(type(error), error, error.__traceback__)
            raise
        if fresh:
            self.close()

    def close(self) -> None:
        """Give the index back. A second call does nothing."""
        self._index = None
        self._stack.close()
