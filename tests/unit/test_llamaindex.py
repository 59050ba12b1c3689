"""Aether's parts in a LlamaIndex engine, offline: what is indexed, found, hidden from prompts, and removed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import CitationQueryEngine, RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, TextNode
from llama_index.core.vector_stores.types import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
    VectorStoreQuery,
    VectorStoreQueryMode,
)

from corpus.errors import AccessError, UsageError
from corpus.passages import Passage
from corpus.ports import Scope
from ingest.index.memory import MemoryIndex
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25
from service.llamaindex.embedding import AetherEmbedding
from service.llamaindex.node_parser import AetherNodeParser
from service.llamaindex.nodes import as_node, as_passage
from service.llamaindex.retriever import AetherRetriever
from service.llamaindex.vector_store import AetherVectorStore

ENCODER = EmbeddedEncoder(threads=1)
LEXICAL = CodeAwareBm25()
EVERYONE = frozenset({"public"})
ETCD = """# Restore etcd

## After losing quorum

Stop the remaining members, then run `etcdctl snapshot restore` on one node.

## When the disk is full

Compact the keyspace and defragment each member in turn.
"""
QUEUE = """# Thanos Ruler

The alert ThanosRuleQueueIsDroppingAlerts fires when the notification queue of 10,000 items is full.
"""
PASSAGE = Passage(
    id="7c9e6679-7425-40de-944b-e07fc1f90ae7",
    document="ops/secret/etcd.md",
    revision="0" * 64,
    source="ops",
    title="Restore etcd",
    kind="runbook",
    status="accepted",
    section=("Restore etcd", "After losing quorum"),
    start=10,
    end=42,
    text="Stop the remaining members first.",
    header="Restore etcd > After losing quorum (runbook, accepted)",
    ordinal=0,
    place="lines 3-4",
    modified_at="2026-11-22",
    access=("group:sre", "user:ada"),
)


def _documents() -> list[Document]:
    return [
        Document(id_="etcd", text=ETCD, metadata={"file_path": "/srv/secret/etcd.md"}),
        Document(id_="queue", text=QUEUE, metadata={"file_name": "queue.md"}),
    ]


@pytest.fixture
def store() -> AetherVectorStore:
    return AetherVectorStore(MemoryIndex(dimension=ENCODER.dimension), lexical=LEXICAL, access=EVERYONE)


@pytest.fixture
def index(store: AetherVectorStore) -> VectorStoreIndex:
    return VectorStoreIndex.from_documents(
        _documents(),
        transformations=[AetherNodeParser(ENCODER)],
        embed_model=AetherEmbedding(ENCODER),
        storage_context=StorageContext.from_defaults(vector_store=store),
    )


def _retriever(store: AetherVectorStore) -> AetherRetriever:
    return AetherRetriever(index=store.client, embedder=ENCODER, lexical=LEXICAL, scope=Scope(access=EVERYONE), limit=2)


def test_a_passage_survives_the_journey() -> None:
    node = as_node(PASSAGE)
    assert as_passage(node) == PASSAGE
    assert as_passage(TextNode.from_json(node.to_json())) == PASSAGE
    assert node.ref_doc_id == PASSAGE.document


def test_prompts_see_the_header_and_no_path_or_access_set() -> None:
    node = as_node(PASSAGE)
    assert node.get_content(MetadataMode.LLM) == PASSAGE.indexed_text
    assert node.get_content(MetadataMode.EMBED) == PASSAGE.indexed_text
    assert node.get_content() == PASSAGE.text
    assert as_node(replace(PASSAGE, header="")).get_content(MetadataMode.LLM) == PASSAGE.text


def test_the_whole_engine_answers_from_the_right_passage(index: VectorStoreIndex, store: AetherVectorStore) -> None:
    prompts: list[str] = []

    class Recording(MockLLM):
        def complete(self, prompt: str, formatted: bool = False, **rest: object):  # type: ignore[no-untyped-def]  # noqa: ANN202
            prompts.append(prompt)
            return super().complete(prompt, formatted, **rest)

    engine = RetrieverQueryEngine.from_args(_retriever(store), llm=Recording())
    response = engine.query("What do I do when etcd has lost its quorum?")
    assert "snapshot restore" in response.source_nodes[0].node.get_content()
    assert any("snapshot restore" in prompt for prompt in prompts)
    assert not any("/srv/secret" in prompt or "'public'" in prompt for prompt in prompts)
    plain = index.as_query_engine(llm=MockLLM(), similarity_top_k=1).query("the notification queue is full")
    assert plain.source_nodes[0].node.ref_doc_id == "queue"
    cited = CitationQueryEngine.from_args(index, llm=MockLLM(), retriever=_retriever(store)).query("Why drop alerts?")
    assert cited.source_nodes


def test_both_ways_in_write_the_same_points(index: VectorStoreIndex, store: AetherVectorStore) -> None:
    other = AetherVectorStore(MemoryIndex(dimension=ENCODER.dimension), lexical=LEXICAL, access=EVERYONE)
    IngestionPipeline(transformations=[AetherNodeParser(ENCODER), AetherEmbedding(ENCODER)], vector_store=other).run(
        documents=_documents()
    )
    assert list(other.client.scan()) == list(store.client.scan())
    assert {point.passage.document for point in other.client.scan()} == {"etcd", "queue"}


def test_spans_point_into_the_document(index: VectorStoreIndex, store: AetherVectorStore) -> None:
    for node in store.get_nodes():
        passage = as_passage(node)
        text = {"etcd": ETCD, "queue": QUEUE}[passage.document]
        assert text[passage.start : passage.end] == passage.text


@pytest.mark.parametrize(
    "mode", [VectorStoreQueryMode.DEFAULT, VectorStoreQueryMode.SPARSE, VectorStoreQueryMode.HYBRID]
)
def test_every_mode_finds_the_alert(
    index: VectorStoreIndex, store: AetherVectorStore, mode: VectorStoreQueryMode
) -> None:
    question = "ThanosRuleQueueIsDroppingAlerts"
    found = store.query(
        VectorStoreQuery(
            query_embedding=list(ENCODER.embed([question])[0]), query_str=question, mode=mode, similarity_top_k=2
        )
    )
    assert found.nodes is not None
    assert found.similarities is not None
    assert found.nodes[0].ref_doc_id == "queue"
    assert found.similarities == sorted(found.similarities, reverse=True)
    assert found.ids == [node.node_id for node in found.nodes]


def test_who_may_not_read_finds_reads_and_removes_nothing(store: AetherVectorStore) -> None:
    nodes = AetherNodeParser(ENCODER, access=frozenset({"group:sre"})).get_nodes_from_documents(_documents())
    AetherEmbedding(ENCODER)(nodes)
    store.add(nodes)
    retriever = _retriever(store)
    assert retriever.retrieve("etcd quorum") == []
    assert asyncio.run(retriever.aretrieve("etcd quorum")) == []
    assert store.get_nodes() == []
    store.delete("etcd")
    store.clear()
    reader = AetherVectorStore(store.client, lexical=LEXICAL, access=frozenset({"group:sre"}))
    assert len(reader.get_nodes()) == len(nodes) > 0


def test_deleting_removes_the_document_and_nothing_else(index: VectorStoreIndex, store: AetherVectorStore) -> None:
    index.delete_ref_doc("etcd")
    (left,) = store.get_nodes()
    assert left.ref_doc_id == "queue"
    store.delete_nodes([left.node_id])
    assert store.get_nodes() == []


def _filters(*filters: MetadataFilter, condition: FilterCondition = FilterCondition.AND) -> MetadataFilters:
    return MetadataFilters(filters=list(filters), condition=condition)


SOURCE = MetadataFilter(key="source", value="llamaindex")


def test_filters_on_source_and_kind_are_applied(index: VectorStoreIndex, store: AetherVectorStore) -> None:
    kinds = MetadataFilter(key="kind", value=["adr", "paper"], operator=FilterOperator.IN)
    assert store.get_nodes(filters=_filters(SOURCE)) == store.get_nodes() != []
    assert store.get_nodes(filters=_filters(SOURCE, kinds)) == []
    retriever = index.as_retriever(filters=_filters(MetadataFilter(key="source", value="elsewhere")))
    assert retriever.retrieve("etcd") == []


@pytest.mark.parametrize(
    "filters",
    [
        _filters(MetadataFilter(key="title", value="Restore etcd")),
        _filters(MetadataFilter(key="source", value="x", operator=FilterOperator.NE)),
        _filters(SOURCE, SOURCE, condition=FilterCondition.OR),
        _filters(SOURCE, MetadataFilter(key="source", value="elsewhere")),
    ],
)
def test_a_filter_that_cannot_be_applied_is_refused(store: AetherVectorStore, filters: MetadataFilters) -> None:
    with pytest.raises(UsageError):
        store.query(VectorStoreQuery(query_embedding=[1.0] * ENCODER.dimension, filters=filters))


def test_what_it_cannot_do_is_refused(store: AetherVectorStore) -> None:
    vector = [1.0] * ENCODER.dimension
    for query in (
        VectorStoreQuery(query_embedding=vector, doc_ids=["etcd"]),
        VectorStoreQuery(query_embedding=vector, mode=VectorStoreQueryMode.MMR),
        VectorStoreQuery(query_str="no embedding"),
    ):
        with pytest.raises(UsageError):
            store.query(query)
    with pytest.raises(UsageError, match="AetherNodeParser"):
        store.add([TextNode(text="of another make", embedding=vector)])
    with pytest.raises(AccessError):
        AetherVectorStore(store.client, lexical=LEXICAL, access=frozenset())
    with pytest.raises(AccessError):
        AetherNodeParser(ENCODER, access=frozenset())


def test_async_embedding_is_the_same() -> None:
    embedding = AetherEmbedding(ENCODER)
    assert asyncio.run(embedding.aget_query_embedding("etcd")) == embedding.get_query_embedding("etcd")
    assert asyncio.run(embedding.aget_text_embedding_batch(["etcd", "queue"])) == [
        list(vector) for vector in ENCODER.embed(["etcd", "queue"])
    ]
    assert embedding.model_name == ENCODER.identity


def test_the_room_itself_imports_no_llama_index() -> None:
    code = "import service.llamaindex, sys; sys.exit('llama_index' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
