"""The protocols over a small real library: what they find, what they refuse to invent, what they keep from whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.access import may_read
from corpus.errors import UsageError
from service.asker import Asker, asker
from service.cli.program import run
from service.protocols.registry import PROTOCOLS
from service.protocols.report import Report, ReviewReport
from service.protocols.request import ReviewRequest
from service.settings import read_settings
from service.wiring import Wiring

PUBLIC = frozenset({"public"})
STANDARD = """---
title: Design standard
kind: guide
status: accepted
---
# Design standard

## Rollback

A design must say how the change is rolled back, what triggers the rollback, and how long it may take.

## Monitoring

A design must name the metrics and the alerts by which the team on call sees that it works.

## Risks

Every design must list its risks, each with a mitigation.
"""
PEER = """---
title: Parcel tracking
kind: design
status: implemented
---
# Parcel tracking

## Goals

Customers see where their parcel is within one minute of every scan at a depot.

## Cost

The tracking service costs 900 dollars per month, most of it for storage of the scans.

## Security

Only the owner of a parcel may see its scans; every request carries a signed token.
"""
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
SECRET = """# Payroll standard

## Sustainability

Every payroll design must state its energy use in the zebra hall.
"""
FILES = {
    "house/guides/standard.md": STANDARD,
    "house/designs/tracking.md": PEER,
    "vault/guides/payroll.md": SECRET,
    "vault/.aether-access": "group:finance\n",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("protocols")
    for name, text in FILES.items():
        path = folder / "sources" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert run(["ingest", str(folder / "sources"), "--store", str(folder / "store"), "--json"]) == 0
    return folder / "store"


@pytest.fixture(scope="module")
def who(store: Path) -> Iterator[Asker]:
    wiring = Wiring(read_settings(store=store), lease=5.0)
    with asker(wiring, lambda line: None) as open_asker:
        yield open_asker
    wiring.close()


def sound(report: Report, who: Asker, caller: frozenset[str], own: str) -> None:
    """What holds of every report to everyone."""
    assert [c.number for c in report.citations] == list(range(1, len(report.citations) + 1))
    for citation in report.citations:
        if citation.document == own:
            continue
        document = who.store.read(citation.document, citation.revision)
        assert document.text[citation.start : citation.end] == citation.quote
        assert document.visible(citation.start, citation.end) == citation.quote
        assert may_read(caller, document.access)
    numbers = {c.number for c in report.citations}
    for sentence in report.sentences:
        assert sentence.verdict.supported
        assert set(sentence.citations) <= numbers
        assert sentence.citations or sentence.kind not in ("cited", "derived")
    for finding in report.findings:
        assert set(finding.own) | set(finding.library) <= numbers


def reviewed(who: Asker, text: str, caller: frozenset[str] = PUBLIC, name: str = "address-book.md") -> ReviewReport:
    report = PROTOCOLS["review"].run(who, ReviewRequest(name=name, text=text), caller)
    assert isinstance(report, ReviewReport)
    sound(report, who, caller, name)
    return report


@pytest.fixture(scope="module")
def report(who: Asker) -> ReviewReport:
    return reviewed(who, PROPOSAL)


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


def test_what_a_caller_may_not_read_changes_nothing(who: Asker, report: ReviewReport) -> None:
    assert "zebra" not in report.model_dump_json()
    finance = reviewed(who, PROPOSAL, frozenset({"public", "group:finance"}))
    assert "zebra hall" in finance.model_dump_json()


def test_a_text_that_cannot_be_read_says_what_to_do(who: Asker) -> None:
    with pytest.raises(UsageError, match="scan"):
        PROTOCOLS["review"].run(who, ReviewRequest(name="scan.pdf", content=b"JVBERi0xLjQgbm90aGluZw=="), PUBLIC)
