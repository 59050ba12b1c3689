"""A premortem: what happened before comes first, with what is done against it; what is lacking is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from service.asker import Asker
from service.cli.program import run
from service.protocols.report import PremortemReport, Report

Ran = Callable[..., Report]
PROPOSAL = """# Batch consumer for the order queue

## Goals

One consumer reads order events in batches, so that the warehouse hears of an order within one minute.

## Design

The batch consumer takes up to 500 order events at once and acknowledges them together.

## Rollback

TBD
"""
DEALT = """
## Risks

A consumer that is stopped during a deployment lets the queue grow; we drain the queue first.
"""


def looked_ahead(who: Asker, ran: Ran, text: str) -> PremortemReport:
    report = ran(who, "premortem", name="batch.md", text=text)
    assert isinstance(report, PremortemReport)
    return report


@pytest.fixture(scope="module")
def report(shop: Asker, ran: Ran) -> PremortemReport:
    return looked_ahead(shop, ran, PROPOSAL)


def test_an_incident_comes_first_with_its_cause_and_what_is_done_against_it(report: PremortemReport) -> None:
    cited = {c.number: c for c in report.citations}
    first = report.modes[0]
    assert (first.rank, first.seen, first.title) == (1, True, "Order queue filled the disk")
    assert cited[first.citation].quote.startswith("A consumer of the order queue was stopped for a deployment")
    assert "order_queue_depth" in cited[first.monitoring[0]].quote
    assert "rolled back" in cited[first.rollback[0]].quote
    assert first.because == "It happened before, and the proposal says nothing on it."
    assert [mode.seen for mode in report.modes] == sorted((mode.seen for mode in report.modes), reverse=True)


def test_where_the_proposal_deals_with_it_is_cited(shop: Asker, ran: Ran) -> None:
    told = looked_ahead(shop, ran, PROPOSAL + DEALT)
    cited = {c.number: c for c in told.citations}
    first = told.modes[0]
    assert [cited[n].document for n in first.own] == ["batch.md"]
    assert "we drain the queue first" in cited[first.own[0]].quote
    assert first.because == "It happened before; the proposal says something on it."


def test_what_the_proposal_leaves_open_is_asked(report: PremortemReport) -> None:
    assert any("taken back once it is live" in question for question in report.questions)
    assert any("metrics, logs and alerts" in question for question in report.questions)
    assert not report.dropped


def test_a_mere_name_is_not_blamed_for_silence(shop: Asker, ran: Ran) -> None:
    told = looked_ahead(shop, ran, "order queue")
    assert told.title == "Premortem of order queue"
    assert told.modes[0].because == "It happened before."
    assert "proposal says nothing" not in told.text


def test_an_unknown_subject_has_no_ways_to_fail(shop: Asker, ran: Ran) -> None:
    told = looked_ahead(shop, ran, "canteen menu board")
    assert (told.modes, told.citations) == ((), ())
    assert "no incident and no warning" in told.text


def test_the_command_reads_a_name_and_writes_a_page(
    shop_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "batch.md").write_text(PROPOSAL, "utf-8")
    page = tmp_path / "batch.html"
    command = ["premortem", str(tmp_path / "batch.md"), "--html", str(page), "--json", "--store", str(shop_store)]
    assert run(command) == 0
    assert json.loads(capsys.readouterr().out)["modes"][0]["seen"]
    assert "Imagine that it has failed" in page.read_text("utf-8")


@pytest.mark.slow
def test_our_own_incident_is_told_of_a_proposal_on_questions_with_hyphens(bundled: Asker, ran: Ran) -> None:
    text = """# Identifiers in questions

## Goals

Questions with hyphens, dotted names and flags are searched as identifiers, so that commands are found verbatim.

## Design

The analysis of a question takes hyphenated words apart, and words that begin with a hyphen are read as flags.
"""
    told = looked_ahead(bundled, ran, text)
    assert told.modes[0].seen
    cited = {c.number: c.document for c in told.citations}
    assert cited[told.modes[0].citation] == "library/postmortems/2026-11-22-hyphens-read-as-flags.md"
