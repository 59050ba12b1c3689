"""The FastAPI app. It is thin: a request becomes the engine's, the engine's answer is the response.

Callers are not told apart yet, so everyone asks as `public`. Where the settings hold a key, whoever asks must present
it. The store and the index are opened for each question and closed after it, so that an ingest can run beside the
service.
"""

from __future__ import annotations

import logging
import secrets
from importlib.metadata import version
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, HTTPException
from fastapi import Request as HttpRequest
from pydantic import BaseModel, ConfigDict, Field

from corpus.documents import Kind
from service.answer import Answer
from service.api.problems import add_problems
from service.asker import LENGTHS, asker
from service.engine import Request
from service.wiring import Wiring

_LOG = logging.getLogger("aether")


class Question(BaseModel):
    """What is asked. Empty lists do not restrict."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S")]
    id: Annotated[str, Field(max_length=200)] = ""
    length: Literal["brief", "normal", "full"] = "normal"
    sources: Annotated[list[str], Field(max_length=100)] = []
    kinds: list[Kind] = []
    exclude: Annotated[list[str], Field(max_length=1000)] = []


class Alive(BaseModel):
    """The process runs."""

    status: Literal["ok"] = "ok"


def create_app(wiring: Wiring) -> FastAPI:
    """The app over what is wired."""
    app = FastAPI(title="Aether", version=version("aether-assistant"), docs_url=None, redoc_url=None)
    add_problems(app)

    def admitted(request: HttpRequest) -> None:
        """Whether the caller has the key, where there is one."""
        key = wiring.settings.api_key.get_secret_value()
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if key and not (scheme.lower() == "bearer" and secrets.compare_digest(given.encode(), key.encode())):
            raise HTTPException(401, "A bearer token is needed", {"WWW-Authenticate": "Bearer"})

    @app.get("/livez")
    def livez() -> Alive:
        """Whether the process runs; says nothing of the store."""
        return Alive()

    @app.post("/v1/ask", dependencies=[Depends(admitted)])
    def ask(body: Question) -> Answer:
        """The answer, or a typed refusal: both are 200, for both are what was asked for."""
        request = Request(
            question=body.question,
            sources=frozenset(body.sources),
            kinds=frozenset(body.kinds),
            exclude=frozenset(body.exclude),
            length=LENGTHS[body.length],
            id=body.id,
        )
        with asker(wiring, _LOG.warning) as who:
            return who.ask(request)

    return app
