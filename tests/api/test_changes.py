"""Uploads, syncs, forgetting and feedback over HTTP: what is acknowledged is done, for whom it may be."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import NotAllowed, UsageError
from eval.generating.candidate import read_candidates
from ingest.store.store import Store
from service.access.keys import Keys, Wish
from service.access.principal import Principal
from service.cli.program import run
from service.desk.jobs import Job, Jobs, Outcome
from service.desk.service import OWNER
from service.desk.uploads import Uploads, chosen, safe_name

Door = Callable[..., TestClient]
Done = Callable[..., dict[str, Any]]
PLAN = b"# Rotate the keys\n\nRotate the vault keys with `vaultctl rotate --all`, every quarter.\n"


@pytest.fixture
def store(library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library, tmp_path / "store"))


def token_of(store: Path, role: str, *access: str) -> dict[str, str]:
    token = Keys(store).create(Wish(role, role, access))[1]  # type: ignore[arg-type]
    return {"authorization": f"Bearer {token}"}


def send(client: TestClient, name: str, content: bytes, headers: dict[str, str] | None = None, **form: str) -> Response:
    return client.post("/v1/documents", files={"file": (name, content)}, data=form, headers=headers)


def asked(client: TestClient, question: str, headers: dict[str, str] | None = None) -> str:
    return client.post("/v1/ask", json={"question": question}, headers=headers).text


def test_an_upload_is_read_in_asked_about_and_forgotten(store: Path, door: Door, done: Done) -> None:
    client = door(store)
    told = send(client, "../../Rotate keys.md", PLAN)
    with client.stream("GET", told.headers["location"], headers={"accept": "text/event-stream"}) as stream:
        events = stream.read().decode()
    assert events.count("event: end") == 1
    assert json.loads(events.rsplit("data: ", 1)[1])["status"] == "done"
    state = done(client, told)
    assert (state["status"], state["document"]) == ("done", "uploads/public/Rotate keys.md")
    assert "vaultctl rotate --all" in asked(client, "How do I rotate the vault keys?")
    client.post("/v1/feedback", json={"question": "?", "sentence": "Rotate the vault keys [1].", "vote": "up"})
    client.post("/v1/feedback", json={"question": "?", "sentence": "It is Tuesday.", "vote": "down"})

    gone = done(client, client.delete("/v1/documents/uploads/public/Rotate keys.md"))
    assert (gone["status"], gone["summary"]) == ("done", "forgotten with every revision")
    assert "vaultctl" not in asked(client, "How do I rotate the vault keys?")
    assert client.get("/v1/documents/uploads/public/Rotate keys.md").status_code == 404
    left = [path for path in store.rglob("*") if path.is_file() and b"vaultctl" in path.read_bytes()]
    assert left == []
    assert [one.case.banned for one in read_candidates(store / "feedback" / "candidates.jsonl")] == [
        ("It is Tuesday.",)
    ]
    assert "ledgerctl restore" in asked(client, "How do I restore the ledger?")


def test_a_file_that_is_no_document_says_why(store: Path, door: Door, done: Done) -> None:
    client = door(store)
    state = done(client, send(client, "core.bin", b"\x7fELF\0\0\0\1" * 400))
    assert state["status"] == "failed"
    assert state["summary"]
    assert not (store / "uploads" / "public" / "core.bin").exists()


def test_who_uploads_chooses_who_reads(store: Path, door: Door, done: Done) -> None:
    client = door(store)
    editor, reader = token_of(store, "editor", "public", "group:sre"), token_of(store, "reader", "public")
    said = b"---\naccess: [public]\n---\n" + PLAN
    assert send(client, "a.md", said, editor, access="group:finance").status_code == 403
    assert send(client, "a.md", said, reader).status_code == 403
    state = done(client, send(client, "a.md", said, editor), editor)
    assert "vaultctl" in asked(client, "How do I rotate the vault keys?", editor)
    assert "vaultctl" not in asked(client, "How do I rotate the vault keys?", reader)
    forbidden, absent = (client.get(f"/v1/jobs/{name}", headers=reader) for name in (state["id"], "0" * 24))
    assert (forbidden.status_code, forbidden.text) == (404, absent.text.replace("0" * 24, state["id"]))


def test_the_choice_holds_for_every_later_run(tmp_path: Path) -> None:
    said = b"---\naccess: [public]\n---\n" + PLAN
    path = Uploads(tmp_path / "store").keep("a.md", said, frozenset({"group:sre"}))
    assert run(["ingest", str(tmp_path / "store" / "uploads"), "--store", str(tmp_path / "store"), "--no-dense"]) == 0
    with Store.open(tmp_path / "store") as store:
        assert [(card.id, card.access) for card in store.documents.cards()] == [(path, {"group:sre"})]


def test_what_was_acknowledged_survives_a_kill(store: Path, door: Door) -> None:
    Uploads(store).keep("late.md", PLAN, frozenset({"public"}))  # acknowledged, and then the service was killed
    client = door(store)
    until = time.monotonic() + 60
    while "vaultctl" not in asked(client, "How do I rotate the vault keys?"):
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_source_is_brought_up_to_its_files(library: Path, tmp_path: Path, door: Door, done: Done) -> None:
    shutil.copytree(library.parent / "handbook", tmp_path / "handbook")
    shutil.copytree(library.parent / "private", tmp_path / "private")
    paths = [str(tmp_path / "handbook"), str(tmp_path / "private")]
    assert run(["ingest", *paths, "--store", str(tmp_path / "store")]) == 0
    client = door(tmp_path / "store")
    editor = token_of(tmp_path / "store", "editor", "public")
    (tmp_path / "handbook" / "rotate.md").write_bytes(PLAN)
    (tmp_path / "handbook" / "deploy.md").unlink()
    secret = tmp_path / "handbook" / "secret"
    secret.mkdir()
    (secret / ".aether-access").write_text("group:finance\n")
    (secret / "plan.md").write_text("# Layoffs\n\nNone are planned.\n")
    state = done(client, client.post("/v1/sources/handbook/sync", headers=editor), editor)
    assert (state["status"], state["summary"]) == ("done", "1 added, 1 deleted, 1 same")
    absent = client.post("/v1/sources/nothing/sync", headers=editor)
    forbidden = client.post("/v1/sources/private/sync", headers=editor)
    assert (absent.status_code, forbidden.status_code) == (404, 404)
    assert absent.text.replace("nothing", "private") == forbidden.text


def test_forgetting_what_one_may_not_read_is_forgetting_nothing(store: Path, door: Door) -> None:
    client = door(store)
    editor, reader = token_of(store, "editor", "public"), token_of(store, "reader", "public", "group:finance")
    absent = client.delete("/v1/documents/private/nil.md", headers=editor)
    forbidden = client.delete("/v1/documents/private/pay.md", headers=editor)
    assert (absent.status_code, absent.text.replace("nil", "pay")) == (forbidden.status_code, forbidden.text)
    assert client.delete("/v1/documents/private/pay.md", headers=reader).status_code == 403
    assert client.get("/v1/documents/private/pay.md", headers=reader).status_code == 200


def test_a_write_with_a_key_is_done_once(store: Path, door: Door) -> None:
    client = door(store)
    key = {"idempotency-key": "one"}
    path = "/v1/sources/handbook/sync"
    first, again = client.post(path, headers=key), client.post(path, headers=key)
    assert first.json()["id"] == again.json()["id"]
    clash = client.delete("/v1/documents/handbook/deploy.md", headers=key)
    assert (clash.status_code, clash.json()["type"]) == (409, "urn:aether:problem:clash")
    assert client.post(path).json()["id"] != first.json()["id"]
    assert client.post(path, headers={"idempotency-key": "two"}).json()["id"] != first.json()["id"]
    assert send(client, "", PLAN).status_code == 400
    assert client.post("/v1/documents", json={"file": "x"}).status_code == 400


def test_feedback_becomes_a_candidate(store: Path, door: Door) -> None:
    client = door(store)
    reader = token_of(store, "reader", "public", "group:sre")
    said = {"question": "How?", "sentence": "Like so.", "vote": "down", "reason": "outdated", "answer": "a1"}
    names = {client.post("/v1/feedback", json=said, headers=reader).json()["id"] for _ in range(2)}
    assert client.post("/v1/feedback", json=said | {"vote": "maybe"}, headers=reader).status_code == 422
    (kept,) = read_candidates(store / "feedback" / "candidates.jsonl")
    assert {kept.case.id} == names
    assert (kept.rule, kept.state, kept.note) == ("feedback", "proposed", "outdated")
    assert (kept.case.banned, kept.case.principals) == (("Like so.",), ("group:sre",))
    assert (store / "feedback" / "candidates.jsonl").stat().st_mode & 0o777 == 0o600


@given(st.text(max_size=400))
def test_no_name_leads_out_of_its_folder(name: str) -> None:
    try:
        safe = safe_name(name)
    except UsageError:
        return
    assert "/" not in safe
    assert "\\" not in safe
    assert not safe.startswith(".")
    assert 0 < len(safe.encode()) <= 150
    assert safe.isprintable()
    assert Path("uploads", safe).resolve().parent == Path("uploads").resolve()


def test_the_choice_of_readers() -> None:
    who = Principal("a", frozenset({"public", "group:sre"}), "editor")
    assert chosen(who, []) == {"group:sre"}
    assert chosen(who, ["public"]) == {"public"}
    assert chosen(Principal("b", frozenset({"public"}), "editor"), []) == {"public"}
    with pytest.raises(NotAllowed):
        chosen(who, ["group:finance"])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_a_change_comes_after_those_who_ask() -> None:
    nice: list[int] = []

    def work(job: Job) -> Outcome:
        nice.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        return Outcome("done")

    jobs = Jobs(lambda kind, status: None)
    jobs.open()
    job = jobs.submit(Job(OWNER, "sync", work))
    until = time.monotonic() + 60
    while not job.state.ended and time.monotonic() < until:
        time.sleep(0.01)
    jobs.close()
    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert (job.state.status, nice > [mine]) == ("done", True)
