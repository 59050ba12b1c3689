"""The index, kept open for the life of a service.

One process may hold the index, and opening it proves its files, which takes longer than a search. So a service opens
it once and its threads share it: each call has its turn, and a long write is cut so that searches come between. After
a run of changes it is closed for a moment, which writes a new manifest: a service that is killed later leaves an
index that need not be rebuilt.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from corpus.errors import AccessError
from corpus.passages import Hit, Point
from corpus.ports import Index, Query
from ingest.settle import OpenIndex

_SLICE = 500


class HeldIndex:
    """An `OpenIndex` whose index stays open until `close`, and the `Index` itself. For any number of threads."""

    def __init__(self, open_index: OpenIndex) -> None:
        self._open = open_index
        self._turn = threading.RLock()
        self._stack = ExitStack()
        self._index: Index | None = None

    @contextmanager
    def __call__(self, *, fresh: bool = False) -> Iterator[Index]:
        """The index; a fresh one is for the caller alone until its context is left. Raises what opening raises."""
        if fresh:
            with self._turn:
                self.close()
                with self._open(fresh=True) as index:
                    yield index
            return
        with self._turn:
            self._opened()
        yield self

    def write(self, points: Sequence[Point]) -> None:
        """Insert or replace points; some hundreds are all or nothing, and searches come between them."""
        for at in range(0, len(points), _SLICE):
            with self._used() as index:
                index.write(points[at : at + _SLICE])

    def remove(self, passages: Collection[str]) -> None:
        """Remove points by passage id."""
        with self._used() as index:
            index.remove(passages)

    def read(self, passages: Collection[str]) -> list[Point]:
        """The points of these passages that are there."""
        with self._used() as index:
            return index.read(passages)

    def search(self, query: Query) -> list[Hit]:
        """At most `query.limit` hits, best first."""
        with self._used() as index:
            return index.search(query)

    def scan(self) -> Iterator[Point]:
        """Every point; others have their turn between two of them."""
        points: Iterator[Point] | None = None
        while True:
            with self._used() as index:
                points = points or index.scan()
                point = next(points, None)
            if point is None:
                return
            yield point

    def close(self) -> None:
        """Give the index back; the next call opens it again."""
        with self._turn:
            self._index = None
            self._stack.close()

    def _opened(self) -> Index:
        if self._index is None:
            self._index = self._stack.enter_context(self._open())
        return self._index

    @contextmanager
    def _used(self) -> Iterator[Index]:
        """The index for one call; one in whose use something went wrong is closed, and opened anew by the next."""
        with self._turn:
            index = self._opened()
            try:
                yield index
            except AccessError:
                raise
            except BaseException as error:
                self._index = None
                self._stack.__exit__(type(error), error, error.__traceback__)
                raise
