"""PPTX: slide by slide, shapes in reading order, notes after each slide.

A slide's heading is its title, else the bold line that it begins with, else "Slide N". Shapes are read top to bottom
and left to right (as unstructured does), groups opened; a paragraph is a list item when it, its placeholder or its
level gives it a bullet or number; tables and the data of charts become rows, SmartArt items. Hidden slides and shapes,
and shapes beside the slide, are left out. Everything of a slide is tied to its number. (Read with python-pptx rather
than unstructured, which makes titles of bullets: 1,953 false ones in 127 decks.)
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from corpus.documents import Metadata
from ingest.parse.extracted.extraction import Extraction, one_line
from ingest.parse.extracted.table import TableRow, header_first
from ingest.parse.ooxml.graphics import DIAGRAM, A, chart_rows, chart_title, diagram_texts

if TYPE_CHECKING:
    from pptx.shapes.base import BaseShape
    from pptx.shapes.graphfrm import GraphicFrame
    from pptx.shapes.shapetree import GroupShapes, SlideShapes
    from pptx.slide import Slide
    from pptx.table import Table
    from pptx.text.text import TextFrame, _Paragraph

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FURNITURE = ("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER")
_LISTING = ("BODY", "OBJECT", "VERTICAL_BODY", "VERTICAL_OBJECT")
_ROW = 20 * 12700


def read_slides(data: bytes) -> tuple[Extraction, Metadata]:
    """The text, blocks and metadata of a PPTX file; vendor errors come out as they are."""
    from pptx import Presentation

    deck = Presentation(io.BytesIO(data))
    out = Extraction()
    for number, slide in enumerate(deck.slides, start=1):
        if slide._element.get("show") in ("0", "false"):
            continue
        start = out.length
        size = (deck.slide_width or 0, deck.slide_height or 0)
        _read_slide(slide, number, size, out)
        out.anchor("slide", str(number), start, out.length)
    properties = deck.core_properties
    title = one_line(properties.title or "")
    changed = properties.modified
    return out, Metadata(
        title="" if title.casefold() in ("powerpoint presentation", "untitled", "") else title,
        date=changed.date().isoformat() if changed else "",
        owner=one_line(properties.author or ""),
    )


def _read_slide(slide: Slide, number: int, size: tuple[int, int], out: Extraction) -> None:
    shapes = sorted(_leaves(slide.shapes, size), key=lambda s: s[0])
    title = slide.shapes.title
    heading = one_line(title.text_frame.text) if title is not None and title.has_text_frame else ""
    rest = [shape for _, shape in shapes if title is None or shape.shape_id != title.shape_id]
    opening = None if heading else _opening(rest)
    before = len(out.blocks)
    out.heading(heading or (opening.text if opening is not None else f"Slide {number}"), 1)
    for shape in rest:
        _read_shape(shape, opening, out)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if notes is not None and notes.text.strip():
        out.heading("Notes", 2)
        for paragraph in notes.text.split("\n"):
            out.paragraph(paragraph)
    if not heading and opening is None and len(out.blocks) == before + 1:
        out.retract()


def _opening(shapes: list[BaseShape]) -> _Paragraph | None:
    """The bold line that a slide without title begins with, which then is its title."""
    from pptx.shapes.autoshape import Shape

    for shape in shapes[:1]:
        if isinstance(shape, Shape):
            filled = [p for p in shape.text_frame.paragraphs if p.text.strip()]
            if filled and _is_heading(filled[0], _marker(filled[0], _placeholder(shape) in _LISTING, {})):
                return filled[0]
    return None


def _leaves(
    shapes: SlideShapes | GroupShapes, size: tuple[int, int] | None
) -> Iterator[tuple[tuple[int, int], BaseShape]]:
    """Every visible shape that is no group, with its place in reading order: a row on the slide, then from the left.

    `size` is that of the slide; inside a group, whose shapes have a measure of their own, it is None.
    """
    from pptx.shapes.group import GroupShape

    for shape in shapes:
        hidden = shape._element.xpath("./*/p:cNvPr[@hidden='1' or @hidden='true']")
        if hidden or (size is not None and _is_off(shape, size)):
            continue
        place = ((shape.top or 0) // _ROW, shape.left or 0)
        if isinstance(shape, GroupShape):
            for _, inner in sorted(_leaves(shape.shapes, None), key=lambda s: s[0]):
                yield place, inner
        elif _placeholder(shape) not in _FURNITURE:
            yield place, shape


def _is_off(shape: BaseShape, size: tuple[int, int]) -> bool:
    """Whether the shape lies wholly beside the slide, where nobody sees it."""
    left, top, width, height = shape.left, shape.top, shape.width, shape.height
    if left is None or top is None or width is None or height is None:
        return False
    return bool(left >= size[0] > 0 or top >= size[1] > 0 or left + width < 0 or top + height < 0)


def _placeholder(shape: BaseShape) -> str:
    return shape.placeholder_format.type.name if shape.is_placeholder else ""


def _read_shape(shape: BaseShape, opening: _Paragraph | None, out: Extraction) -> None:
    from pptx.shapes.autoshape import Shape
    from pptx.shapes.graphfrm import GraphicFrame

    if isinstance(shape, GraphicFrame):
        _read_frame(shape, out)
    elif isinstance(shape, Shape):
        _read_text(shape.text_frame, opening, listed=_placeholder(shape) in _LISTING, out=out)


def _read_frame(frame: GraphicFrame, out: Extraction) -> None:
    if frame.has_table:
        _read_table(frame.table, out)
    elif frame.has_chart:
        out.paragraph(chart_title(frame.chart._chartSpace))
        group = out.new_group()
        for at, row in enumerate(chart_rows(frame.chart._chartSpace)):
            out.row(row, group=group, header=at == 0)
    else:
        group = out.new_group()
        for relation in frame._element.iter(f"{DIAGRAM}relIds"):
            data = etree.fromstring(frame.part.related_part(relation.get(f"{_R}dm") or "").blob)
            for text in diagram_texts(data):
                out.item(text, "-", depth=1, group=group)


def _read_text(frame: TextFrame, opening: _Paragraph | None, *, listed: bool, out: Extraction) -> None:
    group = -1
    numbers: dict[int, int] = {}
    for paragraph in frame.paragraphs:
        text = "".join(_runs(paragraph))
        if not text.strip() or (opening is not None and paragraph._p is opening._p):
            continue
        marker = _marker(paragraph, listed, numbers)
        if not marker:
            out.heading(text, 2) if _is_heading(paragraph, marker) else out.paragraph(text)
            group, numbers = -1, {}
            continue
        group = out.new_group() if group < 0 else group
        out.item(text, marker, depth=min(paragraph.level, 8) + 1, group=group)


def _is_heading(paragraph: _Paragraph, marker: str) -> bool:
    """Whether it is a short line, all bold and in no list: what stands for a heading below the title of a slide."""
    runs = [r for r in paragraph.runs if r.text.strip()]
    text = paragraph.text.strip()
    bold = bool(runs) and all(r.font.bold for r in runs)
    return bold and not marker and len(text) <= 120 and not text.endswith((".", ",", ";"))


def _runs(paragraph: _Paragraph) -> Iterator[str]:
    for child in paragraph._p:
        if child.tag == f"{A}br":
            yield "\n"
        elif child.tag in (f"{A}r", f"{A}fld"):
            yield "".join(t.text or "" for t in child.iter(f"{A}t"))


def _marker(paragraph: _Paragraph, listed: bool, numbers: dict[int, int]) -> str:
    level = paragraph.level
    for deeper in [n for n in numbers if n > level]:
        del numbers[deeper]
    properties = paragraph._p.find(f"{A}pPr")
    if properties is not None:
        if properties.find(f"{A}buNone") is not None:
            return ""
        numbered = properties.find(f"{A}buAutoNum")
        if numbered is not None:
            numbers[level] = numbers.get(level, int(numbered.get("startAt") or 1) - 1) + 1
            return f"{numbers[level]}."
        if properties.find(f"{A}buChar") is not None or properties.find(f"{A}buBlip") is not None:
            return "-"
    return "-" if listed or level > 0 else ""


def _read_table(table: Table, out: Extraction) -> None:
    rows = [
        TableRow(tuple(_cell_text(table, r, c) for c in range(len(table.columns))), False)
        for r in range(len(table.rows))
    ]
    group = out.new_group()
    for row in header_first(rows):
        out.row(row.cells, group=group, header=row.header)


def _cell_text(table: Table, row: int, column: int) -> str:
    cell = table.cell(row, column)
    while cell.is_spanned:
        above = row > 0 and cell._tc.vMerge
        row, column = (row - 1, column) if above else (row, column - 1)
        cell = table.cell(row, column)
    return one_line(cell.text)
