"""Texts and saved answers over HTTP and MCP, as different callers may have them checked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.access.keys import Keys, Wish

Door = Callable[..., TestClient]
TEXT = (
    "Deploy the ledger with `ledgerctl deploy`, on Fridays only.\n\nThe payroll export runs on the 25th of each month."
)


@pytest.fixture
def store(library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library, tmp_path / "store"))


def token_of(store: Path, *access: str) -> dict[str, str]:
    return {"authorization": f"Bearer {Keys(store).create(Wish('test', access=access))[1]}"}


def test_a_text_is_checked_by_what_its_caller_may_read(store: Path, door: Door) -> None:
    client, public = door(store), token_of(store, "public")
    finance = client.post("/v1/check", json={"text": TEXT}, headers=token_of(store, "public", "group:finance"))
    assert finance.status_code == 200, finance.text
    assert [s["verdict"]["supported"] for s in finance.json()["sentences"]] == [False, True]
    everyone = client.post("/v1/check", json={"text": TEXT}, headers=public).json()
    assert (everyone["supported"], everyone["failed"]) == (0, 2)
    assert "private/pay.md" not in json.dumps(everyone)
    assert client.post("/v1/check", json={"text": TEXT, "as": ["group:finance"]}, headers=public).status_code == 403


def test_a_saved_answer_is_verified_and_nothing_is_told_of_the_forbidden(store: Path, door: Door) -> None:
    client, public = door(store), token_of(store, "public")
    finance = token_of(store, "public", "group:finance")
    made = client.post("/v1/ask", json={"question": "When does the payroll export run?"}, headers=finance).json()
    secret = next(c for c in made["citations"] if c["document"] == "private/pay.md")
    saved = {"citations": [secret], "sentences": [{"text": "It runs.", "citations": [secret["number"]]}]}
    mine = client.post("/v1/verify", json={"saved": saved}, headers=finance).json()
    assert mine["counts"] == {"holds": 1, "moved": 0, "changed": 0, "gone": 0}
    forbidden = client.post("/v1/verify", json={"saved": saved}, headers=public)
    secret["document"] = "private/no.md"
    absent = client.post("/v1/verify", json={"saved": saved}, headers=public)
    assert forbidden.json()["counts"]["gone"] == 1
    assert forbidden.text.replace("pay.md", "no.md") == absent.text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/check", {"text": "# Heading"}),
        ("/v1/check", {"text": "A sentence of several words. " * 201}),
        ("/v1/check", {"text": "x" * 200_001}),
        ("/v1/verify", {"saved": {}}),
        ("/v1/verify", {"saved": {"citations": [{"number": 1, "document": "a", "start": -1, "end": 0, "quote": "a"}]}}),
    ],
)
def test_what_cannot_be_checked_is_a_problem(library: Path, door: Door, path: str, body: object) -> None:
    told = door(library).post(path, json=body)
    assert told.status_code in (400, 422), told.text
    assert told.headers["content-type"].startswith("application/problem+json")
