"""A suite over the engine that is served: a conversation is one, and what is noted of each case."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cli.program import run as program
from eval.comparing.compare import compare, likely_cause
from eval.nightly.worst import worst_cases
from eval.running.asking import asked
from eval.running.diagnose import cause
from eval.running.record import results_digest
from eval.running.run import run_suite
from eval.running.summary import summarise
from eval.running.world import World, ingest_suite, opened
from eval.suites.case import Case, Gold
from eval.suites.suite import Corpus, Suite
from service.answer import Answer
from service.engine import Request

REPO = Path(__file__).resolve().parents[2]
TEXTS = {
    "larkspur.md": "# Larkspur limits\n\nA Larkspur job may retry seven times. Its payload is limited to 256 KiB.\n",
    "harebell.md": "# Harebell limits\n\nA Harebell batch retries three times, because the broker forgets it then.\n",
    "keys.md": "# Vault keys\n\nRotate the vault keys every quarter. The security team keeps the list of keys.\n",
}
ASKED = Case(
    id="why",
    kind="conversation",
    question="And why?",
    gold=(Gold(document="docs/harebell.md", quote="because the broker forgets it then"),),
    facts=(("the broker forgets it",),),
    turns=("Who keeps the list of vault keys?", "How often does a Harebell batch retry?"),
)
SUITE = Suite(
    "tiny", "", (Corpus("docs", texts=TEXTS),), (ASKED, ASKED.model_copy(update={"id": "alone", "turns": ()}))
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    store = tmp_path_factory.mktemp("running") / "store"
    ingest_suite(SUITE, store)
    with opened(store) as made:
        yield made


def test_a_question_that_leans_is_answered_after_its_turns_and_not_without(world: World, tmp_path: Path) -> None:
    conversation, alone = run_suite(SUITE, world, tmp_path / "log").records
    assert cause(conversation) == ""
    assert cause(alone) == "wrongly refused"


def test_the_turns_are_really_asked_each_after_those_before(world: World) -> None:
    put: list[Request] = []

    def ask(request: Request) -> Answer:
        put.append(request)
        return world.ask(request)

    last = asked(ASKED, ask, world.store)
    assert [request.question for request in put] == list(ASKED.turns)
    answer = last()
    assert put[-1].question == "How often does a Harebell batch retry? And why?"
    assert {request.access for request in put} == {frozenset({"public"})}
    assert (answer.question, answer.conversation) == ("And why?", "why")


def test_what_the_reader_states_is_heard_as_at_the_doors_of_the_product(world: World) -> None:
    told = ASKED.model_copy(
        update={
            "turns": ("How often does a Harebell batch retry?",),
            "question": "Our Harebell batch must retry 5 times.",
        }
    )
    answer = asked(told, world.ask, world.store)()
    assert "*Assumption, in your words:* Our Harebell batch must retry 5 times." in answer.text
    assert "A Harebell batch retries three times" in answer.text


def test_a_turn_that_crashes_is_the_crash_of_its_case_only(world: World, tmp_path: Path) -> None:
    def ask(request: Request) -> Answer:
        if "keys" in request.question:
            raise RuntimeError("planted")
        return world.ask(request)

    conversation, alone = run_suite(SUITE, replace(world, ask=ask), tmp_path / "log").records
    assert (cause(conversation), conversation.error) == ("crashed", "RuntimeError: planted")
    assert alone.answer is not None


_WITHOUT = """
import sys
for name in ("ragas", "langchain_community", "torch", "sentence_transformers", "transformers", "sklearn", "onnx"):
    sys.modules[name] = None
from eval.cli import main
main()
"""


def _written(folder: Path) -> Path:
    """The suite of one conversation as a file, with its documents."""
    (folder / "docs").mkdir()
    for name, text in TEXTS.items():
        (folder / "docs" / name).write_text(text)
    (folder / "cases.jsonl").write_text(ASKED.model_dump_json() + "\n")
    corpora = '[{ source = "docs", path = "docs" }]'
    (folder / "tiny.toml").write_text(f'name = "tiny"\nabout = "a"\ncases = "cases.jsonl"\ncorpora = {corpora}\n')
    return folder / "tiny.toml"


def _without(words: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(REPO), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-c", _WITHOUT, *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def test_a_suite_is_run_where_ragas_and_torch_cannot_be_imported(tmp_path: Path) -> None:
    words = ["run", str(_written(tmp_path)), "--out", str(tmp_path / "log"), "--json"]
    done = _without(words, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (json.loads(done.stdout)["cases"], json.loads(done.stdout)["failed"]) == (1, {})
    for judged in (["judge", str(tmp_path / "log")], [*words, "--judge", "embedded"]):
        done = _without(judged, tmp_path)
        assert done.returncode == 2
        assert "ragas is missing" in done.stderr


@pytest.mark.st
@pytest.mark.filterwarnings("ignore")
def test_a_run_is_scored_with_ragas_where_a_judge_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["run", str(_written(tmp_path)), "--out", "log"]
    assert program([*words, "--judge", "embedded", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["label"].startswith("embedded judge of Aether")
    assert told["failed"] == {}
    (faithful,) = [score for score in told["ragas"] if score["name"] == "Faithfulness"]
    assert (faithful["scored"], faithful["value"]) == (1, 1.0)


def test_the_same_fingerprint_has_the_same_results(world: World, tmp_path: Path) -> None:
    first, again = (run_suite(SUITE, world, tmp_path / name) for name in ("first", "again"))
    assert first.header.fingerprint() == again.header.fingerprint()
    assert results_digest(first.records, first.probes) == results_digest(again.records, again.probes)


def test_claims_with_their_evidence_are_put_to_the_verifier_that_is_served(tmp_path: Path) -> None:
    """The number that is not in the evidence is told from the one that is; a suite of claims needs no documents."""
    said = "A Larkspur job may retry seven times."
    claims = [
        Case(id="true", kind="claim", question=said, evidence=(said, "The vault has keys."), supported=True),
        Case(id="other", kind="claim", question=said.replace("seven", "nine"), evidence=(said,)),
        Case(id="mislabelled", kind="claim", question=said, evidence=(said,), supported=False),
    ]
    suite = Suite("claims", "", (), tuple(claims))
    ingest_suite(suite, tmp_path / "store")
    with opened(tmp_path / "store") as empty:
        run = run_suite(suite, empty, tmp_path / "log")
        served = empty.verifier.identity
    assert served.startswith("embedded")
    assert [cause(record) for record in run.records] == ["", "", "wrongly verified"]
    assert all(record.answer is None and not record.crashed for record in run.records)
    summary = summarise(run)
    assert summary.figure("ClaimAccuracy").value == 0.75
    assert {case.status for case in summary.cases.values()} == {"judged"}
    (worst,) = worst_cases([("claims", run, None)])
    assert (worst.id, worst.expected) == ("mislabelled", "not wholly supported by its evidence")
    assert (worst.evidence[0].text, worst.answer[:9]) == (said, "support 1")
    turned = summary.cases["other"].model_copy(update={"cause": "wrongly verified"})
    after = summary.model_copy(update={"cases": summary.cases | {"other": turned}})
    assert likely_cause(compare(summary, after)) == "verifier"
