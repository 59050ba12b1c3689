"""What the page shows of a document: its HTML with the cited characters marked, and what a reader has to know of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from corpus.documents import Document, Span
from corpus.errors import NotFound
from corpus.outline import line_starts, place_of, section_path
from ingest.store.documents import Card
from ingest.store.store import Store
from service.access.shelf import ReadableShelf
from service.standing.lineage import Lineage
from service.standing.tier import tier_of
from service.web.document_page import document_html
from service.web.pdf_page import page_png


class DocumentView(BaseModel):
    """A document at a revision.

    current_revision  today's; "" where the document left its source
    place, section    of the cited span; empty without one
    page              number of the page that can be shown as an image; None where there is none
    html              safe HTML of the whole text, the cited span inside `<mark>`
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    kind: str
    status: str
    tier: str
    modified_at: str
    commit: str
    revision: str
    current_revision: str
    superseded_by: tuple[str, ...]
    section: tuple[str, ...]
    place: str
    page: int | None
    html: str


def document_view(shelf: ReadableShelf, name: str, revision: str, span: Span | None) -> DocumentView:
    """The view. Raises `NotFound`."""
    card = shelf.card(name)
    document = Lineage(shelf.store).settled(shelf.read(name, revision), shelf.access)
    span = _inside(document, span)
    starts = line_starts(document.text)
    return DocumentView(
        id=card.id,
        title=document.title,
        kind=document.kind,
        status=document.parsed.metadata.status,
        tier=tier_of(document),
        modified_at=document.modified_at,
        commit=document.commit,
        revision=document.revision,
        current_revision=card.revision if card.present else "",
        superseded_by=document.parsed.metadata.superseded_by,
        section=section_path(document, span.start) if span else (),
        place=place_of(document.parsed.anchors, starts, span.start, span.end) if span else "",
        page=_page(shelf.store, card, document, span),
        html=document_html(document, [span] if span else []),
    )


def cited_page(shelf: ReadableShelf, name: str, revision: str, span: Span) -> bytes:
    """The PDF page that the span begins on, as a PNG with the span's boxes. Raises `NotFound`."""
    card, document = shelf.card(name), shelf.read(name, revision)
    page = _page(shelf.store, card, document, span)
    if page is None:
        raise NotFound("no page to show", item=name, next_step="Read its text instead")
    boxes = [a for a in document.parsed.anchors if a.label == str(page) and a.start < span.end and a.end > span.start]
    return page_png(_file(shelf.store, card), page, boxes)


def _inside(document: Document, span: Span | None) -> Span | None:
    """The span where it lies in the text; None where it does not."""
    return span if span and 0 <= span.start < span.end <= len(document.text) else None


def _page(store: Store, card: Card, document: Document, span: Span | None) -> int | None:
    """The page to show: of a PDF that still is the file that was ingested."""
    if not card.path.lower().endswith(".pdf") or document.revision != card.revision or not card.present:
        return None
    at = span.start if span else 0
    pages = (a.label for a in document.parsed.anchors if a.kind == "page" and a.end > at)
    page = next(pages, "")
    return int(page) if page.isdigit() and _unchanged(store, card) else None


def _unchanged(store: Store, card: Card) -> bool:
    """Whether the file has the bytes that were ingested."""
    entry = store.ledger.entries(card.source).get(card.path)
    try:
        return entry is not None and hashlib.sha256(_file(store, card).read_bytes()).hexdigest() == entry.sha256
    except OSError:
        return False


def _file(store: Store, card: Card) -> Path:
    """Where the document's file lies. Raises `NotFound` where it would lie outside its source."""
    root = Path(store.ledger.source(card.source).root).resolve()
    file = (root / card.path).resolve() if root.is_dir() else root
    if not file.is_relative_to(root):
        raise NotFound("no page to show", item=card.id, next_step="Read its text instead")
    return file
