"""A table as rows of text.

A cell that spans several rows or columns is repeated in each, so that every row says by itself what it means; a cell
that spans a whole row stands alone. A table that only lays out a page is not one of these: `is_data_table` says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml.html import HtmlElement

_WIDEST = 200
_BLOCK_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6", "table", "article", "main", "nav", "pre", "form")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: the texts of its cells, and whether it heads the table."""

    cells: tuple[str, ...]
    header: bool


def is_data_table(table: HtmlElement) -> bool:
    """Whether the table holds data: at least two columns, and no page structure inside its cells."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return False
    if any(True for _ in table.iter("th")):
        return not any(t is not table for t in table.iter("table"))
    if any(e is not table for e in table.iter(*_BLOCK_TAGS)):
        return False
    return any(sum(1 for c in row if c.tag in ("td", "th")) > 1 for row in table.iter("tr"))


def table_rows(table: HtmlElement, cell_text: Callable[[HtmlElement], str]) -> list[TableRow]:
    """The rows of the table, `cell_text` giving the words of a cell."""
    rows: list[TableRow] = []
    pending: dict[int, tuple[int, str]] = {}
    body_seen = False
    for tr in _own_rows(table):
        cells, pending = _grid_row(tr, pending, cell_text)
        if not any(cells):
            continue
        header = _is_header(tr) and not body_seen
        body_seen = body_seen or not header
        whole = not header and len(cells) > 1 and len([c for c in tr if c.tag in ("td", "th")]) == 1
        rows.append(TableRow((cells[0],) if whole and len(set(cells)) == 1 else tuple(cells), header))
    return rows


def header_first(rows: list[TableRow]) -> list[TableRow]:
    """The rows, the first one heading the table if it looks so: every cell a short label, and a body below it."""
    if len(rows) < 2 or any(r.header for r in rows):
        return rows
    first = rows[0].cells
    labels = [c for c in first if c]
    looks = len(labels) > 1 and all(len(c) <= 80 and not re.fullmatch(r"[\W\d]+", c) for c in labels)
    return [TableRow(first, looks), *rows[1:]]


def _own_rows(table: HtmlElement) -> list[HtmlElement]:
    own: list[HtmlElement] = []
    for child in table:
        if child.tag == "tr":
            own.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            own.extend(row for row in child if row.tag == "tr")
    return own


def _grid_row(
    tr: HtmlElement, pending: dict[int, tuple[int, str]], cell_text: Callable[[HtmlElement], str]
) -> tuple[list[str], dict[int, tuple[int, str]]]:
    cells: list[str] = []
    following: dict[int, tuple[int, str]] = {}

    def take_pending() -> None:
        while len(cells) in pending:
            left, text = pending[len(cells)]
            if left > 1:
                following[len(cells)] = (left - 1, text)
            cells.append(text)

    for cell in tr:
        if cell.tag not in ("td", "th"):
            continue
        take_pending()
        text = cell_text(cell)
        wide, tall = _span(cell, "colspan"), _span(cell, "rowspan")
        for _ in range(min(wide, _WIDEST - len(cells))):
            if tall > 1:
                following[len(cells)] = (tall - 1, text)
            cells.append(text)
    take_pending()
    return cells, following


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, min(int(value), 1000)) if value.isascii() and value.isdigit() else 1


def _is_header(tr: HtmlElement) -> bool:
    if tr.getparent() is not None and tr.getparent().tag == "thead":
        return True
    tags = [c.tag for c in tr if c.tag in ("td", "th")]
    return bool(tags) and all(tag == "th" for tag in tags)
