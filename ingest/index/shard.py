"""One shard of qdrant-edge, whose every failure is an `IndexFailure`: the only home of that library.

What is known of it and kept in here: a panic is no `Exception` and leaves a shard that cannot be trusted; ids are
UUIDs; an empty filter matches everything; the shard runs without its write-ahead log, so changes are durable when
`flush` returns; there is no graph index, as building one holds the interpreter for seconds, and an exact scan of
100,000 passages takes milliseconds.

The inverse document frequency is taken over what the query's scope admits. Passages that the caller may not read
change neither the list nor its scores.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import qdrant_edge as edge

from corpus.errors import IndexFailure
from corpus.passages import Hit, Point, Sparse
from corpus.ports import Query, Scope
from ingest.index.layout import DENSE, FILTERED, PASSAGE, SPARSE, pack, unpack
from ingest.index.ties import SPARE, best

_PAGE = 256
_NEVER = 2**40

T = TypeVar("T")


class Shard:
    """Points and queries must have been admitted (`ingest.index.admission`). All methods raise `IndexFailure`."""

    def __init__(self, opened: edge.EdgeShard) -> None:
        self._edge = opened

    @classmethod
    def create(cls, folder: Path, dimension: int) -> Shard:
        """A new shard in `folder`, which must be empty."""
        shard = cls(_call(lambda: edge.EdgeShard.create(str(folder), _config(dimension))))
        for field in FILTERED:
            shard._update(edge.UpdateOperation.create_field_index(field, edge.PayloadSchemaType.Keyword))
        shard.flush()
        shard.close()
        # The first load of a shard adds to its configuration; later ones write the same bytes again.
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Shard:
        """The shard in `folder`. Corrupt files may abort the process: verify them first."""
        return cls(_call(lambda: edge.EdgeShard.load(str(folder))))

    def write(self, points: Sequence[Point]) -> None:
        """Insert or replace points."""
        self._update(edge.UpdateOperation.upsert_points([_to_edge(p) for p in points]))

    def remove(self, passages: Collection[str]) -> None:
        """Remove points by id."""
        ids: list[edge.PointId] = [*passages]
        self._update(edge.UpdateOperation.delete_points(ids))

    def read(self, passages: Collection[str]) -> list[Point]:
        """The points of these ids that are there, in order of passage id."""
        return sorted(map(_from_edge, self._records([*passages], with_vector=True)), key=lambda p: p.passage.id)

    def search(self, query: Query) -> list[Hit]:
        """At most `query.limit` hits, best first, ties by passage id."""
        found = best(lambda count: self._ask(query, count), query.limit)
        if found and found[0].payload is None:
            there = self._records([s.id for s in found], with_vector=False)
            packed = {r.id: (r.payload or {}).get(PASSAGE) for r in there}
            scored = [(s.id, s.score) for s in found]
            return [Hit(unpack(packed[i]), score) for i, score in scored if i in packed]  # one may be gone since
        return [Hit(unpack((s.payload or {}).get(PASSAGE)), s.score) for s in found]

    def scan(self) -> Iterator[Point]:
        """Every point, in order of passage id."""
        at: edge.PointId | None = None
        while True:
            request = edge.ScrollRequest(offset=at, limit=_PAGE, with_payload=[PASSAGE], with_vector=True)
            records, at = _call(lambda r=request: self._edge.scroll(r))  # type: ignore[misc]
            yield from map(_from_edge, records)
            if at is None:
                return

    def count(self) -> int:
        """How many points there are."""
        return _call(lambda: self._edge.info().points_count)

    def flush(self) -> None:
        """Make every change durable."""
        _call(self._edge.flush)

    def close(self) -> None:
        """Flush and let the files go."""
        _call(self._edge.close)

    def _ask(self, query: Query, count: int) -> list[edge.ScoredPoint]:
        # Passages come along with the first question; the rare longer ones are for ids and scores.
        request = _request(query, count, with_payload=count == query.limit + SPARE)
        return _call(lambda: self._edge.query(request))

    def _records(self, ids: list[edge.PointId], *, with_vector: bool) -> list[edge.Record]:
        return _call(lambda: self._edge.retrieve(ids, [PASSAGE], with_vector)) if ids else []

    def _update(self, operation: edge.UpdateOperation) -> None:
        _call(lambda: self._edge.update(operation))


def scope_filter(scope: Scope) -> edge.Filter:
    """The scope as a filter. Its access set was checked: an empty one would match nothing here, all elsewhere."""
    must: list[edge.ConditionType] = [_among("access", scope.access)]
    if scope.sources:
        must.append(_among("source", scope.sources))
    if scope.kinds:
        must.append(_among("kind", scope.kinds))
    return edge.Filter(must=must, must_not=[_among("document", scope.exclude)] if scope.exclude else None)


def _among(field: str, values: Collection[str]) -> edge.FieldCondition:
    return edge.FieldCondition(key=field, match=edge.MatchAny(sorted(values)))


def _request(query: Query, limit: int, *, with_payload: bool) -> edge.QueryRequest:
    where = scope_filter(query.scope)
    sparse = isinstance(query.by, Sparse)
    return edge.QueryRequest(
        limit=limit,
        query=edge.Query.Nearest(_vector(query.by), using=SPARSE if sparse else DENSE),
        filter=where,
        with_payload=[PASSAGE] if with_payload else False,
        params=edge.SearchParams(exact=True, idf=edge.IdfParams(corpus=where) if sparse else None),
    )


def _config(dimension: int) -> edge.EdgeConfig:
    return edge.EdgeConfig(
        vectors={DENSE: edge.EdgeVectorParams(size=dimension, distance=edge.Distance.Cosine)},
        sparse_vectors={SPARSE: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        optimizers=edge.EdgeOptimizersConfig(
            indexing_threshold=_NEVER, max_segment_size=_NEVER, default_segment_number=1
        ),
        wal_enabled=False,
    )


def _vector(by: Sequence[float] | Sparse) -> list[float] | edge.SparseVector:
    if isinstance(by, Sparse):
        return edge.SparseVector(indices=list(by.indices), values=list(by.values))
    return list(by)


def _to_edge(point: Point) -> edge.Point:
    vector: dict[str, Any] = {}
    if point.sparse.indices:
        vector[SPARSE] = _vector(point.sparse)
    if point.dense is not None:
        vector[DENSE] = _vector(point.dense)
    return edge.Point(id=point.passage.id, vector=vector, payload=pack(point.passage))


def _from_edge(record: edge.Record) -> Point:
    vector: Any = record.vector or {}
    sparse, dense = vector.get(SPARSE), vector.get(DENSE)
    return Point(
        unpack((record.payload or {}).get(PASSAGE)),
        Sparse(tuple(sparse.indices), tuple(sparse.values)) if sparse is not None else Sparse((), ()),
        tuple(dense) if dense is not None else None,
    )


def _call(call: Callable[[], T]) -> T:
    """The call's result; what the library raises, panics by their name, becomes an `IndexFailure`."""
    try:
        return call()
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        said = " ".join(str(error).split())[:200] or type(error).__name__
        raise IndexFailure(f"the search index failed ({said})", next_step="Run aether doctor") from error
