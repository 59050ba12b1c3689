"""A service whose process is killed, stopped, starved or besieged keeps what it acknowledged, and readiness is true."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from corpus.errors import EncoderError, IndexFailure
from corpus.library import LIBRARY
from eval.serving.run import served
from ingest.index.embedded import open_embedded
from service.api.app import create_app
from service.cli.program import run
from service.settings import Settings
from service.wiring import Wiring

pytestmark = pytest.mark.slow
REPO = Path(__file__).resolve().parents[2]
RESTORE = {"question": "How do I restore the ledger?"}
LOCAL = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    (folder / "handbook").mkdir()
    for name, text in {
        "restore": "Restore the ledger with `ledgerctl restore --from latest`.",
        "deploy": "Deploy the ledger with `ledgerctl deploy`, on Tuesdays only.",
    }.items():
        (folder / "handbook" / f"{name}.md").write_text(f"# {name.capitalize()} the ledger\n\n{text}\n")
    assert run(["ingest", str(folder / "handbook"), "--store", str(folder / "store")]) == 0
    return folder / "store"


@pytest.fixture
def store(library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library, tmp_path / "store"))


def ask(port: int, **more: str) -> httpx2.Response:
    return httpx2.post(f"http://127.0.0.1:{port}/v1/ask", json=RESTORE, headers=more, timeout=60)


def test_a_kill_under_load_loses_nothing_that_was_acknowledged(store: Path) -> None:
    acknowledged: list[str] = []
    with served(store) as (port, process, _):

        def load() -> None:
            while True:
                try:
                    ask(port)
                except httpx2.HTTPError:
                    return

        clients = [threading.Thread(target=load) for _ in range(4)]
        for client in clients:
            client.start()
        for number in range(6):
            file = {"file": (f"note-{number}.md", f"# Note {number}\n\nNote {number} says `notectl {number}`.\n")}
            told = httpx2.post(f"http://127.0.0.1:{port}/v1/documents", files=file, timeout=60)
            assert told.status_code == 202, told.text
            acknowledged.append(told.json()["document"])
        os.kill(process, signal.SIGKILL)
        for client in clients:
            client.join()
    with served(store) as (port, _, _):
        until = time.monotonic() + 60
        there: set[str] = set()
        while not there.issuperset(acknowledged) and time.monotonic() < until:
            listed = httpx2.get(f"http://127.0.0.1:{port}/v1/documents?limit=100", timeout=60).json()
            there = {one["id"] for one in listed["items"]}
            time.sleep(0.2)
        assert there.issuperset(acknowledged)
        assert ask(port).json()["status"] == "grounded"
    assert run(["doctor", "--store", str(store)]) == 0


def test_a_stop_lets_streams_end(store: Path) -> None:
    whole: list[bool] = []
    with served(store) as (port, process, _):
        begun = threading.Barrier(7)

        def stream() -> None:
            address, events = f"http://127.0.0.1:{port}/v1/ask", {"accept": "text/event-stream"}
            with httpx2.stream("POST", address, json=RESTORE, headers=events, timeout=60) as told:
                begun.wait(60)
                whole.append("event: answer" in told.read().decode())

        clients = [threading.Thread(target=stream) for _ in range(6)]
        for client in clients:
            client.start()
        begun.wait(60)
        os.kill(process, signal.SIGTERM)
        for client in clients:
            client.join()
    assert whole == [True] * 6


def test_five_hundred_connections_that_are_left_keep_nobody_out(store: Path) -> None:
    with served(store) as (port, process, _):
        left = []
        for number in range(500):
            one = socket.create_connection(("127.0.0.1", port))
            if number % 2:
                one.sendall(b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n")
            if number % 4 == 3:
                one.sendall(b"Content-Length: 90\r\n\r\n{")
            left.append(one)
        assert ask(port).json()["status"] == "grounded"
        assert httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=60).status_code == 200
        for one in left:
            one.close()
        assert ask(port).status_code == 200
        until = time.monotonic() + 20
        while len(os.listdir(f"/proc/{process}/fd")) > 200:
            assert time.monotonic() < until
            time.sleep(0.2)


@contextmanager
def starved(store: Path) -> Iterator[str]:
    """A service whose files may not grow beyond some size, as on a disk that is full."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    with subprocess.Popen([*command, "--store", str(store)], preexec_fn=limit, env=environment) as process:
        try:
            until = time.monotonic() + 120
            while True:
                try:
                    if httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=60).status_code == 200:
                        break
                except httpx2.HTTPError:
                    pass
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            assert process.wait(60) == 0


