"""Files that are damaged, disguised, locked or made to do harm: each ends in its own outcome, and costs itself only."""

from __future__ import annotations

import io
import os
import random
import signal
import struct
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator

import docx
import msoffcrypto
import openpyxl
import pptx
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from corpus.documents import Parsed
from corpus.errors import SourceError
from ingest import sandbox
from ingest.parse.registry import parse_file
from ingest.sandbox import parse_guarded

WORDS = "Restart the leader when the queue is full."


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph(WORDS)
    return _saved(document.save)


def _pptx() -> bytes:
    deck = pptx.Presentation()
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = WORDS
    return _saved(deck.save)


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Fault", WORDS])
    return _saved(book.save)


def _pdf(content: bytes = b"BT /F 12 Tf 72 700 Td (" + WORDS.encode() + b") Tj ET", filters: bytes = b"") -> bytes:
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type/Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R /Resources << /Font << /F 3 0 R >> >> >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filters, content),
    ]
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


def _repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, changed.pop(name, source.read(name)))
        for name, part in changed.items():
            target.writestr(name, part)
    return out.getvalue()


def _merged_without_end() -> bytes:
    """A workbook of a few kilobytes whose one merged range has 17 billion cells: opening it never ends."""
    data = _xlsx()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    merge = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return _repacked(data, {"xl/worksheets/sheet1.xml": sheet.replace(b"</sheetData>", b"</sheetData>" + merge)})


FORMATS = {"a.docx": _docx, "a.pptx": _pptx, "a.xlsx": _xlsx, "a.pdf": _pdf}


def _outcome(data: bytes, name: str, parse: Callable[[bytes, str], Parsed] = parse_file) -> str:
    try:
        parse(data, name)
    except SourceError as error:
        return error.outcome if name in str(error) and error.next_step else "without item or next step"
    return "indexed"


@pytest.fixture
def _fresh_worker() -> Iterator[None]:
    sandbox._stop()
    yield
    sandbox._stop()


@pytest.mark.parametrize("name", FORMATS)
def test_the_files_are_sound_before_they_are_harmed(name: str) -> None:
    assert WORDS in parse_file(FORMATS[name](), name).text


@pytest.mark.parametrize("name", FORMATS)
def test_damage_anywhere_gives_text_or_an_outcome(name: str) -> None:
    data, chance = FORMATS[name](), random.Random(7)
    for _ in range(25):
        cut = data[: chance.randrange(len(data))]
        assert _outcome(cut, name) in {"broken", "empty", "indexed", "binary"}
        at = chance.randrange(len(data) - 8)
        flipped = data[:at] + chance.randbytes(8) + data[at + 8 :]
        assert _outcome(flipped, name) in {"broken", "empty", "indexed", "binary", "unsupported", "bomb"}


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx"])
def test_a_zip_bomb_is_seen_before_it_is_unpacked(name: str) -> None:
    bomb = _repacked(FORMATS[name](), {"word/media/image1.xml": bytes(80_000_000)})
    started = time.perf_counter()
    assert _outcome(bomb, name) == "bomb"
    assert time.perf_counter() - started < 1


def test_an_archive_that_lies_about_its_size_is_broken() -> None:
    data = bytearray(_repacked(_docx(), {"word/big.xml": bytes(30_000_000)}))
    true_size = struct.pack("<I", 30_000_000)
    for _ in range(data.count(true_size)):
        at = data.find(true_size)
        data[at : at + 4] = struct.pack("<I", 1000)
    assert _outcome(bytes(data), "a.docx") == "broken"


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declaration", [ENTITIES, OUTSIDE])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    ("name", "part"),
    [("a.docx", "word/document.xml"), ("a.pptx", "ppt/slides/slide1.xml"), ("a.xlsx", "xl/workbook.xml")],
)
def test_entities_in_a_package_are_refused(name: str, part: str, encoding: str, declaration: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?>{declaration}<x>&a;</x>'.encode(encoding)
    assert _outcome(_repacked(FORMATS[name](), {part: body}), name) == "bomb"


def test_entities_in_a_page_expand_to_nothing() -> None:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    page = f'<!DOCTYPE html [<!ENTITY a0 "laugh">{laughs}]><p>{WORDS}</p><p>&a11;</p>'
    assert len(parse_file(page.encode(), "a.html").text) < 3000


@pytest.mark.parametrize("name", ["a.docx", "a.pptx", "a.xlsx"])
def test_a_password_is_told_from_damage(name: str) -> None:
    locked = _saved(lambda out: OOXMLFile(io.BytesIO(FORMATS[name]())).encrypt("geheim", out))
    assert msoffcrypto.OfficeFile(io.BytesIO(locked)).is_encrypted()
    assert _outcome(locked, name) == "encrypted"


@pytest.mark.parametrize(
    ("data", "name", "outcome"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "a.docx", "unsupported"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "a.docx", "binary"),
        (b"\x7fELF" + bytes(range(256)) * 9, "a.pdf", "binary"),
        (b"MZ" + bytes(range(256)) * 9, "a.md", "binary"),
        (b"MZ" + bytes(range(256)) * 9, "a.csv", "binary"),
        (b"PK\x05\x06" + bytes(18), "a.docx", "binary"),
        (b"", "a.pdf", "empty"),
        (bytes(5000), "a.pptx", "empty"),
    ],
)
def test_binaries_in_disguise(data: bytes, name: str, outcome: str) -> None:
    assert _outcome(data, name) == outcome


