"""How fast a service answers over many passages: start, questions, searches, streams, and questions while it reads.

    python -m eval.serving.run --store .aether/serving --passages 50000

The store is made where it is not there (see `library.py`). The service is a process of its own, and so are its
clients; everything is on loop-back. A question that was never asked costs the vectors of the sentences of its best
passages; one whose passages were read lately does not, so both are measured. Each row has what is reached for beside
it; nothing fails where it is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from eval.cli.ended import ended
from eval.serving.library import fill, page, questions
from eval.serving.load import Waited

_AETHER = (sys.executable, "-c", "from service.cli import main; main()")
_START_SECONDS = 300.0
_KNOWN = 40
_NEW = 10_000_000


@contextmanager
def served(store: Path) -> Iterator[tuple[int, int, float]]:
    """A service on a store: its port, its process, and the seconds from its start until it was ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    log = (store / "serve.log").open("w")
    began = time.perf_counter()
    with subprocess.Popen([*_AETHER, "serve", "--port", str(port), "--store", str(store)], stderr=log) as process:
        try:
            while not _ready(port):
                if process.poll() is not None or time.perf_counter() - began > _START_SECONDS:
                    raise TimeoutError(f"the service does not start; see {log.name}")
                time.sleep(0.02)
            yield port, process.pid, time.perf_counter() - began
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            log.close()


def _ready(port: int) -> bool:
    door = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        door.request("GET", "/readyz")
        return door.getresponse().status == 200
    except OSError:
        return False
    finally:
        door.close()


def _clients(port: int, asked: list[str], how: str, clients: int, requests: int) -> subprocess.Popen[str]:
    """Clients in a process of their own, begun."""
    command = [sys.executable, "-m", "eval.serving.load", "--port", str(port), "--how", how]
    command += ["--clients", str(clients), "--requests", str(requests)]
    begun = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert begun.stdin
    begun.stdin.write(json.dumps(asked))
    begun.stdin.close()
    return begun


def _ended(begun: subprocess.Popen[str]) -> Waited:
    with begun:
        assert begun.stdout
        told = begun.stdout.read()
    if begun.returncode != 0:
        raise RuntimeError("the clients failed")
    return Waited(**json.loads(told))


def _share(waited: Waited, share: float) -> float:
    ordered = sorted(waited.milliseconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _line(what: str, figure: str, reach: str) -> None:
    print(f"{what:<46} {figure:<44} {reach}", flush=True)


def _spread(waited: Waited) -> str:
    rate = len(waited.milliseconds) / waited.seconds
    return f"p50 {_share(waited, 0.5):.0f} ms, p99 {_share(waited, 0.99):.0f} ms, {rate:.1f}/s, {waited.failed} failed"


def _memory(process: int) -> float:
    """MiB that are this process's own."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


def bench(store: Path, passages: int, *, many: int, few: int, new: int) -> None:
    """Measure and print a line for each row."""
    if not (store / "questions.json").exists():
        began = time.perf_counter()
        documents = fill(store, passages)
        (store / "questions.json").write_text(json.dumps(questions(500, documents)))
        print(f"made {documents:,} documents of at least {passages:,} passages in {time.perf_counter() - began:.0f} s")
    asked: list[str] = json.loads((store / "questions.json").read_text())
    with served(store) as (port, process, seconds):
        _line("start to ready", f"{seconds:.1f} s", "3 s")
        first = _ended(_clients(port, asked, "ask", 4, min(few, len(asked))))
        _line(f"POST /v1/ask, 4 clients, {min(few, len(asked))} new questions", _spread(first), "")
        print(f"    of these {first.refused} were refused")
        known = asked[:_KNOWN]
        quiet = _ended(_clients(port, known, "ask", 4, few))
        _line(f"POST /v1/ask, 4 clients, {few} asked before", _spread(quiet), "p50 200 ms, p99 700 ms")
        before = _memory(process)
        crowd = _ended(_clients(port, known, "ask", 8, many))
        after = _memory(process)
        _line(f"POST /v1/ask, 8 clients, {many} requests", _spread(crowd), "no error")
        _line("    memory before and after", f"{before:.0f} MiB, {after:.0f} MiB", "flat")
        alone = _ended(_clients(port, asked, "search", 1, few))
        _line(f"GET /v1/search, 1 client, {few} requests", _spread(alone), "p99 40 ms")
        first = _ended(_clients(port, known, "stream", 1, few))
        _line(f"first streamed sentence, 1 client, {few} requests", f"p95 {_share(first, 0.95):.0f} ms", "p95 300 ms")
        _while_reading(store, port, known, _share(quiet, 0.99), new)


def _while_reading(store: Path, port: int, asked: list[str], quiet: float, new: int) -> None:
    """Questions while new documents are read in, through the service, until they are."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"new-{time.time_ns()}"
        place.mkdir()
        for number in range(new):
            (place / f"{number}.md").write_text(page(_NEW + number)[1])
        began = time.perf_counter()
        command = [*_AETHER, "ingest", str(place), "--store", str(store)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ) as reading:
            waited = Waited()
            while reading.poll() is None:
                some = _ended(_clients(port, asked, "ask", 4, 40))
                waited.milliseconds += some.milliseconds
                waited.failed += some.failed
                waited.seconds += some.seconds
            took = time.perf_counter() - began
    _line(f"4 clients ask while {new} documents are read", _spread(waited), f"no failed ask; p99 {3 * quiet:.0f} ms")
    _line("    reading them", f"{took:.0f} s, status {reading.returncode}", "status 0")


def main() -> None:
    """The command."""
    options = argparse.ArgumentParser(description="How fast a service answers.")
    options.add_argument("--store", type=Path, default=Path(".aether/serving"))
    options.add_argument("--passages", type=int, default=50_000)
    options.add_argument("--short", action="store_true", help="few requests, to see that it works")
    given = options.parse_args()
    if given.short:
        bench(given.store, given.passages, many=80, few=40, new=10)
    else:
        bench(given.store, given.passages, many=5000, few=400, new=200)


if __name__ == "__main__":
    ended(main)
