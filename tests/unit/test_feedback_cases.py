"""What readers say becomes cases: kept by the service, proposed with gold, reviewed by a person, and asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.cli.program import run
from eval.generating.candidate import Candidate, read_candidates
from eval.running.run import run_suite
from eval.running.summary import summarise
from eval.running.world import World, ingest_suite, opened
from eval.suites.suite import Corpus, Suite, read_cases
from service.access.principal import Principal
from service.feedback import Feedback, Said

TEXTS = {
    "keys.md": "# Vault keys\n\nRotate the **vault keys** every quarter. The old keys stay valid for two days.\n",
    "secret.md": "---\naccess: [group:sre]\n---\n# Root key\n\nThe root key lies in the safe of room 12.\n",
}
ANYONE, SRE = (
    Principal("ann", frozenset({"public"}), "reader"),
    Principal("bo", frozenset({"public", "group:sre"}), "reader"),
)
QUESTION = "How often are the vault keys rotated?"
RIGHT = Said(QUESTION, "Rotate the **vault keys** every quarter. [1]", "up", "as I know it", "a1")
WRONG = Said(QUESTION, "The old keys stay valid for two days. [2]", "down", "that was not asked")
KNOWN_TO_SRE = Said("Where is the root key?", "The root key lies in the safe of room 12.", "up")
NOWHERE = Said("Who rotates the keys?", "The night shift rotates the keys.", "up")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    place = tmp_path / "store"
    ingest_suite(Suite("s", "", (Corpus("docs", texts=TEXTS),), ()), place)
    kept = Feedback(place)
    for who, said in ((ANYONE, RIGHT), (ANYONE, WRONG), (SRE, KNOWN_TO_SRE), (ANYONE, KNOWN_TO_SRE), (ANYONE, NOWHERE)):
        kept.note(who, said)
    with (place / "feedback/candidates.jsonl").open("a") as file:
        file.write('{"case": {"id": "half')
    return place


def _proposed(store: Path, file: Path) -> list[Candidate]:
    assert run(["generate", "--store", str(store), "--out", str(file)]) == 0
    return [one for one in read_candidates(file) if one.rule == "feedback"]


@pytest.fixture
def world(store: Path) -> Iterator[World]:
    with opened(store, {"threshold": 0.0}) as made:
        yield made


def test_what_readers_said_is_proposed_with_its_gold_as_far_as_they_may_read(store: Path, tmp_path: Path) -> None:
    right, wrong, sre, outsider, nowhere = _proposed(store, tmp_path / "c.jsonl")
    (gold,) = right.case.gold
    assert (gold.document, gold.quote) == ("docs/keys.md", "Rotate the **vault keys** every quarter.")
    assert (right.note, right.case.tags) == ("as I know it", ("up", "answer:a1"))
    assert wrong.case.banned == (WRONG.sentence,)
    assert [g.document for g in sre.case.gold] == ["docs/secret.md"]
    assert sre.case.principals == ("group:sre",)
    for one in (outsider, nowhere):
        assert one.case.gold == ()
        assert "stands in no document that its reader may read" in one.note
    assert (tmp_path / "c.jsonl").stat().st_mode & 0o077 == 0


def test_they_are_accepted_edited_and_rejected_and_stay_so(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "c.jsonl", tmp_path / "accepted.jsonl"
    right, wrong, sre, outsider, _ = (one.case.id for one in _proposed(store, file))
    capsys.readouterr()
    assert run(["review-cases", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "says: Rotate the **vault keys** every quarter." in shown
    assert "not: The old keys stay valid for two days." in shown
    assert "note: that was not asked" in shown
    assert run(["review-cases", str(file), "--accept", right, "--accept", wrong, "--reject", outsider]) == 0
    assert run(["review-cases", str(file), "--edit", sre, "--question", "Where does the root key lie?"]) == 0
    states = {one.case.id: one.state for one in _proposed(store, file)}
    assert [states[i] for i in (right, wrong, sre, outsider)] == ["accepted", "accepted", "accepted", "rejected"]
    assert run(["review-cases", str(file), "--export", str(out)]) == 0
    assert [case.id for case in read_cases(out)] == [right, wrong, sre]


def test_an_accepted_one_is_asked_and_scored(store: Path, tmp_path: Path, world: World) -> None:
    right, wrong, sre, _, nowhere = (one.case for one in _proposed(store, tmp_path / "c.jsonl"))
    cases = (right, wrong, sre, nowhere)
    summary = summarise(run_suite(Suite("f", "", (), cases), world, tmp_path / "log"))
    causes = [case.cause for case in summary.cases.values()]
    assert causes == ["", "leaked", "", "not composed"]


def test_a_store_without_feedback_proposes_from_documents_alone(tmp_path: Path) -> None:
    place = tmp_path / "store"
    ingest_suite(Suite("s", "", (Corpus("docs", texts=TEXTS),), ()), place)
    assert _proposed(place, tmp_path / "c.jsonl") == []
