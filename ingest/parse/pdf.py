"""PDF: lines and tables of each page, then the structure that runs through all pages.

Pages are read one at a time and let go, so that memory does not grow with the file. pypdf says whether the file is
encrypted and what it says of itself; a file that opens with an empty password is not refused. A file whose pages hold
pictures and no letters is a scan: reading it would need OCR, which is not done here, and that is said.
"""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING

from corpus.documents import Metadata, Parsed
from corpus.errors import SourceError
from ingest.parse.extracted.extraction import one_line
from ingest.parse.layout.page import PageText, read_page
from ingest.parse.layout.structure import structure
from ingest.parse.layout.style import OutlineEntry

if TYPE_CHECKING:
    from pypdf import PdfReader

_DEFAULT_TITLE = re.compile(
    r"(microsoft (word|powerpoint)|untitled|document\d*$|slide \d|.*\.(docx?|pptx?|tex|dvi|qxd|indd)$)", re.I
)


def parse(data: bytes, name: str) -> Parsed:
    """The document as text and blocks. Raises `SourceError`: `empty`, `encrypted`, `broken`, `binary`."""
    if not data.strip(b"\0 \t\r\n"):
        raise SourceError("the file is empty", outcome="empty", item=name, next_step="Remove it or exclude it")
    if b"%PDF-" not in data[:1024]:
        raise SourceError("not a PDF, whatever its name says", outcome="binary", item=name, next_step="Exclude it")
    for noisy in ("pypdf", "pdfminer"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    metadata, outline = _self_description(data, name)
    pages = _read_pages(data, name)
    out = structure(pages, outline)
    scanned = any(page.pictures for page in pages)
    reason = "its pages are pictures without text: scanned pages need OCR" if scanned else "its pages hold no text"
    return out.parsed(metadata, item=name, empty_because=reason)


def _read_pages(data: bytes, name: str) -> list[PageText]:
    import pdfplumber

    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            pages: list[PageText] = []
            for number, page in enumerate(pdf.pages, start=1):
                pages.append(read_page(page, number))
                page.close()
    except MemoryError:
        raise
    except Exception as error:  # pdfminer raises whatever its parsing runs into
        raise _broken(error, name) from error
    if not pages:
        raise SourceError("no pages could be found in it", outcome="broken", item=name, next_step="Save it again")
    return pages


def _self_description(data: bytes, name: str) -> tuple[Metadata, tuple[OutlineEntry, ...]]:
    """Title, author, date and bookmarks. Damage here is no reason to give up the text: then there are none."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
    except DependencyError:
        locked = False
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        return Metadata(), ()
    if locked:
        raise SourceError(
            "protected by a password", outcome="encrypted", item=name, next_step="Save a copy without the password"
        )
    try:
        return _metadata(reader), tuple(_outline(reader))
    except Exception:
        return Metadata(), ()


def _metadata(reader: PdfReader) -> Metadata:
    said = reader.metadata
    if said is None:
        return Metadata()
    title = one_line(said.title or "")
    raw = str(said.get("/ModDate") or said.get("/CreationDate") or "")
    date = re.match(r"(?:D:)?(\d{4})(\d{2})(\d{2})", raw)
    return Metadata(
        title="" if _DEFAULT_TITLE.match(title) else title,
        date="-".join(date.groups()) if date else "",
        owner=one_line(said.author or ""),
    )


def _outline(reader: PdfReader) -> list[OutlineEntry]:
    entries: list[OutlineEntry] = []

    def walk(items: list[object], level: int) -> None:
        for item in items:
            if isinstance(item, list):
                walk(item, level + 1)
                continue
            title = one_line(str(getattr(item, "title", "") or ""))
            page = reader.get_destination_page_number(item)  # type: ignore[arg-type]
            if title and page is not None and len(entries) < 5000:
                entries.append(OutlineEntry(title, page + 1, level))

    walk(list(reader.outline), 1)
    return entries


def _broken(error: Exception, name: str) -> SourceError:
    if "password" in type(error).__name__.lower() or "password" in str(error).lower():
        return SourceError(
            "protected by a password", outcome="encrypted", item=name, next_step="Save a copy without the password"
        )
    reason = one_line(str(error))[:120] or type(error).__name__
    return SourceError(
        f"not readable as PDF ({reason})", outcome="broken", item=name, next_step="Print it to a new PDF file"
    )
