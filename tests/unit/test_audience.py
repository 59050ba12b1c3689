"""What comes first for whom: steps for an engineer and in an incident, decision, cost and risk for an executive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.answer import Answer
from service.answering.compose import BRIEF, FULL
from service.answering.view import Audience
from service.asker import Asker, asker
from service.audience.angle import shortened
from service.audience.incident import in_incident
from service.cli.program import run
from service.engine import Request
from service.settings import Settings
from service.wiring import Wiring

MOVE = """# Move the ledger to a larger disk

Moving the ledger to a larger disk keeps the ledger readable while the ledger disk is copied in the background.

We decided to move the ledger to a larger disk, because the larger disk costs $40 a month and a full disk is an outage.

## Procedure to move the ledger to a larger disk

1. Attach the larger disk of the ledger with `ledgerctl disk attach`.
2. Move the ledger to the larger disk with `ledgerctl disk move`.
3. Check the ledger on the larger disk with `ledgerctl audit`.

```sh
ledgerctl disk move --ledger main --to larger-disk
```
"""
QUESTION = "How do we move the ledger to a larger disk?"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audience")
    (folder / "notes").mkdir()
    (folder / "notes" / "move.md").write_text(MOVE)
    assert run(["ingest", str(folder / "notes"), "--store", str(folder / "store")]) == 0
    return folder / "store"


@pytest.fixture(scope="module")
def who(store: Path) -> Iterator[Asker]:
    with asker(Wiring(Settings(store=store)), lambda line: None) as made:
        yield made


def first(answer: Answer) -> str:
    return answer.sentences[0].text


def test_an_engineer_gets_the_steps_first(who: Asker) -> None:
    answer = who.ask(Request(QUESTION, audience="engineer"))
    assert first(answer).startswith(("1. Attach", "```sh")), answer.text
    assert not {v.rule for v in answer.violations} & {"P18"}


def test_an_executive_gets_decision_cost_and_risk_first_in_fewer_words_and_no_code(who: Asker) -> None:
    answer = who.ask(Request(QUESTION, audience="executive"))
    assert first(answer).startswith("We decided to move the ledger"), answer.text
    assert "```" not in answer.text
    assert len(answer.text.split()) < len(who.ask(Request(QUESTION)).text.split())


def test_who_asks_for_a_length_gets_it() -> None:
    assert shortened(Request(QUESTION, audience="executive")).length == BRIEF
    for request in (Request(QUESTION, audience="executive", length=FULL), Request(QUESTION, audience="engineer")):
        assert shortened(request) == request


@pytest.mark.parametrize("audience", ["", "executive"])
def test_in_an_incident_the_steps_come_first_for_everyone(who: Asker, audience: Audience) -> None:
    answer = who.ask(Request("The ledger is down, how do we move it to a larger disk right now?", audience=audience))
    assert first(answer).startswith("1. Attach"), answer.text
    assert "P18" not in {v.rule for v in answer.violations}


@pytest.mark.parametrize(
    ("question", "incident"),
    [
        ("The ledger is down, what do I do?", True),
        ("Prometheus is paging me for ledger lag, how do I stop it?", True),
        ("How do I fail over right now?", True),
        ("We have an outage of the gateway. Steps?", True),
        ("KubeProxyDown is firing and every pod is running. How do I fix it?", True),
        ("It is down when we deploy. What do I do?", True),
        ("Who is called when the ledger is down?", False),
        ("The gateway is down. Which feature stops working?", False),
        ("How is the ledger restored?", False),
        ("How is traffic broken down by region?", False),
        ("How is the cost broken down to teams?", False),
        ("How does the paginator work?", False),
        ("What was the root cause of the outage in March?", False),
        ("A page has gone stale. How long until it is taken down?", False),
        ("What do we prepare for an outage?", False),
        ("How good is our incident response?", False),
    ],
)
def test_an_incident_is_known_by_its_words(question: str, incident: bool) -> None:
    assert in_incident(question) is incident


def test_the_command_passes_the_audience_on(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = ["ask", QUESTION, "--store", str(store), "--json", "--audience"]
    assert run([*said, "executive"]) == 0
    assert json.loads(capsys.readouterr().out)["sentences"][0]["text"].startswith("We decided")
    assert run([*said, "shareholder"]) == 2
    assert "executive or engineer" in capsys.readouterr().err
