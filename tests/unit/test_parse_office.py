"""DOCX and PPTX: structure kept, what a reader does not see left out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pptx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import RGBColor
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from corpus.documents import Parsed
from corpus.errors import SourceError
from ingest.parse.office import parse
from ingest.parse.ooxml.unstructured_offline import word_elements

W = nsdecls("w")


def _docx(fill: Callable[[Document], None]) -> bytes:
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _word(fill: Callable[[Document], None]) -> Parsed:
    return parse(_docx(fill), "a.docx")


def _blocks(parsed: Parsed) -> list[tuple[str, int, str, str]]:
    return [(b.kind, b.depth, b.label, parsed.text[b.start : b.end]) for b in parsed.blocks]


def test_word_headings_lists_and_tables() -> None:
    def fill(document: Document) -> None:
        document.add_heading("Order Service", 0)
        document.add_heading("Limits", 1)
        document.add_paragraph("Two limits hold.")
        document.add_paragraph("24 hours at most", style="List Bullet")
        document.add_paragraph("inner", style="List Bullet 2")
        document.add_paragraph("Stop", style="List Number")
        document.add_paragraph("Copy", style="List Number")
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ("Service", "Port", "api", "80"), strict=True):
            cell.text = text
        document.core_properties.title = "Orders"
        document.core_properties.author = "Ann"

    parsed = _word(fill)
    assert _blocks(parsed) == [
        ("heading", 1, "", "Order Service"),
        ("heading", 1, "", "Limits"),
        ("paragraph", 0, "", "Two limits hold."),
        ("item", 1, "-", "- 24 hours at most"),
        ("item", 2, "-", "- inner"),
        ("item", 1, "1.", "1. Stop"),
        ("item", 1, "2.", "2. Copy"),
        ("row", 0, "header", "| Service | Port |"),
        ("row", 0, "", "| api | 80 |"),
    ]
    assert (parsed.metadata.title, parsed.metadata.owner) == ("Orders", "Ann")
    assert [(a.kind, a.label) for a in parsed.anchors] == [("element", "order-service"), ("element", "limits")]


def test_word_numbers_go_on_over_a_paragraph_that_belongs_to_a_step() -> None:
    def fill(document: Document) -> None:
        for text, style in (("Stop", "List Number"), ("Wait for it.", None), ("Copy", "List Number")):
            document.add_paragraph(text, style=style)

    parsed = _word(fill)
    assert [(b.kind, b.depth, b.group, b.label) for b in parsed.blocks] == [
        ("item", 1, 0, "1."),
        ("paragraph", 1, 0, ""),
        ("item", 1, 0, "2."),
    ]


def test_word_listings_by_font_and_by_style() -> None:
    def fill(document: Document) -> None:
        for line in ("def f():", "pass"):
            document.add_paragraph().add_run(line).font.name = "Consolas"
        document.add_paragraph("and prose with ").add_run("code").font.name = "Consolas"

    assert [(b[0], b[3]) for b in _blocks(_word(fill))] == [
        ("code", "```\ndef f():\npass\n```"),
        ("paragraph", "and prose with code"),
    ]


def test_word_custom_heading_styles_count_by_descent_and_outline_level() -> None:
    def fill(document: Document) -> None:
        heirs = document.styles.add_style("Chapter", 1)
        heirs.base_style = document.styles["Heading 2"]
        level = document.styles.add_style("Corporate", 1)
        level.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {W} w:val="2"/>'))
        document.add_paragraph("By descent", style="Chapter")
        document.add_paragraph("By level", style="Corporate")
        document.add_paragraph("words")

    assert [b[:2] for b in _blocks(_word(fill))] == [("heading", 2), ("heading", 3), ("paragraph", 0)]


def test_word_text_boxes_footnotes_insertions_and_controls_are_read() -> None:
    def fill(document: Document) -> None:
        paragraph = document.add_paragraph("Before ")
        body = paragraph._p
        body.append(parse_xml(f"<w:ins {W} w:id='1' w:author='a'><w:r><w:t>inserted</w:t></w:r></w:ins>"))
        body.append(parse_xml(f"<w:del {W} w:id='2' w:author='a'><w:r><w:delText>deleted</w:delText></w:r></w:del>"))
        control = f"<w:sdt {W}><w:sdtContent><w:r><w:t> controlled</w:t></w:r></w:sdtContent></w:sdt>"
        body.append(parse_xml(control))
        words = "<w:txbxContent><w:p><w:r><w:t>boxed words</w:t></w:r></w:p></w:txbxContent>"
        body.append(parse_xml(f"<w:r {W}><w:pict>{words}</w:pict></w:r>"))
        document.add_paragraph("After")

    assert [b[3] for b in _blocks(_word(fill))] == ["Before inserted controlled", "boxed words", "After"]


def test_word_hidden_and_white_text_is_left_out() -> None:
    def fill(document: Document) -> None:
        paragraph = document.add_paragraph("seen")
        paragraph.add_run(" hidden").font.hidden = True
        paragraph.add_run(" white").font.color.rgb = RGBColor(255, 255, 255)
        document.styles.add_style("Ghost", 1).font.hidden = True
        document.styles.add_style("Ghostly", 2).font.hidden = True
        document.add_paragraph("hidden by style", style="Ghost")
        paragraph.add_run(" hidden by style", style="Ghostly")
        document.sections[0].header.paragraphs[0].text = "running head"
        cell = document.add_table(rows=1, cols=1).cell(0, 0).paragraphs[0].add_run("head of a dark table")
        cell.font.color.rgb = RGBColor(255, 255, 255)

    assert _word(fill).text == "seen\n\n| head of a dark table |"


def test_word_strict_files_are_read() -> None:
    data = _docx(lambda document: document.add_heading("Strict", 1) and None)
    strict = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(strict, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            for old, new in (
                (
                    b"http://schemas.openxmlformats.org/wordprocessingml/2006/",
                    b"http://purl.oclc.org/ooxml/wordprocessingml/",
                ),
                (
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            ):
                part = part.replace(old, new)
            target.writestr(name, part)
    assert parse(strict.getvalue(), "a.docx").text == "Strict"


def test_unstructured_reads_word_files_and_looks_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """`tests/conftest.py` blocks the network wholly; here even a look-up of the own machine is a failure."""
    import socket

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"looked up {args}")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    elements = word_elements(_docx(lambda document: document.add_paragraph("It was deployed.") and None))
    assert [(type(e).__name__, e.text) for e in elements] == [("WordElement", "It was deployed.")]
    assert elements[0].category == "NarrativeText"


def test_word_charts_are_written_out_as_tables() -> None:
    chart = (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart><c:plotArea><c:line3DChart>'
        "<c:ser><c:tx><c:strRef><c:strCache><c:pt idx='0'><c:v>Cost</c:v></c:pt></c:strCache></c:strRef></c:tx>"
        "<c:cat><c:strRef><c:strCache><c:pt idx='0'><c:v>2025</c:v></c:pt></c:strCache></c:strRef></c:cat>"
        "<c:val><c:numRef><c:numCache><c:pt idx='0'><c:v>1.5</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>"
        "</c:line3DChart></c:plotArea></c:chart></c:chartSpace>"
    )
    graphic = (
        f'<w:r {W}><w:drawing><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId99"/></w:drawing></w:r>'
    )
    data = _docx(lambda document: document.add_paragraph("Costs:")._p.append(parse_xml(graphic)) and None)
    relation = b'<Relationship Id="rId99" Type="http://x/chart" Target="charts/chart1.xml"/></Relationships>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "word/_rels/document.xml.rels":
                part = part.replace(b"</Relationships>", relation)
            if name == "[Content_Types].xml":
                part = part.replace(
                    b"</Types>", b'<Override PartName="/word/charts/chart1.xml" ContentType="x/x"/></Types>'
                )
            target.writestr(name, part)
        target.writestr("word/charts/chart1.xml", chart)
    assert parse(out.getvalue(), "a.docx").text == "Costs:\n\n|  | Cost |\n| 2025 | 1.5 |"


def _deck() -> pptx.presentation.Presentation:
    return pptx.Presentation()


def _slides(deck: pptx.presentation.Presentation) -> Parsed:
    out = io.BytesIO()
    deck.save(out)
    return parse(out.getvalue(), "a.pptx")


def test_slides_have_title_bullets_notes_and_number() -> None:
    deck = _deck()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Why queues"
    frame = slide.placeholders[1].text_frame
    frame.text = "They decouple"
    inner = frame.add_paragraph()
    inner.text, inner.level = "in time", 1
    slide.notes_slide.notes_text_frame.text = "Say it slowly.\nThen pause."
    blank = deck.slides.add_slide(deck.slide_layouts[6])
    blank.shapes.add_textbox(Inches(1), Inches(3), Inches(3), Inches(1)).text_frame.text = "lower"
    blank.shapes.add_textbox(Inches(1), Inches(1), Inches(3), Inches(1)).text_frame.text = "upper"
    blank.shapes.add_textbox(Inches(20), Inches(1), Inches(3), Inches(1)).text_frame.text = "beside the slide"
    hidden = deck.slides.add_slide(deck.slide_layouts[5])
    hidden.shapes.title.text = "Hidden"
    hidden._element.set("show", "0")
    parsed = _slides(deck)
    assert _blocks(parsed) == [
        ("heading", 1, "", "Why queues"),
        ("item", 1, "-", "- They decouple"),
        ("item", 2, "-", "- in time"),
        ("heading", 2, "", "Notes"),
        ("paragraph", 0, "", "Say it slowly."),
        ("paragraph", 0, "", "Then pause."),
        ("heading", 1, "", "Slide 2"),
        ("paragraph", 0, "", "upper"),
        ("paragraph", 0, "", "lower"),
    ]
    assert [(a.kind, a.label) for a in parsed.anchors] == [("slide", "1"), ("slide", "2")]
    assert parsed.text[parsed.anchors[1].start : parsed.anchors[1].end].split() == ["Slide", "2", "upper", "lower"]


def test_bold_lines_of_slides_are_headings_and_title_a_slide_that_has_none() -> None:
    deck = _deck()
    for name in ("First part", "Second part"):
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        frame = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(3), Inches(1)).text_frame
        for at, text in enumerate((name, "Some words.", "Below")):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text, run.font.bold = text, at != 1
    assert [b[:2] + b[3:] for b in _blocks(_slides(deck))] == [
        ("heading", 1, "First part"),
        ("paragraph", 0, "Some words."),
        ("heading", 2, "Below"),
        ("heading", 1, "Second part"),
        ("paragraph", 0, "Some words."),
        ("heading", 2, "Below"),
    ]


def test_slides_tables_charts_and_numbered_paragraphs() -> None:
    deck = _deck()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for at, text in enumerate(("Service", "Port", "api", "80")):
        table.cell(at // 2, at % 2).text = text
    data = CategoryChartData()
    data.categories = ["2024", "2025"]
    data.add_series("Cost", (1.5, 2))
    slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, Inches(1), Inches(3), Inches(4), Inches(2), data)
    box = slide.shapes.add_textbox(Inches(1), Inches(6), Inches(3), Inches(1)).text_frame
    for at, text in enumerate(("Stop", "Copy")):
        paragraph = box.paragraphs[0] if at == 0 else box.add_paragraph()
        paragraph.text = text
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            properties.makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum", {})
        )
    assert [b[3] for b in _blocks(_slides(deck))] == [
        "Slide 1",
        "| Service | Port |",
        "| api | 80 |",
        "|  | Cost |",
        "| 2024 | 1.5 |",
        "| 2025 | 2 |",
        "1. Stop",
        "2. Copy",
    ]


def test_the_package_decides_what_a_file_is_not_its_name() -> None:
    data = _docx(lambda document: document.add_heading("A document", 1) and None)
    assert parse(data, "deck.pptx").text == "A document"


def test_damaged_content_is_broken_and_says_what_to_do() -> None:
    data = _docx(lambda document: document.add_paragraph("x") and None)
    damaged = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, part[:200] if name == "word/document.xml" else part)
    with pytest.raises(SourceError, match=r"^a.docx: .* Open it in an Office program") as caught:
        parse(damaged.getvalue(), "a.docx")
    assert caught.value.outcome == "broken"
