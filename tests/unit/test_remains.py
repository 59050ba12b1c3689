"""Conversations and the journal of a store: a backup carries them, forgetting ends them, doctor proves both."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from corpus.access import PUBLIC
from ingest.store.store import Store
from service.access.journal import Journal
from service.access.principal import Principal
from service.answer import Answer
from service.cli.program import run
from service.remains import remains
from service.talking.kept import Kept

LEDGER = "# Restore the ledger\n\nRestore the ledger with `ledgerctl restore --from latest`.\n"
ROTA = "# Rota\n\nThe rota of the ledger team changes each Monday at nine.\n"
WHO = Principal("ci", frozenset({PUBLIC}), "reader")


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two documents, with a conversation about one."""
    folder = tmp_path_factory.mktemp("remains")
    (folder / "docs").mkdir()
    (folder / "docs" / "restore.md").write_text(LEDGER)
    (folder / "docs" / "rota.md").write_text(ROTA)
    assert run(["ingest", str(folder / "docs"), "--store", str(folder / "store")]) == 0
    question = "How do I restore the ledger?"
    assert run(["ask", question, "--conversation", "ops", "--json", "--store", str(folder / "store")]) == 0
    return folder / "store"


@pytest.fixture
def store(talked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(talked, tmp_path / "store"))


def doctor(store: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, str]]]:
    capsys.readouterr()
    status = run(["doctor", "--json", "--store", str(store)])
    report = json.loads(capsys.readouterr().out)
    assert report["clean"] is (status == 0)
    return status, report["remains"]


def test_a_backup_carries_conversations(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backup", str(tmp_path / "a.tar.gz"), "--store", str(store)]) == 0
    assert run(["restore", str(tmp_path / "a.tar.gz"), "--store", str(tmp_path / "again")]) == 0
    assert Kept(tmp_path / "again").turns("ops") == Kept(store).turns("ops") != ()
    assert doctor(tmp_path / "again", capsys) == (0, [])


def test_doctor_names_a_broken_conversation(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = store / "conversations" / "broken.json"
    for content in (b"", b'{"turns": [', b'{"turns": [{}]}', b"\xff\x00"):
        broken.write_bytes(content)
        status, (one,) = doctor(store, capsys)
        assert (status, one["path"], one["next_step"]) == (1, str(broken), "Delete the file")
    assert run(["doctor", "--store", str(store)]) == 1
    assert f"{broken} is not a conversation. Delete the file" in capsys.readouterr().out
    broken.unlink()
    assert doctor(store, capsys) == (0, [])


def test_forgetting_leaves_no_conversation_and_no_journal(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (turn,) = Kept(store).turns("ops")
    Journal(store, 30).note(WHO, turn)
    (store / "conversations" / ".cut.draft").write_bytes(turn.model_dump_json().encode())
    assert doctor(store, capsys) == (0, [])
    assert run(["forget", "docs/restore.md", "--yes", "--store", str(store)]) == 0
    assert b"ledgerctl" not in b"".join(path.read_bytes() for path in store.rglob("*") if path.is_file())
    assert doctor(store, capsys) == (0, [])


def test_doctor_sees_what_forgetting_left(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As when a process was killed half way, or a file was put back from an older copy."""
    (turn,) = Kept(store).turns("ops")
    assert run(["forget", "docs/restore.md", "--yes", "--store", str(store)]) == 0
    Kept(store).put("ops", turn)
    Journal(store, 30).note(WHO, turn)
    status, left = doctor(store, capsys)
    assert status == 1
    assert [Path(one["path"]).parent.name for one in left] == ["conversations", "journal"]
    assert all("shows a document" in one["what"] and "ledgerctl" not in json.dumps(one) for one in left)


def test_an_older_revision_that_was_forgotten_is_seen(store: Path) -> None:
    (turn,) = Kept(store).turns("ops")
    other = turn.citations[0].model_copy(update={"revision": "0" * 64})
    Kept(store).put("other", turn.model_copy(update={"citations": (other,)}))
    with Store.open(store) as opened:
        assert [one.path.stem for one in remains(opened)] == ["other"]


def test_what_a_refusal_comes_near_to_is_looked_at(store: Path) -> None:
    refused = run(["ask", "Which colour has the moon of Zorg?", "--conversation", "moon", "--store", str(store)])
    assert refused == 3
    (turn,) = Kept(store).turns("moon")
    assert turn.refusal is not None
    gone = turn.refusal.model_copy(update={"nearest": ("docs/gone.md",)})
    bare: Answer = turn.model_copy(update={"refusal": gone, "evidence": (), "citations": ()})
    Kept(store).put("gone", bare)
    with Store.open(store) as opened:
        assert [one.path.stem for one in remains(opened)] == ["gone"]


def test_a_journal_that_somebody_wrote_into_is_named(store: Path) -> None:
    (store / "journal").mkdir()
    (store / "journal" / "2026-11-01.jsonl").write_text('{"answer": {"citations": [7]}}\n{"half')
    with Store.open(store) as opened:
        assert [one.what for one in remains(opened)] == ["holds a line that is not an answer"]


def test_a_document_forgotten_while_the_answer_was_made_is_not_kept(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The moment between the answer and its conversation: the file is written, looked at again, and deleted."""
    put = Kept.put

    def late(self: Kept, name: str, made: Answer) -> None:
        assert run(["forget", "docs/restore.md", "--yes", "--store", str(store)]) == 0
        put(self, name, made)

    monkeypatch.setattr(Kept, "put", late)
    assert run(["ask", "How do I restore the ledger?", "--conversation", "late", "--store", str(store)]) == 0
    assert list(Kept(store).files()) == []
