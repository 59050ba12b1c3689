"""An answer as server-sent events: whole sentences with their verdict and citations, then the record.

A sentence is sent only once it is checked: nothing is shown that is taken back later. Events: `sentence`, with the
citations it carries; `answer`, the whole record, last; `problem` in place of both. Each has an id; who comes back with
`Last-Event-ID` gets what followed. When the client goes away, what was not begun for it is dropped.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import StreamingResponse

from corpus.citations import Citation
from corpus.errors import AetherError
from service.access.principal import Principal
from service.answer import Answer, Sentence
from service.api.problems import told
from service.desk.service import Service
from service.desk.streams import Stream

EVENTS = "text/event-stream"


class SentenceSaid(BaseModel):
    """A sentence that holds, with its verdict and its citations whole. `number` counts from 1, of `of`."""

    model_config = ConfigDict(frozen=True)

    number: int
    of: int
    sentence: Sentence
    citations: tuple[Citation, ...]


def wants_events(http: Request) -> bool:
    """Whether the client asks for events rather than for the record alone."""
    return EVENTS in http.headers.get("accept", "").lower()


def as_events(
    service: Service, who: Principal, http: Request, work: Callable[[], Awaitable[Answer]]
) -> StreamingResponse:
    """The stream of some work, or what follows the last event that the client saw of it."""
    found = service.streams.find(who, http.headers.get("last-event-id", ""))
    if found and found[0].ended:
        return _response(found[0].lines(found[1]))
    stream = service.streams.new(who)
    return _response(_worked(service, stream, work))


async def _worked(service: Service, stream: Stream, work: Callable[[], Awaitable[Answer]]) -> AsyncIterator[str]:
    """The events of the work. Closing this gives the work up."""
    task = asyncio.ensure_future(_fill(stream, work))
    try:
        async for line in stream.lines():
            yield line
    finally:
        if not task.done():
            task.cancel()
            service.streams.drop(stream)


async def _fill(stream: Stream, work: Callable[[], Awaitable[Answer]]) -> None:
    try:
        made = await work()
    except AetherError as error:
        stream.put("problem", bytes(told(error).body).decode())
    except Exception:
        stream.put("problem", json.dumps({"type": "urn:aether:problem:bug", "status": 500, "title": "A bug in Aether"}))
        raise
    else:
        cited = {citation.number: citation for citation in made.citations}
        for number, sentence in enumerate(made.sentences, start=1):
            own = tuple(cited[one] for one in sentence.citations if one in cited)
            stream.put(
                "sentence", SentenceSaid(number=number, of=len(made.sentences), sentence=sentence, citations=own)
            )
        stream.put("answer", made)
    finally:
        stream.end()


def _response(lines: AsyncIterator[str]) -> StreamingResponse:
    return StreamingResponse(lines, media_type=EVENTS, headers={"X-Accel-Buffering": "no"})
