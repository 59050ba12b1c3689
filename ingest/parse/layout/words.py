"""Words on a page, and the lines they make."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a part of one in one font, with its box in points from the upper left corner."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    font: str
    size: float


def rows_of(words: Sequence[Word]) -> list[list[Word]]:
    """The words by line, from top to bottom and left to right; a line shares at least half a word's height."""
    rows: list[list[Word]] = []
    spans: list[tuple[float, float]] = []
    for word in sorted(words, key=lambda w: (w.top, w.x0)):
        for at in range(len(rows) - 1, max(-1, len(rows) - 6), -1):
            top, bottom = spans[at]
            overlap = min(bottom, word.bottom) - max(top, word.top)
            if overlap >= 0.5 * min(bottom - top, word.bottom - word.top):
                rows[at].append(word)
                if word.size >= max(w.size for w in rows[at]):
                    spans[at] = (word.top, word.bottom)
                break
        else:
            rows.append([word])
            spans.append((word.top, word.bottom))
    ordered = sorted(zip(spans, rows, strict=True), key=lambda pair: pair[0][0])
    return [sorted(row, key=lambda w: w.x0) for _, row in ordered]


def joined(row: Sequence[Word]) -> str:
    """The words of one line with single spaces; parts of one word in two fonts are put together."""
    parts: list[str] = []
    before: Word | None = None
    for word in row:
        if before is not None and (word.x0 - before.x1 > 0.12 * word.size or _is_raised(before, word)):
            parts.append(" ")
        parts.append(word.text)
        before = word
    return "".join(parts)


def _is_raised(before: Word, word: Word) -> bool:
    """Whether the second is the number of a footnote on the first, which must not grow into it."""
    return word.size < 0.8 * before.size and word.bottom < before.bottom - 0.1 * before.size and word.text.isdigit()


def visual_to_logical(text: str) -> str:
    """A line of right-to-left script in reading order: pages store it as drawn, from the left."""
    strong = [unicodedata.bidirectional(c) for c in text]
    right = sum(1 for s in strong if s in ("R", "AL"))
    if right * 2 <= sum(1 for s in strong if s in ("L", "R", "AL")):
        return text
    turned = ["".join(reversed(_runs(word))) for word in text.split(" ")]
    return unicodedata.normalize("NFKC", " ".join(reversed(turned)))


def is_right_to_left(text: str) -> bool:
    """Whether the text has a letter that is written from the right."""
    return any(unicodedata.bidirectional(c) in ("R", "AL") for c in text)


def _runs(word: str) -> list[str]:
    """The word as drawn, divided by direction, its right-to-left runs turned round."""
    parts = re.findall(r"[\u0590-\u08ff\ufb1d-\ufefc]+|[^\u0590-\u08ff\ufb1d-\ufefc]+", word)
    return [part[::-1] if is_right_to_left(part) else part for part in parts]
