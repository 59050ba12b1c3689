"""The way through a running service, for the commands of the store's owner.

The service holds the index, so `aether ask`, `check`, `verify` and `ingest` on its store ask it. What comes
back is what they would have made themselves, errors too.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from corpus.access import PUBLIC
from corpus.errors import AetherError
from ingest.report import Progress
from service.answer import Answer
from service.asker import LENGTHS
from service.checking.record import Checked, Verified
from service.checking.verify import Saved
from service.desk.beacon import Beacon
from service.engine import Request

_SECONDS = 600.0


def ask_through(beacon: Beacon, request: Request) -> Answer:
    """The service's answer. Raises the error that it tells of."""
    body = {
        "question": request.question,
        "id": request.id,
        "length": next(name for name, length in LENGTHS.items() if length == request.length),
        "audience": request.audience,
        "sources": sorted(request.sources),
        "kinds": sorted(request.kinds),
        "exclude": sorted(request.exclude),
        "as": sorted(request.access - {PUBLIC}),
    }
    with _asked(beacon, "POST", "/v1/ask", body) as response:
        return Answer.model_validate_json(response.read())


def check_through(beacon: Beacon, text: str, asked: Request) -> Checked:
    """A text as the service checks it. Raises the error that it tells of."""
    narrowed = {"sources": sorted(asked.sources), "exclude": sorted(asked.exclude)}
    body = {"text": text, "as": sorted(asked.access - {PUBLIC}), **narrowed}
    with _asked(beacon, "POST", "/v1/check", body) as response:
        return Checked.model_validate_json(response.read())


def verify_through(beacon: Beacon, saved: Saved, access: frozenset[str]) -> Verified:
    """A saved answer as the service verifies it. Raises the error that it tells of."""
    body = {"saved": saved.model_dump(mode="json"), "as": sorted(access - {PUBLIC})}
    with _asked(beacon, "POST", "/v1/verify", body) as response:
        return Verified.model_validate_json(response.read())


def ingest_through(beacon: Beacon, body: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """The report of an ingest that the service carries out. Ctrl-C leaves it at work. Raises what it tells of."""
    with _asked(beacon, "POST", "/v1/ingest", body) as response:
        job = json.loads(response.read())
    stage, done = "", 0
    with _asked(beacon, "GET", f"/v1/jobs/{job['id']}") as response:
        for line in response:
            if not line.startswith(b"data: "):
                continue
            job = json.loads(line[6:])
            if job["stage"] != stage:
                stage, done = job["stage"], 0
                progress.stage(stage.capitalize(), 100, "%")
            share = round(job["share"] * 100)
            progress.advance(max(0, share - done))
            done = max(done, share)
    if job["status"] != "done":
        raise AetherError(job["summary"] or "the service ended")
    report: dict[str, Any] = job["report"]
    return report


@contextmanager
def _asked(
    beacon: Beacon, method: str, path: str, body: Mapping[str, Any] | None = None
) -> Iterator[http.client.HTTPResponse]:
    door = http.client.HTTPConnection(beacon.host, beacon.port, timeout=_SECONDS)
    headers = {"authorization": f"Bearer {beacon.token}", "content-type": "application/json"}
    headers |= {} if body is not None else {"accept": "text/event-stream"}
    try:
        door.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = door.getresponse()
        if response.status >= 400:
            raise _told(response.read())
        yield response
    except (OSError, http.client.HTTPException) as error:
        raise AetherError(
            "the running service did not answer", item=f"port {beacon.port}", next_step="See its log, or stop it"
        ) from error
    finally:
        door.close()


def _told(body: bytes) -> AetherError:
    """The error of a problem response, of the class that it was."""
    from service.api.problems import kind_of

    try:
        problem = json.loads(body)
    except ValueError:
        return AetherError("the running service answered something else")
    return kind_of(str(problem.get("type", "")))(str(problem.get("detail", "")).rstrip("."))
