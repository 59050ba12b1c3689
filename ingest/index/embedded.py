"""The search index in this process: one shard of qdrant-edge, searched exactly, guarded by a lock and a manifest.

Opening takes our lock, holds the files against the manifest, and only then lets the shard load them. The first
change of a session removes the manifest; a clean close writes a new one. So whatever kills a writer leaves an index
that nobody will load: it is rebuilt from the store. A killed reader leaves nothing behind.

The shard runs without its write-ahead log: every change is flushed before it is acknowledged, and an unfinished one is
never loaded again, so the log would only bring back batches that were refused. There is no graph index: building
one would hold the interpreter for seconds, and an exact scan of 100,000 passages takes milliseconds.

The inverse document frequency is taken over what the query's scope admits. Passages that the caller may not read
change neither the list nor its scores.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import qdrant_edge as edge

from corpus.errors import AetherError, IndexFailure, StoreError
from corpus.passages import Hit, Point, Sparse
from corpus.ports import Query, Scope
from ingest.index.admission import admit_points, admit_query, admits, is_passage_id
from ingest.index.layout import DENSE, FILTERED, PASSAGE, SPARSE, pack, unpack
from ingest.index.lock import FolderLock
from ingest.index.manifest import (
    Identity,
    Manifest,
    Trace,
    damaged,
    load_manifest,
    read_manifest,
    remove_manifest,
    survey,
    verify,
    write_manifest,
)

_BATCH = 1024
_PAGE = 256
_NEVER = 2**40

T = TypeVar("T")


class EmbeddedIndex:
    """The `Index` port over one shard. Made by `open_embedded`; a context manager, or call `close`.

    Leaving the context closes it; leaving a `fresh` one by an error leaves it unfinished, to be rebuilt.
    """

    def __init__(self, folder: Path, lock: FolderLock, shard: edge.EdgeShard, identity: Identity) -> None:
        self._folder = folder
        self._lock = lock
        self._shard: edge.EdgeShard | None = shard
        self._identity = identity
        self._known: dict[str, Trace] = {}
        self._fresh = False
        self._changed = False
        self._broken = ""

    def write(self, points: Sequence[Point]) -> None:
        """Insert or replace points by passage id, all or nothing; durable on return."""
        admitted = admit_points(points, self._identity.dimension)
        if admitted:
            batches = (admitted[at : at + _BATCH] for at in range(0, len(admitted), _BATCH))
            self._change(edge.UpdateOperation.upsert_points([_to_edge(p) for p in batch]) for batch in batches)

    def remove(self, passages: Collection[str]) -> None:
        """Remove points by passage id; unknown ids are no error; durable on return."""
        known: list[edge.PointId] = [name for name in sorted(set(passages)) if is_passage_id(name)]
        if known:
            self._change(iter([edge.UpdateOperation.delete_points(known)]))

    def search(self, query: Query) -> list[Hit]:
        """At most `query.limit` hits, best first, ties by passage id."""
        admit_query(query, self._identity.dimension)
        by = query.by
        if query.limit < 1 or (isinstance(by, Sparse) and not by.indices):
            return []
        asked = query.limit + 1
        while True:
            found = self._ask(query, asked)
            # A tie across the cut is settled by id, so the rest of it must be seen too.
            if len(found) < asked or found[-1].score < found[query.limit - 1].score:
                break
            asked *= 2
        best = sorted(found, key=lambda s: (-s.score, s.id))[: query.limit]
        return [_hit(query.scope, scored) for scored in best]

    def scan(self) -> Iterator[Point]:
        """Every point, in order of passage id; vectors in single precision, dense ones of unit length."""
        at: edge.PointId | None = None
        while True:
            request = edge.ScrollRequest(offset=at, limit=_PAGE, with_payload=True, with_vector=True)
            records, at = self._run(lambda shard, r=request: shard.scroll(r))  # type: ignore[misc]
            yield from map(_from_edge, records)
            if at is None:
                return

    def count(self) -> int:
        """How many points there are."""
        return self._run(lambda shard: shard.info().points_count)

    def close(self) -> None:
        """Close the shard, write the manifest if anything changed, give the lock back. Raises `IndexFailure`."""
        if self._shard is None:
            return
        try:
            count = self.count() if self._changed and not self._broken else 0
            self._run_once(lambda shard: shard.close())
            self._shard = None
            if self._changed and not self._broken:
                files = survey(_shard_of(self._folder), self._known)
                write_manifest(self._folder, Manifest(self._identity, count, files))
        except OSError as error:
            raise self._failure(f"the manifest cannot be written ({error.strerror})") from error
        finally:
            self._shard = None
            self._lock.release()

    def __enter__(self) -> EmbeddedIndex:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None and self._fresh:
            self._broken = "it was left unfinished"
        self.close()

    def _ask(self, query: Query, limit: int) -> list[edge.ScoredPoint]:
        where = scope_filter(query.scope)
        sparse = isinstance(query.by, Sparse)
        vector = _vector(query.by)
        request = edge.QueryRequest(
            limit=limit,
            query=edge.Query.Nearest(vector, using=SPARSE if sparse else DENSE),
            filter=where,
            with_payload=[PASSAGE],
            params=edge.SearchParams(exact=True, idf=edge.IdfParams(corpus=where) if sparse else None),
        )
        return self._run(lambda shard: shard.query(request))

    def _change(self, operations: Iterator[edge.UpdateOperation]) -> None:
        try:
            if not self._changed:
                remove_manifest(self._folder)
                self._changed = True
            for operation in operations:
                self._run(lambda shard, o=operation: shard.update(o))  # type: ignore[misc]
            self._run(lambda shard: shard.flush())
        except OSError as error:
            self._broken = f"the manifest cannot be removed ({error.strerror})"
            raise self._failure(self._broken) from error
        except BaseException as error:
            self._broken = self._broken or _line(error)
            raise

    def _run(self, call: Callable[[edge.EdgeShard], T]) -> T:
        if self._broken:
            raise self._failure(f"the search index cannot be used further: {self._broken}")
        return self._run_once(call)

    def _run_once(self, call: Callable[[edge.EdgeShard], T]) -> T:
        if self._shard is None:
            raise self._failure("the search index is closed")
        try:
            return call(self._shard)
        except BaseException as error:
            if not _is_vendor(error):
                raise
            if type(error).__name__ == "PanicException":
                self._broken = _line(error)
            raise self._failure(f"the search index failed ({_line(error)})") from error

    def _failure(self, what: str) -> IndexFailure:
        return IndexFailure(what, item=str(self._folder), next_step="Close it, then run aether doctor")


def open_embedded(
    folder: Path,
    *,
    dimension: int,
    encoder_identity: str,
    lexical_identity: str,
    wait: float = 5.0,
    fresh: bool = False,
) -> EmbeddedIndex:
    """The index in `folder`, made empty where there is none; with `fresh`, emptied first, under the same lock.

    The folder is locked for this opener until `close`; `wait` is in seconds. A fresh index counts as unfinished until
    it is closed, so a rebuild that dies half way is rebuilt again.

    Raises `StoreBusy` when another opener holds it; `StoreDamaged` when it must be rebuilt (open with `fresh`, write
    every point of the store); `EncoderError` when it was built with another dense encoder or dimension;
    `StoreVersionError` when a newer Aether wrote it.
    """
    identity = Identity(encoder_identity, lexical_identity, dimension)
    lock = FolderLock(folder, wait=wait)
    try:
        shard = _shard_of(folder)
        if fresh or not (shard.exists() or (folder / "manifest.json").exists()):
            return _create(folder, lock, identity, fresh=fresh)
        manifest = read_manifest(folder, identity)
        verify(shard, manifest)
        return _load(folder, lock, manifest)
    except BaseException:
        lock.release()
        raise


def verify_wholly(folder: Path, *, wait: float = 5.0) -> None:
    """Hold every byte of the index in `folder` against its manifest. Raises as `open_embedded` does."""
    with FolderLock(folder, wait=wait):
        verify(_shard_of(folder), load_manifest(folder), wholly=True)


def wipe(folder: Path, *, wait: float = 5.0) -> None:
    """Remove the index in `folder`, so that the next opener makes an empty one. Raises `StoreBusy`, `StoreError`."""
    with FolderLock(folder, wait=wait):
        _clear(folder)


def scope_filter(scope: Scope) -> edge.Filter:
    """The scope as a filter. Its access set was checked: an empty one would match nothing here, all elsewhere."""
    must: list[edge.ConditionType] = [_among("access", scope.access)]
    if scope.sources:
        must.append(_among("source", scope.sources))
    if scope.kinds:
        must.append(_among("kind", scope.kinds))
    return edge.Filter(must=must, must_not=[_among("document", scope.exclude)] if scope.exclude else None)


def _create(folder: Path, lock: FolderLock, identity: Identity, *, fresh: bool) -> EmbeddedIndex:
    _clear(folder)
    shard = _shard_of(folder)
    try:
        shard.mkdir(parents=True)
        made = edge.EdgeShard.create(str(shard), _config(identity.dimension))
        index = EmbeddedIndex(folder, lock, made, identity)
        for field in FILTERED:
            made.update(edge.UpdateOperation.create_field_index(field, edge.PayloadSchemaType.Keyword))
        made.flush()
    except BaseException as error:
        if not _is_vendor(error):
            raise
        raise IndexFailure(
            f"the search index cannot be made ({_line(error)})",
            item=str(folder),
            next_step="Check disk space and rights",
        ) from error
    index._changed, index._fresh = True, fresh
    return index


def _load(folder: Path, lock: FolderLock, manifest: Manifest) -> EmbeddedIndex:
    try:
        shard = edge.EdgeShard.load(str(_shard_of(folder)))
        index = EmbeddedIndex(folder, lock, shard, manifest.identity)
        index._known = manifest.files
        found = index.count()
    except BaseException as error:
        if not _is_vendor(error):
            raise
        raise damaged(folder, f"the search index cannot be loaded ({_line(error)})") from error
    if found != manifest.count:
        raise damaged(folder, f"the search index holds {found} passages, not {manifest.count}")
    return index


def _clear(folder: Path) -> None:
    try:
        remove_manifest(folder)
        if _shard_of(folder).exists():
            shutil.rmtree(_shard_of(folder))
    except OSError as error:
        raise StoreError(
            f"the old index cannot be removed ({error.strerror})",
            item=str(folder),
            next_step="Check the folder's rights",
        ) from error


def _config(dimension: int) -> edge.EdgeConfig:
    return edge.EdgeConfig(
        vectors={DENSE: edge.EdgeVectorParams(size=dimension, distance=edge.Distance.Cosine)},
        sparse_vectors={SPARSE: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf)},
        optimizers=edge.EdgeOptimizersConfig(
            indexing_threshold=_NEVER, max_segment_size=_NEVER, default_segment_number=1
        ),
        wal_enabled=False,
    )


def _among(field: str, values: Collection[str]) -> edge.FieldCondition:
    return edge.FieldCondition(key=field, match=edge.MatchAny(sorted(values)))


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


def _hit(scope: Scope, scored: edge.ScoredPoint) -> Hit:
    passage = unpack((scored.payload or {}).get(PASSAGE))
    if not admits(scope, passage):
        raise IndexFailure("the index returned a passage out of scope", next_step="Run aether doctor")
    return Hit(passage, scored.score)


def _shard_of(folder: Path) -> Path:
    return folder / "shard"


def _is_vendor(error: BaseException) -> bool:
    """Panics of the shard are no `Exception`s; everything that is ours, or means to end the process, is not its."""
    if isinstance(error, AetherError):
        return False
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
