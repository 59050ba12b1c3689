"""What a path asks of its request: the service, and who calls."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.access.authenticator import authenticate
from service.access.principal import Principal
from service.desk.service import Service

_bearer = HTTPBearer(auto_error=False, description="A key of `aether keys create`; on loop-back none is needed.")


def service_of(request: Request) -> Service:
    """The running service."""
    service: Service = request.app.state.service
    return service


ServiceOf = Annotated[Service, Depends(service_of)]


async def caller(
    request: Request,
    service: ServiceOf,
    _shown: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Principal:
    """Who calls. Raises `UnknownCaller`."""
    return authenticate(service.authenticator, request.headers.get("authorization", ""))


Caller = Annotated[Principal, Depends(caller)]


async def editor(who: Caller) -> Principal:
    """A caller who may change the library. Raises `NotAllowed`."""
    who.require("editor")
    return who


Editor = Annotated[Principal, Depends(editor)]


async def owner(who: Caller) -> Principal:
    """A process of the store's owner. Raises `NotAllowed`."""
    who.require("owner")
    return who


Owner = Annotated[Principal, Depends(owner)]
