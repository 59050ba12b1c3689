"""How fast a service answers over many passages: start, questions, searches, streams, and questions while it reads.

    python -m eval.serving.run --store .aether/serving --passages 50000

The store is made where it is not there (see `library.py`), and a service reads its sentences ahead, which takes the
better part of an hour for 50,000 passages. The service is a process of its own, and so are its clients; everything is
on loop-back. A question that was never asked costs the vectors of the sentences of its best passages where they were
not read ahead; one whose passages were asked for lately does not: all three are measured, and questions with a
reranker. Each row has what is reached for beside it; nothing fails where it is missed.
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
from service.settings import Settings
from service.wiring import Wiring

_AETHER = (sys.executable, "-c", "from service.cli import main; main()")
_START_SECONDS = 300.0
_KNOWN = 40
_NEW = 10_000_000


@contextmanager
def served(store: Path, **settings: str) -> Iterator[tuple[int, int, float]]:
    """A service on a store: its port, its process, and the seconds from its start until it was ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    log = (store / "serve.log").open("w")
    began = time.perf_counter()
    own = os.environ | {f"AETHER_{name.upper()}": value for name, value in settings.items()}
    command = [*_AETHER, "serve", "--port", str(port), "--store", str(store)]
    with subprocess.Popen(command, stderr=log, env=own) as process:
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


def bench(store: Path, passages: int, *, many: int, few: int, new: int, ahead: bool) -> None:
    """Measure and print a line for each row."""
    if not (store / "questions.json").exists():
        began = time.perf_counter()
        documents = fill(store, passages)
        (store / "questions.json").write_text(json.dumps(questions(500, documents)))
        print(f"made {documents:,} documents of at least {passages:,} passages in {time.perf_counter() - began:.0f} s")
    if ahead:
        _read_ahead(store)
    asked: list[str] = json.loads((store / "questions.json").read_text())
    some = asked[: few // 4]
    with served(store, read_ahead="false") as (port, _, _):
        waited = _ended(_clients(port, some, "ask", 4, len(some)))
        _line(f"POST /v1/ask, 4 clients, {len(some)} new, not read ahead", _spread(waited), "p50 200 ms, p99 700 ms")
    with served(store, reranker="embedded") as (port, _, _):
        waited = _ended(_clients(port, some, "ask", 4, len(some)))
        _line(f"    with the models, {len(some)} new questions", _spread(waited), "2 a second")
    with served(store) as (port, process, seconds):
        _line("start to ready", f"{seconds:.1f} s", "3 s")
        first = _ended(_clients(port, asked, "ask", 4, min(few, len(asked))))
        _line(
            f"POST /v1/ask, 4 clients, {min(few, len(asked))} new questions", _spread(first), "p50 200 ms, p99 700 ms"
        )
        print(f"    of these {first.refused} were refused")
        _asked_before(store, port, process, asked, many=many, few=few, new=new)


def _asked_before(store: Path, port: int, process: int, asked: list[str], *, many: int, few: int, new: int) -> None:
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


def _read_ahead(store: Path) -> None:
    """Let a service read until it has read every document."""
    wiring = Wiring(Settings(store=store))
    with wiring.store() as opened:
        wanted = {card.id: card.revision for card in opened.documents.cards()}
    began, left = time.perf_counter(), len(wanted)
    if wanted.items() <= wiring.sentences.documents().items():
        return
    with served(store):
        while left:
            time.sleep(5)
            read = wiring.sentences.documents()
            left = sum(read.get(name) != revision for name, revision in wanted.items())
            if sys.stderr.isatty():
                print(f"{left:,} documents are not read ahead yet", end="\r", file=sys.stderr, flush=True)
    print(f"read {len(wanted):,} documents ahead in {time.perf_counter() - began:.0f} s")
    wiring.sentences.close()


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
    options.add_argument("--no-ahead", action="store_true", help="do not wait until its sentences are read ahead")
    given = options.parse_args()
    how = {"many": 80, "few": 40, "new": 10} if given.short else {"many": 5000, "few": 400, "new": 200}
    bench(given.store, given.passages, **how, ahead=not given.no_ahead)


if __name__ == "__main__":
    ended(main)
