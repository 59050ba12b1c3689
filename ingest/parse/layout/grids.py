"""Tables on a PDF page.

Two kinds are safe to find: those whose cells are ruled (pdfplumber's own finder), and those set with three horizontal
rules of one width and none upright, as good typesetting has them. There the columns are the white gaps that run
through all lines. A line is a row, unless the table is as wide as the text and each of its cells can only be the rest
of the cell above. Anything else that might be a table stays running text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.parse.layout.words import Word, joined, rows_of, visual_to_logical

if TYPE_CHECKING:
    from pdfplumber.page import Page

Box = tuple[float, float, float, float]
_GAP = 4.5
_MOST_EDGES = 4000  # more is a drawing, and finding cells in it takes minutes


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its rows of cell texts, each with its box, and how many of them head it."""

    box: Box
    rows: tuple[tuple[str, ...], ...]
    boxes: tuple[Box, ...]
    heads: int


def inside(word: Word, box: Box) -> bool:
    """Whether the middle of the word is in the box."""
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    return box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1


def find_grids(page: Page, words: Sequence[Word]) -> list[Grid]:
    """The tables of the page, from the top; their boxes do not overlap."""
    if len(page.rects) + len(page.lines) + len(page.curves) < 3:
        return []
    drawn = page.filter(_is_drawn)
    if len(drawn.edges) > _MOST_EDGES:
        return []
    grids = _ruled(drawn, words) if any(e["orientation"] == "v" for e in drawn.edges) else []
    for grid in _booktabs(drawn, words):
        if not any(_overlap(grid.box, g.box) for g in grids):
            grids.append(grid)
    return sorted(grids, key=lambda g: g.box[1])


def cell_text(words: Sequence[Word]) -> str:
    """The words of a cell as one line of text, divided words put together."""
    text = ""
    for line in (visual_to_logical(joined(row)) for row in rows_of(words)):
        if text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower():
            text = text[:-1] + line
        else:
            text = f"{text} {line}" if text else line
    return text


def _is_drawn(obj: dict[str, Any]) -> bool:
    """Whether a reader sees it: pages are full of white boxes behind their text, which rule nothing."""
    if obj["object_type"] != "rect" or obj.get("stroke"):
        return True
    return bool(obj.get("fill")) and not is_white(obj.get("non_stroking_color"))


def is_white(color: Any) -> bool:  # noqa: ANN401 - whatever the colour space of the file gives
    """Whether a colour of a PDF is white, in grey, RGB or CMYK."""
    values = color if isinstance(color, list | tuple) else (color,)
    numbers = [v for v in values if isinstance(v, int | float)]
    if not numbers or len(numbers) != len(values):
        return False
    return all(v >= 0.98 for v in numbers) if len(numbers) in (1, 3) else len(numbers) == 4 and not any(numbers)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _ruled(page: Page, words: Sequence[Word]) -> list[Grid]:
    grids: list[Grid] = []
    for table in page.find_tables():
        near = [w for w in words if inside(w, table.bbox)]
        rows, boxes = [], []
        for row in table.rows:
            cells = tuple(cell_text([w for w in near if inside(w, c)]) if c else "" for c in row.cells)
            if any(cells):
                rows.append(cells)
                boxes.append(row.bbox)
        kept = [at for at in range(max(map(len, rows), default=0)) if any(r[at] for r in rows)]
        rows = [tuple(r[at] for at in kept) for r in rows]
        filled = sum(bool(c) for r in rows for c in r)
        placed = sum(len(c.split()) for r in rows for c in r)
        enough = len(rows) > 1 and len(kept) > 1 and filled >= 0.4 * len(rows) * len(kept)
        if enough and placed >= 0.5 * len(near) and not any(_overlap(table.bbox, g.box) for g in grids):
            grids.append(Grid(table.bbox, tuple(rows), tuple(boxes), 0))
    return grids


def _booktabs(page: Page, words: Sequence[Word]) -> list[Grid]:
    rules = sorted(
        {(round(e["x0"]), round(e["x1"]), round(e["top"], 1)) for e in page.edges if e["orientation"] == "h"},
        key=lambda r: r[2],
    )
    grids: list[Grid] = []
    used: set[tuple[int, int, float]] = set()
    for first in rules:
        if first in used or first[1] - first[0] < 40:
            continue
        alike = [r for r in rules if abs(r[0] - first[0]) <= 3 and abs(r[1] - first[1]) <= 3 and r[2] >= first[2]]
        tops = _distinct([r[2] for r in alike if r not in used])
        sides = (float(first[0]), float(first[1]))
        if len(tops) == 2:
            tops.extend(_page_end(sides, tops[1], words))
        if len(tops) < 3:
            continue
        grid = _between(sides, (tops[0], tops[1], tops[2]), words)
        if grid is not None:
            grids.append(grid)
            used.update(r for r in alike if r[2] <= grid.box[3] + 1)
    return grids


