"""A run over a small folder, with the real parser, chunker and encoders and the in-memory index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.ports import Index
from ingest.discover import SourceRoot, source_roots
from ingest.embed import embed
from ingest.index.memory import MemoryIndex
from ingest.report import Renamed, RunReport, Silent
from ingest.store.store import Store
from ingest.sync import Order, Tools, sync
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25

ENCODER = EmbeddedEncoder()
LEXICAL = CodeAwareBm25()


class Door:
    """Opens one in-memory index; `fresh` empties it."""

    def __init__(self) -> None:
        self.index = MemoryIndex(dimension=ENCODER.dimension)

    @contextmanager
    def __call__(self, *, fresh: bool = False) -> Iterator[Index]:
        if fresh:
            self.index = MemoryIndex(dimension=ENCODER.dimension)
        yield self.index


class Library:
    """A folder of documents, and what is made of it."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "handbook"
        self.files.mkdir()
        self.door = Door()
        self.store = Store.open(folder / "store", create=True)

    def write(self, path: str, text: str) -> None:
        file = self.files / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def sync(self, order: Order | None = None) -> RunReport:
        known = [SourceRoot(record.name, Path(record.root)) for record in self.store.ledger.sources()]
        roots = source_roots([self.files], known=known)
        tools = Tools(self.door, LEXICAL, lambda: ENCODER, ENCODER.identity)
        return sync(self.store, roots, order=order or Order(workers=1), tools=tools, progress=Silent())

    def embed(self) -> int:
        made = embed(self.store, embedder=ENCODER, open_index=self.door, lexical=LEXICAL, progress=Silent())
        return made.vectors


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library(tmp_path)
    yield made
    made.store.close()


def test_a_folder_becomes_documents_and_points(library: Library) -> None:
    library.write("deploy.md", "# Deploy\n\nRun `make deploy`.\n")
    library.write("db/restore.md", "# Restore\n\nStop the writers first.\n")
    report = library.sync()
    assert report.added == ["handbook/db/restore.md", "handbook/deploy.md"]
    assert library.store.read("handbook/deploy.md").text == "# Deploy\n\nRun `make deploy`.\n"
    assert {point.passage.document for point in library.door.index.scan()} == set(report.added)
    assert all(point.dense is None and point.sparse.indices for point in library.door.index.scan())


def test_dense_vectors_follow_and_are_made_once(library: Library) -> None:
    library.write("deploy.md", "# Deploy\n\nRun `make deploy`.\n")
    library.sync()
    assert library.embed() == 1
    assert all(point.dense is not None for point in library.door.index.scan())
    assert library.embed() == 0


def test_each_sort_of_edit_is_found(library: Library) -> None:
    for name in ("kept", "changed", "old", "gone"):
        library.write(f"{name}.md", f"# {name}\n\nThe {name} text.\n")
    library.sync()
    library.write("changed.md", "# changed\n\nAnother text.\n")
    (library.files / "old.md").rename(library.files / "new.md")
    (library.files / "gone.md").unlink()
    library.write("fresh.md", "# fresh\n\nJust written.\n")
    report = library.sync()
    assert report.same == ["handbook/kept.md"]
    assert report.changed == ["handbook/changed.md"]
    assert report.renamed == [Renamed("handbook/old.md", "handbook/new.md")]
    assert report.deleted == ["handbook/gone.md"]
    assert report.added == ["handbook/fresh.md"]
