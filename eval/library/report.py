"""Pieces -> PDF, by reportlab: A4, the standard fonts, tables with drawn rules. The same pieces give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from eval.library.pages import Piece, Run

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import Flowable, SimpleDocTemplate

_SIZES = {1: 20, 2: 15, 3: 12}
_CODE_WIDTH = 88


def write_report(pieces: Sequence[Piece], *, title: str, subject: str) -> bytes:
    """The document as PDF. Raises `ValueError` on a character that the standard fonts lack and on code too wide."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import SimpleDocTemplate

    for piece in pieces:
        for text in (piece.text, *("".join(run.text for run in cell) for cell in piece.cells)):
            text.encode("cp1252")
        if piece.kind == "code" and max(map(len, piece.text.split("\n"))) > _CODE_WIDTH:
            raise ValueError(f"a line of code is longer than {_CODE_WIDTH} characters: {piece.text}")
    out = io.BytesIO()
    # Compressed pages would differ between releases of zlib.
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=title,
        subject=subject,
        author="Aether maintainers",
        leftMargin=64,
        rightMargin=64,
        topMargin=64,
        bottomMargin=64,
        invariant=1,
        pageCompression=0,
    )
    document.build(list(_flowables(pieces)), onFirstPage=_number, onLaterPages=_number)
    return out.getvalue()


def _flowables(pieces: Sequence[Piece]) -> Iterator[Flowable]:
    from reportlab.platypus import Paragraph, Preformatted, Spacer

    styles = _styles()
    for (group, is_row), members in groupby(pieces, key=lambda piece: (piece.group, piece.kind == "row")):
        if is_row and group >= 0:
            yield _table([*members], styles)
            yield Spacer(1, 8)
            continue
        for piece in members:
            if piece.kind == "code":
                yield Preformatted(piece.text, styles["code"])
            elif piece.kind == "item":
                yield Paragraph(_inline(piece.runs), styles["item"], bulletText=_bullet(piece))
            else:
                name = f"heading{piece.depth}" if piece.kind == "heading" else "body"
                yield Paragraph(_inline(piece.runs), styles[name])


def _styles() -> dict[str, ParagraphStyle]:
    from reportlab.lib.styles import ParagraphStyle

    body = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=14, spaceAfter=7)
    styles = {
        "body": body,
        "item": ParagraphStyle("item", body, leftIndent=18, bulletIndent=4, spaceAfter=3),
        "cell": ParagraphStyle("cell", body, fontSize=9, leading=12, spaceAfter=0),
        "code": ParagraphStyle("code", body, fontName="Courier", fontSize=8.5, leading=11, leftIndent=12, spaceAfter=9),
    }
    for depth, size in _SIZES.items():
        styles[f"heading{depth}"] = ParagraphStyle(
            f"heading{depth}",
            fontName="Helvetica-Bold",
            fontSize=size,
            leading=size * 1.25,
            spaceBefore=size,
            spaceAfter=size / 2,
            keepWithNext=1,
        )
    return styles


def _table(rows: Sequence[Piece], styles: dict[str, ParagraphStyle]) -> Flowable:
    from reportlab.lib import colors
    from reportlab.platypus import Paragraph, Table, TableStyle

    cells = [
        [Paragraph(_inline(cell, bold=row.label == "header"), styles["cell"]) for cell in row.cells] for row in rows
    ]
    width = 467
    columns = len(cells[0])
    shares = (0.5, 0.22, 0.28) if columns == 3 else (1 / columns,) * columns
    table = Table(cells, colWidths=[width * share for share in shares], repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table


def _inline(runs: Sequence[Run], *, bold: bool = False) -> str:
    marks = {"plain": ("", ""), "bold": ("<b>", "</b>"), "code": ('<font face="Courier">', "</font>")}
    text = "".join(f"{marks[run.voice][0]}{escape(run.text)}{marks[run.voice][1]}" for run in runs)
    return f"<b>{text}</b>" if bold else text


def _bullet(piece: Piece) -> str:
    return piece.label if piece.label[:1].isdigit() else "\u2022"


def _number(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawCentredString(297, 34, str(document.page))
