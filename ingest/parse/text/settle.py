"""Blocks as found -> blocks as promised: sorted, disjoint, at visible characters, and nothing visible left over."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.documents import Block, Span, visible_spans

_MARKS = r"[\s\-=*_+:|~`#>.^\"'\\]*+"
_DECORATION = re.compile(rf"{_MARKS}(?:\d{{1,9}}[.)])?{_MARKS}")
_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*(?:\r\n[ \t>]*\r\n|\n[ \t>]*\n|\r[ \t>]*\r(?!\n)|\Z))", re.DOTALL)
_LONGEST_HEADING = 400  # a paragraph directly above `---` is a heading to CommonMark, rarely to its author


def settle(text: str, blocks: Sequence[Block], hidden: tuple[Span, ...]) -> tuple[Block, ...]:
    """The blocks, trimmed to their visible characters, plus a paragraph for whatever visible text none of them covers.

    A block without visible characters is dropped; of two that overlap the later one is cut; a heading as long as a
    paragraph is one. Code keeps the indentation of its first line.
    """
    found: list[Block] = []
    for block in sorted(blocks, key=lambda b: (b.start, b.end)):
        floor = found[-1].end if found else 0
        trimmed = _trim(text, replace(block, start=max(block.start, floor)), hidden)
        if trimmed is not None:
            found += _left_over(text, floor, trimmed.start, hidden)
            found.append(trimmed)
    return (*found, *_left_over(text, found[-1].end if found else 0, len(text), hidden))


def _trim(text: str, block: Block, hidden: tuple[Span, ...]) -> Block | None:
    start, end = _edges(text, block.start, block.end, hidden)
    if start >= end:
        return None
    if block.kind == "heading" and end - start > _LONGEST_HEADING:
        return Block("paragraph", start, end)
    if block.kind == "code":
        indent = start
        while indent > block.start and text[indent - 1] in " \t" and not _covered(hidden, indent - 1):
            indent -= 1
        start = indent
    return replace(block, start=start, end=end)


def _edges(text: str, start: int, end: int, hidden: tuple[Span, ...]) -> tuple[int, int]:
    """The first and behind the last visible character that is no white space; equal where there is none."""
    low, high = end, end
    for span in visible_spans(_near(hidden, start, end), start, end):
        stretch = text[span.start : span.end]
        bare = stretch.strip()
        if bare:
            first = span.start + len(stretch) - len(stretch.lstrip())
            low = min(low, first)
            high = first + len(bare)
    return (low, high) if low < end else (end, end)


def _left_over(text: str, start: int, end: int, hidden: tuple[Span, ...]) -> Iterator[Block]:
    """Paragraphs for the visible text of a gap between blocks, unless it is mere decoration."""
    if start >= end or _DECORATION.fullmatch(text, start, end):
        return
    near = _near(hidden, start, end)
    at = start
    while (match := _PARAGRAPH.search(text, at, end)) is not None:
        at = max(match.end(), at + 1)
        if all(_DECORATION.fullmatch(text, s.start, s.end) for s in visible_spans(near, match.start(), match.end())):
            continue
        low, high = _edges(text, match.start(), match.end(), near)
        if low < high:
            yield Block("paragraph", low, high)


def _near(hidden: tuple[Span, ...], start: int, end: int) -> tuple[Span, ...]:
    """Those of the hidden stretches that may touch `[start, end)`."""
    low = max(0, bisect_right(hidden, start, key=lambda s: s.start) - 1)
    high = bisect_right(hidden, end, key=lambda s: s.start)
    return hidden[low:high]


def _covered(hidden: tuple[Span, ...], at: int) -> bool:
    return any(s.start <= at < s.end for s in _near(hidden, at, at + 1))
