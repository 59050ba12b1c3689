"""A process that ingests a folder in small batches, and says on standard output what it has acknowledged.

    python ingest_child.py STORE FOLDER WORKERS

Lines: `begun`, then `document revision` for each document that the index has and the store knows it has, then `done`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import ingest.embed
import ingest.settle
import ingest.sync
from ingest.discover import source_roots
from ingest.index.embedded import open_embedded
from ingest.report import Silent
from ingest.store.passages import Owed
from ingest.store.store import Store
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.lexical import CodeAwareBm25


def main() -> None:
    place, folder, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    ingest.sync._BATCH_PASSAGES = ingest.settle._BATCH = 12
    ingest.sync._FEW_BYTES, ingest.settle._HOLD_SECONDS = 0, 0.0
    ingest.embed._WINDOW, ingest.embed._BATCH, ingest.embed._SETTLE_SECONDS = 8, 4, 0.0
    encoder, lexical = EmbeddedEncoder(threads=1), CodeAwareBm25()
    door = partial(
        open_embedded,
        place / "index",
        dimension=encoder.dimension,
        encoder_identity=encoder.identity,
        lexical_identity=lexical.identity,
    )
    with Store.open(place, create=True) as store:
        announce(store)
        say("begun")
        tools = ingest.sync.Tools(door, lexical, EmbeddedEncoder, encoder.identity)
        roots = source_roots([folder], source="handbook")
        order = ingest.sync.Order(workers=workers)
        ingest.sync.sync(store, roots, order=order, tools=tools, progress=Silent())
        ingest.embed.embed(store, embedder=encoder, open_index=door, lexical=lexical, progress=Silent())
        say("done")


def announce(store: Store) -> None:
    """Make the store say, after the commit, which documents are settled."""
    settle, transaction = store.passages.settle, store.transaction
    settled: list[str] = []

    def settle_and_note(owed: Owed) -> None:
        settle(owed)
        settled.extend(owed.documents)

    @contextmanager
    def transaction_then_say() -> Iterator[None]:
        with transaction():
            yield
        while settled:
            card = store.documents.card(settled.pop())
            say(f"{card.id} {card.revision if card.present else '-'}")

    store.passages.settle = settle_and_note  # type: ignore[method-assign]
    store.transaction = transaction_then_say  # type: ignore[method-assign]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
