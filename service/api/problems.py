"""Errors as RFC 9457 problems: one table over the error tree.

What a caller did wrong is told with the item it is about; of what is wrong on our side the caller learns what and
what to do, not where our files lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from corpus.errors import (
    AccessError,
    AetherError,
    Clash,
    EncoderError,
    IndexFailure,
    ModelFailure,
    NotAllowed,
    NotFound,
    Overloaded,
    SourceError,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreMissing,
    StoreVersionError,
    UnknownCaller,
    UsageError,
)

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong, as in RFC 9457. `type` names it for programs; `faults` are those of a request's fields."""

    type: str
    title: str
    status: int
    detail: str
    faults: list[dict[str, str]] | None = None


PROBLEM: dict[int | str, dict[str, Any]] = {
    "default": {"description": "A problem", "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}}}
}
"""How every path may end, for its description."""


@dataclass(frozen=True, slots=True)
class Row:
    """How an error is told: HTTP status, the last part of its type, its title, seconds to wait before another try."""

    status: int
    name: str
    title: str
    retry: int = 0


TABLE: dict[type[AetherError], Row] = {
    UsageError: Row(400, "usage", "The request cannot be carried out as it is"),
    AccessError: Row(403, "access", "The access set is empty or malformed"),
    UnknownCaller: Row(401, "unknown-caller", "A bearer token is needed"),
    NotAllowed: Row(403, "not-allowed", "Your role does not reach so far"),
    Clash: Row(409, "clash", "The request contradicts an earlier one"),
    Overloaded: Row(429, "overloaded", "More is asked than can wait", 1),
    NotFound: Row(404, "not-found", "There is no such thing that you may read"),
    SourceError: Row(422, "source", "A file cannot become a document"),
    StoreMissing: Row(503, "store-missing", "There is no store yet", 60),
    StoreBusy: Row(503, "store-busy", "Another process holds the store", 5),
    StoreDamaged: Row(503, "store-damaged", "The store or its index is damaged", 60),
    StoreVersionError: Row(503, "store-version", "The store was written by a newer Aether", 60),
    StoreError: Row(503, "store", "The store cannot be used", 60),
    IndexFailure: Row(503, "index", "The search index failed", 5),
    EncoderError: Row(503, "encoder", "The encoder cannot be used", 60),
    ModelFailure: Row(503, "model", "The language model cannot be used", 30),
    AetherError: Row(500, "error", "Something went wrong"),
}
"""By class; an error that is not listed is told as the nearest class above it."""


def row_of(kind: type[AetherError]) -> Row:
    """The row of an error's class."""
    return next(TABLE[above] for above in kind.__mro__ if above in TABLE)


def kind_of(name: str) -> type[AetherError]:
    """The class of a problem's type, as another process was told it."""
    return next((kind for kind, row in TABLE.items() if name == f"urn:aether:problem:{row.name}"), AetherError)


def add_problems(app: FastAPI) -> None:
    """Make the app tell every error as a problem."""
    app.add_exception_handler(AetherError, _told)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _unforeseen)


def _problem(
    row: Row,
    detail: str,
    *,
    headers: Mapping[str, str] = MappingProxyType({}),
    more: Mapping[str, object] = MappingProxyType({}),
) -> JSONResponse:
    body = {"type": f"urn:aether:problem:{row.name}", "title": row.title, "status": row.status, "detail": detail}
    wait = {"Retry-After": str(row.retry)} if row.retry else {}
    return JSONResponse({**body, **more}, row.status, headers={**wait, **headers}, media_type=MEDIA_TYPE)


def said(error: AetherError) -> str:
    """An error in one line for a caller: the item only where it is the caller's own."""
    if row_of(type(error)).status < 500:
        return str(error)
    return ". ".join(part for part in (error.what, error.next_step) if part)


def told(error: AetherError) -> JSONResponse:
    """An error of the tree as a problem."""
    row, what = row_of(type(error)), said(error)
    if isinstance(error, UnknownCaller):
        return _problem(row, what, headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, Overloaded):
        return _problem(row, what, headers={"Retry-After": str(error.retry)})
    return _problem(row, what)


def unforeseen() -> JSONResponse:
    """A bug, of which the caller learns nothing but that it is one."""
    return _problem(Row(500, "bug", "A bug in Aether"), "The log of the service says more")


def _told(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AetherError)
    return told(error)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [{"at": "/".join(str(part) for part in e["loc"]), "what": str(e["msg"])} for e in error.errors()]
    detail = "; ".join(f"{fault['at']}: {fault['what']}" for fault in faults)
    return _problem(Row(422, "invalid", "The request is not as its schema says"), detail, more={"faults": faults})


def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    row = Row(error.status_code, f"http-{error.status_code}", str(error.detail))
    return _problem(row, str(error.detail), headers=error.headers or {})


def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    return unforeseen()
