"""Text that is none, where names and words are expected: a problem of the caller's, never a bug."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.api.app import create_app
from service.settings import Settings
from service.wiring import Wiring

JSON = {"content-type": "application/json"}
HALF = rb"\ud800"
"""Half of a surrogate pair: JSON can say it, UTF-8 cannot."""


@pytest.fixture(scope="module")
def client(library: Path) -> Iterator[TestClient]:
    with TestClient(
        create_app(Wiring(Settings(store=library))), "http://127.0.0.1:8000", raise_server_exceptions=False
    ) as open_client:
        yield open_client


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/ask", b'{"question": "How is the ledger restored?", "sources": ["%s"]}'),
        ("/v1/ask", b'{"question": "How is the ledger restored?", "exclude": ["a", "%s"]}'),
        ("/v1/ask", b'{"question": "How is the ledger restored?", "conversation": "%s"}'),
        ("/v1/ask", b'{"question": "%s", "id": "a"}'),
        ("/v1/ask", b'{"question": "How?", "as": ["group:%s"]}'),
        ("/v1/check", b'{"text": "Deploy on Tuesdays only.", "exclude": ["%s"]}'),
        ("/v1/check", b'{"text": "Deploy on Tuesdays only.", "sources": ["%s"]}'),
        ("/v1/protocols/adr", b'{"question": "How is the ledger restored?", "sources": ["%s"]}'),
        ("/v1/protocols/adr", b'{"question": "How is the ledger restored?", "options": ["%s"]}'),
        ("/v1/protocols/review", b'{"text": "# A\\n\\nWe deploy.", "name": "%s"}'),
        ("/v1/feedback", b'{"question": "How?", "sentence": "So.", "vote": "up", "answer": "%s"}'),
        ("/v1/chat/completions", b'{"model": "%s", "messages": [{"role": "user", "content": "How?"}]}'),
    ],
)
def test_half_a_character_is_the_caller_s_mistake(client: TestClient, path: str, body: bytes) -> None:
    told = client.post(path, content=body.replace(b"%s", HALF), headers=JSON)
    assert 400 <= told.status_code < 500, told.text
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["status"] == told.status_code


def test_half_a_character_in_a_chat_is_read_over(client: TestClient) -> None:
    asked = b'[{"role": "user", "content": "%s How is the ledger restored?"}]'
    body = b'{"model": "aether", "audience": null, "messages": ' + asked + b"}"
    told = client.post("/v1/chat/completions", content=body.replace(b"%s", HALF), headers=JSON)
    assert told.status_code == 200
    assert "ledgerctl restore" in told.json()["choices"][0]["message"]["content"]
