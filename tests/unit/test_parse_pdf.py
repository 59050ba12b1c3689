"""PDF: structure from positions and fonts, on pages set here by hand."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from corpus.documents import Parsed
from corpus.errors import SourceError
from ingest.parse.pdf import parse

FONTS = {"R": "Helvetica", "B": "Helvetica-Bold", "M": "Courier"}


@dataclass(frozen=True)
class Show:
    """Text at a place: points from the left and from the top of a page of 612 x 792."""

    x: float
    top: float
    text: str
    font: str = "R"
    size: float = 10
    white: bool = False
    mode: int = 0


@dataclass(frozen=True)
class Rule:
    """A line between two points, from the left and the top."""

    x0: float
    y0: float
    x1: float
    y1: float


def make_pdf(*pages: Sequence[Show | Rule], info: str = "") -> bytes:
    """A PDF file with these pages, of the standard fonts, without compression."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    fonts = " ".join(f"/{key} {len(objects) + at} 0 R" for at, key in enumerate(FONTS, start=1))
    objects += [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>" for name in FONTS.values()
    ]
    kids = []
    for page in pages:
        stream = "\n".join(_operator(piece) for piece in page)
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << {fonts} >> >> "
            f"/Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    objects.append(f"<< {info} >>")
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252"))
    start = out.tell()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def _operator(piece: Show | Rule) -> str:
    if isinstance(piece, Rule):
        return f"0.5 w {piece.x0} {792 - piece.y0} m {piece.x1} {792 - piece.y1} l S"
    text = piece.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    color = "1 g " if piece.white else "0 g "
    place = f"{piece.x} {792 - piece.top - piece.size} Td"
    return f"BT {piece.mode} Tr {color}/{piece.font} {piece.size} Tf {place} ({text}) Tj ET"


def _lines(x: float, top: float, *texts: str, font: str = "R", size: float = 10, lead: float = 12) -> list[Show | Rule]:
    return [Show(x, top + at * lead, text, font, size) for at, text in enumerate(texts)]


def _blocks(parsed: Parsed) -> list[tuple[str, int, str, str]]:
    return [(b.kind, b.depth, b.label, parsed.text[b.start : b.end]) for b in parsed.blocks]


PROSE = (
    "The order service takes an order and puts it into the queue, from which the pay-",
    "ment service takes it within two seconds; a read-only copy is kept for reports, and",
    "the copy is rebuilt at night from the journal that both services write together.",
)


def test_headings_paragraphs_and_divided_words() -> None:
    parsed = parse(
        make_pdf(
            [
                Show(72, 60, "Order Flow", "B", 20),
                Show(72, 100, "Overview", "B", 14),
                *_lines(72, 124, *PROSE),
                Show(72, 180, "Limits", "B"),
                *_lines(
                    72, 200, "A read-", "only copy is late by at most a minute, as the report of last year has shown."
                ),
            ]
        ),
        "a.pdf",
    )
    assert _blocks(parsed) == [
        ("heading", 1, "", "Order Flow"),
        ("heading", 2, "", "Overview"),
        (
            "paragraph",
            0,
            "",
            "The order service takes an order and puts it into the queue, from which the payment service takes it"
            " within two seconds; a read-only copy is kept for reports, and the copy is rebuilt at night from the"
            " journal that both services write together.",
        ),
        ("heading", 3, "", "Limits"),
        ("paragraph", 0, "", "A read-only copy is late by at most a minute, as the report of last year has shown."),
    ]
    assert parsed.metadata.title == "Order Flow"


def test_every_block_is_anchored_to_its_page_and_box() -> None:
    parsed = parse(make_pdf(_lines(72, 100, *PROSE), [Show(72, 300, "Second page.")]), "a.pdf")
    first, second = parsed.anchors
    assert (first.kind, first.label, second.label) == ("page", "1", "2")
    assert parsed.text[second.start : second.end] == "Second page."
    assert first.box is not None
    assert first.box[0] == pytest.approx(72, abs=1)
    assert first.box[1] == pytest.approx(100, abs=4)
    assert first.box[3] == pytest.approx(136, abs=4)


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"left column line {n} goes on for a while" for n in range(12)]
    right = [f"right column line {n} goes on for a while" for n in range(12)]
    page = [
        Show(72, 60, "A Title That Is Set Across Both Of The Columns Here", "B", 18),
        *_lines(72, 100, *left),
        *_lines(320, 100, *right),
        Show(
            72, 260, "And one more line of text that runs over the whole width of the page, as a footnote does, below."
        ),
    ]
    text = parse(make_pdf(page), "a.pdf").text
    order = [text.index(s) for s in ("A Title", "left column line 0", "left column line 11", "right column line 0")]
    assert order == sorted(order)
    assert text.index("right column line 11") < text.index("And one more")


