"""What is searched: passages, the points that stand for them in an index, and hits."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from corpus.documents import Kind

_NAMESPACE = uuid.UUID("6a0e4b52-4b0c-5f8e-9a57-0f5c1f1d7e11")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one section of one revision, as indexed.

    id        UUID of (document, revision, start, end, chunker version)
    text      the visible characters of `[start, end)`: what may be quoted
    header    what precedes `text` in the embedded and lexical form (title, section path, kind, status, and a table's
              header row where a table was divided); never quoted
    ordinal   place in its document from 0: the neighbours are `ordinal - 1` and `ordinal + 1`
    place     how a person finds it: `lines 10-24`, `page 3`, `slide 2`, `Costs!A1:C4`
    access    who may read it, sorted
    """

    id: str
    document: str
    revision: str
    source: str
    title: str
    kind: Kind
    status: str
    section: tuple[str, ...]
    start: int
    end: int
    text: str
    header: str
    ordinal: int
    place: str
    modified_at: str
    access: tuple[str, ...]

    @property
    def indexed_text(self) -> str:
        """What encoders see."""
        return f"{self.header}\n{self.text}" if self.header else self.text


def passage_id(document: str, revision: str, start: int, end: int, chunker: str) -> str:
    """The id of a passage: same input, same id, on every machine."""
    return str(uuid.uuid5(_NAMESPACE, f"{document}\0{revision}\0{start}\0{end}\0{chunker}"))


@dataclass(frozen=True, slots=True)
class Sparse:
    """A sparse vector: strictly ascending indices below 2**32 with their weights."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A passage with its vectors. `dense` is None until the dense phase has reached it."""

    passage: Passage
    sparse: Sparse
    dense: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that an index returned, with the raw score of that query (higher is better)."""

    passage: Passage
    score: float
