"""Rows of cells as tables of text, every row tied to its cells.

An empty row ends a table; a row with one filled cell above a table is its title. Rows are sparse, so that a lone cell
in the last row of a sheet costs one row, not a million.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.parse.extracted.extraction import Extraction
from ingest.parse.extracted.table import TableRow, header_first


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The filled cells of one row, by column number from 1."""

    number: int
    cells: dict[int, str]


def add_tables(rows: Iterable[SheetRow], sheet: str, out: Extraction) -> None:
    """Adds the rows of one sheet, in ascending order, as one table or several."""
    table: list[SheetRow] = []
    for row in rows:
        if table and row.number > table[-1].number + 1:
            _add_table(table, sheet, out)
            table = []
        table.append(row)
    if table:
        _add_table(table, sheet, out)


def _add_table(table: list[SheetRow], sheet: str, out: Extraction) -> None:
    """One stretch of rows; those at its top with a single cell are titles, if there are columns below."""
    columns = sorted({c for row in table for c in row.cells})
    while len(columns) > 1 and len(table) > 1 and len(table[0].cells) == 1:
        title = table.pop(0)
        column, text = next(iter(title.cells.items()))
        block = out.paragraph(text)
        if block is not None:
            out.anchor("cell", cell_range(sheet, title.number, column, column), block.start, block.end)
    lines = [TableRow(tuple(row.cells.get(c, "") for c in columns), False) for row in table]
    group = out.new_group()
    for row, line in zip(table, header_first(lines), strict=True):
        block = out.row(line.cells, group=group, header=line.header)
        if block is not None:
            out.anchor("cell", cell_range(sheet, row.number, columns[0], columns[-1]), block.start, block.end)


def cell_range(sheet: str, row: int, first: int, last: int) -> str:
    """The cells of one row as a spreadsheet names them: `Costs!A1:C1`, `'Run costs'!B2`."""
    name = sheet if re.fullmatch(r"\w+", sheet) else "'" + sheet.replace("'", "''") + "'"
    left, right = f"{_letters(first)}{row}", f"{_letters(last)}{row}"
    return f"{name}!{left}" if first == last else f"{name}!{left}:{right}"


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
