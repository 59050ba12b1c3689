"""Running heads, running feet, page numbers and lists of contents: found by their form, and left out."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from ingest.parse.layout.page import Line, PageText, PlacedGrid

_EDGE = 0.11
_NUMBER_EDGE = 0.16
_NEAREST = 4
_ENTRY = re.compile(r"(?:(\d{1,3})\s+[^\W\d].*[^\W\d]|.*[^\W\d].*?[\s.…]+(\d{1,3}))")
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
        edge |= {id(line) for line in _edge_lines(page, _NUMBER_EDGE) if _is_page_number(line)}
        contents = _contents(page, len(pages))
        own = [
            p
            for p in page.pieces
            if id(p) not in contents and not (id(p) in edge and isinstance(p, Line) and _comes_back(p, seen, often))
        ]
        kept.extend(own or [p for p in page.pieces if not (isinstance(p, Line) and _is_page_number(p))])
    return kept


def _contents(page: PageText, pages: int) -> set[int]:
    """The lines of a list of contents: most lines of the page, each with a page number that hardly ever falls."""
    lines = [p for p in page.pieces if isinstance(p, Line)]
    entries = [(line, m) for line in lines if (m := _ENTRY.fullmatch(line.text[:300]))]
    numbers = [int(m[1] or m[2]) for _, m in entries]
    rising = sum(a <= b <= pages for a, b in itertools.pairwise(numbers))
    if len(entries) < 5 or len(entries) < 0.5 * len(lines) or rising < 0.8 * len(entries) - 1:
        return set()
    return {id(line) for line, _ in entries}


def _edge_lines(page: PageText, share: float = _EDGE) -> list[Line]:
    lines = sorted((p for p in page.pieces if isinstance(p, Line)), key=lambda line: line.top)
    zone = share * page.height
    upper = [line for line in lines[:_NEAREST] if line.top < zone]
    return upper + [line for line in lines[-_NEAREST:] if line.box[3] > page.height - zone and line not in upper]


def _comes_back(line: Line, seen: Counter[str], often: int) -> bool:
    return _is_page_number(line) or seen[_key(line)] >= often


def _is_page_number(line: Line) -> bool:
    return len(line.text) < 40 and bool(_PAGE_NUMBER.fullmatch(line.text.strip()))


def _key(line: Line) -> str:
    """The line without its numbers, and about how high it stands."""
    return re.sub(r"\d+", "#", line.text.casefold()) + f"@{round(line.top / 12)}"
