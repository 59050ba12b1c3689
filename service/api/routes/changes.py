"""Changes of the library: uploads, bringing a source up to date, forgetting, and the jobs that do it.

Each is acknowledged at once with its job, which is asked for by its id, or watched as events. A write that carries an
`Idempotency-Key` may be sent again: it is done once, and answered the same.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from starlette.datastructures import UploadFile
from starlette.responses import StreamingResponse

from corpus.errors import UsageError
from service.api.callers import Caller, Editor, Owner, ServiceOf
from service.api.routes.events import EVENTS, wants_events
from service.desk.changes import Ingest
from service.desk.jobs import Job, JobState
from service.desk.service import Uploaded

router = APIRouter(tags=["changes"])
_LOOK_SECONDS = 0.2
_BEAT = 50

Once = Annotated[
    str, Header(alias="Idempotency-Key", max_length=200, pattern=r"^[\x21-\x7e]*$", description="Do it once only.")
]


_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "The file, under its name."},
        "access": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Who may read it: principals of your key. Without: whom your key groups.",
        },
    },
}


@router.post(
    "/v1/documents",
    status_code=202,
    openapi_extra={"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}}},
)
async def upload(who: Editor, service: ServiceOf, http: Request, response: Response, key: Once = "") -> JobState:
    """Add a file to the library, in its source `uploads`. The same name again is a new revision."""
    async with http.form(max_files=1, max_fields=100) as form:  # not before it is known who sends it
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise UsageError("no file was sent", next_step="Send multipart/form-data with the field file")
        content = await file.read()
        sent = Uploaded(file.filename or "", content, [str(one) for one in form.getlist("access") if one])
    digest = hashlib.sha256(content).hexdigest()
    named = f"upload\0{sent.name}\0{sorted(sent.access)}\0{digest}"
    work = partial(service.upload, who, sent, http=http.state.request_id)
    return _accepted(await service.once.run(who, key, named, work), response)


@router.post("/v1/sources/{name}/sync", status_code=202)
async def sync(
    who: Editor,
    service: ServiceOf,
    http: Request,
    response: Response,
    name: Annotated[str, Path(max_length=200)],
    key: Once = "",
) -> JobState:
    """Bring a source up to the files of its folder, which is the one it was ingested from."""
    work = partial(service.sync, who, name, http=http.state.request_id)
    return _accepted(await service.once.run(who, key, f"sync\0{name}", work), response)


# `{document:path}`: an id holds slashes.
@router.delete("/v1/documents/{document:path}", status_code=202)
async def forget(
    who: Editor, service: ServiceOf, http: Request, response: Response, document: str, key: Once = ""
) -> JobState:
    """Forget a document: its text leaves every place, at every revision, and what quotes it."""
    work = partial(service.forget, who, document, http=http.state.request_id)
    return _accepted(await service.once.run(who, key, f"forget\0{document}", work), response)


@router.post("/v1/ingest", status_code=202, include_in_schema=False)
async def ingest(body: Ingest, who: Owner, service: ServiceOf, http: Request, response: Response) -> JobState:
    """What `aether ingest` does while this service holds the index. Only who owns the store's files can ask for it."""
    return _accepted(service.ingest(who, body, http=http.state.request_id), response)


@router.get(
    "/v1/jobs/{job}",
    response_model=JobState,
    responses={200: {"content": {EVENTS: {"schema": {"type": "string"}}}}},
)
async def state(
    who: Caller, service: ServiceOf, http: Request, job: Annotated[str, Path(max_length=64)]
) -> JobState | StreamingResponse:
    """How far your job is. With `Accept: text/event-stream` each `progress`, and `end` with what became of it."""
    found = service.jobs.find(who, job)
    if wants_events(http):
        return StreamingResponse(_events(found), media_type=EVENTS, headers={"X-Accel-Buffering": "no"})
    return found.state


def _accepted(job: Job, response: Response) -> JobState:
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return job.state


async def _events(job: Job) -> AsyncIterator[str]:
    """Each event carries the whole state, so who comes back has missed nothing."""
    told, quiet = None, 0
    while True:
        now = job.state
        if now != told:
            yield f"event: {'end' if now.ended else 'progress'}\ndata: {now.model_dump_json()}\n\n"
            told, quiet = now, 0
        if now.ended:
            return
        quiet += 1
        if quiet % _BEAT == 0:
            yield ": still working\n\n"
        await asyncio.sleep(_LOOK_SECONDS)
