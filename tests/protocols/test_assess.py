"""An assessment: figures with their sentences, what kind each is, where documents disagree, what nobody measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.asker import Asker, asker
from service.cli.program import run
from service.protocols.assess.figures import aspects
from service.protocols.report import AssessReport, Report
from service.settings import read_settings
from service.wiring import Wiring

Ran = Callable[..., Report]


@pytest.fixture(scope="module")
def report(shop: Asker, ran: Ran) -> AssessReport:
    found = ran(shop, "assess", system="order queue")
    assert isinstance(found, AssessReport)
    return found


def test_figures_stand_with_their_sentence_and_kind(report: AssessReport) -> None:
    cited = {c.number: c.quote for c in report.citations}
    told = {(f.value, f.kind): cited[f.citation] for f in report.figures}
    assert "refused events for 47 minutes" in told["47 minutes", "incident"]
    assert "2,000 at noon is normal" in told["2,000", "measured"]
    for figure in report.figures:
        assert figure.value.split()[-1] in cited[figure.citation]
    assert {f.date for f in report.figures if f.kind == "incident"} == {"2026-06-18"}


def test_what_has_no_figure_is_asked(report: AssessReport) -> None:
    asked = {a.name: a.question for a in aspects()}
    assert {asked["availability"], asked["quality"]} <= set(report.questions)
    assert asked["incidents"] not in report.questions
    assert not report.dropped


def test_an_unknown_system_is_all_questions(shop: Asker, ran: Ran) -> None:
    report = ran(shop, "assess", system="canteen till")
    assert isinstance(report, AssessReport)
    assert (report.figures, report.citations) == ((), ())
    assert report.questions == tuple(a.question for a in aspects())


def test_what_a_caller_may_not_read_is_not_counted(shop: Asker, ran: Ran) -> None:
    hidden = ran(shop, "assess", system="payroll order queue")
    assert "77" not in hidden.text
    finance = ran(shop, "assess", caller=frozenset({"public", "group:finance"}), system="payroll order queue")
    assert "77 zebra events a day" in finance.text


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Asker]:
    files = {
        "limits.md": "# Upload limits\n\nThe upload gateway accepts files of at most 25 MB from each client.\n",
        "guide.md": "# Sending files\n\nThe upload gateway accepts files of at most 40 MB from each client.\n",
        "other.md": "# Mail\n\nThe mail gateway accepts files of at most 10 MB from each sender.\n",
    }
    for name, text in files.items():
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / "docs" / name).write_text(text, "utf-8")
    assert run(["ingest", str(tmp_path / "docs"), "--store", str(tmp_path / "store"), "--json"]) == 0
    wiring = Wiring(read_settings(store=tmp_path / "store"), lease=5.0)
    with asker(wiring, lambda line: None) as who:
        yield who
    wiring.close()


def test_documents_that_disagree_are_shown_side_by_side(apart: Asker, ran: Ran) -> None:
    report = ran(apart, "assess", system="upload gateway")
    section = report.text.split("## Where documents disagree")[1].split("## ")[0]
    assert "25 MB" in section
    assert "40 MB" in section
    assert "10 MB" not in section


def test_the_command_gives_json_and_a_page(
    shop_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "state.html"
    assert run(["assess", "order queue", "--html", str(page), "--json", "--store", str(shop_store)]) == 0
    assert json.loads(capsys.readouterr().out)["figures"]
    assert "<table>" in page.read_text("utf-8")


@pytest.mark.slow
def test_our_own_figures_are_found(bundled: Asker, ran: Ran) -> None:
    report = ran(bundled, "assess", system="qdrant-edge")
    assert isinstance(report, AssessReport)
    assert "7.7 ms" in {f.value for f in report.figures if f.subject == "Latency"}
    assert not report.dropped
