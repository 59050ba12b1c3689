"""Aether's search as a LlamaIndex retriever: question in, ranked passages out, within one access set."""

from __future__ import annotations

import asyncio

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from corpus.ports import Embedder, Index, LexicalEncoder, Scope
from retrieval.search import search
from service.llamaindex.nodes import as_scored


class AetherRetriever(BaseRetriever):
    """A `BaseRetriever` over the search that Aether itself answers with.

    scope  what the questions may see
    limit  passages returned at most

    Raises what the ports raise.
    """

    def __init__(
        self, *, index: Index, embedder: Embedder, lexical: LexicalEncoder, scope: Scope, limit: int = 10
    ) -> None:
        super().__init__()
        self._index = index
        self._embedder = embedder
        self._lexical = lexical
        self._scope = scope
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = search(
            query_bundle.query_str,
            index=self._index,
            embedder=self._embedder,
            lexical=self._lexical,
            scope=self._scope,
            limit=self._limit,
        )
        return [as_scored(evidence.passage, evidence.score) for evidence in found.evidence]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)
