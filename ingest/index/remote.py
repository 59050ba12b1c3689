"""The search index on a Qdrant server, in the same layout as the embedded one: the only home of qdrant-client.

Named dense and sparse vectors (the sparse ones are computed by us), the packed passage, keyword indexes on the filtered
fields, inverse document frequency by the server over what the query's scope admits. The collection's metadata holds
the identities of its encoders; a collection without them, or with others, is refused.

A server that keeps a graph index (by default from some 20,000 points on) answers dense queries approximately. A write
of more than 256 points is several requests: if one of them fails, repeat the write, which changes nothing twice.

The URL `:memory:` means the client's own in-process twin: exact, slow, for tests of up to 2,000 points.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from types import TracebackType
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from corpus.errors import EncoderError, IndexFailure, StoreDamaged
from corpus.passages import Hit, Point, Sparse
from corpus.ports import Query, Scope
from ingest.index.admission import admit_points, admit_query, admits, is_passage_id
from ingest.index.layout import DENSE, FILTERED, PASSAGE, SPARSE, pack, unpack
from ingest.index.ties import best

IN_PROCESS = ":memory:"
_BATCH = 256

T = TypeVar("T")


class RemoteIndex:
    """The `Index` port over one collection of a server. Made by `open_remote`; a context manager, or call `close`."""

    def __init__(self, client: QdrantClient, url: str, collection: str, *, dimension: int) -> None:
        self._client = client
        self._url = url
        self._name = collection
        self._dimension = dimension

    def write(self, points: Sequence[Point]) -> None:
        """Insert or replace points by passage id; none of them where one cannot be stored; durable on return."""
        admitted = admit_points(points, self._dimension)
        for at in range(0, len(admitted), _BATCH):
            batch = [_to_remote(p) for p in admitted[at : at + _BATCH]]
            self._call(lambda b=batch: self._client.upsert(self._name, b, wait=True))  # type: ignore[misc]

    def remove(self, passages: Collection[str]) -> None:
        """Remove points by passage id; unknown ids are no error; durable on return."""
        ids: list[models.ExtendedPointId] = [name for name in sorted(set(passages)) if is_passage_id(name)]
        if ids:
            gone = models.PointIdsList(points=ids)
            self._call(lambda: self._client.delete(self._name, gone, wait=True))

    def read(self, passages: Collection[str]) -> list[Point]:
        """The points of these passages that are there, in order of passage id."""
        known = [name for name in sorted(set(passages)) if is_passage_id(name)]
        return sorted(map(_from_remote, self._records(known, with_vectors=True)), key=lambda p: p.passage.id)

    def search(self, query: Query) -> list[Hit]:
        """At most `query.limit` hits, best first, ties by passage id."""
        admit_query(query, self._dimension)
        if query.limit < 1 or (isinstance(query.by, Sparse) and not query.by.indices):
            return []
        found = best(lambda count: self._ask(query, count), query.limit)
        packed = {str(s.id): (s.payload or {}).get(PASSAGE) for s in found}
        if found and found[0].payload is None:
            packed = {str(r.id): (r.payload or {}).get(PASSAGE) for r in self._records(packed, with_vectors=False)}
        hits = [Hit(unpack(packed.get(str(s.id))), s.score) for s in found]
        if not all(admits(query.scope, hit.passage) for hit in hits):
            raise self._failure("returned a passage out of scope", "Ingest again into an empty collection")
        return hits

    def scan(self) -> Iterator[Point]:
        """Every point, in order of passage id; vectors in single precision, dense ones of unit length."""
        at: Any = None
        while True:
            records, at = self._call(
                lambda start=at: self._client.scroll(  # type: ignore[misc]
                    self._name, limit=_BATCH, offset=start, with_payload=[PASSAGE], with_vectors=True
                )
            )
            yield from map(_from_remote, records)
            if at is None:
                return

    def count(self) -> int:
        """How many points there are."""
        return self._call(lambda: self._client.count(self._name, exact=True).count)

    def close(self) -> None:
        """Close the connections."""
        self._call(self._client.close)

    def __enter__(self) -> RemoteIndex:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _records(self, passages: Collection[str], *, with_vectors: bool) -> list[models.Record]:
        ids: list[models.ExtendedPointId] = [*passages]
        records: list[models.Record] = []
        for at in range(0, len(ids), _BATCH):
            records += self._call(
                lambda some=ids[at : at + _BATCH]: self._client.retrieve(  # type: ignore[misc]
                    self._name, some, with_payload=[PASSAGE], with_vectors=with_vectors
                )
            )
        return records

    def _ask(self, query: Query, limit: int) -> list[models.ScoredPoint]:
        where = scope_filter(query.scope)
        sparse = isinstance(query.by, Sparse)
        params = models.SearchParams(idf=models.IdfCorpusParams(corpus=where)) if sparse else None
        return self._call(
            lambda: (
                self._client.query_points(
                    self._name,
                    query=_vector(query.by),
                    using=SPARSE if sparse else DENSE,
                    query_filter=where,
                    search_params=params,
                    limit=limit,
                    with_payload=[PASSAGE],
                ).points
            )
        )

    def _prepare(self, identity: dict[str, str], *, fresh: bool) -> None:
        if fresh:
            self._call(lambda: self._client.delete_collection(self._name))
        if not self._call(lambda: self._client.collection_exists(self._name)):
            self._create(identity)
        else:
            self._check(identity)

    def _create(self, identity: dict[str, str]) -> None:
        self._call(
            lambda: self._client.create_collection(
                self._name,
                vectors_config={DENSE: models.VectorParams(size=self._dimension, distance=models.Distance.COSINE)},
                sparse_vectors_config={SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)},
                metadata=identity,
            )
        )
        for field in FILTERED if self._url != IN_PROCESS else ():
            self._call(
                lambda f=field: self._client.create_payload_index(  # type: ignore[misc]
                    self._name, f, models.PayloadSchemaType.KEYWORD, wait=True
                )
            )

    def _check(self, identity: dict[str, str]) -> None:
        held = self._call(lambda: self._client.get_collection(self._name)).config.metadata or {}
        item = f"{self._name} at {self._url}"
        if not identity.keys() <= held.keys():
            raise StoreDamaged("no collection of Aether", item=item, next_step="Name another collection")
        for key in ("encoder", "dimension"):
            if held[key] != identity[key]:
                raise EncoderError(
                    f"the collection was built with the {key} {held[key]}, not {identity[key]}",
                    item=item,
                    next_step="Ingest again with the new encoder, or set AETHER_ENCODER back",
                )
        if held["lexical"] != identity["lexical"]:
            raise StoreDamaged(
                f"the collection was built with the tokenizer {held['lexical']}, not {identity['lexical']}",
                item=item,
                next_step="Run aether doctor, which rebuilds the index from the store",
            )

    def _call(self, call: Callable[[], T]) -> T:
        try:
            return call()
        except UnexpectedResponse as error:
            said = error.content.decode("utf-8", "replace")[:200]
            raise self._failure(f"answered {error.status_code} ({_line(said)})", _advice(error.status_code)) from error
        except ResponseHandlingException as error:
            raise self._failure(
                f"cannot be reached ({_line(error)})", "Check that the Qdrant server runs and --index is right"
            ) from error
        except Exception as error:
            raise self._failure(f"failed ({_line(error)})", "See the log of the Qdrant server") from error

    def _failure(self, what: str, next_step: str) -> IndexFailure:
        return IndexFailure(f"the search index {what}", item=f"{self._name} at {self._url}", next_step=next_step)


def open_remote(
    url: str,
    *,
    dimension: int,
    encoder_identity: str,
    lexical_identity: str,
    collection: str = "aether",
    api_key: str = "",
    timeout: int = 10,
    fresh: bool = False,
) -> RemoteIndex:
    """The index in a collection of the server at `url`, made where there is none; with `fresh`, emptied first.

    `timeout` is in seconds a request. Raises `IndexFailure` where the server cannot be used, `EncoderError` where
    the collection was built with another encoder or dimension, `StoreDamaged` where it must be rebuilt.
    """
    client = _connect(url, api_key, timeout)
    index = RemoteIndex(client, url, collection, dimension=dimension)
    try:
        index._prepare(
            {"encoder": encoder_identity, "lexical": lexical_identity, "dimension": str(dimension)}, fresh=fresh
        )
    except BaseException:
        client.close()
        raise
    return index


def _connect(url: str, api_key: str, timeout: int) -> QdrantClient:
    where: dict[str, Any] = {"location": url} if url == IN_PROCESS else {"url": url}
    try:
        parts = urlsplit(url)
        if url != IN_PROCESS and not (parts.scheme in ("http", "https") and parts.hostname and parts.port != 0):
            raise ValueError("no http or https URL")
        return QdrantClient(**where, api_key=api_key or None, timeout=timeout, check_compatibility=False)
    except Exception as error:
        raise IndexFailure(
            f"no address of a Qdrant server ({_line(error)})", item=url, next_step="Use http://HOST:6333"
        ) from error


def scope_filter(scope: Scope) -> models.Filter:
    """The scope as a filter. Its access set was checked: it is not empty."""
    must = [_among("access", scope.access)]
    if scope.sources:
        must.append(_among("source", scope.sources))
    if scope.kinds:
        must.append(_among("kind", scope.kinds))
    return models.Filter(must=cast(Any, must), must_not=[_among("document", scope.exclude)] if scope.exclude else None)


def _among(field: str, values: Collection[str]) -> models.FieldCondition:
    return models.FieldCondition(key=field, match=models.MatchAny(any=sorted(values)))


def _vector(by: Sequence[float] | Sparse) -> list[float] | models.SparseVector:
    if isinstance(by, Sparse):
        return models.SparseVector(indices=list(by.indices), values=list(by.values))
    return list(by)


def _to_remote(point: Point) -> models.PointStruct:
    vector: dict[str, Any] = {}
    if point.sparse.indices:
        vector[SPARSE] = _vector(point.sparse)
    if point.dense is not None:
        vector[DENSE] = _vector(point.dense)
    return models.PointStruct(id=point.passage.id, vector=vector, payload=pack(point.passage))


def _from_remote(record: models.Record) -> Point:
    vector = cast(dict[str, Any], record.vector or {})
    sparse, dense = vector.get(SPARSE), vector.get(DENSE)
    return Point(
        unpack((record.payload or {}).get(PASSAGE)),
        Sparse(tuple(sparse.indices), tuple(sparse.values)) if sparse is not None else Sparse((), ()),
        tuple(dense) if dense is not None else None,
    )


def _advice(status: int | None) -> str:
    if status in (401, 403):
        return "Check the API key of the Qdrant server"
    return "See the log of the Qdrant server" if status and status >= 500 else "Check that it is a Qdrant server"


def _line(error: object) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
