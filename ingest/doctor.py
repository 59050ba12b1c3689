"""Proof that the index holds exactly what the store holds.

Both are walked in order of passage id, like the merge of two sorted lists. Of every point the passage (the whole
payload), the sparse vector and the dense vector are compared with what the store says they must be; a point that the
outbox still owes may differ. The store itself is checked first, by SQLite and by what must hold between its tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from corpus.passages import Point, Sparse
from corpus.ports import Index, LexicalEncoder
from ingest.settle import OpenIndex, mend, points_of, rebuild
from ingest.store.store import Store

_PAGE = 1000
_TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class Findings:
    """What was examined and what is wrong; passages by id.

    missing   in the store, not in the index
    stray     in the index, not in the store
    differing another payload, sparse or dense vector than the store says
    owed      points that the store knows the index lacks: an ingest was stopped, the next one settles them
    """

    points: int
    missing: tuple[str, ...]
    stray: tuple[str, ...]
    differing: tuple[str, ...]
    owed: int

    @property
    def clean(self) -> bool:
        """Whether the index is exactly the store."""
        return not (self.missing or self.stray or self.differing or self.owed)


def examine(store: Store, index: Index, *, lexical: LexicalEncoder, encoder: str) -> Findings:
    """Compare every point with the store. Raises `StoreDamaged` when the store itself is damaged, `IndexFailure`."""
    store.prove()
    owed = store.passages.owed_ids()
    missing: list[str] = []
    stray: list[str] = []
    differing: list[str] = []
    points = 0
    held = index.scan()
    there = next(held, None)
    for wanted in _wanted(store, lexical, encoder):
        name = wanted.passage.id
        while there is not None and there.passage.id < name:
            points += 1
            stray.append(there.passage.id)
            there = next(held, None)
        if there is None or there.passage.id != name:
            missing.append(name)
            continue
        points += 1
        if not _same(wanted, there):
            differing.append(name)
        there = next(held, None)
    while there is not None:
        points += 1
        stray.append(there.passage.id)
        there = next(held, None)
    faults = {"missing": missing, "stray": stray, "differing": differing}
    kept = {fault: tuple(name for name in names if name not in owed) for fault, names in faults.items()}
    return Findings(points, kept["missing"], kept["stray"], kept["differing"], len(owed))


def repair(store: Store, *, open_index: OpenIndex, lexical: LexicalEncoder, encoder: str) -> Findings:
    """Mend the index, and rebuild it where that is not enough; what is found afterwards.

    Raises `StoreDamaged` when the store itself is damaged (nothing here can repair that), `StoreBusy`, `IndexFailure`.
    """
    with store.changing():
        store.prove()
        mend(store, open_index=open_index, lexical=lexical, encoder=encoder)
        with open_index() as index:
            found = examine(store, index, lexical=lexical, encoder=encoder)
        if found.clean:
            return found
        rebuild(store, open_index=open_index, lexical=lexical, encoder=encoder)
        with open_index() as index:
            return examine(store, index, lexical=lexical, encoder=encoder)


def _wanted(store: Store, lexical: LexicalEncoder, encoder: str) -> Iterator[Point]:
    ids = iter(store.passages.ids())
    while page := list(islice(ids, _PAGE)):
        yield from points_of(store, page, lexical=lexical, encoder=encoder)


def _same(wanted: Point, there: Point) -> bool:
    return wanted.passage == there.passage and _near_sparse(wanted.sparse, there.sparse) and _near_dense(wanted, there)


def _near_sparse(wanted: Sparse, there: Sparse) -> bool:
    return wanted.indices == there.indices and all(
        abs(a - b) <= _TOLERANCE * max(1.0, abs(a)) for a, b in zip(wanted.values, there.values, strict=True)
    )


def _near_dense(wanted: Point, there: Point) -> bool:
    if wanted.dense is None or there.dense is None:
        return wanted.dense is there.dense
    return len(wanted.dense) == len(there.dense) and all(
        abs(a - b) <= _TOLERANCE for a, b in zip(wanted.dense, there.dense, strict=True)
    )
