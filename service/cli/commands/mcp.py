"""`aether mcp`: the tools of an assistant, over standard input and output."""

from __future__ import annotations

from corpus.access import PUBLIC, access_set
from service.cli.ending import DONE
from service.mcp.stdio import serve_stdio
from service.wiring import Wiring


def serve_assistant(wiring: Wiring, principals: tuple[str, ...]) -> int:
    """Serve until the input ends; the exit status. Raises `AccessError`, `StoreMissing`."""
    serve_stdio(wiring, access_set([PUBLIC, *principals]))
    return DONE
