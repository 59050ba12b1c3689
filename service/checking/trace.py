"""A passage of an old text -> the same place in the new one.

Word for word the same and only once there: that is it. Else the two texts are compared line by line (blank lines tell
nothing), and the lines of the old span are followed through what was kept, replaced and deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from corpus.documents import Span
from corpus.outline import line_starts, lines_of


def lines_today(old: str, span: Span, new: str) -> Span | None:
    """Where the span of `old` is in `new`: exactly, or by whole lines; None where nothing is left of it."""
    quote = old[span.start : span.end]
    if quote and new.count(quote) == 1:
        at = new.index(quote)
        return Span(at, at + len(quote))
    starts, now = line_starts(old), line_starts(new)
    first, last = lines_of(starts, span.start, span.end)
    matcher = SequenceMatcher(lambda line: not line, _lines(old, starts), _lines(new, now), autojunk=False)
    met: list[int] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        low, high = max(i1, first - 1), min(i2, last)
        if low >= high or tag == "delete":
            continue
        met += range(j1 + low - i1, j1 + high - i1) if tag == "equal" else range(j1, j2)
    if not met:
        return None
    end = now[met[-1] + 1] if met[-1] + 1 < len(now) else len(new)
    return Span(now[met[0]], end)


def _lines(text: str, starts: Sequence[int]) -> list[str]:
    return [text[start:end].rstrip() for start, end in pairwise([*starts, len(text)])]
