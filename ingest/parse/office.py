"""DOCX, PPTX and XLSX files. Which of them a file is, its package says, not its name."""

from __future__ import annotations

from corpus.documents import Metadata, Parsed
from corpus.errors import SourceError
from ingest.parse.extracted.extraction import Extraction, one_line
from ingest.parse.ooxml.package import PackageKind, package_kind


def parse(data: bytes, name: str) -> Parsed:
    """The document as text and blocks. Raises `SourceError` (see `package_kind`; `broken`, `empty`)."""
    kind = package_kind(data, name)
    try:
        out, metadata = _read(kind, data)
    except MemoryError:
        raise
    except Exception as error:  # three vendor libraries on damaged XML: there is no list of what they raise
        raise SourceError(
            f"its content cannot be read ({one_line(str(error))[:120] or type(error).__name__})",
            outcome="broken",
            item=name,
            next_step="Open it in an Office program and save it again",
        ) from error
    return out.parsed(metadata, item=name, empty_because="no text that a reader of the document would see")


def _read(kind: PackageKind, data: bytes) -> tuple[Extraction, Metadata]:
    if kind == "docx":
        from ingest.parse.ooxml.word import read_word

        return read_word(data)
    if kind == "pptx":
        from ingest.parse.ooxml.slides import read_slides

        return read_slides(data)
    from ingest.parse.ooxml.workbook import read_workbook

    return read_workbook(data)
