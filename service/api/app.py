"""The FastAPI app. It is thin: a request becomes the engine's, the engine's answer is the response.

What every request has to pass stands in `guard.py`, who calls in `callers.py`, how errors are told in `problems.py`,
and each noun's paths in `routes/`. The service behind it holds the index for its life.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from service.api.guard import Guard
from service.api.logs import log_request
from service.api.problems import PROBLEM, add_problems
from service.api.routes.asking import router as asking
from service.api.routes.changes import router as changes
from service.api.routes.chat import router as chat
from service.api.routes.checking import router as checking
from service.api.routes.conversations import router as conversations
from service.api.routes.documents import router as documents
from service.api.routes.feedback import router as feedback
from service.api.routes.health import router as health
from service.api.routes.page import files as page_files
from service.api.routes.page import router as page
from service.api.routes.protocols import router as protocols
from service.desk.service import open_service
from service.mcp.door import McpDoor
from service.wiring import Wiring

_ROUTES = (
    health, asking, checking, conversations, protocols, documents, changes, feedback, chat, page, page_files,
)  # fmt: skip
_ABOUT = """Answers from your own documents: every sentence quoted, cited and checked.

What a caller may not read and what does not exist look the same everywhere. Errors are problems (RFC 9457)."""


def create_app(wiring: Wiring, *, exposed: bool = False) -> FastAPI:
    """The app over what is wired. `exposed`: others than this machine's reach it, so a key is always needed."""
    service = open_service(wiring, exposed=exposed)
    door = McpDoor(service)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        service.start()
        try:
            async with door.open():
                yield
        finally:
            await run_in_threadpool(service.stop)

    app = FastAPI(
        title="Aether",
        description=_ABOUT,
        version=version("aether-assistant"),
        docs_url=None,
        redoc_url=None,
        responses=PROBLEM,
        lifespan=life,
    )
    app.state.service = service
    add_problems(app)
    for routes in _ROUTES:
        app.include_router(routes)
    app.router.routes.append(Route("/mcp", door, include_in_schema=False))
    most = wiring.settings.file_mb * 1_000_000

    def heard(method: str, path: str, status: int, seconds: float) -> None:
        service.meter.request(method, path, status, seconds)
        log_request(method, path, status, seconds)

    app.add_middleware(Guard, local=not exposed, most_bytes=1_000_000, upload_bytes=most, heard=heard)
    return app
