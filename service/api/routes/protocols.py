"""The protocols beside asking: `POST /v1/protocols/{name}`, a path for each that is registered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request

from service.api.callers import Caller, ServiceOf
from service.protocols.registry import PROTOCOLS
from service.protocols.report import Report
from service.protocols.request import Asked, Brought

router = APIRouter(tags=["protocols"])


def _path(name: str, asked: type[Asked]) -> Callable[..., Awaitable[Report]]:
    async def run(body: asked, who: Caller, service: ServiceOf, http: Request) -> Report:  # type: ignore[valid-type]
        return await service.run_protocol(who, name, bare(body), http=http.state.request_id)

    run.__annotations__["body"] = asked
    return run


def bare(asked: Asked) -> Asked:
    """The request with the caller's text named by its last part: an id of the library has a slash, so none is meant."""
    if isinstance(asked, Brought):
        return asked.model_copy(update={"name": asked.name.replace("\\", "/").rsplit("/", 1)[-1] or "text.md"})
    return asked


for _name, _protocol in PROTOCOLS.items():
    router.add_api_route(
        f"/v1/protocols/{_name}",
        _path(_name, _protocol.request),
        methods=["POST"],
        response_model=_protocol.report,
        summary=_protocol.says,
        name=f"protocol_{_name}",
    )
