"""Questions that follow each other: what leans on the one before is asked with it; a conversation is its caller's."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.access.keys import Keys, Wish
from service.talking.follow import follow

Door = Callable[..., TestClient]
Done = Callable[..., dict[str, Any]]
RESTORE, DEPLOY = "How do I restore the ledger?", "On which day do I deploy the ledger?"


@pytest.fixture
def store(library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(library, tmp_path / "store"))


@pytest.mark.parametrize(
    ("earlier", "question", "asked"),
    [
        ([], "And then?", "And then?"),
        ([RESTORE], "How long does it take?", f"{RESTORE} How long does it take?"),
        ([RESTORE, "And then?"], "Why?", f"{RESTORE} Why?"),
        ([RESTORE], DEPLOY, DEPLOY),
        ([RESTORE], "Which document fails to parse?", "Which document fails to parse?"),
        ([RESTORE], "What becomes of a file that fails to parse?", "What becomes of a file that fails to parse?"),
        ([RESTORE], "What about the vault?", f"{RESTORE} What about the vault?"),
        (["x" * 3990], "Why?", "Why?"),
    ],
)
def test_what_leans_on_the_question_before_is_asked_with_it(earlier: list[str], question: str, asked: str) -> None:
    assert follow(earlier, question) == asked


def test_a_follow_up_is_understood_and_kept_as_it_was_said(store: Path, door: Door) -> None:
    client = door(store)
    name = client.post("/v1/conversations").json()["id"]
    assert client.post("/v1/ask", json={"question": "And with which command?"}).json()["status"] == "refused"
    for question in (RESTORE, "And with which command?"):
        made = client.post("/v1/ask", json={"question": question, "conversation": name}).json()
        assert made["status"] == "grounded"
        assert "ledgerctl restore --from latest" in made["text"]
        assert (made["question"], made["conversation"]) == (question, name)
    turns = client.get(f"/v1/conversations/{name}").json()["turns"]
    assert [turn["question"] for turn in turns] == [RESTORE, "And with which command?"]
    assert client.delete(f"/v1/conversations/{name}").status_code == 204
    assert client.get(f"/v1/conversations/{name}").status_code == 404


def test_another_s_conversation_is_as_none(store: Path, door: Door) -> None:
    tokens = [Keys(store).create(Wish(name, access=("public", f"user:{name}")))[1] for name in ("ada", "bob")]
    client = door(store)
    ada, bob = ({"authorization": f"Bearer {token}"} for token in tokens)
    name = client.post("/v1/conversations", headers=ada).json()["id"]
    for path in (f"/v1/conversations/{name}", "/v1/conversations/none"):
        told = client.get(path, headers=bob)
        assert told.status_code == 404
        assert (
            told.json()["detail"].replace(name, "none")
            == client.get("/v1/conversations/none", headers=bob).json()["detail"]
        )
    asked = {"question": RESTORE, "conversation": name}
    assert client.post("/v1/ask", json=asked, headers=bob).status_code == 404
    assert client.delete(f"/v1/conversations/{name}", headers=bob).status_code == 404
    assert client.post("/v1/ask", json=asked, headers=ada).status_code == 200


def test_what_may_no_longer_be_read_is_not_told_again(store: Path, door: Door, done: Done) -> None:
    client = door(store)
    name = client.post("/v1/conversations").json()["id"]
    client.post("/v1/ask", json={"question": RESTORE, "conversation": name})
    assert done(client, client.delete("/v1/documents/handbook/restore.md"))["status"] == "done"
    assert "ledgerctl" not in client.get(f"/v1/conversations/{name}").text


def test_a_chat_s_earlier_messages_are_what_it_follows(store: Path, door: Door) -> None:
    said = [{"role": "user", "content": RESTORE}, {"role": "assistant", "content": "Like this."}]
    body = {"model": "aether", "messages": [*said, {"role": "user", "content": "And with which command?"}]}
    told = door(store).post("/v1/chat/completions", json=body).json()
    assert "ledgerctl restore --from latest" in told["choices"][0]["message"]["content"]
