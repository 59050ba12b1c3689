"""A Qdrant server that is away, slow, broken, foreign or not let in; and what we send to a good one."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from corpus.errors import AetherError, EncoderError, IndexFailure, StoreDamaged
from corpus.passages import Passage, Point, Sparse
from corpus.ports import Query, Scope
from ingest.index.remote import RemoteIndex, open_remote
from ingest.index.ties import SPARE

OK = {"status": "ok", "time": 0.0}
HELD = {"encoder": "e", "lexical": "l", "dimension": "2"}


class Server(ThreadingHTTPServer):
    """Answers as a Qdrant server with one collection would, unless told otherwise; remembers what it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.sent: list[tuple[str, str, Any]] = []
        self.metadata: dict[str, str] | None = None
        self.exists = False
        self.hits: list[dict[str, Any]] = []
        self.status = 200
        self.raw: bytes | None = None
        self.delay = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that did not wait is no error here."""

    def result(self, verb: str, path: str) -> object:
        if path.endswith("/exists"):
            return {"exists": self.exists}
        if path.endswith("/points/query"):
            return {"points": self.hits}
        if path.endswith("/points/scroll"):
            return {"points": [], "next_page_offset": None}
        if path.endswith("/points/count"):
            return {"count": 3}
        if verb == "GET":
            params = {"vectors": {"dense": {"size": 2, "distance": "Cosine"}}}
            hnsw = {"m": 16, "ef_construct": 100, "full_scan_threshold": 10000}
            optimizer = {"deleted_threshold": 0.2, "vacuum_min_vector_number": 1000, "default_segment_number": 0}
            config = {
                "params": params,
                "hnsw_config": hnsw,
                "optimizer_config": {**optimizer, "flush_interval_sec": 5},
                "metadata": self.metadata,
            }
            return {
                "status": "green",
                "optimizer_status": "ok",
                "segments_count": 1,
                "config": config,
                "payload_schema": {},
            }
        return {"operation_id": 1, "status": "completed"} if "/points" in path or "/index" in path else True


class Handler(BaseHTTPRequestHandler):
    server: Server

    def answer(self) -> None:
        path = self.path.split("?")[0]
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.sent.append((self.command, self.path, json.loads(body) if body else None))
        time.sleep(self.server.delay)
        raw = self.server.raw
        if raw is None:
            raw = json.dumps({**OK, "result": self.server.result(self.command, path)}).encode()
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_PUT = do_POST = do_DELETE = answer

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def opened(url: str, *, timeout: int = 5, fresh: bool = False) -> RemoteIndex:
    return open_remote(
        url, dimension=2, encoder_identity="e", lexical_identity="l", collection="c", timeout=timeout, fresh=fresh
    )


def point(n: int, access: tuple[str, ...] = ("public",)) -> Point:
    name = str(uuid.UUID(int=n))
    passage = Passage(name, "s/d", "r", "s", "t", "adr", "", (), 0, 1, "x", "", n, "line 1", "", access)
    return Point(passage, Sparse((3, 7), (1.0, 2.0)), (0.0, 1.0))


QUERY = Query((1.0, 0.0), Scope(frozenset({"public"})), 3)


def assert_helpful(error: AetherError, *words: str) -> None:
    said = str(error)
    assert "\n" not in said
    assert error.next_step
    for word in words:
        assert word in said


def test_no_server() -> None:
    with pytest.raises(IndexFailure) as caught:
        opened("http://127.0.0.1:1")
    assert_helpful(caught.value, "http://127.0.0.1:1", "cannot be reached", "Connection refused", "--index")


@pytest.mark.parametrize("url", ["http://", "not an address", "ftp://127.0.0.1", "http://127.0.0.1:99999"])
def test_no_address(url: str) -> None:
    with pytest.raises(IndexFailure) as caught:
        opened(url)
    assert_helpful(caught.value, url)


def test_a_server_that_goes_away(server: Server) -> None:
    index = opened(server.url)
    server.shutdown()
    server.server_close()
    for call in (
        lambda: index.write([point(1)]),
        lambda: index.remove([point(1).passage.id]),
        lambda: index.read([point(1).passage.id]),
        lambda: index.search(QUERY),
        lambda: list(index.scan()),
        index.count,
    ):
        with pytest.raises(IndexFailure) as caught:
            call()
        assert_helpful(caught.value, "cannot be reached")


@pytest.mark.parametrize(
    ("status", "advice"), [(500, "log"), (503, "log"), (401, "API key"), (403, "API key"), (404, "Qdrant"), (429, "")]
)
def test_a_server_that_refuses(server: Server, status: int, advice: str) -> None:
    index = opened(server.url)
    server.status, server.raw = status, b'{"status": {"error": "Service internal error:\\nno room"}}'
    for call in (lambda: index.write([point(1)]), lambda: index.search(QUERY), lambda: opened(server.url)):
        with pytest.raises(IndexFailure) as caught:
            call()
        assert_helpful(caught.value, advice, "no room" if status != 429 else "")


@pytest.mark.parametrize("raw", [b"<html>It works!</html>", b"", b"{}", b'{"result": 7}', b"\xff\xfe"])
def test_something_else_answers(server: Server, raw: bytes) -> None:
    index = opened(server.url)
    server.raw = raw
    with pytest.raises(IndexFailure) as caught:
        index.search(QUERY)
    assert_helpful(caught.value)


def test_a_slow_server_is_left_after_the_timeout(server: Server) -> None:
    index = opened(server.url, timeout=1)
    server.delay = 4
    began = time.monotonic()
    with pytest.raises(IndexFailure) as caught:
        index.search(QUERY)
    assert 0.9 < time.monotonic() - began < 3
    assert_helpful(caught.value, "timed out")


def test_a_collection_of_others_is_refused(server: Server) -> None:
    server.exists = True
    for metadata, error, said in [
        (None, StoreDamaged, "no collection of Aether"),
        ({"owner": "me"}, StoreDamaged, "no collection of Aether"),
        ({**HELD, "encoder": "x"}, EncoderError, "encoder x, not e"),
        ({**HELD, "dimension": "3"}, EncoderError, "dimension 3, not 2"),
        ({**HELD, "lexical": "x"}, StoreDamaged, "tokenizer x, not l"),
    ]:
        server.metadata = metadata
        with pytest.raises(error) as caught:
            opened(server.url)
        assert_helpful(caught.value, said)
    assert {verb for verb, _, _ in server.sent} == {"GET"}
    server.metadata = HELD
    assert opened(server.url).count() == 3


def test_a_passage_out_of_scope_is_never_handed_on(server: Server) -> None:
    from ingest.index.layout import pack

    secret = point(1, access=("group:secret",)).passage
    server.hits = [{"id": secret.id, "version": 1, "score": 0.9, "payload": pack(secret)}]
    with pytest.raises(IndexFailure, match="out of scope"):
        opened(server.url).search(QUERY)


def test_the_layout_that_a_server_is_given(server: Server) -> None:
    index = opened(server.url)
    sent = [(verb, path.split("?")[0].removeprefix("/collections/c"), body) for verb, path, body in server.sent]
    assert sent[:2] == [
        ("GET", "/exists", None),
        (
            "PUT",
            "",
            {
                "vectors": {"dense": {"size": 2, "distance": "Cosine"}},
                "sparse_vectors": {"sparse": {"modifier": "idf"}},
                "metadata": HELD,
            },
        ),
    ]
    assert sent[2:] == [
        ("PUT", "/index", {"field_name": name, "field_schema": "keyword"})
        for name in ("access", "source", "kind", "document")
    ]
    server.sent.clear()
    index.write([point(n) for n in range(300)])
    assert [len(body["points"]) for _, _, body in server.sent] == [256, 44]
    assert all("wait=true" in path for _, path, _ in server.sent)
    first = server.sent[0][2]["points"][0]
    assert first["vector"] == {"sparse": {"indices": [3, 7], "values": [1.0, 2.0]}, "dense": [0.0, 1.0]}
    assert set(first["payload"]) == {"access", "source", "kind", "document", "passage"}


def test_the_scope_goes_with_the_query(server: Server) -> None:
    index = opened(server.url)
    server.sent.clear()
    scope = Scope(frozenset({"public", "user:ann"}), frozenset({"s"}), frozenset({"adr"}), frozenset({"s/d"}))
    where = {
        "must": [
            {"key": "access", "match": {"any": ["public", "user:ann"]}},
            {"key": "source", "match": {"any": ["s"]}},
            {"key": "kind", "match": {"any": ["adr"]}},
        ],
        "must_not": [{"key": "document", "match": {"any": ["s/d"]}}],
    }
    assert index.search(Query((1.0, 0.0), scope, 3)) == []
    assert index.search(Query(Sparse((7,), (1.0,)), scope, 3)) == []
    dense, sparse = (body for _, _, body in server.sent)
    assert (dense["using"], dense["limit"], dense["filter"]) == ("dense", 3 + SPARE, where)
    assert (sparse["using"], sparse["limit"], sparse["filter"]) == ("sparse", 3 + SPARE, where)
    assert sparse["params"]["idf"] == {"corpus": where}