def _distinct(tops: Sequence[float]) -> list[float]:
    return [t for at, t in enumerate(tops) if at == 0 or t - tops[at - 1] > 2]


def _page_end(sides: tuple[float, float], middle: float, words: Sequence[Word]) -> list[float]:
    """Where a table ends that goes on over the page: below the last line, if nothing else stands below the head."""
    lines = rows_of([w for w in words if w.top > middle])
    body: list[list[Word]] = []
    for line in lines:
        if body and line[0].top - body[-1][0].bottom > 1.5 * (line[0].bottom - line[0].top):
            break
        body.append(line)
    within = all(sides[0] - 3 <= w.x0 and w.x1 <= sides[1] + 3 for line in body for w in line)
    return [max(w.bottom for w in body[-1]) + 1] if body and within and len(lines) - len(body) <= 1 else []


def _between(sides: tuple[float, float], tops: tuple[float, float, float], words: Sequence[Word]) -> Grid | None:
    """The table from the first rule to the third: a head between the first two, the body below."""
    top, middle, bottom = tops
    box = (sides[0] - 2, top, sides[1] + 2, bottom)
    head = [w for w in words if inside(w, (box[0], top, box[2], middle))]
    body = [w for w in words if inside(w, (box[0], middle, box[2], bottom))]
    if not head or not body or len(rows_of(head)) > 4:
        return None
    cuts = _cuts([*head, *body])
    lines = rows_of(body)
    if not cuts:
        return None
    narrow = sides[1] - sides[0] < 0.92 * (max(w.x1 for w in words) - min(w.x0 for w in words))
    starts = list(range(len(lines))) if narrow else _row_starts(lines, [*cuts, sides[1]], cuts)
    groups = [head, *(_flat(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True))]
    rows = tuple(tuple(cell_text(cell) for cell in _columns(group, cuts)) for group in groups)
    if sum(bool(c) for c in rows[0]) < 2:
        return None
    return Grid(box, rows, tuple(_around(group) for group in groups), 1)


def _cuts(words: Sequence[Word]) -> list[float]:
    """Where columns part: the middles of upright white gaps that at most one line in twelve crosses."""
    lines = rows_of(words)
    allowed = len(lines) // 12
    events: list[tuple[float, int]] = []
    for line in lines:
        for word in line:
            events += [(word.x0, 1), (word.x1, -1)]
    cuts: list[float] = []
    crossing, start = 0, 0.0
    first, last = min(w.x0 for w in words), max(w.x1 for w in words)
    for x, step in sorted(events):
        if step > 0 and crossing == allowed and first < start and x < last and x - start >= _GAP:
            beyond = sum(any(w.x0 >= x for w in line) for line in lines)
            if beyond >= max(2, len(lines) / 4):
                cuts.append((start + x) / 2)
        crossing += step
        if step < 0 and crossing == allowed:
            start = x
    return cuts


def _columns(words: Sequence[Word], cuts: Sequence[float]) -> list[list[Word]]:
    columns: list[list[Word]] = [[] for _ in range(len(cuts) + 1)]
    for word in words:
        columns[sum(1 for cut in cuts if (word.x0 + word.x1) / 2 > cut)].append(word)
    return columns


def _row_starts(lines: Sequence[Sequence[Word]], edges: Sequence[float], cuts: Sequence[float]) -> list[int]:
    """The lines at which rows begin.

    A line goes on with the row before it if each of its cells goes on with the cell above: that cell has text in the
    line before, and no room was left there for the next word. `edges` are the right edges of the columns.
    """
    starts = [0]
    above = _columns(lines[0], cuts)
    for at, line in enumerate(lines[1:], start=1):
        cells = _columns(line, cuts)
        if not all(_goes_on(a, b, edge) for a, b, edge in zip(above, cells, edges, strict=True) if b):
            starts.append(at)
        above = cells
    return starts


def _goes_on(above: Sequence[Word], cell: Sequence[Word], edge: float) -> bool:
    if not above:
        return False
    last, first = max(above, key=lambda w: w.x1), min(cell, key=lambda w: w.x0)
    return last.text.endswith("-") or edge - last.x1 < first.x1 - first.x0 + 8


def _flat(lines: Sequence[Sequence[Word]]) -> list[Word]:
    return [w for line in lines for w in line]


def _around(words: Sequence[Word]) -> Box:
    return (
        min(w.x0 for w in words),
        min(w.top for w in words),
        max(w.x1 for w in words),
        max(w.bottom for w in words),
    )
