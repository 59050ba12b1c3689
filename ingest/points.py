"""Stored passages -> points: each with its sparse vector, and with its dense one where it is known."""

from __future__ import annotations

from collections.abc import Collection

from corpus.passages import Point
from corpus.ports import LexicalEncoder
from ingest.store.store import Store


def points_of(store: Store, passages: Collection[str], *, lexical: LexicalEncoder, encoder: str) -> list[Point]:
    """The points of these passages, in order of id. Ids without a passage are left out."""
    stored = store.passages.pick(passages)
    sparse = lexical.documents([s.passage.indexed_text for s in stored])
    dense = store.vectors.of(encoder, [s.digest for s in stored])
    return [Point(s.passage, v, dense.get(s.digest)) for s, v in zip(stored, sparse, strict=True)]
