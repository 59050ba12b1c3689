"""XLSX: every visible sheet a heading, what is in it as tables.

Hidden sheets, rows and columns are left out. A formula stands as its last computed value, or as itself where none was
saved. Numbers and dates are shown as `cell_format` says.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.documents import Metadata
from ingest.parse.extracted.extraction import Extraction, one_line
from ingest.parse.extracted.sheet import SheetRow, add_tables
from ingest.parse.ooxml.cell_format import shown

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


def read_workbook(data: bytes) -> tuple[Extraction, Metadata]:
    """The text, blocks and metadata of an XLSX file; vendor errors come out as they are."""
    from openpyxl import load_workbook

    out = Extraction()
    values = load_workbook(io.BytesIO(data), data_only=True)
    formulas = load_workbook(io.BytesIO(data)) if _has_formulas(data) else values
    for sheet in values.worksheets:
        if sheet.sheet_state != "visible":
            continue
        rows = list(_rows(sheet, formulas[sheet.title]))
        if rows:
            out.heading(sheet.title, 1)
            add_tables(rows, sheet.title, out)
    return out, _metadata(values)


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/") and n.endswith(".xml")]
        return any(b"<f" in archive.read(n) for n in sheets)


def _metadata(book: Workbook) -> Metadata:
    properties = book.properties
    return Metadata(
        title=one_line(properties.title or ""),
        date=properties.modified.date().isoformat() if properties.modified else "",
        owner=one_line(properties.creator or ""),
    )


def _rows(values: Worksheet, formulas: Worksheet) -> Iterator[SheetRow]:
    hidden_rows = {n for n, d in values.row_dimensions.items() if d.hidden}
    hidden_columns = {c for d in values.column_dimensions.values() if d.hidden for c in range(d.min, d.max + 1)}
    rows: dict[int, dict[int, str]] = {}
    for (row, column), cell in sorted(values._cells.items()):
        if row in hidden_rows or column in hidden_columns:
            continue
        value = cell.value
        if value is None and (row, column) in formulas._cells:
            value = formulas._cells[row, column].value
        text = shown(value, str(cell.number_format))
        if text:
            rows.setdefault(row, {})[column] = text
    for number, cells in rows.items():
        yield SheetRow(number, cells)
