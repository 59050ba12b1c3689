"""How long a stretch of a document is: word pieces of its visible text, counted once a document."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.ports import WordPieces


@dataclass(frozen=True, slots=True)
class Ruler:
    """The text of a document, and where the word pieces of what is visible of it start, ascending."""

    text: str
    starts: tuple[int, ...]

    def length(self, start: int, end: int) -> int:
        """Number of pieces that start in the span."""
        return bisect_left(self.starts, end) - bisect_left(self.starts, start)

    def cut(self, start: int, end: int, budget: int) -> Iterator[Span]:
        """The span in stretches of at most `budget` pieces, between words where there are any.

        Inside a word half a stretch is left free: what is cut there may count more pieces than it did whole.
        """
        at, high = bisect_left(self.starts, start), bisect_left(self.starts, end)
        while high - at > budget:
            mark = next((i for i in range(at + budget, at, -1) if self._between_words(i)), at + max(1, budget // 2))
            yield Span(start, self.starts[mark])
            at, start = mark, self.starts[mark]
        if end > start:
            yield Span(start, end)

    def _between_words(self, place: int) -> bool:
        """Whether the piece at a place is the first of its word."""
        start = self.starts[place]
        return not (start and self.text[start].isalnum() and self.text[start - 1].isalnum())


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
    return Ruler(document.text, tuple(kept))
