"""The note that a running service leaves in its store's folder, so that other processes of the owner go through it.

One process may hold the index. `service.json` says where the service answers and with which token its owner is known;
it is for the owner alone, and goes when the service ends. A note whose process is gone, or that nobody answers to, is
left over from a kill and counts for nothing.
"""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from corpus.errors import StoreBusy, StoreError
from service.whole import write_whole

FILE = "service.json"
_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Beacon:
    """Where a service answers. `token` makes whoever shows it the owner."""

    pid: int
    host: str
    port: int
    token: str = field(repr=False)


def beacon_of(store: Path) -> Beacon | None:
    """The note of the service that runs on this store, None where none does."""
    try:
        found = Beacon(**json.loads((store / FILE).read_text("utf-8")))
        os.kill(found.pid, 0)
        door = http.client.HTTPConnection(found.host, found.port, timeout=_SECONDS)
        try:
            door.request("GET", "/livez")
            alive = door.getresponse().read() == b'{"status":"ok"}'
        finally:
            door.close()
    except (OSError, ValueError, TypeError, http.client.HTTPException):
        return None
    return found if alive else None


@contextmanager
def lit(store: Path, *, host: str, port: int, token: str) -> Iterator[None]:
    """The note stands while the context lasts. Raises `StoreBusy` where a service runs already, `StoreError`."""
    other = beacon_of(store)
    if other is not None:
        raise StoreBusy(
            f"process {other.pid} serves it already, at port {other.port}", item=str(store), next_step="Stop that first"
        )
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1", "localhost": "127.0.0.1"}.get(host, host)
    note = Beacon(os.getpid(), reached, port, token)
    path = store / FILE
    try:
        write_whole(path, json.dumps(asdict(note)).encode())
    except OSError as error:
        raise StoreError(
            f"cannot be written ({error.strerror})", item=str(path), next_step="Check its rights"
        ) from error
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
