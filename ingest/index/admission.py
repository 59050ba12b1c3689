"""What an index lets in: points and queries are checked before a store sees them.

The embedded store accepts NaN, zero vectors and batches that it then applies by half, so nothing is left to it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import pairwise
from math import hypot, isfinite

from corpus.access import access_set
from corpus.errors import AccessError, IndexFailure
from corpus.passages import Passage, Point, Sparse
from corpus.ports import Query, Scope

_NORMS = (1e-12, 1e12)
"""Lengths of a dense vector whose square is safe in single precision."""


def admit_points(points: Sequence[Point], dimension: int) -> list[Point]:
    """The points, the last of each id; raises `IndexFailure` naming the first that cannot be stored."""
    for point in points:
        fault = _fault(point, dimension)
        if fault:
            raise IndexFailure(
                f"a passage cannot be indexed: {fault}",
                item=f"{point.passage.document} passage {point.passage.id}",
                next_step="Nothing of its batch was written; report this with the document",
            )
    return list({p.passage.id: p for p in points}.values())


def admit_query(query: Query, dimension: int) -> None:
    """Raises `AccessError` on an empty or malformed access set and `IndexFailure` on a vector that cannot be used."""
    access_set(query.scope.access)
    by = query.by
    fault = _sparse_fault(by) if isinstance(by, Sparse) else _dense_fault(by, dimension)
    if fault:
        raise IndexFailure(f"the query vector cannot be used: {fault}", next_step="Check the encoder's settings")


def admits(scope: Scope, passage: Passage) -> bool:
    """Whether the scope lets its caller see the passage."""
    return (
        not scope.access.isdisjoint(passage.access)
        and (not scope.sources or passage.source in scope.sources)
        and (not scope.kinds or passage.kind in scope.kinds)
        and passage.document not in scope.exclude
    )


def is_passage_id(name: str) -> bool:
    """Whether the name is a UUID in its one canonical form, the only kind of id a store holds."""
    try:
        return str(uuid.UUID(name)) == name
    except ValueError:
        return False


def _fault(point: Point, dimension: int) -> str:
    passage = point.passage
    if not is_passage_id(passage.id):
        return "its id is not a canonical UUID"
    try:
        access_set(passage.access)
    except AccessError as error:
        return error.what
    try:
        "".join((passage.document, passage.source, *passage.access)).encode()
    except UnicodeEncodeError:
        return "a name in it is not valid Unicode"
    fault = _sparse_fault(point.sparse)
    return fault if fault or point.dense is None else _dense_fault(point.dense, dimension)


def _dense_fault(vector: Sequence[float], dimension: int) -> str:
    if len(vector) != dimension:
        return f"its vector has {len(vector)} dimensions, not {dimension}"
    low, high = _NORMS
    return "" if low < hypot(*vector) < high else "its vector is zero, not finite or not near unit length"


def _sparse_fault(sparse: Sparse) -> str:
    indices, values = sparse.indices, sparse.values
    if len(indices) != len(values):
        return f"its sparse vector has {len(indices)} indices and {len(values)} values"
    if not indices:
        return ""
    if indices[0] < 0 or indices[-1] >= 2**32 or any(a >= b for a, b in pairwise(indices)):
        return "its sparse indices are not strictly ascending below 2**32"
    if not all(map(isfinite, values)) or min(values) < 1e-30 or max(values) > 1e30:
        return "its sparse values are not positive and finite"
    return ""