def test_lists_keep_markers_nesting_and_continuation_lines() -> None:
    page = [
        *_lines(72, 80, "Do the following steps in this order, and do not leave any of them out, whatever happens:"),
        *_lines(84, 100, "1. Stop the service and wait until the queue is empty, which takes a minute or", "   two."),
        *_lines(100, 124, "• look at the queue", "• look at the log"),
        *_lines(84, 148, "2. Copy the files."),
        *_lines(72, 172, "After that, start it again."),
    ]
    kinds = _blocks(parse(make_pdf(page), "a.pdf"))
    assert [(k, d, m) for k, d, m, _ in kinds] == [
        ("paragraph", 0, ""),
        ("item", 1, "1."),
        ("item", 2, "-"),
        ("item", 2, "-"),
        ("item", 1, "2."),
        ("paragraph", 0, ""),
    ]
    assert kinds[1][3] == "1. Stop the service and wait until the queue is empty, which takes a minute or two."


def test_a_ruled_table_becomes_rows() -> None:
    rules = [Rule(72, y, 372, y) for y in (100, 120, 140, 160)] + [Rule(x, 100, x, 160) for x in (72, 172, 372)]
    cells = [
        *_lines(76, 104, "Service", "api", "queue", lead=20),
        *_lines(176, 104, "Port", "8080", "5672", lead=20),
    ]
    rows = [b for b in _blocks(parse(make_pdf([*rules, *cells]), "a.pdf")) if b[0] == "row"]
    assert rows == [
        ("row", 0, "header", "| Service | Port |"),
        ("row", 0, "", "| api | 8080 |"),
        ("row", 0, "", "| queue | 5672 |"),
    ]


def test_a_table_with_three_rules_and_wrapped_cells_becomes_rows() -> None:
    rules = [Rule(72, y, 540, y) for y in (100, 116, 170)]
    cells = [
        *_lines(74, 102, "Fault", font="B"),
        *_lines(250, 102, "What to do", font="B"),
        *_lines(74, 118, "Disk full"),
        *_lines(250, 118, "Remove old snapshots and tell the owner of the volume who", "has to order another one"),
        *_lines(74, 142, "No lease"),
        *_lines(250, 142, "Restart the leader"),
    ]
    intro = _lines(72, 60, "These are the faults that we know of, with what is to be done for each of them when seen.")
    rows = [b[3] for b in _blocks(parse(make_pdf([*intro, *rules, *cells]), "a.pdf")) if b[0] == "row"]
    assert rows == [
        "| Fault | What to do |",
        "| Disk full | Remove old snapshots and tell the owner of the volume who has to order another one |",
        "| No lease | Restart the leader |",
    ]


def test_a_table_over_a_page_break_is_one_table_with_one_header() -> None:
    def part(names: Sequence[str]) -> list[Show | Rule]:
        bottom = 120 + 20 * len(names)
        rules = [Rule(72, y, 372, y) for y in range(100, bottom + 1, 20)]
        rules += [Rule(x, 100, x, bottom) for x in (72, 172, 372)]
        left = _lines(76, 104, "Service", *names, lead=20)
        return [*rules, *left, *_lines(176, 104, "Port", *(f"port {n}" for n in names), lead=20)]

    parsed = parse(make_pdf(part(["api", "queue"]), part(["mail"])), "a.pdf")
    assert [b[3] for b in _blocks(parsed)] == [
        "| Service | Port |",
        "| api | port api |",
        "| queue | port queue |",
        "| mail | port mail |",
    ]
    assert len({b.group for b in parsed.blocks}) == 1
    assert [a.label for a in parsed.anchors] == ["1", "1", "1", "2"]


def test_code_keeps_its_lines_and_indentation() -> None:
    page = [
        *_lines(72, 80, *PROSE),
        *_lines(72, 130, "def stop(queue):", font="M"),
        *_lines(96, 142, "queue.close()  # now", font="M"),
        *_lines(72, 170, "Then run it with stop(queue) as shown above, and wait until it says that it is done."),
    ]
    code = [b[3] for b in _blocks(parse(make_pdf(page), "a.pdf")) if b[0] == "code"]
    assert code == ["```\ndef stop(queue):\n    queue.close()  # now\n```"]


