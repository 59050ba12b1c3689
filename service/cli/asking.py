"""`aether ask`: one question, answered on the terminal or as JSON. A damaged index is rebuilt on the way."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from corpus.access import PUBLIC, access_set
from corpus.errors import StoreDamaged, UsageError
from ingest.settle import mend
from ingest.store.store import Store
from service.answer import Answer
from service.answering.compose import BRIEF, FULL, NORMAL
from service.cli.ending import DONE, REFUSED
from service.engine import Engine, Request
from service.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line said."""

    question: str
    brief: bool
    full: bool
    principals: tuple[str, ...]
    sources: tuple[str, ...]
    kinds: tuple[str, ...]
    exclude: tuple[str, ...]


def template(asked: Asked, *, batch: bool) -> Request:
    """The request, in a batch without its question. Raises `UsageError`, `AccessError`."""
    if asked.brief and asked.full:
        raise UsageError("--brief and --full exclude each other", next_step="Give one of them")
    if batch == bool(asked.question.strip()):
        what = "a batch takes its questions from the file" if batch else "no question"
        raise UsageError(what, next_step='Type aether ask "..." or aether ask --batch FILE --out FILE')
    return Request(
        question=asked.question,
        access=access_set([PUBLIC, *asked.principals]),
        sources=frozenset(asked.sources),
        kinds=frozenset(asked.kinds),
        exclude=frozenset(asked.exclude),
        length=BRIEF if asked.brief else FULL if asked.full else NORMAL,
    )


class Asker:
    """An engine over an open store that mends its index when it has to."""

    def __init__(self, wiring: Wiring, store: Store) -> None:
        self._wiring = wiring
        self._store = store
        self.engine: Engine = wiring.engine(store)

    def ask(self, request: Request) -> Answer:
        """The answer. Raises what `Engine.ask` raises, damage of the index aside."""
        try:
            answer = self.engine.ask(request)
        except StoreDamaged as damage:
            self._mend(damage.what)
            return self.engine.ask(request)
        if not answer.evidence and self._lost():
            self._mend("the search index is gone")
            return self.engine.ask(request)
        return answer

    def _lost(self) -> bool:
        """Whether the index is empty and the store is not."""
        if not self._store.passages.count():
            return False
        with self._wiring.open_index() as index:
            return next(index.scan(), None) is None

    def _mend(self, why: str) -> None:
        print(f"aether: {why}; rebuilding the index from the store", file=sys.stderr)
        with self._store.changing(seconds=self._wiring.settings.wait):
            mend(
                self._store,
                open_index=self._wiring.open_index,
                lexical=self._wiring.lexical,
                encoder=self._wiring.embedder.identity,
            )


@contextmanager
def asker(wiring: Wiring) -> Iterator[Asker]:
    """Who can be asked. Raises `StoreMissing` and other errors of the store."""
    with wiring.store() as store:
        yield Asker(wiring, store)


def ask_one(wiring: Wiring, request: Request, *, json: bool) -> int:
    """Answer and show it; the exit status."""
    with asker(wiring) as who:
        answer = who.ask(request)
        if json:
            print(answer.model_dump_json(indent=2))
        else:
            print(answer.text)
    return REFUSED if answer.refusal else DONE
