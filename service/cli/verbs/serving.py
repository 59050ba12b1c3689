"""The doors for programs and browsers."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from service.cli.app import app, wiring_of
from service.cli.ending import DONE
from service.cli.options import AsOption, IndexOption, StoreOption, examples


@app.command(epilog=examples("aether serve", "AETHER_API_KEY=... aether serve --host 0.0.0.0 --port 8080"))
def serve(
    host: Annotated[str, typer.Option("--host", help="Address; any but loop-back needs a key.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8000,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Answer over HTTP.

    The page is at /, the API at /v1 with its description at /openapi.json, OpenAI's interface at /v1, the Model Context
    Protocol at /mcp. Only this machine is served unless there is a key: aether keys create, or AETHER_API_KEY.
    """
    wiring = replace(wiring_of(store, index), held=True)
    with wiring.warming():
        from service.api.server import serve as serve_http

        serve_http(wiring, host=host, port=port)
    return DONE


@app.command(epilog=examples("aether mcp", "aether mcp --store .aether --as group:sre"))
def mcp(
    as_: AsOption = None,
    store: StoreOption = None,
    index: IndexOption = None,
) -> int:
    """Serve an assistant over standard input and output.

    Speaks the Model Context Protocol: the tools search, ask, cite and one for each protocol, documents as resources. A
    program starts this as its child. Over HTTP the same is at /mcp of aether serve.
    """
    from service.cli.commands.mcp import serve_assistant

    return serve_assistant(wiring_of(store, index), tuple(as_ or ()))