def test_running_heads_and_page_numbers_are_dropped() -> None:
    pages = [
        [
            Show(72, 30, f"Order Service Handbook | page {n}", size=8),
            *_lines(72, 140, f"Text of page {n} is different from all the others that are in this document."),
            Show(300, 760, str(n)),
        ]
        for n in range(1, 6)
    ]
    parsed = parse(make_pdf(*pages), "a.pdf")
    assert "Handbook" not in parsed.text
    assert [b[3][:14] for b in _blocks(parsed)] == [f"Text of page {n}" for n in range(1, 6)]


def test_a_list_of_contents_is_dropped() -> None:
    names = ("Summary", "Scope", "Order flow", "Failure modes", "Costs", "Outlook")
    contents = [Show(72, 100, "Contents", "B", 16)]
    contents += [Show(72, 130 + 14 * at, f"{name} {1 + at // 2}") for at, name in enumerate(names)]
    pages = [
        [Show(72, 130, f"{name} of the order service, as it was found in the year of the report.")] for name in names
    ]
    text = parse(make_pdf(contents, *pages), "a.pdf").text
    assert "Failure modes 2" not in text
    assert text.startswith("Contents\n\nSummary of the order service")


def test_a_page_is_never_emptied_of_what_it_shares_with_others() -> None:
    pages = [[Show(72, 40, f"Slide {n} of the talk"), Show(300, 760, str(n))] for n in range(1, 5)]
    text = parse(make_pdf(*pages), "a.pdf").text
    assert [line for line in text.split("\n") if line] == [f"Slide {n} of the talk" for n in range(1, 5)]


def test_a_paragraph_over_a_page_break_is_one_block_on_two_pages() -> None:
    one, two = "The journal is written by both services and it is read by the reporting", "service at night, once."
    parsed = parse(make_pdf(_lines(72, 700, one), _lines(72, 60, two)), "a.pdf")
    assert _blocks(parsed) == [("paragraph", 0, "", f"{one} {two}")]
    assert [(a.label, parsed.text[a.start : a.end].strip()) for a in parsed.anchors] == [("1", one), ("2", two)]


def test_white_text_tiny_text_and_text_off_the_page_are_left_out() -> None:
    page = [
        *_lines(72, 100, *PROSE),
        Show(72, 200, "white secret", white=True),
        Show(72, 220, "tiny secret", size=1),
        Show(900, 240, "far secret"),
        Show(72, 260, "undrawn secret", mode=3),
        Show(72, 280, "Drawn again."),
    ]
    text = parse(make_pdf(page), "a.pdf").text
    assert "secret" not in text
    assert "Drawn again." in text


def test_undrawn_text_over_a_picture_is_what_a_scanner_recognised() -> None:
    image = "q 600 0 0 700 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID € EI Q"
    page = make_pdf([Show(72, 200, "recognised words", mode=3)])
    start = page.index(b"stream\n") + 7
    length = int(page[page.rindex(b"/Length ", 0, start) + 8 :].split()[0])
    scan = page[:start] + image.encode("cp1252") + b"\n" + page[start:]
    scan = scan.replace(b"/Length %d " % length, b"/Length %d " % (length + len(image) + 1))
    assert parse(scan, "scan.pdf").text == "recognised words"


def test_metadata_comes_from_the_file() -> None:
    info = "/Title (Order Service) /Author (Ann) /ModDate (D:20260203040506Z)"
    meta = parse(make_pdf([Show(72, 72, "Some words.")], info=info), "a.pdf").metadata
    assert (meta.title, meta.owner, meta.date) == ("Order Service", "Ann", "2026-02-03")


def _encrypted(password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf([Show(72, 72, "Some words.")]))))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_password_is_refused_and_an_empty_one_is_not() -> None:
    assert parse(_encrypted(""), "a.pdf").text == "Some words."
    with pytest.raises(SourceError) as caught:
        parse(_encrypted("geheim"), "a.pdf")
    assert caught.value.outcome == "encrypted"


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (b"", "empty"),
        (b"hello", "binary"),
        (b"%PDF-1.7\nnothing else", "broken"),
        (make_pdf([Rule(72, 72, 100, 100)]), "empty"),
        (make_pdf([Show(72, 72, "Some words.")])[:500], "broken"),
    ],
)
def test_files_without_text_say_why(data: bytes, outcome: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(data, "a.pdf")
    assert caught.value.outcome == outcome
    assert "a.pdf" in str(caught.value)


def test_a_scan_says_that_it_needs_ocr() -> None:
    image = make_pdf([]).replace(
        b"/Length 0 >>\nstream\n\nendstream",
        b"/Length 70 >>\nstream\nq 600 0 0 700 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80 EI Q\nendstream",
    )
    with pytest.raises(SourceError, match="OCR") as caught:
        parse(image, "scan.pdf")
    assert caught.value.outcome == "empty"
