"""Answers as events: what comes, in which order, and how a lost connection is taken up again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.access.keys import Keys, Wish
from service.answer import Answer

Door = Callable[..., TestClient]
EVENTS = {"accept": "text/event-stream"}
ASKED = {"question": "How do I restore the ledger?"}


def events_of(text: str) -> list[tuple[str, str, dict[str, object]]]:
    """Id, kind and data of each event."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
        found.append((lines["id"], lines["event"], json.loads(lines["data"])))
    return found


def test_checked_sentences_come_first_and_the_record_last(library: Path, door: Door) -> None:
    told = door(library).post("/v1/ask", json=ASKED, headers=EVENTS)
    assert told.headers["content-type"].startswith("text/event-stream")
    events = events_of(told.text)
    assert [kind for _, kind, _ in events] == ["sentence"] * (len(events) - 1) + ["answer"]
    answer = Answer.model_validate(events[-1][2])
    assert answer.status == "grounded"
    said = [data["sentence"] for _, kind, data in events if kind == "sentence"]
    assert said == [json.loads(sentence.model_dump_json()) for sentence in answer.sentences]
    assert all(one["verdict"]["supported"] for one in said)  # type: ignore[index]
    for _, _, data in events[:-1]:
        numbers = [citation["number"] for citation in data["citations"]]  # type: ignore[union-attr,index]
        assert numbers == data["sentence"]["citations"] != []  # type: ignore[index]


def test_who_comes_back_gets_what_followed(library: Path, door: Door) -> None:
    client = door(library)
    events = events_of(client.post("/v1/ask", json=ASKED, headers=EVENTS).text)
    again = client.post("/v1/ask", json=ASKED, headers={**EVENTS, "last-event-id": events[0][0]})
    assert events_of(again.text) == events[1:]


def test_nobody_takes_up_another_s_stream(library: Path, door: Door, tmp_path: Path) -> None:
    import shutil

    store = Path(shutil.copytree(library, tmp_path / "store"))
    finance = {"authorization": f"Bearer {Keys(store).create(Wish('f', access=('group:finance',)))[1]}"}
    public = {"authorization": f"Bearer {Keys(store).create(Wish('p'))[1]}"}
    client = door(store)
    asked = {"question": "When does the payroll export run?"}
    first = events_of(client.post("/v1/ask", json=asked, headers=EVENTS | finance).text)
    assert "25th" in json.dumps(first)
    told = client.post("/v1/ask", json=asked, headers={**EVENTS, **public, "last-event-id": first[0][0][:-1] + "0"})
    assert "25th" not in told.text


def test_a_refusal_is_one_event(library: Path, door: Door) -> None:
    events = events_of(door(library).post("/v1/ask", json={"question": "Who painted it?"}, headers=EVENTS).text)
    assert [kind for _, kind, _ in events] == ["answer"]
    assert events[0][2]["status"] == "refused"


def test_what_goes_wrong_is_an_event_too(tmp_path: Path, door: Door) -> None:
    told = door(tmp_path / "none").post("/v1/ask", json=ASKED, headers=EVENTS)
    assert told.status_code == 200
    ((_, kind, problem),) = events_of(told.text)
    assert (kind, problem["type"]) == ("problem", "urn:aether:problem:store-missing")
    assert str(tmp_path) not in told.text


def test_work_that_nobody_waits_for_is_not_begun(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client goes away while its question waits behind another: the engine never hears of it."""
    import asyncio
    import threading

    from service.access.principal import Principal
    from service.api.routes.events import _worked
    from service.desk.service import open_service, request_of
    from service.settings import Settings
    from service.wiring import Wiring

    service = open_service(Wiring(Settings(store=library, serve_threads=1)))
    asked: list[str] = []
    hold, who = threading.Event(), Principal("t", frozenset({"public"}), "reader")
    monkeypatch.setattr("service.engine.Engine.ask", lambda self, request: asked.append(request.question))
    service.start()
    service.desk.submit(lambda asker: hold.wait(20))

    async def leave_early() -> None:
        stream = service.streams.new(who)
        lines = _worked(service, stream, lambda: service.ask(who, request_of(who, "Why?")))
        reading = asyncio.ensure_future(anext(lines))
        await asyncio.sleep(0.2)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await lines.aclose()
        assert service.streams.find(who, f"{stream.id}.0") is None

    try:
        asyncio.run(leave_early())
    finally:
        hold.set()
        service.stop()
    assert asked == []
