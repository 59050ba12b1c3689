"""How long does it take to make the index anew from the store, and to prove it equal? On generated passages.

    python -m eval.bench_rebuild --passages 100000

The store gets passages of about 1 kB, twenty a document, each with its own vector. Measured are the rebuild (read from
SQLite, lexical vectors computed anew, dense ones taken from the store, everything written and read back) and the
examination by doctor (every point compared with the store).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from corpus.documents import Document, Parsed, revision_of
from corpus.errors import IndexFailure
from corpus.passages import Point
from eval.bench_search import DIMENSION, Generator
from eval.cli.ended import ended
from ingest.doctor import examine
from ingest.index.embedded import open_embedded
from ingest.settle import rebuild
from ingest.store.coding import digest_of
from ingest.store.ledger import Entry
from ingest.store.store import Store
from retrieval.encode.lexical import CodeAwareBm25

_ENCODER = "generated"
_A_DOCUMENT = 20
_A_TRANSACTION = 100


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """Seconds to rebuild the index and to examine it, and how much of the rebuild was this process's own computing."""

    passages: int
    rebuild: float
    rebuild_cpu: float
    examine: float


def bench_rebuild(passages: int) -> Rebuilt:
    """Fill a store, rebuild its index, examine it. Raises `IndexFailure` when they do not agree afterwards."""
    lexical = CodeAwareBm25()
    with tempfile.TemporaryDirectory() as home, Store.open(Path(home), create=True) as store:
        _fill(store, passages)
        door = partial(
            open_embedded,
            Path(home) / "index",
            dimension=DIMENSION,
            encoder_identity=_ENCODER,
            lexical_identity=lexical.identity,
        )
        began, computing = time.perf_counter(), time.process_time()
        count = rebuild(store, open_index=door, lexical=lexical, encoder=_ENCODER)
        rebuilt, computing = time.perf_counter() - began, time.process_time() - computing
        began = time.perf_counter()
        with door() as index:
            findings = examine(store, index, lexical=lexical, encoder=_ENCODER)
        if not findings.clean or findings.points != count:
            raise IndexFailure("the rebuilt index is not the store", next_step="Run aether doctor")
        return Rebuilt(count, rebuilt, computing, time.perf_counter() - began)


def _fill(store: Store, passages: int) -> None:
    points = Generator(passages).points(passages)
    run = store.ledger.begin()
    while True:
        with store.transaction():
            for _ in range(_A_TRANSACTION):
                some = list(islice(points, _A_DOCUMENT))
                if not some:
                    store.passages.settle_everything()
                    return
                _put(store, run, some)


def _put(store: Store, run: int, points: list[Point]) -> None:
    first = points[0].passage
    text = "\n".join(point.passage.text for point in points)
    document = Document(
        id=first.document,
        source=first.source,
        path=first.document,
        parsed=Parsed(text, ()),
        title=first.title,
        kind=first.kind,
        access=frozenset(first.access),
        revision=revision_of(text),
    )
    passages = [replace(point.passage, ordinal=at) for at, point in enumerate(points)]
    store.documents.put(document)
    store.passages.put(document.id, passages)
    digests = [digest_of(passage.indexed_text) for passage in passages]
    store.vectors.put(_ENCODER, {d: p.dense for d, p in zip(digests, points, strict=True) if p.dense})
    entry = Entry(document.source, document.path, len(text), 0, "", "", "indexed", "", document.id)
    store.ledger.record(run, [entry])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="The time to rebuild and to examine an index.")
    parser.add_argument("--passages", type=int, default=100_000)
    asked = parser.parse_args()
    result = bench_rebuild(asked.passages)
    print(
        f"{result.passages} passages: rebuilt in {result.rebuild:.1f} s ({result.rebuild_cpu:.1f} s of computing), "
        f"examined in {result.examine:.1f} s"
    )


if __name__ == "__main__":
    ended(main)
