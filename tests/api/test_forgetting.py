"""After a document was forgotten, a service that goes on holds nothing of its text, in whatever it was asked."""

from __future__ import annotations

import ast
import asyncio
import gc
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus.documents import Document
from corpus.errors import NotFound
from corpus.remembered import forget_texts, remembered
from service.access.principal import Principal
from service.answer import Answer
from service.asker import Asker
from service.desk.desk import Desk
from service.desk.service import OWNER
from service.desk.streams import Streams
from service.engine import Engine
from service.settings import Settings
from service.wiring import Wiring

REPO = Path(__file__).parents[2]
SIGN = b"zyrkonium"
"""Kept as bytes, so that what is looked for is no string of this test."""
PLAN = b"# Rotate the Zyrkonium keys\n\nRotate the zyrkonium keys with `zyrkoniumctl rotate` in 40 minutes, not 90.\n"
CONSTANT = {"words_of", "patterns"}
"""Functions whose argument is a name of our own lexicon."""


def texts_with_the_sign() -> list[str]:
    """The strings that anything reachable holds."""
    gc.collect()
    seen: set[int] = set()
    found: list[str] = []
    todo: list[object] = gc.get_objects()
    own = {id(todo), id(seen), id(found)}
    while todo:
        thing = todo.pop()
        if id(thing) in seen or id(thing) in own:
            continue
        seen.add(id(thing))
        kind = type(thing)  # `isinstance` would ask the thing itself, and some of others' answer with a warning
        if issubclass(kind, str):
            if SIGN in str.lower(thing).encode("utf-8", "replace"):  # type: ignore[arg-type]
                found.append(str(thing))
        elif not issubclass(kind, bytes | int | float):
            todo += gc.get_referents(thing)
    return found


def ask_around(client: TestClient) -> None:
    """Every door that reads documents."""
    question = "How do I rotate the keys, and how long does it take?"
    assert SIGN.decode() in client.post("/v1/ask", json={"question": question, "length": "full"}).text
    talk = client.post("/v1/conversations").json()["id"]
    client.post("/v1/ask", json={"question": question, "conversation": talk})
    events = {"accept": "text/event-stream"}
    assert SIGN.decode() in client.post("/v1/ask", json={"question": question}, headers=events).text
    client.get("/v1/search", params={"q": question})
    client.post("/v1/check", json={"text": "The keys are rotated in 90 minutes."})
    client.post("/v1/protocols/review", json={"text": "# Keys\n\nWe rotate the keys in 90 minutes.\n"})
    client.post("/v1/protocols/adr", json={"question": "How are the keys rotated?"})


def test_nothing_of_a_forgotten_text_is_held(
    library: Path, tmp_path: Path, door: Callable[..., TestClient], done: Callable[..., dict[str, Any]]
) -> None:
    store = Path(shutil.copytree(library, tmp_path / "store"))
    client = door(store, journal_days=30)
    sent = client.post("/v1/documents", files={"file": ("rotate.md", PLAN)})
    document = done(client, sent)["document"]
    ask_around(client)
    del sent
    assert len(texts_with_the_sign()) > 5, "what is looked for can be found"
    assert done(client, client.delete(f"/v1/documents/{document}"))["status"] == "done"
    assert texts_with_the_sign() == []
    assert [path for path in store.rglob("*") if path.is_file() and SIGN in path.read_bytes().lower()] == []


def test_what_was_begun_before_is_not_remembered_when_it_ends(library: Path, tmp_path: Path) -> None:
    begun, forgotten = threading.Event(), threading.Event()
    made: Any = remembered(8)(lambda text: text.upper())
    made("as it was read by another")

    def work(who: Asker) -> str:
        begun.set()
        assert forgotten.wait(30)
        return made("as it was read before")

    desk = Desk(Wiring(Settings(store=library), held=True), print, threads=1)
    desk.open()
    future = desk.submit(work)
    assert begun.wait(30)
    desk.forget()
    forgotten.set()
    assert future.result(30) == "AS IT WAS READ BEFORE"
    desk.close()
    assert made.cache_info().currsize == 0


def test_an_answer_that_ends_after_the_forgetting_is_kept_nowhere(
    library: Path, tmp_path: Path, door: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment between the answer and its places: a conversation, the journal."""
    store = Path(shutil.copytree(library, tmp_path / "store"))
    client = door(store, journal_days=30)
    service = client.app.state.service  # type: ignore[attr-defined]
    note = service.journal.note

    def late(who: Principal, made: Answer, *, request: str) -> None:
        service.hearers.tell(made.citations[0].document)  # as the job does, whose own look came too early
        note(who, made, request=request)

    monkeypatch.setattr(service.journal, "note", late)
    talk = client.post("/v1/conversations").json()["id"]
    said = client.post("/v1/ask", json={"question": "How do I deploy?", "conversation": talk}).json()
    assert said["citations"]
    assert client.get(f"/v1/conversations/{talk}").json()["turns"] == []
    assert list(service.journal.answers()) == []


@pytest.mark.parametrize(("times", "status"), [(1, 200), (9, 503)])
def test_a_document_forgotten_in_the_middle_of_an_answer_is_no_fault_of_the_asker(
    library: Path, door: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch, times: int, status: int
) -> None:
    """The index still shows it, and the store does not hold it any more: the answer is made once more."""
    read, left = Engine.read, [times]

    def gone(self: Engine, document: str, revision: str, access: frozenset[str]) -> Document:
        left[0] -= 1
        if left[0] >= 0:
            raise NotFound("no such document", item=document)
        return read(self, document, revision, access)

    client = door(library)
    monkeypatch.setattr(Engine, "read", gone)
    asked = client.post("/v1/ask", json={"question": "How do I deploy the ledger?"})
    assert asked.status_code == status
    left[0] = times
    assert client.post("/v1/protocols/adr", json={"question": "How is the ledger deployed?"}).status_code == status


def test_no_stream_is_taken_up_again_after_a_forgetting() -> None:
    async def streams() -> None:
        kept = Streams()
        running = kept.new(OWNER)
        running.put("answer", "{}")
        assert kept.find(OWNER, f"{running.id}.1")
        kept.forget()
        assert kept.find(OWNER, f"{running.id}.1") is None

    asyncio.run(streams())


def test_whoever_remembers_by_text_can_be_made_to_forget() -> None:
    """`functools.cache` and `lru_cache` are for what has no arguments; the rest is `remembered`."""
    faults = []
    for room in ("corpus", "ingest", "retrieval", "service"):
        for path in sorted((REPO / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef) and node.name not in CONSTANT and ast.unparse(node.args):
                    said = [ast.unparse(one) for one in node.decorator_list]
                    faults += [(path.name, node.name) for one in said if one == "cache" or "lru_cache" in one]
    assert faults == []


def test_to_forget_is_to_make_anew() -> None:
    calls: list[str] = []
    made = remembered(2)(lambda text: calls.append(text) or text)
    made("a"), made("a")
    forget_texts()
    made("a")
    assert calls == ["a", "a"]
