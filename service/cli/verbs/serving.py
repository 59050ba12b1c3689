"""The doors for programs and browsers."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.app import app, wiring_of
from service.cli.ending import DONE
from service.cli.options import IndexOption, StoreOption, examples


@app.command(epilog=examples("aether serve", "AETHER_API_KEY=... aether serve --host 0.0.0.0 --port 8080"))
def serve(
    host: Annotated[str, typer.Option("--host", help="Address; any but loop-back needs AETHER_API_KEY.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Answer over HTTP.

    POST /v1/ask and GET /livez, on this machine alone unless AETHER_API_KEY is set.
    """
    from service.api.server import serve as serve_http

    serve_http(wiring_of(store, index), host=host, port=port)
    return DONE
