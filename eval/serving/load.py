"""Some clients that ask one after the other, in a process of their own; what they waited, as JSON.

    python -m eval.serving.load --port 8000 --clients 4 --requests 400 --how ask < QUESTIONS.json

`ask` is POST /v1/ask, `search` GET /v1/search, `stream` POST /v1/ask for events, timed to the first sentence.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection
from itertools import count
from urllib.parse import quote

from eval.cli.ended import ended

_SECONDS = 120.0


@dataclass(slots=True)
class Waited:
    """Milliseconds of each request, how many failed and were refused, and seconds from the first to the last."""

    milliseconds: list[float] = field(default_factory=list)
    failed: int = 0
    refused: int = 0
    seconds: float = 0.0


def load(port: int, questions: list[str], *, clients: int, requests: int, how: str) -> Waited:
    """Ask `requests` questions in all."""
    waited, numbers, turn = Waited(), count(), threading.Lock()
    began = time.perf_counter()

    def client() -> None:
        door = HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
        while (number := next(numbers)) < requests:
            spent, status, refused = _ask(door, questions[number % len(questions)], how)
            with turn:
                waited.milliseconds.append(spent)
                waited.failed += status != 200
                waited.refused += refused
        door.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waited.seconds = time.perf_counter() - began
    return waited


def _ask(door: HTTPConnection, question: str, how: str) -> tuple[float, int, bool]:
    """Milliseconds, status (0 where no answer came), and whether it was a refusal."""
    began = time.perf_counter()
    try:
        if how == "search":
            door.request("GET", f"/v1/search?q={quote(question)}")
        else:
            accept = "text/event-stream" if how == "stream" else "application/json"
            headers = {"Content-Type": "application/json", "Accept": accept}
            door.request("POST", "/v1/ask", json.dumps({"question": question}), headers)
        told = door.getresponse()
        if how == "stream":
            line = told.readline()
            while line and not line.startswith(b"event: "):
                line = told.readline()
            spent = 1000 * (time.perf_counter() - began)
            told.read()
            return spent, told.status, not line.startswith(b"event: sentence")
        body = told.read()
        return 1000 * (time.perf_counter() - began), told.status, b'"status":"refused"' in body
    except OSError:
        door.close()
        return 1000 * (time.perf_counter() - began), 0, False


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description="Ask a service on this machine, from some clients at once.")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--clients", type=int, default=4)
    options.add_argument("--requests", type=int, default=400)
    options.add_argument("--how", choices=("ask", "search", "stream"), default="ask")
    given = options.parse_args()
    questions = json.load(sys.stdin)
    waited = load(given.port, questions, clients=given.clients, requests=given.requests, how=given.how)
    print(json.dumps(asdict(waited)))


if __name__ == "__main__":
    ended(main)