def test_a_full_disk_costs_writes_and_not_answers(store: Path) -> None:
    (store / "audit").mkdir(exist_ok=True)
    (store / "audit" / "audit.jsonl").write_text(" " * 199_999 + "\n")
    with starved(store) as address:
        large = {"file": ("large.md", "# Large\n\n" + "word " * 100_000)}
        told = httpx2.post(f"{address}/v1/documents", files=large, timeout=60)
        assert told.status_code == 503
        assert told.json()["type"] == "urn:aether:problem:store"
        made = httpx2.post(f"{address}/v1/ask", json=RESTORE, timeout=60)
        assert made.json()["status"] == "grounded"
    with served(store) as (port, _, _):
        assert ask(port).json()["status"] == "grounded"
        assert "large" not in httpx2.get(f"http://127.0.0.1:{port}/v1/documents", timeout=60).text


@pytest.mark.parametrize("damage", ["bytes", "gone", "manifest"])
def test_an_index_that_is_damaged_at_the_start_is_made_anew(damage: str, store: Path) -> None:
    files = sorted(
        (file for file in (store / "index").rglob("*") if file.is_file()), key=lambda file: file.stat().st_size
    )
    if damage == "bytes":
        content = bytearray(files[-1].read_bytes())
        content[len(content) // 2 :: 97] = bytes(len(content[len(content) // 2 :: 97]))
        files[-1].write_bytes(bytes(content))
    elif damage == "gone":
        shutil.rmtree(store / "index")
    else:
        next(file for file in files if file.suffix == ".json").write_text("{")
    with TestClient(create_app(Wiring(Settings(store=store))), LOCAL) as client:
        until = time.monotonic() + 30
        while (told := client.get("/readyz")).status_code != 200:  # it is not ready while the index is made anew
            assert told.json()["type"] in ("urn:aether:problem:store-damaged", "urn:aether:problem:store-busy")
            assert time.monotonic() < until
        assert client.post("/v1/ask", json=RESTORE).json()["status"] == "grounded"
    assert run(["doctor", "--store", str(store)]) == 0


def test_while_another_holds_the_index_readiness_says_so(store: Path) -> None:
    wiring = Wiring(Settings(store=store, wait=0.2))
    held = open_embedded(
        store / "index",
        dimension=wiring.embedder.dimension,
        encoder_identity=wiring.embedder.identity,
        lexical_identity=wiring.lexical.identity,
    )
    with TestClient(create_app(wiring), LOCAL) as client:
        with held:
            told = client.get("/readyz")
            assert told.status_code == 503
            assert told.json()["type"] == "urn:aether:problem:store-busy"
            assert int(told.headers["retry-after"]) > 0
            assert client.get("/livez").status_code == 200
            assert client.post("/v1/ask", json=RESTORE).status_code == 503
        assert client.get("/readyz").status_code == 200
        assert client.post("/v1/ask", json=RESTORE).json()["status"] == "grounded"


def test_an_index_server_that_goes_and_comes_back(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is a stand-in: there is none to be had here. Its adapter's own faults are in test_index_remote.py."""
    away = threading.Event()
    wiring = Wiring(Settings(store=store))
    embedded = open_embedded

    @contextmanager
    def remote(url: str, *, api_key: str, **more: object) -> Iterator[object]:
        if away.is_set():
            raise IndexFailure("the server does not answer", item=url, next_step="Check that it runs")
        with embedded(store / "index", **more) as index:  # type: ignore[arg-type]
            yield Flaky(index, away)

    monkeypatch.setattr("ingest.index.remote.open_remote", remote)
    far = Wiring(wiring.settings.model_copy(update={"index": "http://127.0.0.1:9"}))
    with TestClient(create_app(far), LOCAL) as client:
        assert client.post("/v1/ask", json=RESTORE).json()["status"] == "grounded"
        away.set()
        for told in (client.post("/v1/ask", json=RESTORE), client.get("/v1/search?q=ledger"), client.get("/readyz")):
            assert told.status_code == 503
            assert told.json()["type"] == "urn:aether:problem:index"
            assert told.headers["retry-after"] == "5"
            assert "127.0.0.1:9" not in told.text
        assert client.get("/livez").status_code == 200
        assert client.get("/v1/documents").status_code == 200
        away.clear()
        assert client.get("/readyz").status_code == 200
        assert client.post("/v1/ask", json=RESTORE).json()["status"] == "grounded"


class Flaky:
    """An index whose server may be away."""

    def __init__(self, index: object, away: threading.Event) -> None:
        self._index = index
        self._away = away

    def __getattr__(self, name: str) -> object:
        if self._away.is_set():
            raise IndexFailure("the server does not answer", next_step="Check that it runs")
        return getattr(self._index, name)


def test_malformed_requests_of_every_kind_are_refused_and_forgotten(store: Path) -> None:
    sent = [
        b"\x00\xff\xfe\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET " + b"/" * 70_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
        b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /v1/search?q=%ff%fe%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-A: b\r\n" * 5000 + b"\r\n",
        b"GET /v1/documents/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ]
    with served(store) as (port, _, _):
        for one in sent:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as door:
                door.sendall(one)
                door.shutdown(socket.SHUT_WR)
                told = b""
                try:
                    while chunk := door.recv(65536):
                        told += chunk
                except ConnectionResetError:
                    pass
            status = told.split(b" ", 2)[1:2]
            assert not status or (status[0].isdigit() and int(status[0]) < 500), (one[:40], told[:200])
            assert b"root:" not in told
        assert ask(port).json()["status"] == "grounded"
        assert json.loads(httpx2.get(f"http://127.0.0.1:{port}/readyz").text) == {"status": "ready"}


def test_an_encoder_that_fails_costs_the_vectors_and_not_every_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """How answers degrade below a language model's: by vectors and words, by words alone, a refusal."""
    assert run(["ingest", str(LIBRARY / "runbooks"), "--store", str(tmp_path / "store")]) == 0
    wiring = Wiring(Settings(store=tmp_path / "store"))
    failing = threading.Event()
    embed = type(wiring.embedder).embed

    def embedded(self: object, texts: list[str]) -> list[tuple[float, ...]]:
        if failing.is_set():
            raise EncoderError("a run failed", item="the encoder")
        return embed(self, texts)  # type: ignore[arg-type]

    monkeypatch.setattr(type(wiring.embedder), "embed", embedded)
    asked, new = {"question": "How do I forget a person?"}, {"question": "So how do I forget a person?"}
    with TestClient(create_app(wiring), LOCAL) as client:
        assert client.post("/v1/ask", json=asked).json()["fingerprint"]["dense_share"] == 1.0
        failing.set()
        assert client.post("/v1/ask", json=asked).json()["fingerprint"]["dense_share"] == 1.0, "remembered"
        made = client.post("/v1/ask", json=new).json()
        assert made["status"] == "grounded"
        assert {one["document"] for one in made["citations"]} == {"runbooks/forget-a-person.md"}
        assert made["fingerprint"]["dense_share"] == 0.0
        found = client.get("/v1/search?q=forget a person").json()
        assert found["items"][0]["document"] == "runbooks/forget-a-person.md"
        unknown = client.post("/v1/ask", json={"question": "Which espresso machine is in the kitchen?"}).json()
        assert unknown["refusal"]["reason"] == "no_evidence"
        assert 1 <= sum("by words alone" in record.message for record in caplog.records) <= 2
        failing.clear()
        assert client.post("/v1/ask", json=new).json()["fingerprint"]["dense_share"] == 1.0
