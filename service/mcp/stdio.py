"""The Model Context Protocol over standard input and output, for an assistant that starts Aether as its child.

Whoever starts the process owns the files of the store, so they say themselves as whom it reads. The index is opened for
each question and given back, so that an ingest or another assistant has its turn.
"""

from __future__ import annotations

import asyncio
import logging
import sys

from mcp.server.mcpserver import Context

from service.access.principal import Principal
from service.desk.service import open_service
from service.mcp.server import mcp_server
from service.wiring import Wiring


def serve_stdio(wiring: Wiring, access: frozenset[str]) -> None:
    """Serve until the input ends. Raises `StoreMissing`."""
    wiring.store().close()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    who = Principal("stdio", access, "reader")

    def starter(ctx: Context) -> Principal:
        return who

    service = open_service(wiring, held=False)
    service.start()
    try:
        asyncio.run(mcp_server(service, starter, base="").run_stdio_async())
    finally:
        service.stop()
