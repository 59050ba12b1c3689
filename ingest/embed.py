"""The dense phase: a vector for every indexed text that has none, in batches, resumable at any point.

1. Texts without a vector of this encoder are taken in order of digest, which is random order: what has been done so far
   is a fair sample, and the time left can be told.
2. Within a window they are embedded shortest first, so that a batch pads little.
3. Per batch, in one transaction: vectors, and in the outbox the points that now have one. Every few seconds the index
   catches up.

Killed or interrupted, nothing that was committed is embedded again, in this run or any other.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.ports import Embedder, LexicalEncoder
from ingest.report import Progress
from ingest.settle import OpenIndex, settle
from ingest.store.store import Store
from ingest.store.vectors import Missing

_WINDOW = 512
_BATCH = 32
_SETTLE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class EmbedReport:
    """How many vectors were made, and how many texts still have none."""

    vectors: int
    missing: int
    seconds: float
    interrupted: bool


def embed(
    store: Store, *, embedder: Embedder, open_index: OpenIndex, lexical: LexicalEncoder, progress: Progress
) -> EmbedReport:
    """Embed what is missing and bring it into the index. Ctrl-C ends it early and keeps what is done.

    Raises `EncoderError`, `StoreError`, `StoreBusy`, `IndexFailure`.
    """
    began = time.monotonic()
    encoder, done, interrupted = embedder.identity, 0, False
    with store.changing():
        progress.stage("Embedding", store.vectors.lacking(encoder), "passages")
        try:
            after, settled = b"", time.monotonic()
            while window := store.vectors.missing(encoder, after=after, limit=_WINDOW):
                after = window[-1].digest
                window.sort(key=lambda missing: len(missing.indexed_text))
                for at in range(0, len(window), _BATCH):
                    done += _embed_batch(store, embedder, window[at : at + _BATCH])
                    progress.advance(len(window[at : at + _BATCH]))
                if time.monotonic() - settled > _SETTLE_SECONDS:
                    settle(store, open_index=open_index, lexical=lexical, encoder=encoder)
                    settled = time.monotonic()
        except KeyboardInterrupt:
            interrupted = True
        settle(store, open_index=open_index, lexical=lexical, encoder=encoder)
        return EmbedReport(done, store.vectors.lacking(encoder), time.monotonic() - began, interrupted)


def _embed_batch(store: Store, embedder: Embedder, batch: Sequence[Missing]) -> int:
    vectors = embedder.embed([missing.indexed_text for missing in batch])
    by_digest = {missing.digest: vector for missing, vector in zip(batch, vectors, strict=True)}
    with store.transaction():
        store.vectors.put(embedder.identity, by_digest)
        store.passages.owe_digests(list(by_digest))
    return len(by_digest)
