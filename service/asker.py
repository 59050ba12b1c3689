"""An engine over an open store that mends its index when it has to, for every door.

A damaged or lost index is no reason to send a reader away: it is derived from the store, and rebuilding it embeds
nothing. Whoever notices rebuilds it, under the store's lock, and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from corpus.documents import Document
from corpus.errors import StoreBusy, StoreDamaged
from ingest.settle import mend
from ingest.store.documents import Card
from ingest.store.store import Store
from retrieval.evidence import Found
from service.answer import Answer
from service.answering.compose import BRIEF, FULL, NORMAL, Length
from service.engine import Engine, Request, View
from service.wiring import Wiring

LENGTHS: dict[str, Length] = {"brief": BRIEF, "normal": NORMAL, "full": FULL}
"""How long an answer may be, by the name that callers use."""

_Result = TypeVar("_Result", Answer, Found, View)


class Asker:
    """An engine over an open store that mends its index when it has to."""

    def __init__(self, wiring: Wiring, store: Store, notice: Callable[[str], None]) -> None:
        self._wiring = wiring
        self._notice = notice
        self.store = store
        self.engine: Engine = wiring.engine(store)

    def ask(self, request: Request) -> Answer:
        """The answer. Raises what `Engine.ask` raises, damage of the index aside."""
        return self._whole(lambda: self.engine.ask(request))

    def search(self, request: Request, *, limit: int) -> Found:
        """The evidence. Raises what `Engine.search` raises, damage of the index aside."""
        return self._whole(lambda: self.engine.search(request, limit=limit))

    def look(self, request: Request) -> View:
        """What an answer would be made from. Raises what `Engine.look` raises, damage of the index aside."""
        return self._whole(lambda: self.engine.look(request))

    def read(self, document: str, revision: str, access: frozenset[str]) -> Document:
        """A document. Raises `NotFound`."""
        return self.engine.read(document, revision, access)

    def cards(self) -> Iterable[Card]:
        """The cards of all documents, whoever may read them."""
        return self.engine.cards()

    def _whole(self, work: Callable[[], _Result]) -> _Result:
        """The result on a sound index; where the index turns out to be none, it is rebuilt and the work done again."""
        try:
            result = work()
        except StoreDamaged as damage:
            self._mend(damage.what, self._wiring.settings.wait)
            return work()
        if result.evidence or _declined(result) or not self._lost():
            return result
        try:
            self._mend("the search index is empty", 0.0)
        except StoreBusy:  # an ingest is just filling it
            return result
        return work()

    def _lost(self) -> bool:
        """Whether the index is empty and the store is not."""
        if not self.store.passages.count():
            return False
        with self._wiring.open_index() as index:
            return next(index.scan(), None) is None

    def _mend(self, why: str, seconds: float) -> None:
        with self.store.changing(seconds=seconds):
            self._notice(f"{why}; rebuilding the index from the store")
            mend(
                self.store,
                open_index=self._wiring.open_index,
                lexical=self._wiring.lexical,
                encoder=self._wiring.embedder.identity,
            )


def _declined(result: Answer | Found | View) -> bool:
    """Whether the policy refused, so that no evidence was looked for."""
    return isinstance(result, Answer) and result.refusal is not None and bool(result.refusal.line)


@contextmanager
def asker(wiring: Wiring, notice: Callable[[str], None]) -> Iterator[Asker]:
    """Who can be asked; `notice` hears of a rebuild. Raises `StoreMissing` and other errors of the store."""
    with wiring.store() as store:
        yield Asker(wiring, store, notice)
