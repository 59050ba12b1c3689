"""The Model Context Protocol over streamable HTTP, at `/mcp`: the same host, callers and limits as every other path.

Each request stands for itself: no session is kept, so nothing of one caller is there for another, and a restart loses
nothing. Who calls is looked up at the door, and again by the tool that is called.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp.server.mcpserver import Context
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from corpus.errors import UnknownCaller
from service.access.authenticator import authenticate
from service.access.principal import Principal
from service.api.problems import told
from service.desk.service import Service
from service.mcp.server import mcp_server

_OPEN = TransportSecuritySettings(enable_dns_rebinding_protection=False)  # the guard has looked at Host and Origin


class McpDoor:
    """An ASGI app. Its `open` surrounds the life of the service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._server = mcp_server(service, self._who, base="")
        self._server.streamable_http_app(stateless_http=True, json_response=True, transport_security=_OPEN)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Let it begin."""
        async with self._server.session_manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        try:
            authenticate(self._service.authenticator, Request(scope).headers.get("authorization", ""))
        except UnknownCaller as error:
            await told(error)(scope, receive, send)
            return
        await self._server.session_manager.handle_request(scope, receive, send)

    def _who(self, ctx: Context) -> Principal:
        request = ctx.request_context.request
        header = request.headers.get("authorization", "") if isinstance(request, Request) else ""
        return authenticate(self._service.authenticator, header)
