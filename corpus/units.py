"""Evidence -> units: the smallest things that can be said verbatim.

A unit is a sentence of a paragraph, a list item's own text, a table row, or a code block. Its block tells which
paragraph, list or table it belongs to, so that a composer can take structures whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.documents import Document, Span, visible_spans

UnitKind = Literal["sentence", "item", "row", "code"]

_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|Mr|Mrs|Dr|No|Fig|Eq|al|incl|resp|max|min|ca)|\b[A-Z])\.$"
)
_END = re.compile(r"[.!?][\"')\]*_`]*(?=\s+[\"'(\[*_`]*[A-Z0-9`<$])|[:.!?]?\n\s*\n")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch that can be quoted by itself.

    start, end  offsets in the document's text, no blank or hidden stretch at either edge
    block       index of the block it stands in
    """

    kind: UnitKind
    start: int
    end: int
    block: int


_KINDS: dict[str, UnitKind] = {"item": "item", "row": "row", "code": "code"}


def units(document: Document, span: Span) -> list[Unit]:
    """The units that touch the span, in order; headings are none."""
    blocks = document.parsed.blocks
    at = bisect_left(blocks, span.start, key=lambda b: b.end)
    found: list[Unit] = []
    while at < len(blocks) and blocks[at].start < span.end:
        found.extend(u for u in _of_block(document, at) if u.start < span.end and u.end > span.start)
        at += 1
    return found


def whole_item(document: Document, at: int) -> int:
    """Index of the last block nested in the list item at a block index; the index itself for other blocks."""
    blocks = document.parsed.blocks
    block = blocks[at]
    if block.kind != "item":
        return at
    last = at
    for following in blocks[at + 1 :]:
        if following.group != block.group or following.kind == "heading":
            break
        if following.depth < block.depth or (following.kind == "item" and following.depth == block.depth):
            break
        last += 1
    return last


def _of_block(document: Document, at: int) -> Iterator[Unit]:
    """The units of one block."""
    block = document.parsed.blocks[at]
    if block.kind == "heading":
        return
    pieces = [Span(block.start, block.end)]
    if block.kind in ("paragraph", "other"):
        visible = visible_spans(document.parsed.hidden, block.start, block.end)
        pieces = [s for piece in visible for s in sentences(document.text, piece)]
    for piece in pieces:
        trimmed = trim(document, piece.start, piece.end)
        if trimmed:
            yield Unit(_KINDS.get(block.kind, "sentence"), trimmed.start, trimmed.end, at)


def sentences(text: str, span: Span) -> Iterator[Span]:
    """The sentences of a stretch: they end in . ! or ? before a capital, digit or code, not after an abbreviation."""
    start = span.start
    for match in _END.finditer(text, span.start, span.end):
        if _ABBREVIATION.search(text, start, match.start() + 1):
            continue
        if text.count("`", start, match.end()) % 2:
            continue
        yield Span(start, match.end())
        start = match.end()
    if start < span.end:
        yield Span(start, span.end)


def trim(document: Document, start: int, end: int) -> Span | None:
    """The span without blank or hidden edges; None when nothing is left."""
    text = document.text
    visible = [s for s in visible_spans(document.parsed.hidden, start, end) if text[s.start : s.end].strip()]
    if not visible:
        return None
    first, final = visible[0], visible[-1]
    head = text[first.start : first.end]
    tail = text[final.start : final.end]
    return Span(first.start + len(head) - len(head.lstrip()), final.end - (len(tail) - len(tail.rstrip())))
