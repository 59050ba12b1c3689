"""What an Office file is, found before any library opens it.

Office files are ZIP packages of XML. Here the container is looked at from outside: encrypted ones (they are OLE
containers), other file types under an Office name, archives that unpack to far more than a document can be, and XML
that declares entities are told apart and refused with their own outcome.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Literal

from corpus.errors import SourceError

PackageKind = Literal["docx", "pptx", "xlsx"]

MOST_UNPACKED = 400 * 1024 * 1024
MOST_ENTRIES = 20_000
HIGHEST_RATIO = 150
_RATIO_FROM = 20 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN_TYPES: tuple[tuple[bytes, PackageKind], ...] = (
    (b"wordprocessingml.", "docx"),
    (b"ms-word.", "docx"),
    (b"presentationml.", "pptx"),
    (b"ms-powerpoint.", "pptx"),
    (b"spreadsheetml.", "xlsx"),
    (b"ms-excel.", "xlsx"),
)


def package_kind(data: bytes, name: str) -> PackageKind:
    """Which Office format the bytes hold. Raises `SourceError`: empty, encrypted, binary, broken, bomb, unsupported."""
    if not data.strip(b"\0 \t\r\n"):
        raise SourceError("the file is empty", outcome="empty", item=name, next_step="Remove it or exclude it")
    if data.startswith(_OLE):
        _refuse_ole(data, name)
    if data[:2] != b"PK":
        raise SourceError(
            "not an Office file, whatever its name says",
            outcome="binary",
            item=name,
            next_step="Give it its true extension or exclude it",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _kind_of(archive, len(data), name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        raise SourceError(
            f"the archive is damaged ({error})", outcome="broken", item=name, next_step="Restore it or save it again"
        ) from error


def _refuse_ole(data: bytes, name: str) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise SourceError(
            "protected by a password", outcome="encrypted", item=name, next_step="Save a copy without the password"
        )
    raise SourceError(
        "an Office format from before 2007", outcome="unsupported", item=name, next_step="Save it as DOCX, PPTX or XLSX"
    )


def _kind_of(archive: zipfile.ZipFile, packed: int, name: str) -> PackageKind:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED
        or (unpacked > _RATIO_FROM and unpacked > HIGHEST_RATIO * packed)
    ):
        raise SourceError(
            f"unpacks to {unpacked / 1e6:.0f} MB in {len(entries)} parts from {packed / 1e6:.1f} MB",
            outcome="bomb",
            item=name,
            next_step="Exclude it unless you know why it is so large",
        )
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")) and _declares_entities(archive.read(entry)):
            raise SourceError(
                f"its part {entry.filename} declares XML entities",
                outcome="bomb",
                item=name,
                next_step="Exclude it: no Office program writes such a file",
            )
    if "[Content_Types].xml" not in archive.namelist():
        raise SourceError("a ZIP archive, not an Office file", outcome="binary", item=name, next_step="Exclude it")
    return _main_kind(archive.read("[Content_Types].xml"), name)


def _declares_entities(part: bytes) -> bool:
    if part[:2] in (b"\xff\xfe", b"\xfe\xff") or part[1:2] == b"\0" or part[:1] == b"\0":
        part = part.replace(b"\0", b"")
    return b"<!DOCTYPE" in part or b"<!ENTITY" in part


def _main_kind(content_types: bytes, name: str) -> PackageKind:
    for mark, kind in _MAIN_TYPES:
        at = content_types.find(mark)
        if at >= 0 and b".main+xml" in content_types[at:]:
            return kind
    raise SourceError(
        "a package without a document, slides or sheets", outcome="unsupported", item=name, next_step="Exclude it"
    )
