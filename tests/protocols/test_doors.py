"""Every protocol that is registered is a path, a chat model and a command, each with the same report."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.main import get_command

from service.api.app import create_app
from service.cli.program import app
from service.protocols.registry import PROTOCOLS
from service.settings import Settings
from service.wiring import Wiring

SUBJECT = "# The order queue\n\nWhich queue carries the order events, and how is the order queue rolled back?\n"
BODIES = {
    "review": {"text": SUBJECT},
    "adr": {"question": "Which queue carries the order events?", "options": ["Kafka"]},
    "intake": {"text": SUBJECT},
    "assess": {"system": "order queue"},
    "premortem": {"text": "order queue"},
}


@pytest.fixture(scope="module")
def client(shop_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    store = Path(shutil.copytree(shop_store, tmp_path_factory.mktemp("served") / "store"))
    with TestClient(create_app(Wiring(Settings(store=store))), "http://127.0.0.1:8000") as open_client:
        yield open_client


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_protocol_is_a_path_a_model_and_a_command(client: TestClient, name: str) -> None:
    assert name in get_command(app).commands  # type: ignore[attr-defined]
    made = client.post(f"/v1/protocols/{name}", json=BODIES[name])
    assert made.status_code == 200
    report = made.json()
    assert report["protocol"] == name
    assert report["citations"]
    PROTOCOLS[name].report.model_validate(report)
    said = next(str(value) for value in BODIES[name].values())
    asked = {"model": f"aether-{name}", "messages": [{"role": "user", "content": said}]}
    chat = client.post("/v1/chat/completions", json=asked).json()
    assert "\nSources:\n" in chat["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("adr", {"question": " "}),
        ("adr", {"question": "Which?", "options": [""]}),
        ("assess", {"system": ""}),
        ("intake", {}),
        ("premortem", {"text": "a", "unknown": 1}),
    ],
)
def test_a_malformed_request_is_a_problem(client: TestClient, name: str, body: dict[str, object]) -> None:
    made = client.post(f"/v1/protocols/{name}", json=body)
    assert made.status_code == 422
    assert made.headers["content-type"] == "application/problem+json"
