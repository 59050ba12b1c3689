"""Questions: `POST /v1/ask` and `GET /v1/search`."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.responses import StreamingResponse

from corpus.access import access_set
from corpus.documents import Kind
from service.access.principal import Principal
from service.answer import Answer
from service.answering.view import Audience
from service.api.callers import Caller, ServiceOf
from service.api.routes.events import EVENTS, as_events, wants_events
from service.asker import LENGTHS
from service.desk.finding import PassagesFound
from service.desk.service import request_of

router = APIRouter(tags=["questions"])

_EVENTS_EXAMPLE = 'id: 5f2c.1\nevent: sentence\ndata: {"number": 1, "of": 3, "sentence": {}, "citations": []}\n\n'
_EXAMPLE: dict[str, JsonValue] = {"question": "How do I restore the ledger?", "length": "brief", "kinds": ["runbook"]}


class Question(BaseModel):
    """What is asked. Empty lists do not restrict."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    question: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S")]
    id: Annotated[str, Field(max_length=200)] = ""
    length: Literal["brief", "normal", "full"] = "normal"
    audience: Audience = ""
    sources: Annotated[list[str], Field(max_length=100)] = []
    kinds: list[Kind] = []
    exclude: Annotated[list[str], Field(max_length=1000)] = []
    conversation: Annotated[str, Field(max_length=64, description="The id of a conversation that this follows.")] = ""
    as_: Annotated[
        list[str], Field(alias="as", max_length=100, description="Ask as these principals; for the store's owner only.")
    ] = []


@router.post(
    "/v1/ask",
    response_model=Answer,
    responses={200: {"content": {EVENTS: {"schema": {"type": "string"}, "example": _EVENTS_EXAMPLE}}}},
)
async def ask(body: Question, who: Caller, service: ServiceOf, http: Request) -> Answer | StreamingResponse:
    """Answer a question, every sentence cited.

    The answer, or a typed refusal: both are 200, for both are what was asked for. With `Accept: text/event-stream` the
    checked sentences come one by one (`sentence`), then the record (`answer`).
    """
    request = request_of(
        seen_as(who, body.as_),
        body.question,
        sources=frozenset(body.sources),
        kinds=frozenset(body.kinds),
        exclude=frozenset(body.exclude),
        length=LENGTHS[body.length],
        audience=body.audience,
        id=body.id,
    )
    talk = service.conversations.find(who, body.conversation) if body.conversation else None

    async def made() -> Answer:
        if talk:
            return await service.converse(who, talk, request, http=http.state.request_id)
        return await service.ask(who, request, http=http.state.request_id)

    return as_events(service, who, http, made) if wants_events(http) else await made()


def seen_as(who: Principal, principals: list[str]) -> Principal:
    """The caller, or for the store's owner whoever they ask as. Raises `NotAllowed`, `AccessError`."""
    if not principals:
        return who
    who.require("owner")
    return Principal(who.name, who.access | access_set(principals), who.role, who.key)


@router.get("/v1/search")
async def search(
    who: Caller,
    service: ServiceOf,
    http: Request,
    q: Annotated[str, Query(min_length=1, max_length=4000, pattern=r"\S", description="Words or a question.")],
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    source: Annotated[list[str] | None, Query(max_length=100)] = None,
    kind: Annotated[list[Kind] | None, Query(max_length=20)] = None,
    as_: Annotated[list[str] | None, Query(alias="as", max_length=100)] = None,
) -> PassagesFound:
    """The best passages, without an answer."""
    request = request_of(seen_as(who, as_ or []), q, sources=frozenset(source or ()), kinds=frozenset(kind or ()))
    return await service.search(who, request, limit=limit, http=http.state.request_id)
