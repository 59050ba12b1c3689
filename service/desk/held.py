"""The index, kept open for the life of a service.

One process may hold the index, and opening it proves its files, which takes longer than a search. So a service opens
it once and its threads share it: searches go on beside each other and beside a write, which is cut into slices. What
was changed has no manifest until the index is closed, and one without is rebuilt after a kill. So after changes it is
closed and opened again, once nobody asks for a moment, and in any case after some minutes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress

from corpus.errors import AccessError, AetherError
from corpus.passages import Hit, Point
from corpus.ports import Index, Query
from ingest.settle import OpenIndex

_SLICE = 200
_LOOK_SECONDS = 0.25


class HeldIndex:
    """An `OpenIndex` whose index stays open until `close`, and the `Index` itself. For any number of threads.

    quiet   seconds without anybody at work after which a changed index is tidied up
    latest  seconds after which it is, whoever asks
    """

    def __init__(self, open_index: OpenIndex, *, quiet: float = 2.0, latest: float = 600.0) -> None:
        self._open = open_index
        self._quiet = quiet
        self._latest = latest
        self._turns = _Turns()
        self._writing = threading.Lock()
        self._count = threading.Lock()
        self._stack = ExitStack()
        self._index: Index | None = None
        self._working = 0
        self._worked = time.monotonic()
        self._tidying: threading.Thread | None = None
        self._stopped = threading.Event()

    @contextmanager
    def __call__(self, *, fresh: bool = False) -> Iterator[Index]:
        """The index; a fresh one is for the caller alone until its context is left. Raises what opening raises."""
        if fresh:
            with self._turns.alone():
                self._shut()
                with self._open(fresh=True) as index:
                    yield index
            return
        self._opened()
        yield self

    def write(self, points: Sequence[Point]) -> None:
        """Insert or replace points; some hundreds are all or nothing, and searches come between them."""
        for at in range(0, len(points), _SLICE):
            with self._writing, self._used() as index:
                index.write(points[at : at + _SLICE])

    def remove(self, passages: Collection[str]) -> None:
        """Remove points by passage id."""
        with self._writing, self._used() as index:
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

    @contextmanager
    def working(self) -> Iterator[None]:
        """Somebody is at work for whom the index should not be away."""
        with self._count:
            self._working += 1
        try:
            yield
        finally:
            with self._count:
                self._working -= 1
                self._worked = time.monotonic()

    def rested(self) -> float:
        """Seconds since anybody was at work, 0 while somebody is."""
        with self._count:
            return 0.0 if self._working else time.monotonic() - self._worked

    def tidy(self) -> None:
        """Close and open it again in a quiet moment, so that what was written survives a kill without a rebuild."""
        with self._writing:
            if self._tidying is None and not self._stopped.is_set():
                self._tidying = threading.Thread(target=self._tidy, name="tidy", daemon=True)
                self._tidying.start()

    def close(self) -> None:
        """Give the index back; the next call opens it again."""
        with self._turns.alone():
            self._shut()

    def stop(self) -> None:
        """Give the index back for good: nothing tidies it up any more."""
        self._stopped.set()
        self.close()

    def _tidy(self) -> None:
        until = time.monotonic() + self._latest
        while time.monotonic() < until and (self._working or time.monotonic() < self._worked + self._quiet):
            if self._stopped.wait(_LOOK_SECONDS):
                return
        with self._writing:
            self._tidying = None
        with self._turns.alone(), suppress(AetherError):  # whoever asks next hears why it cannot be opened
            if not self._stopped.is_set():
                self._shut()
                self._enter()

    def _shut(self) -> None:
        self._index = None
        self._stack.close()

    def _opened(self) -> None:
        if self._index is None:
            with self._turns.alone():
                if self._index is None:
                    self._enter()

    def _enter(self) -> None:
        self._index = self._stack.enter_context(self._open())

    @contextmanager
    def _used(self) -> Iterator[Index]:
        """The index for one call; one in whose use something went wrong is closed, and opened anew by the next."""
        while True:
            self._opened()
            with self._turns.shared():
                index = self._index
                if index is None:  # closed in between
                    continue
                try:
                    yield index
                    return
                except AccessError:
                    raise
                except BaseException as error:
                    fault = error
            self._drop(index, fault)
            raise fault

    def _drop(self, index: Index, error: BaseException) -> None:
        with self._turns.alone():
            if self._index is index:
                self._index = None
                self._stack.__exit__(type(error), error, error.__traceback__)


class _Turns:
    """Many at once, or one alone; who wants to be alone comes before those who come later."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._inside = 0
        self._wanting = 0
        self._alone = False

    @contextmanager
    def shared(self) -> Iterator[None]:
        with self._change:
            self._change.wait_for(lambda: not self._alone and not self._wanting)
            self._inside += 1
        try:
            yield
        finally:
            with self._change:
                self._inside -= 1
                self._change.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._change:
            self._wanting += 1
            try:
                self._change.wait_for(lambda: not self._alone and not self._inside)
            finally:
                self._wanting -= 1
            self._alone = True
        try:
            yield
        finally:
            with self._change:
                self._alone = False
                self._change.notify_all()
