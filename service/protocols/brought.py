"""The text that the reader brought along -> a document, read by the same parsers as the library's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import PurePosixPath

from corpus.documents import Document, revision_of
from corpus.errors import SourceError, UsageError
from corpus.outline import heading_title
from ingest.parse.registry import inner_name, parse_file
from ingest.sandbox import GUARDED, parse_guarded
from service.protocols.report import OWN_TEXT
from service.protocols.request import Brought


def document_of(brought: Brought, caller: frozenset[str]) -> Document:
    """The document, which its reader alone may read. Raises `UsageError` where it cannot become one."""
    data = brought.content or brought.text.encode("utf-8", "replace")
    name = brought.name or "text.md"
    try:
        named = PurePosixPath(inner_name(name)[0]).suffix[1:].lower() in GUARDED
        guarded = named or data.startswith((b"%PDF", b"PK\x03\x04"))
        parsed = parse_guarded(data, name) if guarded else parse_file(data, name)
    except SourceError as error:
        raise UsageError(error.what, item=name, next_step=error.next_step or "Give a text that can be read") from error
    said = parsed.metadata
    first = next((b for b in parsed.blocks if b.kind == "heading"), None)
    title = said.title or (heading_title(parsed.text[first.start : first.end]) if first else "")
    return Document(
        id=name,
        source=OWN_TEXT,
        path=name,
        parsed=parsed,
        title=title or PurePosixPath(name).name,
        kind=said.kind or "other",
        access=caller,
        modified_at=said.date or datetime.now(UTC).date().isoformat(),
        revision=revision_of(parsed.text),
    )
