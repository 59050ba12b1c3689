"""Decision records over real libraries: nothing invented, both sides, earlier decisions told first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from service.asker import Asker
from service.cli.program import run
from service.protocols.report import RecordReport, Report

Ran = Callable[..., Report]
QUESTION = "Which queue should carry the order events?"


@pytest.fixture(scope="module")
def drafted(shop: Asker, ran: Ran) -> RecordReport:
    report = ran(shop, "adr", question=QUESTION, options=["RabbitMQ", "Kafka", "NATS"])
    assert isinstance(report, RecordReport)
    return report


def under(report: Report, section: str) -> list[tuple[str, list[str]]]:
    """What stands under a heading: each sentence with what it cites."""
    cited = {c.number: c for c in report.citations}
    return [
        (s.text, [f"{cited[n].document}: {cited[n].quote}" for n in s.citations])
        for s in report.sentences
        if s.section == section
    ]


def test_a_decision_in_force_is_told_first_with_its_words(drafted: RecordReport) -> None:
    first, cited = under(drafted, "")[0]
    assert first == "**Warning**: This was decided before, and that decision is in force."
    assert cited[0].startswith("shop/decisions/0003-rabbitmq.md: Chosen option: RabbitMQ with quorum queues")
    assert drafted.decided_before
    assert any("supersedes the earlier decision" in need for need in drafted.needs)


def test_a_report_marks_the_sources_whose_time_is_over(drafted: RecordReport) -> None:
    ended = [c for c in drafted.citations if c.status == "superseded" or c.superseded_by]
    assert ended
    notice = drafted.sentences[-1]
    assert notice.kind == "notice"
    assert "superseded" in notice.text
    assert drafted.text.endswith(notice.text)
    assert all(f"[{c.number}]" in notice.text for c in ended)


def test_records_are_linked_with_those_that_they_replaced(drafted: RecordReport) -> None:
    told = {(r.document.rsplit("/", 1)[-1], r.relation) for r in drafted.related}
    assert ("0003-rabbitmq.md", "decided before") in told
    assert {relation for name, relation in told if name == "0001-database-queue.md"} <= {
        "no longer in force",
        "supersedes",
    }
    assert len(told) >= 2


def test_each_option_stands_with_both_sides_or_with_a_place_to_fill(drafted: RecordReport) -> None:
    kafka = under(drafted, "Kafka")
    assert any("Pro: events can be replayed for 7 days." in text for text, _ in kafka)
    assert any("Con: three more machines to operate." in text for text, _ in kafka)
    assert not any("polling" in text for text, _ in kafka)
    assert [text for text, _ in under(drafted, "NATS")] == [
        "[NEEDS INPUT: NATS: what speaks for it]",
        "[NEEDS INPUT: NATS: what speaks against it, and what it costs]",
    ]


def test_the_title_of_a_record_speaks_for_what_it_chose_alone(drafted: RecordReport) -> None:
    rabbit = " ".join(text for text, _ in under(drafted, "RabbitMQ"))
    assert "survives the loss of one node" in rabbit
    assert "replayed for 7 days" not in rabbit


def test_every_fact_is_cited_and_the_choice_is_left_open(drafted: RecordReport) -> None:
    kinds = {s.kind for s in drafted.sentences}
    assert kinds <= {"cited", "judgement", "question", "notice"}
    assert [text for text, _ in under(drafted, "Decision outcome")] == [
        "[NEEDS INPUT: which option is chosen, and because of which drivers]"
    ]
    assert not drafted.dropped


def test_options_come_from_the_records_where_the_reader_has_none(shop: Asker, ran: Ran) -> None:
    report = ran(shop, "adr", question=QUESTION)
    told = [text for text, _ in under(report, "Considered options")]
    assert told == ["1. RabbitMQ with quorum queues", "Kafka", "3. A table in the database"]


def test_a_question_that_the_library_knows_nothing_of_is_all_places_to_fill(shop: Asker, ran: Ran) -> None:
    report = ran(shop, "adr", question="Should the canteen serve tea or coffee?", options=["tea", "coffee"])
    assert isinstance(report, RecordReport)
    assert not report.citations
    assert not report.related
    assert len(report.needs) >= 9


def test_what_a_caller_may_not_read_is_not_in_a_record(shop: Asker, ran: Ran) -> None:
    asked = "Which queue carries the order events of payroll?"
    assert "zebra" not in ran(shop, "adr", question=asked).model_dump_json()
    finance = ran(shop, "adr", caller=frozenset({"public", "group:finance"}), question=asked)
    assert "zebra" in finance.model_dump_json()


def test_the_command_writes_a_file_with_sources_and_a_page(
    shop_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, page = tmp_path / "0004.md", tmp_path / "0004.html"
    command = ["adr", QUESTION, "--option", "Kafka", "--out", str(out), "--html", str(page), "--json"]
    assert run([*command, "--store", str(shop_store)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["protocol"], said["title"]) == ("adr", QUESTION)
    text = out.read_text("utf-8")
    assert text.startswith(f"# {QUESTION}\n")
    assert "[NEEDS INPUT: which option is chosen" in text
    assert "\nSources:\n[1] ADR 0003: RabbitMQ carries the order events" in text
    assert "<script" not in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["adr"], "no question"),
        (["adr", "Which?", "--lint", "."], "beside --lint"),
        (["adr", "--lint", "nowhere"], "is no folder"),
        (["adr", "--lint", ".", "--fail-on", "all"], "not a severity"),
    ],
)
def test_a_malformed_command_says_what_to_do(
    command: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(command) == 2
    assert said in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "record", "option"),
    [
        ("Which search index should hold the vectors?", "0002-qdrant-edge-in-process-with-exact-scan.md", "FAISS"),
        ("How are ranked lists fused?", "0007-fusion-by-min-max.md", "RRF"),
        ("Which store is the system of record?", "0001-sqlite-is-the-system-of-record.md", "PostgreSQL"),
    ],
)
def test_our_own_decisions_are_found_again(bundled: Asker, ran: Ran, question: str, record: str, option: str) -> None:
    report = ran(bundled, "adr", question=question, options=[option])
    assert isinstance(report, RecordReport)
    before = [r.document for r in report.related if r.relation == "decided before"]
    assert before == [f"library/decisions/{record}"]
    assert not report.dropped
    assert under(report, option)
