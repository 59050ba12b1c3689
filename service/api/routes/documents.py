"""What is in the library: documents, their revisions and passages. What the caller may not read is not there."""

from __future__ import annotations

import base64
import binascii
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel

from corpus.access import PUBLIC
from corpus.documents import Document, Kind
from corpus.errors import UsageError
from corpus.outline import sections_of
from ingest.store.documents import Card
from service.access.shelf import ReadableShelf
from service.api.callers import Caller, ServiceOf
from service.asker import Asker

router = APIRouter(tags=["library"])
_REVISION = Path(pattern=r"^[0-9a-f]{6,64}$", description="A revision, or its first characters, six at least.")


class DocumentCard(BaseModel):
    """A document without its text. `public`: everyone may read it."""

    id: str
    source: str
    path: str
    title: str
    kind: str
    status: str
    revision: str
    modified_at: str
    commit: str
    public: bool


class DocumentPage(BaseModel):
    """Documents by id. `next` is the cursor of the next page, "" on the last one."""

    items: list[DocumentCard]
    next: str


class DocumentKnown(DocumentCard):
    """A document with the revisions that are kept, in the order they were first seen.

    present  false once the document left its source: its revisions stay readable
    """

    present: bool
    revisions: list[str]


class SectionFound(BaseModel):
    """A stretch under one heading."""

    path: tuple[str, ...]
    start: int
    end: int


class RevisionText(BaseModel):
    """A document as it was. `text` is its canonical text; `start` and `end` of everything are offsets into it.

    hidden  stretches that are no evidence: comments, front matter, navigation
    native  whether the text is the file itself, so that line numbers are those of the file
    """

    id: str
    title: str
    kind: Kind
    revision: str
    modified_at: str
    commit: str
    text: str
    sections: list[SectionFound]
    hidden: list[tuple[int, int]]
    native: bool
    current: bool


class PassageText(BaseModel):
    """A passage of today's revision of its document."""

    id: str
    document: str
    revision: str
    title: str
    section: tuple[str, ...]
    start: int
    end: int
    place: str
    text: str
    ordinal: int


@router.get("/v1/documents")
async def documents(
    who: Caller,
    service: ServiceOf,
    source: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    cursor: Annotated[str, Query(max_length=2000, description="What the last page gave as `next`.")] = "",
) -> DocumentPage:
    """The documents that you may read, by id, a page at a time."""
    after = _after(cursor)

    def listed(asker: Asker) -> DocumentPage:
        shelf = ReadableShelf(asker.store, who.access)
        found = list(islice(shelf.cards(source=source, after=after), limit + 1))
        return DocumentPage(
            items=[DocumentCard.model_validate(_facts(card)) for card in found[:limit]],
            next=_cursor(found[limit - 1].id) if len(found) > limit else "",
        )

    return await service.desk.run(listed)


# `{document:path}`: an id holds slashes. The longer paths come first.
@router.get("/v1/documents/{document:path}/revisions/{revision}")
async def revision(
    who: Caller,
    service: ServiceOf,
    http: Request,
    response: Response,
    document: str,
    revision: Annotated[str, _REVISION],
) -> RevisionText:
    """A document as it was at a revision. A revision never changes, so its ETag is its name."""

    def read(asker: Asker) -> RevisionText:
        shelf = ReadableShelf(asker.store, who.access)
        found = shelf.read(document, revision)
        return _text(found, current=found.revision == shelf.card(document).revision)

    found = await service.desk.run(read)
    service.audit.note(who, "read", f"{document}@{found.revision[:12]}", request=http.state.request_id)
    etag = f'"{found.revision}{"" if found.current else "-past"}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if etag in [one.strip().removeprefix("W/") for one in http.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)  # type: ignore[return-value]
    response.headers.update(headers)
    return found


@router.get("/v1/documents/{document:path}")
async def document(who: Caller, service: ServiceOf, document: str) -> DocumentKnown:
    """A document without its text, and which revisions of it are kept."""

    def known(asker: Asker) -> DocumentKnown:
        card = ReadableShelf(asker.store, who.access).card(document)
        revisions = asker.store.documents.revisions(card.id)
        return DocumentKnown.model_validate({**_facts(card), "present": card.present, "revisions": revisions})

    return await service.desk.run(known)


@router.get("/v1/passages/{passage}")
async def passage(who: Caller, service: ServiceOf, passage: Annotated[str, Path(max_length=64)]) -> PassageText:
    """A passage by its id. An id that no longer exists is of a text that has changed since."""

    def read(asker: Asker) -> PassageText:
        found = ReadableShelf(asker.store, who.access).passage(passage)
        return PassageText(**{name: getattr(found, name) for name in PassageText.model_fields})

    return await service.desk.run(read)


def _facts(card: Card) -> dict[str, object]:
    names = ("id", "source", "path", "title", "kind", "status", "revision", "modified_at", "commit")
    return {name: getattr(card, name) for name in names} | {"public": PUBLIC in card.access}


def _text(found: Document, *, current: bool) -> RevisionText:
    return RevisionText(
        id=found.id,
        title=found.title,
        kind=found.kind,
        revision=found.revision,
        modified_at=found.modified_at,
        commit=found.commit,
        text=found.text,
        sections=[SectionFound(path=s.path, start=s.start, end=s.end) for s in sections_of(found)],
        hidden=[(span.start, span.end) for span in found.parsed.hidden],
        native=found.parsed.native,
        current=current,
    )


def _cursor(document: str) -> str:
    return base64.urlsafe_b64encode(document.encode()).decode()


def _after(cursor: str) -> str:
    try:
        return base64.b64decode(cursor.encode(), b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise UsageError("not a cursor", next_step="Give what the last page gave as next") from error
