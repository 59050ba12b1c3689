"""Who is let in, and what every response carries."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.errors import NotFound, UsageError
from service.access.keys import Keys, Wish
from service.cli.program import run

Door = Callable[..., TestClient]


@pytest.fixture
def store(library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library, tmp_path / "store"))


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_a_key_opens_until_it_is_revoked(store: Path, door: Door) -> None:
    client = door(store)
    assert client.get("/v1/documents").status_code == 200
    key, token = Keys(store).create(Wish("ci"))
    assert client.get("/v1/documents").status_code == 401
    assert client.get("/v1/documents", headers=bearer(token)).status_code == 200
    Keys(store).revoke("ci")
    told = client.get("/v1/documents", headers=bearer(token))
    unknown = client.get("/v1/documents", headers=bearer(f"aether_{key.id}_{'A' * 43}"))
    assert told.status_code == unknown.status_code == 401
    assert told.text == unknown.text
    assert told.headers["www-authenticate"] == "Bearer"


def test_without_its_keys_an_exposed_service_stays_closed(store: Path, door: Door) -> None:
    client = door(store, exposed=True)
    assert client.get("/v1/documents").status_code == 401
    assert client.get("/livez", headers={"host": "aether.example"}).status_code == 200


def test_an_expired_key_opens_nothing(store: Path) -> None:
    keys = Keys(store)
    key, token = keys.create(Wish("soon", days=1))
    assert keys.find(token) == key
    assert not key.valid(datetime.now(UTC) + timedelta(days=2))


def test_no_file_holds_the_key(store: Path) -> None:
    _, token = Keys(store).create(Wish("ci"))
    secret = token.rsplit("_", 1)[1]
    for name in ("keys.json", "keys.secret"):
        assert secret.encode() not in (store / name).read_bytes()
        assert (store / name).stat().st_mode & 0o077 == 0


def test_a_key_needs_a_name_and_an_access_set(store: Path) -> None:
    keys = Keys(store)
    with pytest.raises(UsageError, match="not a key's name"):
        keys.create(Wish("a\nb"))
    with pytest.raises(NotFound):
        keys.revoke("nobody")


def test_the_command_line_makes_lists_and_revokes(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--store", str(store)]
    assert run(["keys", "create", "bot", "--role", "editor", "--access", "group:ops", "--days", "7", *place]) == 0
    token = capsys.readouterr().out.splitlines()[0]
    assert Keys(store).find(token) is not None
    assert run(["keys", "list", *place]) == 0
    assert "bot: editor of group:ops; until" in capsys.readouterr().out
    assert run(["keys", "revoke", "bot", *place]) == 0
    assert Keys(store).find(token) is None
    assert run(["keys", "create", "x", "--access", "everyone", *place]) == 2


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", ""])
def test_a_name_that_was_turned_to_this_machine_is_refused(host: str, store: Path, door: Door) -> None:
    told = door(store).get("/v1/documents", headers={"host": host})
    assert told.status_code == 403
    assert told.headers["content-type"] == "application/problem+json"


def test_a_page_of_another_origin_is_refused(store: Path, door: Door) -> None:
    client = door(store)
    for origin in ("https://evil.example", "null", "http://127.0.0.1:9"):
        told = client.post("/v1/ask", json={"question": "Why?"}, headers={"origin": origin})
        assert told.status_code == 403
    framed = client.get("/web/static/frame.js", headers={"origin": "null"})
    assert (framed.status_code, framed.headers["cross-origin-resource-policy"]) == (200, "cross-origin")
    assert client.get("/web/static/main.js", headers={"origin": "null"}).status_code == 403
    own = {"origin": "http://127.0.0.1:8000"}
    assert client.post("/v1/ask", json={"question": "Why a ledger?"}, headers=own).status_code == 200


def test_every_response_carries_an_id_and_what_keeps_a_browser_tame(store: Path, door: Door) -> None:
    client = door(store)
    for told in (client.get("/livez"), client.get("/nope"), client.post("/v1/ask", content=b"{")):
        assert "frame-ancestors 'none'" in told.headers["content-security-policy"]
        assert "unsafe" not in told.headers["content-security-policy"]
        assert told.headers["x-content-type-options"] == "nosniff"
        assert len(told.headers["x-request-id"]) == 32
    given = client.get("/livez", headers={"x-request-id": "build-7.42"})
    assert given.headers["x-request-id"] == "build-7.42"
    forged = client.get("/livez", headers={"x-request-id": "a b"})
    assert forged.headers["x-request-id"] != "a b"


def test_a_body_beyond_the_limit_is_refused_however_it_comes(store: Path, door: Door) -> None:
    client = door(store)
    large = b'{"question": "' + b"x" * 1_100_000 + b'"}'
    whole = client.post("/v1/ask", content=large, headers={"content-type": "application/json"})
    pieces = client.post(
        "/v1/ask", content=iter([large[:600_000], large[600_000:]]), headers={"content-type": "application/json"}
    )
    assert whole.status_code == pieces.status_code == 413
    assert whole.headers["content-type"] == "application/problem+json"


def test_who_asks_too_often_is_told_when_to_come_back(store: Path, door: Door) -> None:
    client = door(store, per_minute=3)
    told = [client.get("/v1/search?q=ledger") for _ in range(4)]
    assert [one.status_code for one in told] == [200, 200, 200, 429]
    assert 1 <= int(told[-1].headers["retry-after"]) <= 60
    key = Keys(store).create(Wish("busy", per_minute=1))[1]
    own = [client.get("/v1/search?q=ledger", headers=bearer(key)).status_code for _ in range(2)]
    assert own == [200, 429]


def test_the_log_says_who_asked_and_not_what(store: Path, door: Door) -> None:
    client = door(store)
    client.post("/v1/ask", json={"question": "How do I restore the ledger?"}, headers={"x-request-id": "r1"})
    log = (store / "audit" / "audit.jsonl").read_text()
    assert '"request": "r1"' in log
    assert '"action": "ask"' in log
    assert "ledger" not in log


def test_an_answer_needs_none_of_the_heavy_libraries(store: Path) -> None:
    import subprocess

    code = f"""
