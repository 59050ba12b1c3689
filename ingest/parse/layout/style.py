"""What is ordinary in a PDF document, and so what stands out as a heading.

A heading is a line that the bookmarks name, a line in larger letters than most of the text, or a bold line that stands
by itself. Its depth is the rank of its size.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ingest.parse.layout.page import Line

BULLET = re.compile(r"([•‣▪▫◦●○■□❑❒☐☑☒❖➢➤✓✔◆◇∙·\uf0a7\uf0b7\uf0d8⁃]|[-–—*o](?=\s)|§(?=\s+[A-Za-z]))\s*(?=\S)")
NUMBER = re.compile(r"(\(?(?:\d{1,3}|[a-z]|[ivx]{1,5}|[A-Z])[.)])\s+(?=\S)")
_CAPTION = re.compile(r"(figure|fig\.|table|listing|exhibit)\s*\d", re.I)


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A bookmark: its title, its page from 1 and its level from 1."""

    title: str
    page: int
    level: int


@dataclass(frozen=True, slots=True)
class Style:
    """What is ordinary in this document.

    size    of most of the text; leading is the usual distance between the tops of two lines of it
    ranks   heading styles (size, bold) to depth
    marked  (page, title) that the bookmarks name, to their level
    margins left and right edge of each column, by page and region
    """

    size: float
    leading: float
    bold: bool
    ranks: dict[tuple[float, bool], int]
    marked: dict[tuple[int, str], int]
    margins: dict[tuple[int, int], tuple[float, float]]

    @classmethod
    def of(cls, lines: Sequence[Line], outline: Sequence[OutlineEntry]) -> Style:
        """The style of the document with these lines and bookmarks."""
        weights: Counter[tuple[float, bool]] = Counter()
        for line in lines:
            if not line.mono:
                weights[round(line.size * 2) / 2, line.bold] += len(line.text)
        (size, bold), _ = weights.most_common(1)[0] if weights else ((10.0, False), 0)
        gaps = [b.top - a.top for a, b in itertools.pairwise(lines) if same_column(a, b)]
        leading = median([g for g in gaps if 0 < g < 3 * size] or [1.2 * size])
        marked = {(e.page, _key(e.title)): min(e.level, 6) for e in outline}
        larger = sorted({s for s, _ in weights if s >= 1.12 * size}, reverse=True)
        ranks = {(s, b): min(at, 5) for at, s in enumerate(larger, start=1) for b in (True, False)}
        ranks[size, True] = min(len(larger) + 1, 6)
        margins: dict[tuple[int, int], tuple[float, float]] = {}
        for line in lines:
            left, right = margins.get((line.page, line.region), (line.box[0], line.box[2]))
            margins[line.page, line.region] = (min(left, line.box[0]), max(right, line.box[2]))
        return cls(size, leading, bold, ranks, marked, margins)

    def heading_depth(self, line: Line, before: Line | None, after: Line | None) -> int:
        """The depth of the heading that the line is, or 0."""
        named = next((d for p in (0, 1) if (d := self.marked.get((line.page - p, _key(line.text))))), 0)
        if named:
            return named
        text = line.text
        if line.mono or len(text) > 150 or not re.search(r"[^\W\d_]", text) or _CAPTION.match(text):
            return 0
        if BULLET.match(text):
            return 0
        size = round(line.size * 2) / 2
        if size >= 1.12 * self.size:
            return 0 if len(text) > 100 and text.endswith(".") else self.ranks.get((size, line.bold), 6)
        if not line.bold or self.bold or size < 0.95 * self.size or len(text) > 100 or re.search(r"[.,;]$", text):
            return 0
        if NUMBER.match(text) and line.x0 > self.margins[line.page, line.region][0] + 4:
            return 0
        above = line.top - before.top if before is not None and same_column(before, line) else 1e9
        below = after.top - line.top if after is not None and same_column(line, after) else 1e9
        if after is not None and below <= 1.3 * self.leading and not after.bold and after.text[:1].islower():
            return 0
        alone = above > 1.25 * self.leading and (below > 1.1 * self.leading or not text.endswith(":"))
        return self.ranks[self.size, True] if alone else 0

    def ends_short(self, line: Line, following: str) -> bool:
        """Whether the line was broken on purpose: the next word would have fitted, with much room to spare."""
        left, right = self.margins[line.page, line.region]
        room = right - line.box[2]
        word = len(following.split(" ")[0]) * line.pitch
        return room > 0.3 * (right - left) and room > word + 2 * line.pitch


def _key(title: str) -> str:
    return re.sub(r"\W+", "", title.casefold())


def same_column(a: Line, b: Line) -> bool:
    """Whether the second line stands somewhere below the first in one column."""
    return a.page == b.page and a.region == b.region and b.top > a.top
