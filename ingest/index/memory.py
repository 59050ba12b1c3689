"""The search index as a dictionary: exact, complete and slow. The oracle of the other adapters, and a tiny store.

Dense scores are cosines. Sparse scores are the dot products of the query's weights, each multiplied by its inverse
document frequency `ln(1 + (n - df + 0.5) / (df + 0.5))` (Robertson and Zaragoza 2009, as Qdrant computes it), where `n`
counts the passages with a sparse vector that the scope admits, and `df` those of them with the term.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from math import hypot, log

from corpus.passages import Hit, Point, Sparse
from corpus.ports import Query
from ingest.index.admission import admit_points, admit_query, admits


class MemoryIndex:
    """The `Index` port over a dictionary; `dimension` is the length of its dense vectors."""

    def __init__(self, *, dimension: int) -> None:
        self._dimension = dimension
        self._points: dict[str, Point] = {}

    def write(self, points: Sequence[Point]) -> None:
        """Insert or replace points by passage id, all or nothing."""
        admitted = admit_points(points, self._dimension)
        self._points.update((p.passage.id, _as_stored(p)) for p in admitted)

    def remove(self, passages: Collection[str]) -> None:
        """Remove points by passage id; unknown ids are no error."""
        for name in passages:
            self._points.pop(name, None)

    def read(self, passages: Collection[str]) -> list[Point]:
        """The points of these passages that are there, in order of passage id."""
        return [self._points[name] for name in sorted(set(passages)) if name in self._points]

    def search(self, query: Query) -> list[Hit]:
        """At most `query.limit` hits, best first, ties by passage id."""
        admit_query(query, self._dimension)
        seen = [p for p in self._points.values() if admits(query.scope, p.passage)]
        by = query.by
        hits = _by_terms(seen, by) if isinstance(by, Sparse) else _by_cosine(seen, by)
        return sorted(hits, key=lambda h: (-h.score, h.passage.id))[: max(0, query.limit)]

    def scan(self) -> Iterator[Point]:
        """Every point, in order of passage id; vectors in single precision, dense ones of unit length."""
        return iter([self._points[name] for name in sorted(self._points)])

    def count(self) -> int:
        """How many points there are."""
        return len(self._points)


def _by_cosine(points: Sequence[Point], by: Sequence[float]) -> Iterator[Hit]:
    length = hypot(*by)
    for point in points:
        if point.dense is not None:
            yield Hit(point.passage, sum(a * b for a, b in zip(point.dense, by, strict=True)) / length)


def _by_terms(points: Sequence[Point], by: Sparse) -> Iterator[Hit]:
    lexical = [p for p in points if p.sparse.indices]
    frequency = Counter(term for p in lexical for term in p.sparse.indices)
    weights = {
        term: weight * log(1 + (len(lexical) - frequency[term] + 0.5) / (frequency[term] + 0.5))
        for term, weight in zip(by.indices, by.values, strict=True)
    }
    for point in lexical:
        matched = [
            weights[t] * v for t, v in zip(point.sparse.indices, point.sparse.values, strict=True) if t in weights
        ]
        if matched:
            yield Hit(point.passage, sum(matched))


def _as_stored(point: Point) -> Point:
    """The point with its vectors as the other adapters keep them."""
    sparse = Sparse(point.sparse.indices, tuple(array("f", point.sparse.values)))
    if point.dense is None:
        return Point(point.passage, sparse, None)
    length = hypot(*point.dense)
    return Point(point.passage, sparse, tuple(array("f", [x / length for x in point.dense])))
