"""The web page: its files, documents as it shows them, pages of PDF as images, and the nights.

The page itself holds no secret and is served to anyone; what it shows is asked of the service with the caller's key.
Nothing is loaded from elsewhere. A diagram is drawn in a frame of its own, which may style itself and runs nothing but
the installed library.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from corpus.documents import Span
from corpus.errors import NotFound
from service.access.shelf import ReadableShelf
from service.api.callers import Caller, ServiceOf
from service.web.document_view import DocumentView, cited_page, document_view
from service.web.nights import Nights, nights_in

STATIC = Path(__file__).parents[2] / "web" / "static"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self';"
    " frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_FRAME_POLICY = "default-src 'none'; script-src 'nonce-{once}'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_FRAME = (
    '<!doctype html><html lang="en"><title>Diagram</title><body><div id="diagram"></div>'
    '<script nonce="{once}" src="/web/vendor/mermaid.js"></script>'
    '<script nonce="{once}" src="/web/static/frame.js"></script></body></html>'
)
_FRAMED = {"cross-origin-resource-policy": "cross-origin"}
"""A frame without an origin loads the library and the script that draws; neither holds anything of a document."""
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

files = APIRouter(include_in_schema=False)
router = APIRouter(tags=["web page"])
_Name = Annotated[str, Query(min_length=1, max_length=1000)]
_Revision = Annotated[str, Query(max_length=64, pattern=r"^[0-9a-f]*$")]
_Place = Annotated[int, Query(ge=0, le=10**9)]


@files.get("/")
def page() -> FileResponse:
    """The page."""
    return _file("index.html")


@files.get("/web/static/{name}")
def static(name: str) -> FileResponse:
    """A file of the page."""
    return _file(name)


@files.api_route("/web/vendor/mermaid.js", methods=["GET", "HEAD"])
def library(service: ServiceOf) -> FileResponse:
    """The library that draws diagrams, where it is installed."""
    mermaid = service.wiring.settings.mermaid
    if mermaid is None or not mermaid.is_file():
        raise NotFound("mermaid is not installed", next_step="Set AETHER_MERMAID to its file")
    return FileResponse(mermaid, media_type="text/javascript", headers=_FRAMED)


@files.get("/web/mermaid")
def frame() -> HTMLResponse:
    """The frame that a diagram is drawn in."""
    once = secrets.token_urlsafe(16)  # its origin is none, so that no 'self' would admit a script
    policy = _FRAME_POLICY.format(once=once)
    headers = {"content-security-policy": policy, "x-frame-options": "SAMEORIGIN"}
    return HTMLResponse(_FRAME.format(once=once), headers=headers)


@router.get("/web/document")
async def document(
    who: Caller,
    service: ServiceOf,
    http: Request,
    id: _Name,
    revision: _Revision = "",
    start: _Place = 0,
    end: _Place = 0,
) -> DocumentView:
    """A document at a revision as safe HTML, the characters from `start` to `end` marked."""
    span = Span(start, end) if end > start else None
    access = who.access
    shown = await service.desk.run(lambda a: document_view(ReadableShelf(a.store, access), id, revision, span))
    service.audit.note(who, "read", f"{id}@{shown.revision[:12]}", request=http.state.request_id)
    return shown


@router.get("/web/page.png", response_class=Response, responses={200: {"content": {"image/png": {}}}})
async def image(
    who: Caller, service: ServiceOf, id: _Name, revision: _Revision = "", start: _Place = 0, end: _Place = 0
) -> Response:
    """The PDF page that the span begins on, with its lines outlined."""
    access, span = who.access, Span(start, max(start + 1, end))
    drawn = await service.desk.run(lambda a: cited_page(ReadableShelf(a.store, access), id, revision, span))
    return Response(drawn, media_type="image/png")


@router.get("/web/nights")
async def nights(who: Caller, service: ServiceOf) -> Nights:
    """The last nightly evaluations. They quote documents of the evaluated library: for the role editor and above."""
    who.require("editor")
    return nights_in(service.wiring.settings.nights)


def _file(name: str) -> FileResponse:
    """A file of the page; only what lies in its folder is one."""
    found = {path.name: path for path in STATIC.iterdir()}.get(name)
    if found is None:
        raise NotFound("no such file of the page", item=name, next_step="Open /")
    headers = {"content-security-policy": _POLICY, "cache-control": "no-cache"}
    headers |= _FRAMED if name == "frame.js" else {}
    return FileResponse(found, media_type=_TYPES[found.suffix], headers=headers)
