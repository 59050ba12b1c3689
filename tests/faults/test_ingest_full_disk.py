"""A disk that fills up in the middle of an ingest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.errors import StoreError
from corpus.ports import Index
from ingest.discover import SourceRoot
from ingest.doctor import examine
from ingest.index.memory import MemoryIndex
from ingest.report import Silent
from ingest.store.store import Store
from ingest.sync import Order, Tools, sync
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25

ENCODER = EmbeddedEncoder()
LEXICAL = CodeAwareBm25()


def test_a_full_disk_ends_the_run_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.sync._BATCH_PASSAGES", 5)
    folder = tmp_path / "handbook"
    folder.mkdir()
    index = MemoryIndex(dimension=ENCODER.dimension)

    @contextmanager
    def door(*, fresh: bool = False) -> Iterator[Index]:
        yield index

    def run(store: Store) -> list[str]:
        tools = Tools(door, LEXICAL, lambda: ENCODER, ENCODER.identity)
        order = Order(workers=1)
        return sync(store, [SourceRoot("handbook", folder)], order=order, tools=tools, progress=Silent()).added

    (folder / "0.md").write_text("# First\n\nIt was there before.\n")
    with Store.open(tmp_path / "store", create=True) as store:
        run(store)
        for number in range(1, 60):
            words = " ".join(str(n * number % 9973) for n in range(1500))
            (folder / f"{number}.md").write_text(f"# Title {number}\n\n{words}\n")
        pages = store._database.one("PRAGMA page_count")
        assert pages is not None
        store._database.run(f"PRAGMA max_page_count={pages[0] + 200}")
        with pytest.raises(StoreError, match="Free some disk space"):
            run(store)
        store.prove()
        held = {card.id for card in store.documents.cards()}
        assert "handbook/0.md" in held
        assert 1 < len(held) < 60
        assert {point.passage.document for point in index.scan()} == held
        store._database.run("PRAGMA max_page_count=1000000")
        assert {*run(store), *held} == {f"handbook/{number}.md" for number in range(60)}
        assert examine(store, index, lexical=LEXICAL, encoder=ENCODER.identity).clean
