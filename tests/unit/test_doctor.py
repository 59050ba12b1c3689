"""Proof that index and store agree, repair where they do not, and forgetting without a trace."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from corpus.errors import NotFound, StoreDamaged
from corpus.passages import Point, Sparse
from ingest.discover import SourceRoot, source_roots
from ingest.doctor import Findings, examine, repair
from ingest.embed import embed
from ingest.forget import Forgotten, forget
from ingest.index.embedded import open_embedded
from ingest.report import Silent
from ingest.settle import OpenIndex, rebuild
from ingest.store.coding import pack_text
from ingest.store.store import FILE, Store
from ingest.sync import Order, Tools, sync
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25

ENCODER = EmbeddedEncoder()
LEXICAL = CodeAwareBm25()


class Library:
    """Two documents and one of another source, wholly indexed in the embedded index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store.open(folder / "store", create=True)
        self.open_index: OpenIndex = partial(
            open_embedded,
            folder / "store/index",
            dimension=ENCODER.dimension,
            encoder_identity=ENCODER.identity,
            lexical_identity=LEXICAL.identity,
        )

    def ingest(self) -> None:
        for path, text in {
            "handbook/a.md": "# Alpha\n\nThe quartzite lantern.\n",
            "handbook/b.md": "# Beta\n\nShared words.\n",
            "other/b.md": "# Beta\n\nShared words.\n",
        }.items():
            (self.folder / path).parent.mkdir(exist_ok=True)
            (self.folder / path).write_text(text)
        self.sync()
        embed(self.store, embedder=ENCODER, open_index=self.open_index, lexical=LEXICAL, progress=Silent())

    def sync(self) -> None:
        known = [SourceRoot(record.name, Path(record.root)) for record in self.store.ledger.sources()]
        roots = source_roots([self.folder / "handbook", self.folder / "other"], known=known)
        tools = Tools(self.open_index, LEXICAL, lambda: ENCODER, ENCODER.identity)
        sync(self.store, roots, order=Order(workers=1), tools=tools, progress=Silent())

    def examine(self) -> Findings:
        with self.open_index() as index:
            return examine(self.store, index, lexical=LEXICAL, encoder=ENCODER.identity)

    def repair(self) -> Findings:
        return repair(self.store, open_index=self.open_index, lexical=LEXICAL, encoder=ENCODER.identity)

    def forget(self, name: str) -> Forgotten:
        return forget(self.store, name, open_index=self.open_index, lexical=LEXICAL, encoder=ENCODER.identity)

    def points(self) -> list[Point]:
        with self.open_index() as index:
            return list(index.scan())

    def files_with(self, *words: str | bytes) -> list[str]:
        files = [path for path in (self.folder / "store").rglob("*") if path.is_file()]
        sought = [word.encode() if isinstance(word, str) else word for word in words]
        return [path.name for path in files if any(word in path.read_bytes() for word in sought)]


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, since every flush of the index waits for the disk; lies beside the folder where it is used."""
    home = tmp_path_factory.mktemp("library")
    made = Library(home / "used")
    made.ingest()
    made.store.close()
    return Path(shutil.copytree(home / "used", home / "pristine"))


@pytest.fixture
def library(pristine: Path) -> Iterator[Library]:
    used = pristine.with_name("used")
    shutil.rmtree(used)
    shutil.copytree(pristine, used)
    made = Library(used)
    yield made
    made.store.close()


def test_a_whole_library_is_clean(library: Library) -> None:
    findings = library.examine()
    assert findings.clean
    assert findings.points == 3


def test_every_difference_is_found_and_repaired(library: Library) -> None:
    first, second, third = library.points()
    stray = replace(first, passage=replace(first.passage, id="00000000-0000-0000-0000-000000000000"))
    with library.open_index() as index:
        index.remove([first.passage.id])
        index.write([stray, replace(second, dense=None)])
        index.write([replace(third, passage=replace(third.passage, text="altered"))])
    findings = library.examine()
    assert findings.missing == (first.passage.id,)
    assert findings.stray == (stray.passage.id,)
    assert findings.differing == (second.passage.id, third.passage.id)
    assert library.repair().clean
    assert library.points() == [first, second, third]


def test_another_access_set_or_vector_in_the_index_is_found(library: Library) -> None:
    first, second, third = library.points()
    with library.open_index() as index:
        index.write([replace(first, passage=replace(first.passage, access=("group:all",)))])
        index.write([replace(second, sparse=Sparse((1,), (1.0,)))])
        index.write([replace(third, dense=(1.0, *[0.0] * (ENCODER.dimension - 1)))])
    assert len(library.examine().differing) == 3


def test_what_is_owed_is_said_and_settled(library: Library) -> None:
    with library.store.transaction():
        library.store.passages.withdraw("handbook/a.md")
        library.store.documents.withdraw("handbook/a.md")
        library.store.ledger.strike("handbook", ["a.md"])
    findings = library.examine()
    assert (findings.owed, findings.stray, findings.clean) == (1, (), False)
    assert library.repair().clean
    assert len(library.points()) == 2


def test_the_index_is_rebuilt_without_embedding(library: Library) -> None:
    before = library.points()
    assert rebuild(library.store, open_index=library.open_index, lexical=LEXICAL, encoder=ENCODER.identity) == 3
    assert library.points() == before


@pytest.mark.slow
def test_a_rebuild_may_change_the_encoder(library: Library) -> None:
    door = partial(
        open_embedded,
        library.folder / "store/index",
        dimension=8,
        encoder_identity="another",
        lexical_identity=LEXICAL.identity,
    )
    rebuild(library.store, open_index=door, lexical=LEXICAL, encoder="another")
    assert library.store.ledger.fact("encoder") == "another"
    assert library.store.vectors.lacking("another") == 2
    with door() as index:
        assert all(point.dense is None for point in index.scan())


def test_a_damaged_store_is_not_repaired_but_said(library: Library) -> None:
    library.store._database.run("DELETE FROM ledger WHERE path = 'a.md'")
    with pytest.raises(StoreDamaged, match=r"handbook/a\.md"):
        library.repair()


def test_a_forgotten_document_is_gone_from_every_byte(library: Library) -> None:
    old = pack_text(library.store.read("handbook/a.md").text)
    (library.folder / "handbook/a.md").write_text("# Alpha\n\nThe quartzite lantern, twice.\n")
    library.sync()
    new = pack_text(library.store.read("handbook/a.md").text)
    assert library.files_with(old)
    assert library.files_with(new)
    library.store._database.run("VACUUM INTO ?", (str(library.folder / "store" / f"{FILE}.v1"),))
    assert library.files_with("quartzite")
    gone = library.forget("handbook/a.md")
    assert gone.documents == ("handbook/a.md",)
    assert gone.vectors == 1
    assert gone.remaining == (library.folder / "handbook/a.md",)
    assert library.files_with("quartzite", "handbook/a.md", old, new) == []
    with pytest.raises(NotFound):
        library.store.documents.card("handbook/a.md")
    assert library.examine().clean
    assert len(library.points()) == 2


def test_a_forgotten_source_leaves_what_others_share(library: Library) -> None:
    gone = library.forget("handbook")
    assert gone.documents == ("handbook/a.md", "handbook/b.md")
    assert gone.vectors == 1
    assert [record.name for record in library.store.ledger.sources()] == ["other"]
    assert library.store.vectors.lacking(ENCODER.identity) == 0
    assert library.examine().clean


@pytest.mark.slow
def test_a_document_that_left_its_source_can_be_forgotten(library: Library) -> None:
    (library.folder / "handbook/a.md").unlink()
    library.sync()
    assert library.forget("handbook/a.md").remaining == ()
    assert library.files_with("quartzite") == []


def test_what_is_unknown_cannot_be_forgotten(library: Library) -> None:
    with pytest.raises(NotFound, match="aether status"):
        library.forget("handbook/nothing.md")


def test_forgetting_that_was_killed_half_way_is_finished_by_the_next_run(library: Library) -> None:
    def dead(*, fresh: bool = False) -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forget(library.store, "handbook/a.md", open_index=dead, lexical=LEXICAL, encoder=ENCODER.identity)  # type: ignore[arg-type]
    assert library.files_with("quartzite")
    (library.folder / "handbook/a.md").unlink()
    library.sync()
    assert library.files_with("quartzite") == []
    assert library.examine().clean
