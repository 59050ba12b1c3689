"""What a service tells of its work: its journal, its traces, its counters."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from service.answer import Answer, Usage
from service.desk.meter import Meter

Door = Callable[..., TestClient]
Done = Callable[..., dict[str, Any]]
RESTORE = {"question": "How do I restore the ledger?"}


@pytest.fixture
def store(library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library, tmp_path / "store"))


def kept(store: Path) -> list[dict[str, str]]:
    files = sorted((store / "journal").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_answers_are_kept_for_some_days_and_go_with_their_documents(store: Path, door: Door, done: Done) -> None:
    today = datetime.now(UTC).date()
    (store / "journal").mkdir()
    for age in (1, 2, 40):
        (store / "journal" / f"{today - timedelta(days=age)}.jsonl").write_text("")
    client = door(store, journal_days=2)
    left = sorted(path.stem for path in (store / "journal").iterdir())
    assert left == [str(today - timedelta(days=1))]

    made = client.post("/v1/ask", json=RESTORE, headers={"x-request-id": "r1"}).json()
    client.post("/v1/ask", json={"question": "On which day do I deploy the ledger?"})
    first, _ = kept(store)
    assert (first["request"], first["who"], first["answer"]) == ("r1", "local", made)
    assert (store / "journal" / f"{today}.jsonl").stat().st_mode & 0o777 == 0o600

    assert done(client, client.delete("/v1/documents/handbook/restore.md"))["status"] == "done"
    assert "ledgerctl restore" not in json.dumps(kept(store))


def test_none_is_kept_unless_it_is_wanted(store: Path, door: Door) -> None:
    assert door(store).post("/v1/ask", json=RESTORE).json()["status"] == "grounded"
    assert not (store / "journal").exists()


@pytest.fixture
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """The address of a collector of traces, and what came to it."""
    came: list[ExportTraceServiceRequest] = []

    class Hear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hear) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/traces", came
        server.shutdown()


def test_traces_have_the_stages_and_no_words(
    store: Path, door: Door, collector: tuple[str, list[ExportTraceServiceRequest]]
) -> None:
    address, came = collector
    client = door(store, traces=address)
    client.post("/v1/ask", json=RESTORE, headers={"x-request-id": "r1"})
    client.get("/v1/search?q=ledger")
    client.app.state.service.traces.close()  # type: ignore[attr-defined]
    spans = [
        span
        for one in came
        for resource in one.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    whole = next(span for span in spans if span.name == "ask")
    stages = [span for span in spans if span.parent_span_id == whole.span_id]
    assert {"wait", "search", "read", "rank", "compose", "fingerprint"} <= {span.name for span in stages}
    for span in stages:
        assert whole.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.end_time_unix_nano <= whole.end_time_unix_nano + 1_000_000
    about = {one.key: one.value.string_value for one in whole.attributes}
    assert about == {"aether.request": "r1", "aether.status": "grounded"}
    assert "search" in {span.name for span in spans if not span.parent_span_id}
    assert not any(b"ledger" in one.SerializeToString() for one in came)


@pytest.mark.slow
def test_a_collector_that_is_away_costs_nothing(store: Path, door: Door) -> None:
    client = door(store, traces="http://127.0.0.1:9/v1/traces")
    assert client.post("/v1/ask", json=RESTORE).status_code == 200


def test_tokens_and_cost_are_counted_by_key_and_protocol(store: Path, door: Door) -> None:
    made = Answer.model_validate(door(store).post("/v1/ask", json=RESTORE).json())
    usage = Usage(model="m", calls=1, tokens_in=70, tokens_out=9, seconds=1.0, cost=0.5)
    meter = Meter(lambda: 0)
    for _ in range(2):
        meter.answer(made.model_copy(update={"usage": usage}), "k1")
    meter.report("review", "k1")
    page = meter.page().decode()
    assert 'aether_tokens_total{direction="in",key="k1",model="m",protocol="ask"} 140.0' in page
    assert 'aether_tokens_total{direction="out",key="k1",model="m",protocol="ask"} 18.0' in page
    assert 'aether_cost_total{key="k1",model="m",protocol="ask"} 1.0' in page
    assert 'aether_reports_total{key="k1",protocol="review"} 1.0' in page
