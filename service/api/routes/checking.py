"""What another wrote, and what was answered before: `POST /v1/check` and `POST /v1/verify`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.api.callers import Caller, ServiceOf
from service.api.routes.asking import seen_as
from service.checking.record import Checked, Verified
from service.checking.verify import Saved
from service.desk.service import request_of

router = APIRouter(tags=["checking"])

_TEXT: dict[str, JsonValue] = {"text": "The ledger is restored from the last snapshot.", "sources": ["handbook"]}
_SAVED: dict[str, JsonValue] = {
    "saved": {
        "sentences": [{"text": "Restore the ledger from the last snapshot.", "citations": [1]}],
        "citations": [
            {
                "number": 1,
                "document": "handbook/restore.md",
                "revision": "1f3a5b7c9d0e",
                "start": 22,
                "end": 64,
                "quote": "Restore the ledger from the last snapshot.",
            }
        ],
    }
}
_As = Annotated[
    list[str], Field(alias="as", max_length=100, description="Ask as these principals; for the store's owner only.")
]


class Text(BaseModel):
    """What is to be checked. Empty lists do not restrict."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_TEXT]})

    text: Annotated[str, Field(min_length=1, max_length=200_000, pattern=r"\S")]
    sources: Annotated[list[str], Field(max_length=100)] = []
    exclude: Annotated[list[str], Field(max_length=1000)] = []
    as_: _As = []


class SavedAnswer(BaseModel):
    """An answer or a report as it was saved; what it has beside its sentences and citations is not read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_SAVED]})

    saved: Saved
    as_: _As = []


@router.post("/v1/check")
async def check(body: Text, who: Caller, service: ServiceOf, http: Request) -> Checked:
    """Hold a text against the documents: each sentence with the verdict of the contract and its evidence."""
    narrowed = {"sources": frozenset(body.sources), "exclude": frozenset(body.exclude)}
    request = request_of(seen_as(who, body.as_), "", **narrowed)
    return await service.check(who, body.text, request, http=http.state.request_id)


@router.post("/v1/verify")
async def verify(body: SavedAnswer, who: Caller, service: ServiceOf, http: Request) -> Verified:
    """Hold a saved answer against today's documents: each citation holds, has moved, has changed or is gone."""
    return await service.verify(who, body.saved, seen_as(who, body.as_).access, http=http.state.request_id)
