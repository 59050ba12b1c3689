"""Questions that follow each other: begun, read again and ended; asked with the conversation's id in `POST /v1/ask`."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel

from service.answer import Answer
from service.api.callers import Caller, ServiceOf

router = APIRouter(tags=["conversations"])


class Begun(BaseModel):
    """Ask in it by this id."""

    id: str


class Talk(BaseModel):
    """The turns, oldest first, as far as the caller may read them now."""

    id: str
    turns: list[Answer]


@router.post("/v1/conversations", status_code=201)
async def begin(who: Caller, service: ServiceOf) -> Begun:
    """Begin a conversation. It is yours alone, and is kept for a day after its last turn or until a restart."""
    return Begun(id=service.conversations.new(who).id)


@router.get("/v1/conversations/{conversation}")
async def read(conversation: str, who: Caller, service: ServiceOf) -> Talk:
    """Its turns again."""
    found = service.conversations.find(who, conversation)
    return Talk(id=found.id, turns=await service.again(who, found.turns))


@router.delete("/v1/conversations/{conversation}", status_code=204, response_class=Response)
async def end(conversation: str, who: Caller, service: ServiceOf) -> Response:
    """End it; nothing of it is kept."""
    service.conversations.drop(who, conversation)
    return Response(status_code=204)
