"""The app behind a real HTTP server."""

from __future__ import annotations

import ipaddress
import signal
import sys
from datetime import UTC, datetime

import uvicorn

from corpus.errors import AetherError, UsageError
from service.access.keys import Keys
from service.api.app import create_app
from service.api.logs import log_config
from service.desk.beacon import lit
from service.wiring import Wiring

GRACE_SECONDS = 30
"""How long requests that run may take to end when the service stops."""
_CONNECTIONS = 1000
_SWITCH_SECONDS = 0.001


def serve(wiring: Wiring, *, host: str, port: int) -> None:
    """Serve until interrupted, on this machine alone unless there is a key.

    Raises `UsageError` without a key, `StoreMissing`, `StoreBusy` where another service runs on the store, and
    `AetherError` where the server does not start.
    """
    exposed = not _is_loopback(host)
    if exposed and not _has_key(wiring):
        raise UsageError(
            "without a key only this machine is served",
            item=host,
            next_step="Make one with aether keys create, set AETHER_API_KEY, or leave --host at 127.0.0.1",
        )
    sys.setswitchinterval(_SWITCH_SECONDS)  # who answers comes back from a search sooner than a job has its 5 ms
    wiring.store().close()
    app = create_app(wiring, exposed=exposed)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn raises it once more when it has shut down
    try:
        with lit(wiring.settings.store, host=host, port=port, token=app.state.service.token):
            uvicorn.run(
                app,
                host=host,
                port=port,
                log_config=log_config(wiring.settings.log_form),
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                limit_concurrency=_CONNECTIONS,
            )
    except SystemExit as end:  # it has logged why
        raise AetherError(
            "the server could not start", item=f"{host}:{port}", next_step="See above; choose another --port"
        ) from end


def _has_key(wiring: Wiring) -> bool:
    now = datetime.now(UTC)
    keys = any(key.valid(now) for key in Keys(wiring.settings.store).all())
    return keys or bool(wiring.settings.api_key.get_secret_value())


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
