"""The store's outbox -> the index: how the index catches up with the store.

1. Whole documents are taken from the outbox, about `_BATCH` points at a time.
2. Under the index's lock: new points are written, then old ones removed, then both are read back. The lock is given
   back after about a second, so that those who ask meanwhile need not wait.
3. In one transaction the outbox forgets them. Only now do the documents count as indexed.

A crash at any step leaves the outbox as it was; the next call repeats it, and writing a point twice is harmless. An
index that will not open is rebuilt from the store.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from corpus.errors import IndexFailure, StoreDamaged
from corpus.passages import Point
from corpus.ports import Index, LexicalEncoder
from ingest.store.passages import Owed
from ingest.store.store import Store

_BATCH = 2000
_HOLD_SECONDS = 1.0
FORGETTING = "forgetting"
"""The fact that texts were deleted whose bytes may still lie in the files of the store and the index."""


class OpenIndex(Protocol):
    """Opens the index for one batch; leaving the context closes it. With `fresh`, it is emptied first.

    Raises `StoreBusy` when another process holds it for long, `StoreDamaged` when it must be rebuilt.
    """

    def __call__(self, *, fresh: bool = False) -> AbstractContextManager[Index]:
        """The index, locked for this process."""


def settle(store: Store, *, open_index: OpenIndex, lexical: LexicalEncoder, encoder: str) -> int:
    """Bring the index up to the store; how many points were written or removed.

    `encoder` is the identity of the dense encoder, whose known vectors go along. Raises `IndexFailure`, `StoreError`.
    """
    done = 0
    owed = store.passages.owed(_BATCH)
    while owed.documents:
        points = points_of(store, owed.write, lexical=lexical, encoder=encoder)
        try:
            with open_index() as index:
                until = time.monotonic() + _HOLD_SECONDS
                while owed.documents:
                    _deliver(index, points, owed)
                    with store.transaction():
                        store.passages.settle(owed)
                    done += len(owed.write) + len(owed.remove)
                    owed = store.passages.owed(_BATCH)
                    if time.monotonic() > until:
                        break
                    points = points_of(store, owed.write, lexical=lexical, encoder=encoder)
        except StoreDamaged:
            return done + rebuild(store, open_index=open_index, lexical=lexical, encoder=encoder)
    return done


def mend(store: Store, *, open_index: OpenIndex, lexical: LexicalEncoder, encoder: str) -> int:
    """Repair what a killed run, a lost folder or damage left behind; how many points were written or removed.

    Cheap when nothing is wrong. Raises `IndexFailure`, `StoreError`.
    """
    try:
        with open_index() as index:
            lost = next(index.scan(), None) is None and store.passages.count() > 0
    except StoreDamaged:
        lost = True
    repair = rebuild if lost or store.ledger.fact(FORGETTING) else settle
    return repair(store, open_index=open_index, lexical=lexical, encoder=encoder)


def rebuild(store: Store, *, open_index: OpenIndex, lexical: LexicalEncoder, encoder: str) -> int:
    """Make the index anew from the store, without embedding anything; how many points it holds now.

    Raises `IndexFailure`, `StoreError`.
    """
    total = 0
    with open_index(fresh=True) as index:
        ids = store.passages.ids()
        for at in range(0, len(ids), _BATCH):
            points = points_of(store, ids[at : at + _BATCH], lexical=lexical, encoder=encoder)
            _deliver(index, points, Owed((), tuple(ids[at : at + _BATCH]), ()))
            total += len(points)
    with store.transaction():
        store.passages.settle_everything()
        store.ledger.set_fact("lexical", lexical.identity)
        if encoder:
            store.ledger.set_fact("encoder", encoder)
    if store.ledger.fact(FORGETTING):
        store.scrub()
        with store.transaction():
            store.ledger.set_fact(FORGETTING, "")
    return total


def points_of(store: Store, passages: Collection[str], *, lexical: LexicalEncoder, encoder: str) -> list[Point]:
    """The points of these passages, in order of id, each with its dense vector where that is known.

    Ids without a passage are left out.
    """
    stored = store.passages.pick(passages)
    sparse = lexical.documents([s.passage.indexed_text for s in stored])
    dense = store.vectors.of(encoder, [s.digest for s in stored])
    return [Point(s.passage, v, dense.get(s.digest)) for s, v in zip(stored, sparse, strict=True)]


def _deliver(index: Index, points: Sequence[Point], owed: Owed) -> None:
    if points:
        index.write(points)
    if owed.remove:
        index.remove(owed.remove)
    found = {point.passage.id: point.passage for point in index.read([*owed.write, *owed.remove])}
    if found != {point.passage.id: point.passage for point in points}:
        raise IndexFailure(
            "what was written did not come back", item=", ".join(owed.documents[:3]), next_step="Run aether doctor"
        )