import sys
from fastapi.testclient import TestClient
from service.api.app import create_app
from service.settings import Settings
from service.wiring import Wiring
with TestClient(create_app(Wiring(Settings(store={str(store)!r}))), "http://127.0.0.1") as client:
    assert client.post("/v1/ask", json={{"question": "How do I restore the ledger?"}}).json()["status"] == "grounded"
print(sorted({{"torch", "ragas", "unstructured", "llama_index", "langchain_core"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_service_counts_what_it_does_and_tells_admins(library: Path, door: Door) -> None:
    client = door(library)
    client.post("/v1/ask", json={"question": "How do I restore the ledger?"})
    client.get("/v1/documents/handbook/restore.md")
    client.get("/nowhere/handbook/restore.md")
    counted = client.get("/metrics")
    assert counted.headers["content-type"].startswith("text/plain")
    assert 'aether_requests_total{method="POST",path="/v1/ask",status="200"} 1.0' in counted.text
    assert 'path="/v1/documents/{document:path}",status="200"' in counted.text
    assert 'path="other",status="404"' in counted.text
    assert 'aether_answers_total{reason="",status="grounded"} 1.0' in counted.text
    assert 'aether_stage_seconds_count{stage="search"} 1.0' in counted.text
    assert "restore.md" not in counted.text


def test_metrics_are_for_admins(library: Path, tmp_path: Path, door: Door) -> None:
    store = Path(shutil.copytree(library, tmp_path / "store"))
    keys = Keys(store)
    client = door(store)
    for role, status in (("reader", 403), ("editor", 403), ("admin", 200)):
        token = keys.create(Wish(role, role))[1]
        assert client.get("/metrics", headers={"authorization": f"Bearer {token}"}).status_code == status
    assert client.get("/metrics").status_code == 401