def test_a_pdf_under_another_name_is_read_as_what_it_is() -> None:
    assert WORDS in parse_file(_pdf(), "minutes.docx").text


@pytest.mark.parametrize(
    "page",
    [
        "<style>" + "a" * 1_000_000 + "</style><p>x",
        "<style>" + "/*" * 500_000 + "</style><p>x",
        "<style>" + "@a{" * 300_000 + "</style><p>x",
        "<table><tr><td colspan=999999999 rowspan=999999999>x</table>",
        "<ol start=99999999999999><li value=-99999999999>x</ol>",
        "<p " + "a=1 " * 200_000 + ">x",
        "<!--" * 300_000 + "--><p>x",
    ],
    ids=["long rule", "open comments", "open blocks", "spans", "numbers", "attributes", "comments"],
)
def test_pages_made_to_waste_time_do_not(page: str) -> None:
    started = time.perf_counter()
    assert _outcome(page.encode(), "a.html") in {"indexed", "empty", "broken"}
    assert time.perf_counter() - started < 5


@pytest.mark.usefixtures("_fresh_worker")
class TestGuard:
    """`parse_guarded`: the limits, and that a worker's end is the end of one file only."""

    def test_it_gives_what_the_parser_gives(self) -> None:
        for name, make in FORMATS.items():
            data = make()
            assert parse_guarded(data, name) == parse_file(data, name)
        with pytest.raises(SourceError) as caught:
            parse_guarded(b"", "a.pdf")
        assert caught.value.outcome == "empty"

    def test_one_worker_serves_many_files(self) -> None:
        parse_guarded(b"<p>one", "a.html")
        first = sandbox._WORKERS[0].process.pid
        parse_guarded(b"<p>two", "b.html")
        assert sandbox._WORKERS[0].process.pid == first != os.getpid()

    def test_a_file_over_the_size_limit_is_not_even_sent(self) -> None:
        with pytest.raises(SourceError) as caught:
            parse_guarded(bytes(1_100_000), "a.pdf", largest_mb=1)
        assert caught.value.outcome == "too_large"
        assert not sandbox._WORKERS

    def test_a_file_that_never_ends_times_out_and_the_next_is_read(self) -> None:
        started = time.perf_counter()
        with pytest.raises(SourceError, match="longer than 3 s") as caught:
            parse_guarded(_merged_without_end(), "a.xlsx", seconds=3, memory_mb=65_536)
        assert caught.value.outcome == "timeout"
        assert time.perf_counter() - started < 8
        assert WORDS in parse_guarded(_pdf(), "a.pdf").text

    @pytest.mark.slow
    def test_a_file_that_eats_memory_is_too_large_and_the_next_is_read(self) -> None:
        with pytest.raises(SourceError) as caught:
            parse_guarded(_merged_without_end(), "a.xlsx", seconds=60, memory_mb=400)
        assert caught.value.outcome == "too_large"
        assert WORDS in parse_guarded(_pdf(), "a.pdf", memory_mb=400).text

    @pytest.mark.slow
    def test_a_crash_ends_one_file(self) -> None:
        parse_guarded(b"<p>warm", "a.html", memory_mb=65_536)
        victim = sandbox._WORKERS[0].process.pid
        threading.Timer(1.0, os.kill, (victim, signal.SIGSEGV)).start()
        with pytest.raises(SourceError, match="SIGSEGV") as caught:
            parse_guarded(_merged_without_end(), "a.xlsx", seconds=30, memory_mb=65_536)
        assert caught.value.outcome == "broken"
        assert WORDS in parse_guarded(_pdf(), "a.pdf").text

    def test_a_worker_that_died_idle_is_replaced_unseen(self) -> None:
        parse_guarded(b"<p>one", "a.html")
        worker = sandbox._WORKERS[0].process
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        assert parse_guarded(b"<p>two", "b.html").text == "two"

    @pytest.mark.slow
    @pytest.mark.parametrize("filters", [b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]"])
    def test_a_pdf_stream_that_unpacks_without_measure_is_stopped(self, filters: bytes) -> None:
        content = zlib.compress(b"BT ET " * 60_000_000, 9)
        if b"[" in filters:
            content = zlib.compress(content, 9)
        with pytest.raises(SourceError) as caught:
            parse_guarded(_pdf(content, filters), "a.pdf", seconds=5, memory_mb=600)
        assert caught.value.outcome in {"timeout", "too_large", "empty", "broken"}
