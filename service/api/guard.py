"""What holds for every request and every response, before any path is looked at.

- A request id comes in or is made, and goes out.
- A body over the limit is refused, whether it says its length or not, and so is one that stops coming.
- A service without keys is protected by being reachable from this machine only, so a browser must not be tricked into
  reaching it: a `Host` that is not this machine's is refused (DNS rebinding), and so is any `Origin` but the service's.
- Responses carry headers under which a browser runs no script of a document, embeds nothing and guesses no type.
- What no handler foresaw is told as a problem, with the same headers, and is logged.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Callable, MutableMapping
from typing import Any

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from corpus.errors import NotAllowed
from service.api.logs import REQUEST
from service.api.problems import told, unforeseen

_LOG = logging.getLogger("aether")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_THIS_MACHINE = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
_FRAMED = frozenset({"/web/vendor/mermaid.js", "/web/static/frame.js"})
"""What a frame without an origin loads: files that hold nothing of a document."""
_BODY_SECONDS = 30.0
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


Heard = Callable[[str, str, int, float], None]


class Guard:
    """ASGI middleware.

    local  callers need no key, because only this machine reaches the service
    heard  told of each request: method, pattern of its path, status, seconds
    """

    def __init__(self, app: ASGIApp, *, local: bool, most_bytes: int, upload_bytes: int, heard: Heard) -> None:
        self._app = app
        self._heard = heard
        self._local = local
        self._most = most_bytes
        self._upload = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request = headers.get("x-request-id", "")
        request = request if _ID.fullmatch(request) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request
        REQUEST.set(request)
        answering, began = _Answering(send, request), time.monotonic()
        try:
            await self._answer(scope, receive, answering, headers, request)
        finally:
            self._heard(scope["method"], _pattern(scope), answering.status, time.monotonic() - began)

    async def _answer(
        self, scope: Scope, receive: Receive, answering: _Answering, headers: Headers, request: str
    ) -> None:
        if self._is_strange(headers, scope["path"]):
            response = told(NotAllowed("the Host or Origin is not this service's"))
            await response(scope, receive, answering)
            return
        try:
            limit = self._upload if scope["path"] == "/v1/documents" else self._most
            await self._app(scope, _limited(receive, headers, limit), answering)
        except Exception:
            _LOG.exception("request %s crashed", request)
            if answering.begun:
                raise
            await unforeseen()(scope, receive, answering)

    def _is_strange(self, headers: Headers, path: str) -> bool:
        host, origin = headers.get("host", ""), headers.get("origin", "")
        if self._local and not _THIS_MACHINE.fullmatch(host):
            return True
        if origin == "null" and path in _FRAMED:
            return False
        return bool(origin) and origin.partition("://")[2] != host


def _pattern(scope: Scope) -> str:
    """The pattern of the path that was found, "other" where none was."""
    return str(getattr(scope.get("route"), "path", "/mcp" if scope["path"] == "/mcp" else "other"))


class _Answering:
    """Sends a response with the headers that every one has."""

    def __init__(self, send: Send, request: str) -> None:
        self._send = send
        self._request = request
        self.begun = False
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun, self.status = True, int(message["status"])
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers["x-request-id"] = self._request
        await self._send(message)


def _limited(receive: Receive, headers: Headers, limit: int) -> Receive:
    """The body, up to a limit. Raises 413 when it is read further, 408 when it stops coming."""
    declared, seen, whole = headers.get("content-length", ""), 0, False

    async def next_message() -> MutableMapping[str, Any]:
        nonlocal seen, whole
        try:
            message = await asyncio.wait_for(receive(), None if whole else _BODY_SECONDS)
        except TimeoutError:
            raise HTTPException(408, f"Nothing more of the body came in {_BODY_SECONDS:g} s") from None
        whole = not message.get("more_body", False)
        seen += len(message.get("body", b""))
        if seen > limit or (declared.isdecimal() and int(declared) > limit):
            raise HTTPException(413, f"The body is larger than {limit:,} bytes")
        return message

    return next_message
