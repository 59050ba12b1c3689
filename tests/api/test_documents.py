"""Documents, revisions and passages over HTTP, as different callers see them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from service.access.keys import Keys, Wish

Door = Callable[..., TestClient]


@pytest.fixture
def store(library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library, tmp_path / "store"))


def token_of(store: Path, *access: str) -> dict[str, str]:
    token = Keys(store).create(Wish("test", access=access))[1]
    return {"authorization": f"Bearer {token}"}


def ids(told: Response) -> list[str]:
    assert told.status_code == 200, told.text
    return [item["id"] for item in told.json()["items"]]


def test_a_caller_lists_what_they_may_read(store: Path, door: Door) -> None:
    client = door(store)
    everyone, finance = token_of(store, "public"), token_of(store, "public", "group:finance")
    assert ids(client.get("/v1/documents", headers=everyone)) == ["handbook/deploy.md", "handbook/restore.md"]
    assert "private/pay.md" in ids(client.get("/v1/documents", headers=finance))
    assert ids(client.get("/v1/documents?source=private", headers=everyone)) == []
    assert ids(client.get("/v1/documents?source=private", headers=finance)) == ["private/pay.md"]


def test_pages_follow_each_other(store: Path, door: Door) -> None:
    client = door(store)
    first = client.get("/v1/documents?limit=1").json()
    second = client.get("/v1/documents", params={"limit": 1, "cursor": first["next"]}).json()
    assert [page["items"][0]["id"] for page in (first, second)] == ["handbook/deploy.md", "handbook/restore.md"]
    assert second["next"] == ""
    assert client.get("/v1/documents?cursor=%25%25").status_code == 400


def test_a_revision_is_read_whole_and_named_by_its_etag(store: Path, door: Door) -> None:
    client = door(store)
    known = client.get("/v1/documents/handbook/restore.md").json()
    assert known["revisions"] == [known["revision"]]
    place = f"/v1/documents/handbook/restore.md/revisions/{known['revision'][:12]}"
    told = client.get(place)
    assert told.json()["text"].startswith("# Restore the ledger")
    assert told.json()["current"] is True
    assert told.json()["sections"][0]["path"] == ["Restore the ledger"]
    again = client.get(place, headers={"if-none-match": told.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_passage_is_read_by_its_id(store: Path, door: Door) -> None:
    client = door(store)
    found = client.get("/v1/search", params={"q": "deploy the ledger"}).json()["items"][0]
    assert client.get(f"/v1/passages/{found['id']}").json()["text"] == found["text"]


def test_forbidden_is_as_absent(store: Path, door: Door) -> None:
    client = door(store)
    everyone, finance = token_of(store, "public"), token_of(store, "group:finance")
    revision = client.get("/v1/documents/private/pay.md", headers=finance).json()["revision"]
    passage = client.get("/v1/search?q=payroll", headers=finance).json()["items"][0]["id"]
    for there, nowhere in (
        ("/v1/documents/private/pay.md", "/v1/documents/private/pax.md"),
        (f"/v1/documents/private/pay.md/revisions/{revision}", f"/v1/documents/private/pax.md/revisions/{revision}"),
        (f"/v1/passages/{passage}", f"/v1/passages/{passage[:-4]}0000"),
    ):
        assert client.get(there, headers=finance).status_code == 200
        one, other = client.get(there, headers=everyone), client.get(nowhere, headers=everyone)
        assert one.status_code == other.status_code == 404
        assert one.text.replace("pay.md", "pax.md").replace(passage, f"{passage[:-4]}0000") == other.text
    assert "25th" not in client.get("/v1/search?q=payroll+export", headers=everyone).text


def test_what_was_closed_meanwhile_no_longer_leaves(store: Path, door: Door) -> None:
    """The index still says public; the store, which is asked again before anything leaves, does not."""
    import sqlite3

    client = door(store)
    assert "ledgerctl deploy" in client.get("/v1/search?q=deploy").text
    with sqlite3.connect(store / "aether.db") as database:
        database.execute("UPDATE documents SET access = '[\"group:ops\"]' WHERE id = 'handbook/deploy.md'")
    assert "ledgerctl deploy" not in client.get("/v1/search?q=deploy").text
    told = client.post("/v1/ask", json={"question": "On which days is the ledger deployed?"})
    assert told.status_code == 503
    assert "Tuesdays" not in told.text
