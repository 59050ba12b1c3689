"""Running heads, running feet and page numbers: found by coming back, and left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.parse.layout.page import Line, PageText, PlacedGrid

_EDGE = 0.11
_NEAREST = 4
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–—|\s]*(?:\d{1,4}|[ivxlc]{1,7})[-–—|\s]*(?:(?:of|/)\s*\d{1,4})?[-–—|\s]*", re.I
)


def without_furniture(pages: Sequence[PageText]) -> list[Line | PlacedGrid]:
    """The pieces of all pages in reading order, without what the pages repeat at their edges.

    A page that has nothing else keeps its lines: then they are its text.
    """
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_key(line) for line in _edge_lines(page)})
    often = max(2, min(4, len(pages) // 2))
    kept: list[Line | PlacedGrid] = []
    for page in pages:
        edge = {id(line) for line in _edge_lines(page)}
        own = [p for p in page.pieces if not (id(p) in edge and isinstance(p, Line) and _comes_back(p, seen, often))]
        kept.extend(own or [p for p in page.pieces if not (isinstance(p, Line) and _is_page_number(p))])
    return kept


def _edge_lines(page: PageText) -> list[Line]:
    lines = sorted((p for p in page.pieces if isinstance(p, Line)), key=lambda line: line.top)
    zone = _EDGE * page.height
    upper = [line for line in lines[:_NEAREST] if line.top < zone]
    return upper + [line for line in lines[-_NEAREST:] if line.box[3] > page.height - zone and line not in upper]


def _comes_back(line: Line, seen: Counter[str], often: int) -> bool:
    return _is_page_number(line) or seen[_key(line)] >= often


def _is_page_number(line: Line) -> bool:
    return len(line.text) < 40 and bool(_PAGE_NUMBER.fullmatch(line.text.strip()))


def _key(line: Line) -> str:
    """The line without its numbers, and about how high it stands."""
    return re.sub(r"\d+", "#", line.text.casefold()) + f"@{round(line.top / 12)}"
