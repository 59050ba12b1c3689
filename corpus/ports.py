"""The ports that ingest and retrieval share. Each has an adapter that works offline, and one contract suite."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.documents import Document, Span
from corpus.passages import Hit, Point, Sparse


@dataclass(frozen=True, slots=True)
class Scope:
    """What a query may see. The filter is applied inside the index.

    access   the caller's access set; never empty
    sources  only these sources; empty = all
    kinds    only these kinds; empty = all
    exclude  documents to leave out, by id
    """

    access: frozenset[str]
    sources: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Query:
    """One ranked list: nearest to a dense vector (cosine), or best for sparse terms (BM25: IDF x query weight)."""

    by: Sequence[float] | Sparse
    scope: Scope
    limit: int


class Index(Protocol):
    """Points that can be searched. Derived from the store, never the system of record.

    All methods raise `IndexFailure`; `search` raises `AccessError` on an empty access set.
    """

    def write(self, points: Sequence[Point]) -> None:
        """Insert or replace points by passage id, all or nothing; durable on return."""

    def remove(self, passages: Collection[str]) -> None:
        """Remove points by passage id; unknown ids are no error; durable on return."""

    def read(self, passages: Collection[str]) -> list[Point]:
        """The points of these passages that are there, in order of passage id."""

    def search(self, query: Query) -> list[Hit]:
        """At most `query.limit` hits, best first, ties by passage id."""

    def scan(self) -> Iterator[Point]:
        """Every point, in order of passage id."""


class Embedder(Protocol):
    """Text to dense unit vectors."""

    @property
    def identity(self) -> str:
        """Names the model, its weights and settings: vectors of different identities are never mixed."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """One unit vector a text, in order. Raises `EncoderError`."""


class LexicalEncoder(Protocol):
    """Text to sparse BM25 vectors; the index adds the inverse document frequency."""

    @property
    def identity(self) -> str:
        """Names the tokenizer and its settings."""

    def documents(self, texts: Sequence[str]) -> list[Sparse]:
        """Saturated, length-normalised term frequencies."""

    def query(self, text: str) -> Sparse:
        """Query term weights."""


class WordPieces(Protocol):
    """How long a text is for the encoder."""

    def offsets(self, texts: Sequence[str]) -> list[list[Span]]:
        """The span of every word piece of each text, without special tokens or truncation."""


class Shelf(Protocol):
    """Where whole documents are read from, at any revision that was ever ingested."""

    def read(self, document: str, revision: str = "") -> Document:
        """The document at a revision, "" being today's. Raises `NotFound`."""
