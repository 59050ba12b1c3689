"""Pieces -> DOCX, by python-docx: Word's own styles for headings, lists and tables."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from eval.library.office_package import settled
from eval.library.pages import Piece, Run

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph


def write_handbook(pieces: Sequence[Piece], *, title: str, date: datetime) -> bytes:
    """The document as DOCX."""
    import docx

    document = docx.Document()
    facts = document.core_properties
    facts.title, facts.author, facts.last_modified_by, facts.comments = title, "Aether maintainers", "", ""
    facts.created = facts.modified = date
    for (group, is_row), members in groupby(pieces, key=lambda piece: (piece.group, piece.kind == "row")):
        if is_row and group >= 0:
            _table(document, [*members])
        else:
            _flow(document, members)
    out = io.BytesIO()
    document.save(out)
    return settled(out.getvalue())


def _flow(document: Document, pieces: Iterator[Piece]) -> None:
    numbers: dict[int, int] = {}
    for piece in pieces:
        if piece.kind == "heading":
            document.add_heading(piece.text, piece.depth)
        elif piece.kind == "code":
            _say(document.add_paragraph(), piece.runs)
        elif piece.kind == "item" and piece.label[:1].isdigit():
            paragraph = document.add_paragraph(style="List Number")
            _say(paragraph, piece.runs)
            _number(document, paragraph, numbers, piece.group)
        else:
            _say(document.add_paragraph(style="List Bullet" if piece.kind == "item" else None), piece.runs)


def _number(document: Document, paragraph: Paragraph, numbers: dict[int, int], group: int) -> None:
    """Let each list count from 1: Word's style would count through all of them."""
    if group not in numbers:
        numbering = document.part.numbering_part.element
        style = document.styles["List Number"].element.pPr.numPr.numId.val
        abstract = numbering.num_having_numId(style).abstractNumId.val
        fresh = numbering.add_num(abstract)
        fresh.add_lvlOverride(ilvl=0).add_startOverride(1)
        numbers[group] = fresh.numId
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = numbers[group]


def _table(document: Document, rows: Sequence[Piece]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0].cells), style="Table Grid")
    for row in rows:
        for cell, runs in zip(table.add_row().cells, row.cells, strict=True):
            _say(cell.paragraphs[0], runs, bold=row.label == "header")


def _say(paragraph: Paragraph, runs: Sequence[Run], *, bold: bool = False) -> None:
    for run in runs:
        said = paragraph.add_run(run.text)
        said.bold = (bold or run.voice == "bold") or None
        if run.voice == "code":
            said.font.name = "Courier New"
