"""CSV and TSV: one sheet named by the file; and workbooks, handed to the Office reader.

The delimiter is the sign that most lines have as often as the first line does.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from corpus.documents import Metadata, Parsed
from corpus.errors import SourceError
from ingest.parse.extracted.extraction import Extraction
from ingest.parse.extracted.sheet import SheetRow, add_tables
from ingest.parse.text.decode import decode

_LONGEST_FIELD = 1_000_000
_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xls")


def parse(data: bytes, name: str) -> Parsed:
    """The sheets as text and blocks. Raises `SourceError` (see `package_kind`; `broken`, `empty`, `undecodable`)."""
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or name.lower().endswith(_WORKBOOKS):
        from ingest.parse.office import parse as parse_office

        return parse_office(data, name)
    out = Extraction()
    add_tables(_csv_rows(decode(data, name), name), PurePosixPath(name).stem, out)
    return out.parsed(Metadata(), item=name)


def _csv_rows(text: str, name: str) -> Iterator[SheetRow]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, name))
    try:
        for number, fields in enumerate(reader, start=1):
            cells = {at: field for at, field in enumerate(fields, start=1) if field.strip()}
            if cells:
                yield SheetRow(number, cells)
    except csv.Error as error:
        raise SourceError(
            f"not readable as CSV ({error})", outcome="broken", item=name, next_step="Export it again"
        ) from error


def _delimiter(text: str, name: str) -> str:
    if name.lower().endswith(".tsv"):
        return "\t"
    lines = [line for line in text[:65536].splitlines() if line.strip()][:50]
    quoted = [re.sub(r'"[^"]*"', "", line) for line in lines]
    counts = {sign: [line.count(sign) for line in quoted] for sign in ",;\t|"}
    return max(counts, key=lambda s: (sum(1 for n in counts[s] if n and n == counts[s][0]), sum(counts[s])))
