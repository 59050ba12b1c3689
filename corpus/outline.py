"""Sections of a document, from its heading blocks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from threading import Lock

from corpus.documents import Anchor, Block, Document, Section
from corpus.remembered import forgets

_DECORATION = re.compile(r"^\s*#{1,6}\s+|\s+#+\s*$|\s*\{#[^}]*\}\s*$|\n\s*(?:=+|-+|~+|\^+|\*+)\s*$")

_REMEMBERED: dict[tuple[str, str], tuple[Document, tuple[Section, ...]]] = {}
_MOST = 64
_TURN = Lock()
"""Several threads read documents at once."""


@forgets
def _forget() -> None:
    with _TURN:
        _REMEMBERED.clear()


def heading_title(raw: str) -> str:
    """A heading block's words, without Markdown or reStructuredText decoration."""
    bare = _DECORATION.sub("", raw.strip())
    bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", bare)
    bare = re.sub(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`", "", bare)
    return " ".join(bare.split())


def outline(text: str, blocks: Sequence[Block]) -> tuple[Section, ...]:
    """The sections, which together cover the text from its first block to its end."""
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    start = 0
    for block in blocks:
        if block.kind != "heading":
            continue
        if block.start > start or sections:
            sections.append(Section(tuple(t for _, t in path), start, block.start))
        while path and path[-1][0] >= block.depth:
            path.pop()
        path.append((block.depth, heading_title(text[block.start : block.end])))
        start = block.start
    sections.append(Section(tuple(t for _, t in path), start, len(text)))
    return tuple(s for s in sections if s.end > s.start)


def section_path(document: Document, offset: int) -> tuple[str, ...]:
    """Titles over an offset, outermost first."""
    sections = sections_of(document)
    at = bisect_right(sections, offset, key=lambda s: s.start) - 1
    return sections[at].path if at >= 0 else ()


def sections_of(document: Document) -> tuple[Section, ...]:
    """The sections of a document, remembered for the documents read last."""
    key = (document.id, document.revision)
    with _TURN:
        remembered, sections = _REMEMBERED.get(key, (None, ()))
    if remembered is not None and remembered.parsed is document.parsed:
        return sections
    sections = outline(document.text, document.parsed.blocks)
    with _TURN:
        while len(_REMEMBERED) >= _MOST:
            _REMEMBERED.pop(next(iter(_REMEMBERED)))
        _REMEMBERED[key] = (document, sections)
    return sections


def line_starts(text: str) -> list[int]:
    """Offset of the first character of every line (ends are \\n, \\r\\n or a lone \\r)."""
    if "\r" in text:
        return [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text))]
    lines = text.split("\n")  # four times as fast as the expression, and every citation asks
    return list(accumulate(map((1).__add__, map(len, lines[:-1])), initial=0))


def lines_of(starts: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """First and last line, from 1, that the span touches."""
    return bisect_right(starts, start), bisect_right(starts, max(start, end - 1))


def place_of(anchors: Sequence[Anchor], starts: Sequence[int], start: int, end: int) -> str:
    """How a person finds the span: by anchor where there are anchors, else by line."""
    touched = [a for a in anchors if a.start < end and a.end > start]
    if touched:
        first, last = touched[0], touched[-1]
        if first.kind in ("page", "slide"):
            same = first.label == last.label
            return f"{first.kind} {first.label}" if same else f"{first.kind}s {first.label}-{last.label}"
        return f"#{first.label}" if first.kind == "element" else first.label
    low, high = lines_of(starts, start, end)
    return f"line {low}" if low == high else f"lines {low}-{high}"
