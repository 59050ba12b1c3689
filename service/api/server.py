"""The app behind a real HTTP server."""

from __future__ import annotations

import ipaddress

import uvicorn

from corpus.errors import AetherError, UsageError
from service.api.app import create_app
from service.wiring import Wiring


def serve(wiring: Wiring, *, host: str, port: int) -> None:
    """Serve until interrupted, on this machine alone unless a key is set.

    Raises `UsageError` without the key, `StoreMissing`, and `AetherError` where the server does not start.
    """
    if not _is_loopback(host) and not wiring.settings.api_key.get_secret_value():
        raise UsageError(
            "without a key only this machine is served",
            item=host,
            next_step="Set AETHER_API_KEY, or leave --host at 127.0.0.1",
        )
    wiring.store().close()
    wiring.embedder.embed(["ready"])
    try:
        uvicorn.run(create_app(wiring), host=host, port=port, log_level="info", server_header=False)
    except SystemExit as end:  # it has logged why
        raise AetherError(
            "the server could not start", item=f"{host}:{port}", next_step="See above; choose another --port"
        ) from end


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
