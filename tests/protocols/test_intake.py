"""An intake: what is stated is quoted, what is not is asked, and maturity rests on what is said of today."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from service.asker import Asker
from service.cli.program import run
from service.protocols.intake.maturity import levels
from service.protocols.intake.points import points
from service.protocols.report import IntakeReport, Report

Ran = Callable[..., Report]
IDEA = """# Forecasting the order queue

The order queue is watched by hand today, and its numbers are copied into a spreadsheet.

We want to forecast how the order queue grows, so that consumers are added before it fills.

## Success

The alert fires at most 2 times a month; today it fires 14 times.

## Budget

There is a budget for it.

## Timeline

TBD

## Risk tolerance

A wrong forecast must never stop a consumer.
"""


def taken(who: Asker, ran: Ran, text: str) -> IntakeReport:
    report = ran(who, "intake", name="idea.md", text=text)
    assert isinstance(report, IntakeReport)
    return report


@pytest.fixture(scope="module")
def report(shop: Asker, ran: Ran) -> IntakeReport:
    return taken(shop, ran, IDEA)


def test_what_is_stated_is_quoted_and_the_rest_is_asked(report: IntakeReport) -> None:
    cited = {c.number: c for c in report.citations}
    own = {s.rule: [cited[n].quote for n in s.own] for s in report.stated}
    assert own["outcome"] == [
        "We want to forecast how the order queue grows, so that consumers are added before it fills."
    ]
    assert own["risk"] == ["A wrong forecast must never stop a consumer."]
    assert own["timeline"] == own["team"] == []
    assert {s.rule for s in report.stated} == {point.name for point in points()}
    assert {cited[n].document for s in report.stated for n in s.own} == {"idea.md"}
    asked = {point.name: point.question for point in points()}
    assert {asked["timeline"], asked["team"], asked["data"], asked["compliance"]} <= set(report.questions)
    assert asked["outcome"] not in report.questions


def test_a_point_that_needs_a_number_is_asked_for_it(report: IntakeReport) -> None:
    budget = next(s for s in report.stated if s.rule == "budget")
    assert budget.own
    assert budget.question == next(p.number for p in points() if p.name == "budget")
    assert budget.question in report.questions
    assert next(s for s in report.stated if s.rule == "success").question == ""


def test_maturity_rests_on_statements_about_today(report: IntakeReport) -> None:
    cited = {c.number: c.quote for c in report.citations}
    assert report.maturity == "ad hoc"
    assert [cited[n] for n in report.evidence] == [
        "The order queue is watched by hand today, and its numbers are copied into a spreadsheet."
    ]


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("The export is a scheduled job, and its code is under version control.", "repeatable"),
        ("All teams use the shared platform, and its owners are on call.", "platform"),
        ("Teams start exports by self-service, and quotas hold them back.", "self-serve"),
        ("We will build a self-service platform with quotas and a developer portal.", "unknown"),
        ("There is no platform and nobody is on call.", "unknown"),
    ],
)
def test_plans_and_lacks_are_no_maturity(shop: Asker, ran: Ran, said: str, level: str) -> None:
    assert taken(shop, ran, f"# Exports of the canteen menu\n\n{said}\n").maturity == level
    assert level in {"unknown", *(one.name for one in levels())}


def test_questions_and_empty_entries_state_nothing(shop: Asker, ran: Ran) -> None:
    told = taken(shop, ran, "# Menu\n\n## Budget\n\nWhat does the budget cover?\n\n## Team\n\nTBD\n\n## Risks\n\nN/A\n")
    assert [s.own for s in told.stated] == [()] * len(points())


def test_decisions_and_incidents_of_the_library_are_told(report: IntakeReport) -> None:
    held = {c.document for c in report.citations} - {"idea.md"}
    assert "shop/postmortems/2026-06-18-order-queue.md" in held


def test_a_text_about_people_is_asked_for_misuse_bias_and_privacy(shop: Asker, ran: Ran) -> None:
    told = taken(shop, ran, "# Screening\n\nWe want to rank applicants by their letters, so that hiring is faster.\n")
    assert any("unfairly" in question for question in told.questions)
    plain = taken(shop, ran, "# Cache\n\nWe want to cache the menu of the canteen, so that pages load faster.\n")
    assert not any("unfairly" in question for question in plain.questions)


def test_the_command_gives_json_and_a_page(
    shop_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "idea.md").write_text(IDEA, "utf-8")
    page = tmp_path / "idea.html"
    command = ["intake", str(tmp_path / "idea.md"), "--html", str(page), "--json", "--store", str(shop_store)]
    assert run(command) == 0
    assert json.loads(capsys.readouterr().out)["maturity"] == "ad hoc"
    assert "Maturity" in page.read_text("utf-8")
