"""A review over a small real library: what it finds, what it refuses to invent, what it keeps from whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus.errors import UsageError
from service.asker import Asker
from service.protocols.registry import PROTOCOLS
from service.protocols.report import Report, ReviewReport
from service.protocols.request import ReviewRequest

PUBLIC = frozenset({"public"})
PROPOSAL = """# Address book service

## Goals

Every shop reads the address of a customer from one place, and nothing else stores addresses any more.

## Design

The address book keeps one record for each customer in the regional database and serves it over HTTP.

## Security

Only services with the role of a reader may read an address, and each read is written to the audit log.

## Rollback

TBD

## Cost

N/A
"""
Reviewed = Callable[..., ReviewReport]


@pytest.fixture(scope="module")
def reviewed(house: Asker, ran: Callable[..., Report]) -> Reviewed:
    def one(text: str, caller: frozenset[str] = PUBLIC, name: str = "address-book.md") -> ReviewReport:
        report = ran(house, "review", caller=caller, name=name, text=text)
        assert isinstance(report, ReviewReport)
        return report

    return one


@pytest.fixture(scope="module")
def report(reviewed: Reviewed) -> ReviewReport:
    return reviewed(PROPOSAL)


def test_a_thing_left_out_is_found_with_both_places(report: ReviewReport) -> None:
    found = {f.rule: f for f in report.findings if f.kind == "not_addressed"}
    cited = {c.number: c for c in report.citations}
    assert {"monitoring", "rollback", "risks", "cost"} <= set(found)
    assert not {"goals", "behaviour", "security"} & set(found)
    for rule in ("monitoring", "rollback", "risks"):
        assert found[rule].severity == "high"
        assert [cited[n].document for n in found[rule].own] == ["address-book.md"]
        assert "house/guides/standard.md" in [cited[n].document for n in found[rule].library]


def test_an_empty_section_is_not_addressed_and_is_the_place_cited(report: ReviewReport) -> None:
    cited = {c.number: c for c in report.citations}
    quotes = {f.rule: cited[f.own[0]].quote for f in report.findings if f.kind == "not_addressed"}
    assert quotes["rollback"] == "## Rollback\n\nTBD"
    assert quotes["cost"] == "## Cost\n\nN/A"


def test_a_peer_stands_in_where_there_is_no_standard(report: ReviewReport) -> None:
    cited = {c.number: c for c in report.citations}
    cost = next(f for f in report.findings if f.rule == "cost")
    assert [cited[n].document for n in cost.library] == ["house/designs/tracking.md"]
    assert cost.severity == "medium"


def test_what_the_library_lacks_costs_a_step_of_severity_and_stays_a_question(report: ReviewReport) -> None:
    talent = next(f for f in report.findings if f.rule == "vendor-risk")
    assert (talent.library, talent.severity) == ((), "low")
    assert talent.fix in report.questions


def test_what_a_caller_may_not_read_changes_nothing(reviewed: Reviewed, report: ReviewReport) -> None:
    assert "zebra" not in report.model_dump_json()
    finance = reviewed(PROPOSAL, frozenset({"public", "group:finance"}))
    assert "zebra hall" in finance.model_dump_json()


def test_a_text_that_cannot_be_read_says_what_to_do(house: Asker) -> None:
    with pytest.raises(UsageError, match="scan"):
        PROTOCOLS["review"].run(house, ReviewRequest(name="scan.pdf", content=b"JVBERi0xLjQgbm90aGluZw=="), PUBLIC)
