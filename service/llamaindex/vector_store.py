"""Aether's index as a LlamaIndex vector store, within one access set.

Queries are dense (default), lexical (`sparse`, `text_search`) or both, fused as in Aether's own search (`hybrid`).
Metadata filters may name `source` and `kind`; any other is refused, because a filter that is not applied would show
what it should hide. Meant for an index of its own: the index of an Aether store is written by `aether ingest` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from llama_index.core.schema import BaseNode
from llama_index.core.vector_stores.types import (
    BasePydanticVectorStore,
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
    VectorStoreQueryResult,
)
from pydantic import PrivateAttr

from corpus.access import access_set, may_read
from corpus.errors import UsageError
from corpus.passages import Passage, Point
from corpus.ports import Index, LexicalEncoder, Query, Scope
from retrieval.fuse import fuse
from service.llamaindex.nodes import as_node, as_passage

_BATCH = 500


class AetherVectorStore(BasePydanticVectorStore):
    """A `BasePydanticVectorStore` over an `Index`.

    access  the caller's access set: what queries, reads and deletions may reach

    Raises `UsageError` for nodes, filters or query modes that it does not know, and what the ports raise.
    """

    stores_text: bool = True
    _index: Index = PrivateAttr()
    _lexical: LexicalEncoder = PrivateAttr()
    _access: frozenset[str] = PrivateAttr()

    def __init__(self, index: Index, *, lexical: LexicalEncoder, access: frozenset[str]) -> None:
        super().__init__(stores_text=True)
        self._index = index
        self._lexical = lexical
        self._access = access_set(access)

    @classmethod
    def class_name(cls) -> str:
        """Name in LlamaIndex's records."""
        return "AetherVectorStore"

    @property
    def client(self) -> Index:
        """The index."""
        return self._index

    def add(self, nodes: Sequence[BaseNode], **_: object) -> list[str]:
        """Insert or replace embedded nodes of Aether; returns their ids."""
        passages = [as_passage(node) for node in nodes]
        sparse = self._lexical.documents([passage.indexed_text for passage in passages])
        points = [
            Point(passage, terms, tuple(node.get_embedding()))
            for passage, terms, node in zip(passages, sparse, nodes, strict=True)
        ]
        for start in range(0, len(points), _BATCH):
            self._index.write(points[start : start + _BATCH])
        return [passage.id for passage in passages]

    def delete(self, ref_doc_id: str, **_: object) -> None:
        """Remove every passage of a document that the caller may read."""
        self._remove(lambda passage: passage.document == ref_doc_id)

    def delete_nodes(
        self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None, **_: object
    ) -> None:
        """Remove the nodes of these ids and filters that the caller may read."""
        self._remove(_selects(node_ids, self._scope(filters)))

    def get_nodes(self, node_ids: list[str] | None = None, filters: MetadataFilters | None = None) -> list[BaseNode]:
        """The nodes of these ids and filters that the caller may read, in order of id."""
        selects = _selects(node_ids, self._scope(filters))
        points = self._index.scan() if node_ids is None else self._index.read(node_ids)
        return [as_node(point.passage) for point in points if self._may_read(point.passage) and selects(point.passage)]

    def clear(self) -> None:
        """Remove every passage that the caller may read."""
        self._remove(lambda _: True)

    def query(self, query: VectorStoreQuery, **_: object) -> VectorStoreQueryResult:
        """The best nodes within the caller's access set and the filters, best first."""
        if query.doc_ids or query.node_ids:
            raise UsageError("cannot restrict a query to ids", next_step="Filter by source or kind")
        scope = self._scope(query.filters)
        dense, lexical = _MODES.get(query.mode, (False, False))
        lists = []
        if dense:
            if query.query_embedding is None:
                raise UsageError("a dense query without an embedding", next_step="Pass embed_model to the index")
            lists.append(self._index.search(Query(query.query_embedding, scope, query.similarity_top_k)))
        if lexical:
            terms = self._lexical.query(query.query_str or "")
            lists.append(self._index.search(Query(terms, scope, query.sparse_top_k or query.similarity_top_k)))
        if not lists:
            raise UsageError(
                "unknown query mode", item=str(query.mode.value), next_step="Use default, sparse or hybrid"
            )
        ranked = [(hit.passage, hit.score) for hit in lists[0]] if len(lists) == 1 else fuse(lists, [1.0, 1.0])
        best = ranked[: query.hybrid_top_k or query.similarity_top_k]
        return VectorStoreQueryResult(
            nodes=[as_node(passage) for passage, _ in best],
            similarities=[score for _, score in best],
            ids=[passage.id for passage, _ in best],
        )

    def _may_read(self, passage: Passage) -> bool:
        return may_read(self._access, frozenset(passage.access))

    def _remove(self, selects: Callable[[Passage], bool]) -> None:
        gone = [p.passage.id for p in self._index.scan() if self._may_read(p.passage) and selects(p.passage)]
        self._index.remove(gone)

    def _scope(self, filters: MetadataFilters | None) -> Scope:
        """The caller's scope, narrowed by filters on `source` and `kind`."""
        if filters is None or not filters.filters:
            return Scope(self._access)
        if filters.condition not in (None, FilterCondition.AND):
            raise UsageError("filters can only be joined by and", item=str(filters.condition), next_step="Ask twice")
        wanted: dict[str, frozenset[str]] = {}
        for one in filters.filters:
            key, values = _values(one)
            wanted[key] = wanted.get(key, values) & values
            if not wanted[key]:
                raise UsageError("these filters exclude everything", item=key, next_step="Drop one of them")
        return Scope(self._access, wanted.get("source", frozenset()), wanted.get("kind", frozenset()))


_MODES: dict[VectorStoreQueryMode, tuple[bool, bool]] = {
    VectorStoreQueryMode.DEFAULT: (True, False),
    VectorStoreQueryMode.SPARSE: (False, True),
    VectorStoreQueryMode.TEXT_SEARCH: (False, True),
    VectorStoreQueryMode.HYBRID: (True, True),
}


def _values(one: MetadataFilter | MetadataFilters) -> tuple[str, frozenset[str]]:
    """A filter's key and the values it admits."""
    if isinstance(one, MetadataFilter) and one.key in ("source", "kind"):
        if one.operator is FilterOperator.EQ and isinstance(one.value, str):
            return one.key, frozenset({one.value})
        if one.operator is FilterOperator.IN and isinstance(one.value, list):
            return one.key, frozenset(str(value) for value in one.value)
    raise UsageError("a filter that cannot be applied", item=str(one), next_step="Filter source or kind by == or in")


def _selects(node_ids: list[str] | None, scope: Scope) -> Callable[[Passage], bool]:
    ids = None if node_ids is None else frozenset(node_ids)
    return lambda passage: (
        (ids is None or passage.id in ids)
        and (not scope.sources or passage.source in scope.sources)
        and (not scope.kinds or passage.kind in scope.kinds)
    )
