"""Reading order: a page divided into columns at the white gap between them.

A gutter is an upright line near the middle that hardly any text crosses, with prose on both sides: lines that fill
most of their column, not the short cells of a table without rules. Text that does cross it (a title, a wide table)
divides the page into bands; within a band the left column is read before the right one. Each side is looked at again,
so three columns are found too. (A recursive X-Y cut, restricted to what running text looks like.)
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.parse.layout.words import Word, rows_of

Box = tuple[float, float, float, float]
_FEWEST_LINES = 5
_MOST_CROSSING = 0.4


@dataclass(frozen=True, slots=True)
class Region:
    """A column, or a band across the page: its words and the boxes of its tables."""

    words: tuple[Word, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _Segment:
    """Words of one line without a wide gap between them, or a table."""

    box: Box
    words: tuple[Word, ...]


def regions(words: Sequence[Word], boxes: Sequence[Box]) -> list[Region]:
    """The regions of a page in reading order. Every word and every box is in exactly one."""
    segments = [_Segment(box, ()) for box in boxes]
    for row in rows_of(words):
        segments.extend(_segments(row))
    return _divide(segments, depth=2)


def _divide(segments: list[_Segment], *, depth: int) -> list[Region]:
    gutter = _gutter(segments) if depth else None
    if gutter is None:
        return [_region(segments)] if segments else []
    found: list[Region] = []
    left: list[_Segment] = []
    right: list[_Segment] = []
    across: list[_Segment] = []

    def end_band() -> None:
        for side in (left, right):
            found.extend(_divide(side, depth=depth - 1))
            side.clear()

    for segment in sorted(segments, key=lambda s: s.box[1]):
        if segment.box[0] < gutter < segment.box[2]:
            end_band()
            across.append(segment)
            continue
        if across:
            found.append(_region(across))
            across = []
        (left if segment.box[2] <= gutter else right).append(segment)
    end_band()
    if across:
        found.append(_region(across))
    return found


def _region(segments: Sequence[_Segment]) -> Region:
    return Region(tuple(w for s in segments for w in s.words), tuple(s.box for s in segments if not s.words))


def _segments(row: Sequence[Word]) -> list[_Segment]:
    groups: list[list[Word]] = [[row[0]]]
    for before, word in itertools.pairwise(row):
        if word.x0 - before.x1 > max(7.0, 0.8 * word.size):
            groups.append([])
        groups[-1].append(word)
    return [_Segment(_around(g), tuple(g)) for g in groups]


def _around(words: Sequence[Word]) -> Box:
    return (
        min(w.x0 for w in words),
        min(w.top for w in words),
        max(w.x1 for w in words),
        max(w.bottom for w in words),
    )


def _gutter(segments: Sequence[_Segment]) -> float | None:
    texts = [s for s in segments if s.words]
    if len(texts) < 2 * _FEWEST_LINES:
        return None
    first, last = min(s.box[0] for s in texts), max(s.box[2] for s in texts)
    width = last - first
    if width < 150:
        return None
    steps = range(int(first + 0.25 * width), int(first + 0.75 * width), 2)
    crossing = {x: sum(1 for s in texts if s.box[0] < x < s.box[2]) for x in steps}
    if not crossing:
        return None
    fewest = min(crossing.values())
    best = [x for x, n in crossing.items() if n == fewest]
    middle = (first + last) / 2
    x = float(min(_runs(best), key=lambda run: abs(sum(run) / len(run) - middle))[0]) + 1.0
    left = [s for s in texts if s.box[2] <= x]
    right = [s for s in texts if s.box[0] >= x]
    if fewest > _MOST_CROSSING * len(texts) or not (_is_prose(left) and _is_prose(right)):
        return None
    return x if _beside(left, right) else None


def _runs(steps: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for x in steps:
        if runs and x - runs[-1][-1] <= 2:
            runs[-1].append(x)
        else:
            runs.append([x])
    return runs


def _is_prose(side: Sequence[_Segment]) -> bool:
    """Whether most of the text stands in lines of several words that fill most of the column."""
    if len(side) < _FEWEST_LINES:
        return False
    width = max(s.box[2] for s in side) - min(s.box[0] for s in side)
    full = [s for s in side if s.box[2] - s.box[0] >= 0.55 * width and len(s.words) >= 4]
    share = sum(s.box[2] - s.box[0] for s in full) / sum(s.box[2] - s.box[0] for s in side)
    return len(full) >= _FEWEST_LINES - 1 and share >= 0.6


def _beside(left: Sequence[_Segment], right: Sequence[_Segment]) -> bool:
    """Whether the sides stand next to each other rather than one above the other."""
    tops = max(min(s.box[1] for s in left), min(s.box[1] for s in right))
    bottoms = min(max(s.box[3] for s in left), max(s.box[3] for s in right))
    shortest = min(max(s.box[3] for s in side) - min(s.box[1] for s in side) for side in (left, right))
    return bottoms - tops >= 0.5 * shortest
