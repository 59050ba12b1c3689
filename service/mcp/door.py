"""The Model Context Protocol over streamable HTTP, at `/mcp`: the same host, callers and limits as every other path.

Each request stands for itself: no session is kept, so nothing of one caller is there for another, and a restart loses
nothing. Who calls is looked up at the door, and again by the tool that is called. The protocol's library takes a second
to import, so it is loaded for the first caller and not at the start.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from corpus.errors import UnknownCaller
from service.access.authenticator import authenticate
from service.access.principal import Principal
from service.api.problems import told
from service.desk.service import Service

if TYPE_CHECKING:
    from mcp.server.mcpserver import Context, MCPServer


class McpDoor:
    """An ASGI app. Its `open` surrounds the life of the service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._wanted = asyncio.Event()
        self._serving: asyncio.Future[MCPServer] | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Let it begin."""
        self._serving, ended = asyncio.get_running_loop().create_future(), asyncio.Event()
        life = asyncio.create_task(self._live(self._serving, ended))
        try:
            yield
        finally:
            ended.set()
            self._wanted.set()
            await life

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        try:
            authenticate(self._service.authenticator, Request(scope).headers.get("authorization", ""))
        except UnknownCaller as error:
            await told(error)(scope, receive, send)
            return
        assert self._serving is not None
        self._wanted.set()
        server = await asyncio.shield(self._serving)
        await server.session_manager.handle_request(scope, receive, send)

    async def _live(self, serving: asyncio.Future[MCPServer], ended: asyncio.Event) -> None:
        """The server's life, from the first caller to the end of the service."""
        await self._wanted.wait()
        if ended.is_set():
            return
        try:
            server = await asyncio.to_thread(self._made)
        except BaseException as error:
            serving.set_exception(error)
            raise
        async with server.session_manager.run():
            serving.set_result(server)
            await ended.wait()

    def _made(self) -> MCPServer:
        from mcp.server.transport_security import TransportSecuritySettings

        from service.mcp.server import mcp_server

        guarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)  # the guard has looked at the host
        server = mcp_server(self._service, self._who, base="")
        server.streamable_http_app(stateless_http=True, json_response=True, transport_security=guarded)
        return server

    def _who(self, ctx: Context) -> Principal:
        request = ctx.request_context.request
        header = request.headers.get("authorization", "") if isinstance(request, Request) else ""
        return authenticate(self._service.authenticator, header)
