"""How long a stretch of a document is: word pieces of its visible text, counted once a document."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.documents import Document, Span
from corpus.ports import WordPieces


@dataclass(frozen=True, slots=True)
class Ruler:
    """Word pieces of the visible text of a document: ascending start offsets."""

    starts: tuple[int, ...]

    def length(self, start: int, end: int) -> int:
        """Number of pieces that start in the span."""
        return bisect_left(self.starts, end) - bisect_left(self.starts, start)

    def cut(self, start: int, end: int, budget: int) -> Iterator[Span]:
        """The span in stretches of at most `budget` pieces."""
        low, high = bisect_left(self.starts, start), bisect_left(self.starts, end)
        marks = [start, *(self.starts[i] for i in range(low + budget, high, budget)), end]
        for a, b in pairwise(marks):
            if b > a:
                yield Span(a, b)


def measure(document: Document, pieces: WordPieces) -> Ruler:
    """The ruler of a document. Pieces that start in hidden stretches do not count."""
    starts = [piece.start for piece in pieces.offsets([document.text])[0]]
    kept: list[int] = []
    at = 0
    for gap in document.parsed.hidden:
        low = bisect_left(starts, gap.start)
        kept.extend(starts[at:low])
        at = max(at, bisect_left(starts, gap.end))
    kept.extend(starts[at:])
    return Ruler(tuple(kept))
