"""A review beside the library: values, decisions, bases, incidents and precedents, each with both places; and SARIF."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from service.asker import Asker
from service.cli.program import run
from service.protocols.report import Finding, Report, ReviewReport
from service.protocols.review.sarif import as_sarif

Ran = Callable[..., Report]
PROPOSAL = """# A streaming order queue

## Design

We will use Kafka to carry the order events from the shop to the warehouse.

The design follows ADR 0001, which keeps order events in a table.

ADR 0003 is still proposed, so nothing binds us.

## Rollback

Roll the consumer back with `queuectl rollback consumer`, which takes 9 minutes.
"""


@pytest.fixture(scope="module")
def report(shop: Asker, ran: Ran) -> ReviewReport:
    found = ran(shop, "review", name="streaming.md", text=PROPOSAL)
    assert isinstance(found, ReviewReport)
    return found


def sides(report: ReviewReport, finding: Finding) -> tuple[str, str]:
    """What the finding cites of the proposal, and of the library with its document."""
    cited = {c.number: c for c in report.citations}
    library = [f"{cited[n].document.rsplit('/', 1)[-1]}: {cited[n].quote}" for n in finding.library]
    return " ".join(cited[n].quote for n in finding.own), " ".join(library)


@pytest.mark.parametrize(
    ("kind", "rule", "own", "library", "severity"),
    [
        ("contradicts", "quantity", "takes 9 minutes", "order-queue.md: Roll the consumer back", "medium"),
        ("contradicts", "decision", "We will use Kafka", "0003-rabbitmq.md: Chosen option: RabbitMQ", "high"),
        ("contradicts", "status", "ADR 0003 is still proposed", "0003-rabbitmq.md", "high"),
        ("superseded_basis", "superseded-basis", "follows ADR 0001", "0001-database-queue.md", "medium"),
        ("seen_before", "seen-before", "", "2026-06-18-order-queue.md: ", "medium"),
        ("precedent", "precedent", "", "0003-rabbitmq.md", "none"),
    ],
)
def test_each_comparison_cites_both_sides(
    report: ReviewReport, kind: str, rule: str, own: str, library: str, severity: str
) -> None:
    found = [f for f in report.findings if (f.kind, f.rule) == (kind, rule)]
    assert found, [(f.kind, f.rule) for f in report.findings]
    told = [sides(report, finding) for finding in found]
    assert any(own in mine and library in theirs for mine, theirs in told), told
    assert {finding.severity for finding in found} == {severity}
    assert all(finding.own and finding.library and finding.because for finding in found)


AGREES = """# Warehouse import

## Design

Roll the consumer back with `queuectl rollback consumer`, which takes 180 s.

Roll the importer back with `importctl rollback`, which takes 9 minutes.

We will use RabbitMQ with quorum queues, rather than Kafka, to carry the order events.

ADR 0001 was superseded long ago; we follow ADR 0003, which is accepted.
"""


def test_what_agrees_or_is_of_another_thing_is_no_contradiction(shop: Asker, ran: Ran) -> None:
    found = ran(shop, "review", name="plain.md", text=AGREES)
    assert [(f.kind, f.says) for f in found.findings if f.kind in ("contradicts", "superseded_basis")] == []


def test_a_proposal_is_no_evidence_against_itself(shop: Asker, ran: Ran) -> None:
    path = "runbooks/order-queue.md"
    changed = shop.store.read(f"shop/{path}").text.replace("takes 3 minutes", "takes 9 minutes")
    found = ran(shop, "review", name=path, text=changed)
    assert f"shop/{path}" not in {c.document for c in found.citations}
    assert not [f for f in found.findings if f.rule == "quantity"]
    excluded = ran(shop, "review", name="other.md", text=changed, exclude=[f"shop/{path}"])
    assert f"shop/{path}" not in {c.document for c in excluded.citations}


def test_sarif_has_what_code_hosting_asks_for(report: ReviewReport) -> None:
    made = as_sarif(report, uri="designs/streaming of events.md")
    assert (made["version"], len(made["runs"])) == ("2.1.0", 1)
    one = made["runs"][0]
    rules = one["tool"]["driver"]["rules"]
    asked = [f for f in report.findings if f.severity != "none"]
    assert len(one["results"]) == len(asked)
    levels = {"high": "error", "medium": "warning", "low": "note"}
    lines = len(PROPOSAL.splitlines())
    for result, finding in zip(one["results"], asked, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.rule
        assert result["level"] == levels[finding.severity]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "designs/streaming%20of%20events.md"
        assert 1 <= place["region"]["startLine"] <= place["region"]["endLine"] <= lines
        assert len(result["message"]["text"]) <= 1000
    prints = [result["partialFingerprints"]["aetherFinding/v1"] for result in one["results"]]
    assert len(set(prints)) == len(prints)
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]


def test_the_command_writes_sarif_and_fails_as_asked(
    shop_store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "streaming.md").write_text(PROPOSAL, "utf-8")
    sarif = tmp_path / "review.sarif"
    command = ["review", str(tmp_path / "streaming.md"), "--sarif", str(sarif), "--json", "--store", str(shop_store)]
    assert run([*command, "--fail-on", "high"]) == 3
    assert json.loads(capsys.readouterr().out)["name"]
    assert json.loads(sarif.read_text("utf-8"))["runs"][0]["results"]
    assert run(command) == 0
