"""One PDF page as lines and tables in reading order.

Words come from pdfplumber with font and size; words nobody can see (undrawn except over a picture, white on nothing,
tiny, outside the page, turned on their side) are left out. Tables are taken out first (`grids`), the rest is divided
into columns (`columns`), and in each column words that share a baseline make a line.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from ingest.parse.layout.columns import regions
from ingest.parse.layout.grids import Grid, find_grids, inside, is_white
from ingest.parse.layout.render import UNDRAWN, tag_undrawn
from ingest.parse.layout.words import Word, is_right_to_left, joined, rows_of, visual_to_logical

if TYPE_CHECKING:
    from pdfplumber.page import Page

_MONO = re.compile(
    r"mono|courier|consol|menlo|monaco|typewriter|LMTT|CMTT|NimbusMonL|Inconsolata|SourceCode|Code-", re.I
)
_BOLD = re.compile(r"bold|black|heavy|semibold|demi|CMBX|CMSSBX|SFBX|-Medi\b|Medi$|-B$|-Bd", re.I)
_CID = re.compile(r"\(cid:\d+\)")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in one column.

    page    from 1
    region  number of the column on its page, in reading order
    text    words with single spaces; of a monospaced line with its inner spaces, without its indentation
    size    height of most of its letters, in points; pitch is their mean width
    """

    page: int
    region: int
    text: str
    box: tuple[float, float, float, float]
    size: float
    pitch: float
    bold: bool
    mono: bool

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.box[0]

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.box[1]


@dataclass(frozen=True, slots=True)
class PlacedGrid:
    """A table in its place in the reading order."""

    page: int
    grid: Grid


@dataclass(frozen=True, slots=True)
class PageText:
    """What stands on one page, in reading order; `pictures` counts its images."""

    number: int
    height: float
    pieces: tuple[Line | PlacedGrid, ...]
    pictures: int


def read_page(page: Page, number: int) -> PageText:
    """The lines and tables of the page."""
    tag_undrawn(page)
    words = _visible_words(page)
    grids = find_grids(page, words)
    free = [w for w in words if not any(inside(w, g.box) for g in grids)]
    pieces: list[Line | PlacedGrid] = []
    for at, region in enumerate(regions(free, [g.box for g in grids])):
        placed: list[tuple[float, Line | PlacedGrid]] = [
            (g.box[1], PlacedGrid(number, g)) for g in grids if g.box in region.boxes
        ]
        placed += [(line.top, line) for line in (_line(row, number, at) for row in rows_of(region.words)) if line.text]
        pieces.extend(piece for _, piece in sorted(placed, key=lambda p: p[0]))
    return PageText(number, float(page.height), tuple(pieces), len(page.images))


def _visible_words(page: Page) -> list[Word]:
    left, top, right, bottom = page.bbox
    shades = [r for r in page.rects if r.get("fill") and not is_white(r.get("non_stroking_color"))]
    covers = [*shades, *page.images, *page.curves]
    drawn: dict[tuple[str, int, int], tuple[float, float]] = {}

    def seen(obj: dict[str, Any]) -> bool:
        if obj["object_type"] != "char":
            return False
        if obj["size"] < 1.5 or not obj.get("upright", True) or _drawn_before(obj, drawn):
            return False
        x, y = (obj["x0"] + obj["x1"]) / 2, (obj["top"] + obj["bottom"]) / 2
        if not (left <= x <= right and top <= y <= bottom):
            return False
        if obj.get("tag") == UNDRAWN:
            return _within(x, y, page.images)
        return not is_white(obj.get("non_stroking_color")) or _within(x, y, covers)

    for char in page.chars:
        if len(char["text"]) > 1 and is_right_to_left(char["text"]):
            char["text"] = char["text"][::-1]  # a ligature is drawn in reading order; the line is turned round later
    found = page.filter(seen).extract_words(
        x_tolerance_ratio=0.15, use_text_flow=True, extra_attrs=["fontname", "size"]
    )
    return [_word(w) for w in found]


def _within(x: float, y: float, shapes: Sequence[dict[str, Any]]) -> bool:
    return any(s["x0"] - 1 <= x <= s["x1"] + 1 and s["top"] - 1 <= y <= s["bottom"] + 1 for s in shapes)


def _drawn_before(char: dict[str, Any], drawn: dict[tuple[str, int, int], tuple[float, float]]) -> bool:
    """Whether the same letter was drawn here already, as some programs do to make it bold."""
    text, x, y = char["text"], char["x0"], char["top"]
    column, row = round(x), round(y)
    for at in ((text, column + a, row + b) for a in (0, -1, 1) for b in (0, -1, 1)):
        twin = drawn.get(at)
        if twin is not None and abs(twin[0] - x) < 1 and abs(twin[1] - y) < 1:
            return True
    drawn[text, column, row] = (x, y)
    return False


def _word(raw: dict[str, Any]) -> Word:
    text = _CID.sub("•", raw["text"]) if _CID.match(raw["text"]) else _CID.sub("", raw["text"])
    return Word(text, raw["x0"], raw["top"], raw["x1"], raw["bottom"], raw["fontname"], raw["size"])


def _line(row: Sequence[Word], page: int, region: int) -> Line:
    letters = sum(len(w.text) for w in row) or 1
    mono = sum(len(w.text) for w in row if _MONO.search(w.font)) >= 0.8 * letters
    bold = sum(len(w.text) for w in row if _BOLD.search(w.font)) >= 0.9 * letters
    sizes = sorted((w.size for w in row for _ in w.text), reverse=True)
    pitch = median((w.x1 - w.x0) / max(len(w.text), 1) for w in row)
    text = _spaced(row, pitch) if mono else visual_to_logical(joined(row))
    box = (min(w.x0 for w in row), min(w.top for w in row), max(w.x1 for w in row), max(w.bottom for w in row))
    return Line(page, region, text, box, round(median(sizes or [0.0]), 1), pitch, bold, mono)


def _spaced(row: Sequence[Word], pitch: float) -> str:
    parts = [row[0].text]
    for before, word in itertools.pairwise(row):
        gap = word.x0 - before.x1
        parts.append(" " * max(round(gap / pitch), 1 if gap > 0.2 * pitch else 0) + word.text)
    return "".join(parts)
