"""Whether the process runs, whether it can answer, and what it counts of itself."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel

from service.api.callers import Caller, ServiceOf
from service.asker import Asker
from service.desk.meter import MEDIA_TYPE
from service.engine import Request

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    """The process runs."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """Questions are answered."""

    status: Literal["ready"] = "ready"


@router.get("/livez")
async def livez() -> Alive:
    """Whether the process runs; says nothing of the store."""
    return Alive()


@router.get("/readyz")
async def readyz(service: ServiceOf) -> Ready:
    """Whether a search works, proved by one. 503 with the reason where it does not, 429 where others wait."""

    def search(asker: Asker) -> Ready:
        asker.engine.search(Request(question="ready"), limit=1)
        return Ready()

    return await service.desk.run(search, seconds=5.0)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(who: Caller, service: ServiceOf) -> Response:
    """Counters for Prometheus: for the role `admin`, and for this machine where there is no key."""
    if who.name != "local" or who.key:
        who.require("admin")
    return Response(service.meter.page(), media_type=MEDIA_TYPE)
