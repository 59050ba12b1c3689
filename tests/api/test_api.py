"""The HTTP door, over a real store: through the test client, and once through a real server."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.errors import AetherError, IndexFailure, StoreBusy, StoreDamaged
from ingest.index.lock import FolderLock
from service.answer import Answer
from service.api.app import create_app
from service.api.problems import TABLE, row_of
from service.cli.program import run
from service.settings import Settings
from service.wiring import Wiring

REPO = Path(__file__).resolve().parents[2]
LOCAL = "http://127.0.0.1:8000"
TEXT = "# Restore the ledger\n\nRestore the ledger with `ledgerctl restore --from latest`.\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    (folder / "handbook").mkdir()
    (folder / "handbook" / "restore.md").write_text(TEXT)
    (folder / "private").mkdir()
    (folder / "private" / "pay.md").write_text("# Payroll\n\nThe payroll export runs on the 25th.\n")
    (folder / "private" / ".aether-access").write_text("group:finance\n")
    paths = [str(folder / "handbook"), str(folder / "private")]
    assert run(["ingest", *paths, "--store", str(folder / "store")]) == 0
    return folder / "store"


def wiring(store: Path, **values: object) -> Wiring:
    return Wiring(Settings.model_validate({"store": store, **values}))


@pytest.fixture
def client(store: Path) -> Iterator[TestClient]:
    with TestClient(create_app(wiring(store)), LOCAL, raise_server_exceptions=False) as made:
        yield made


def test_it_lives_without_a_store(tmp_path: Path) -> None:
    with TestClient(create_app(wiring(tmp_path / "none")), LOCAL) as client:
        assert client.get("/livez").json() == {"status": "ok"}
        told = client.post("/v1/ask", json={"question": "Why?"})
        assert told.status_code == 503
        assert told.headers["retry-after"] == "60"
        assert told.json()["type"] == "urn:aether:problem:store-missing"
        assert "aether ingest" in told.json()["detail"]
        assert str(tmp_path) not in told.text


def test_an_answer_is_the_engine_s(client: TestClient) -> None:
    told = client.post("/v1/ask", json={"question": "How do I restore the ledger?", "id": "q1", "length": "brief"})
    assert told.status_code == 200
    answer = Answer.model_validate_json(told.content)
    assert (answer.id, answer.status) == ("q1", "grounded")
    assert "ledgerctl restore --from latest" in answer.text


def test_the_policy_holds_at_the_door(client: TestClient) -> None:
    told = client.post("/v1/ask", json={"question": "How do I tamper with the audit logs of the ledger?"})
    assert told.status_code == 200
    assert told.json()["refusal"]["reason"] == "unsafe"
    assert told.json()["refusal"]["line"] == "concealment"
    assert "The boundary: records exist" in told.json()["text"]
    assert not told.json()["evidence"]


def test_the_audience_is_one_of_those_known(client: TestClient) -> None:
    body = {"question": "How do I restore the ledger?", "audience": "engineer"}
    assert "ledgerctl restore" in client.post("/v1/ask", json=body).json()["text"]
    assert client.post("/v1/ask", json=body | {"audience": "shareholder"}).status_code == 422


def test_callers_are_the_public(client: TestClient) -> None:
    told = client.post("/v1/ask", json={"question": "When does the payroll export run?"})
    assert told.status_code == 200
    assert "25th" not in told.text
    assert "private/" not in told.text


def test_a_question_can_be_narrowed(client: TestClient) -> None:
    body = {"question": "How do I restore the ledger?"}
    for more in ({"sources": ["elsewhere"]}, {"kinds": ["adr"]}, {"exclude": ["handbook/restore.md"]}):
        told = client.post("/v1/ask", json={**body, **more})
        assert told.status_code == 200
        assert told.json()["status"] == "refused"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "question"),
        ({"question": " \n"}, "question"),
        ({"question": "x" * 4001}, "question"),
        ({"question": "Why?", "access": ["group:finance"]}, "access"),
        ({"question": "Why?", "length": "endless"}, "length"),
        ({"question": "Why?", "kinds": ["novel"]}, "kinds"),
    ],
)
def test_what_the_schema_does_not_allow_is_a_problem(body: dict[str, object], says: str, client: TestClient) -> None:
    told = client.post("/v1/ask", json=body)
    assert told.status_code == 422
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert problem["status"] == 422
    assert any(says in fault["at"] for fault in problem["faults"])


def test_unknown_paths_and_methods_are_problems(client: TestClient) -> None:
    for told, status in ((client.get("/nope"), 404), (client.get("/v1/ask"), 405)):
        assert told.status_code == status
        assert told.headers["content-type"] == "application/problem+json"
        assert told.json()["status"] == status


def test_where_there_is_a_key_it_must_be_shown(store: Path) -> None:
    with TestClient(create_app(wiring(store, api_key="s3cret")), LOCAL) as client:
        assert client.get("/livez").status_code == 200
        for headers in (
            {},
            {"authorization": "Bearer wrong"},
            {"authorization": "Bearer "},
            {"authorization": "s3cret"},
        ):
            told = client.post("/v1/ask", json={"question": "Why?"}, headers=headers)
            assert told.status_code == 401
            assert told.headers["www-authenticate"] == "Bearer"
        right = {"authorization": "Bearer s3cret"}
        assert client.post("/v1/ask", json={"question": "Restore the ledger?"}, headers=right).status_code == 200


def test_where_there_is_no_key_any_is_taken_for_none(client: TestClient) -> None:
    for headers in ({}, {"authorization": "Bearer a-client-that-cannot-leave-it-out"}):
        assert client.post("/v1/ask", json={"question": "Restore the ledger?"}, headers=headers).status_code == 200
    assert client.get("/v1/documents", headers={"authorization": "Basic eA=="}).status_code == 401


def test_a_busy_store_asks_to_come_back(store: Path) -> None:
    with TestClient(create_app(wiring(store, wait=0.1)), LOCAL) as client, FolderLock(store / "index"):
        told = client.post("/v1/ask", json={"question": "How do I restore the ledger?"})
    assert (told.status_code, told.headers["retry-after"]) == (503, "5")


def test_callers_at_once_all_get_their_answer(client: TestClient) -> None:
    def ask(number: int) -> tuple[int, str]:
        told = client.post("/v1/ask", json={"question": "How do I restore the ledger?", "id": str(number)})
        return told.status_code, told.json()["id"]

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, range(12))) == [(200, str(number)) for number in range(12)]


def test_a_bug_tells_nothing_of_itself(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(self: object, request: object) -> Answer:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("service.engine.Engine.ask", crash)
    told = client.post("/v1/ask", json={"question": "Why?"})
    assert told.status_code == 500
    assert told.headers["content-type"] == "application/problem+json"
    assert "secret" not in told.text


def _kinds(kind: type[AetherError]) -> Iterator[type[AetherError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from _kinds(below)


def test_every_error_of_the_tree_has_its_row() -> None:
    above = {kind for kind in _kinds(AetherError) if kind.__module__.startswith("eval.")}
    assert set(_kinds(AetherError)) - above == set(TABLE)
    assert len({row.name for row in TABLE.values()}) == len(TABLE)

    class Unlisted(StoreBusy):
        """Made up here."""

    assert row_of(Unlisted) == TABLE[StoreBusy]
    assert all(400 <= row_of(kind).status < 600 for kind in (IndexFailure, StoreDamaged))


def test_the_schema_can_be_had(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/livez", "/readyz", "/v1/ask", "/v1/search", "/v1/documents"} < set(paths)


def serve(store: Path, port: int) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(REPO), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", str(port)]
    return subprocess.Popen(
        [*command, "--store", str(store)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )


def test_a_real_server_serves_and_stops(store: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with serve(store, port) as child:
        try:
            _wait_for(f"http://127.0.0.1:{port}/livez", child)
            body = json.dumps({"question": "How do I restore the ledger?"}).encode()
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/v1/ask", body, {"content-type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=30) as told:
                assert json.load(told)["status"] == "grounded"
        finally:
            child.terminate()
            _, err = child.communicate(timeout=30)
    assert re.search(r"Uvicorn running on http://127\.0\.0\.1", err)
    assert "Traceback" not in err


def test_a_port_that_is_taken_is_said_in_one_line(store: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, serve(store, taken.getsockname()[1]) as child:
        _, err = child.communicate(timeout=60)
    assert child.returncode == 1
    assert "aether: 127.0.0.1" in err.splitlines()[-1]
    assert "Traceback" not in err


def _wait_for(url: str, child: subprocess.Popen[str]) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except (urllib.error.URLError, ConnectionError):
            assert child.poll() is None, child.communicate()
            time.sleep(0.1)
    pytest.fail("the server did not come up")
