"""XLSX and CSV: rows tied to their cells, values as a reader of the sheet sees them."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Parsed
from corpus.errors import SourceError
from ingest.parse.extracted.sheet import cell_range
from ingest.parse.ooxml.cell_format import shown
from ingest.parse.sheet import parse


def _saved(book: openpyxl.Workbook) -> Parsed:
    out = io.BytesIO()
    book.save(out)
    return parse(out.getvalue(), "costs.xlsx")


def _rows(parsed: Parsed) -> list[tuple[str, int, str, str]]:
    return [(b.kind, b.group, b.label, parsed.text[b.start : b.end]) for b in parsed.blocks]


def test_sheets_tables_titles_and_cells() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Run costs"
    sheet["B2"] = "Costs of 2026"
    sheet.append([])
    for row in (["Service", "Cost"], ["api", 12.5], ["queue", 3]):
        sheet.append([None, *row])
    sheet["C5"].number_format = '"€" #,##0.00'
    sheet["B9"], sheet["C9"] = "Region", "eu"
    sheet["B10"], sheet["C10"] = "Zone", "b"
    sheet["XFD1048576"] = "far"
    book.create_sheet("Secret").append(["hidden"])
    book["Secret"].sheet_state = "hidden"
    book.create_sheet("Empty")
    parsed = _saved(book)
    assert _rows(parsed) == [
        ("heading", -1, "", "Run costs"),
        ("row", 0, "", "| Costs of 2026 |"),
        ("row", 1, "header", "| Service | Cost |"),
        ("row", 1, "", "| api | € 12.50 |"),
        ("row", 1, "", "| queue | 3 |"),
        ("row", 2, "header", "| Region | eu |"),
        ("row", 2, "", "| Zone | b |"),
        ("row", 3, "", "| far |"),
    ]
    cells = {parsed.text[a.start : a.end]: a.label for a in parsed.anchors}
    assert cells["| api | € 12.50 |"] == "'Run costs'!B5:C5"
    assert cells["| far |"] == "'Run costs'!XFD1048576"


def test_hidden_rows_and_columns_are_left_out_and_formulas_stand_for_themselves() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["a", "secret", "sum"], ["secret", "secret", 1], [2, "secret", "=A3*2"]):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    text = _saved(book).text
    assert "secret" not in text
    assert "| 2 | =A3*2 |" in text


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (None, "General", ""),
        (True, "General", "TRUE"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (0.1234, "0.0%", "12.3%"),
        (-5, '"$"#,##0.00;[Red]("$"#,##0.00)', "-$5.00"),
        (5, "[$€-407] #,##0", "€ 5"),
        (12, '0 "ms"', "12 ms"),
        (1.5, "0.##", "1.5"),
        (2, "0.##", "2"),
        (12345, "0.00E+00", "1.23E+04"),
        (dt.datetime(2026, 2, 3), "mm-dd-yy", "2026-02-03"),
        (dt.datetime(2026, 2, 3, 4, 5), "yyyy-mm-dd hh:mm", "2026-02-03 04:05"),
        (dt.time(4, 5), "h:mm", "04:05"),
        (dt.timedelta(hours=30), "[h]:mm", "30:00:00"),
        (" text ", "@", "text"),
    ],
)
def test_values_are_shown_as_in_the_sheet(value: object, number_format: str, expected: str) -> None:
    assert shown(value, number_format) == expected


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(), st.text('0#,.%?E+-;"\\[]$ abm_*', max_size=12))
def test_any_number_under_any_format_gives_text(value: float, number_format: str) -> None:
    assert shown(value, number_format)


def test_csv_with_quotes_line_breaks_and_leading_zeros() -> None:
    parsed = parse(b'code;name\r\n007;"James; ""B"""\r\n008;"two\r\nlines"\r\n', "agents.csv")
    assert _rows(parsed) == [
        ("row", 0, "header", "| code | name |"),
        ("row", 0, "", '| 007 | James; "B" |'),
        ("row", 0, "", "| 008 | two lines |"),
    ]
    assert [a.label for a in parsed.anchors] == ["agents!A1:B1", "agents!A2:B2", "agents!A3:B3"]


def test_csv_in_other_encodings_and_tabs() -> None:
    assert "名古屋" in parse("名前,住所\n髙橋淳,名古屋\n佐藤太郎,東京\n三木英子,大阪\n".encode("cp932"), "a.csv").text
    assert parse(b"a\tb,c\n1\t2,3\n", "a.tsv").text == "| a | b,c |\n| 1 | 2,3 |"


def test_csv_without_header_has_none() -> None:
    assert [b.label for b in parse(b"1,2\n3,4\n", "a.csv").blocks] == ["", ""]


@pytest.mark.parametrize(
    ("data", "name", "outcome"),
    [
        (b"", "a.csv", "empty"),
        (b",,\n;", "a.csv", "empty"),
        (b"\0\1\2\0" * 9, "a.csv", "binary"),
        (b"not a workbook", "a.xlsx", "binary"),
        (b"", "a.xlsx", "empty"),
        (b"PK\x03\x04 broken", "a.xlsx", "broken"),
    ],
)
def test_files_that_are_no_sheets(data: bytes, name: str, outcome: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(data, name)
    assert caught.value.outcome == outcome


_CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=9)


@given(st.lists(st.lists(_CELLS, min_size=1, max_size=4), min_size=1, max_size=8))
def test_every_row_of_a_table_is_a_block_tied_to_its_row(table: list[list[str]]) -> None:
    import csv

    out = io.StringIO(newline="")
    csv.writer(out).writerows([["head", "er"], *table])
    parsed = parse(out.getvalue().encode(), "t.csv")
    blocks = {(b.start, b.end) for b in parsed.blocks}
    assert {(a.start, a.end) for a in parsed.anchors} == blocks
    numbers = [
        int("".join(c for c in a.label.rpartition("!")[2].partition(":")[0] if c.isdigit())) for a in parsed.anchors
    ]
    assert numbers == sorted(set(numbers))


def test_cell_ranges_as_spreadsheets_write_them() -> None:
    assert cell_range("Costs", 4, 1, 3) == "Costs!A4:C4"
    assert cell_range("It's", 4, 27, 27) == "'It''s'!AA4"
