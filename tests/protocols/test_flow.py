"""A full answer draws how components flow one into another, each arrow in words with its source beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.answer import Answer
from service.answering.compose import FULL
from service.answering.view import Request
from service.asker import asker
from service.cli.program import run
from service.persona.lint import lint
from service.persona.manuscript import Manuscript
from service.settings import read_settings
from service.wiring import Wiring

ORDERS = """# How orders are carried

Orders are carried by four components, and the design keeps them apart so that each can be restarted alone.

The gateway sends each order to the intake queue. The ledger reads orders from the intake queue.
The ledger writes every order to the archive. The archive is not read by the gateway.
If the ledger is full, the ledger sends orders to the overflow. The mailer sends reminders to customers.
"""
QUESTION = "How should we design the way in which orders are carried between the gateway, the queue and the ledger?"


def asked(home: Path, text: str) -> Answer:
    (home / "notes").mkdir(parents=True)
    (home / "notes" / "orders.md").write_text(text)
    assert run(["ingest", str(home / "notes"), "--store", str(home / "store")]) == 0
    with asker(Wiring(read_settings(store=home / "store"), lease=5.0), lambda line: None) as who:
        return who.ask(Request(QUESTION, frozenset({"public"}), length=FULL))


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    return asked(tmp_path_factory.mktemp("flow"), ORDERS)


def test_what_flows_is_drawn_with_its_twin(answer: Answer) -> None:
    (fence,) = Manuscript(answer).fences
    assert fence.code == (
        'flowchart LR\n  a["gateway"] --> b["intake queue"]\n  b["intake queue"] --> c["ledger"]\n'
        '  c["ledger"] --> d["archive"]\n'
    )
    assert "**gateway to intake queue**: The gateway sends each order to the intake queue.[" in answer.text
    (drawing,) = [s for s in answer.sentences if s.text.startswith("```mermaid")]
    quotes = {c.number: c.quote for c in answer.citations}
    assert [quotes[n] for n in drawing.citations] == [
        "The gateway sends each order to the intake queue.",
        "The ledger reads orders from the intake queue.",
        "The ledger writes every order to the archive.",
    ]
    assert "P6" in lint(answer).clean


@pytest.mark.parametrize(
    "left_out", ["The ledger reads orders from the intake queue.", "The gateway sends each order to the intake queue."]
)
def test_what_does_not_flow_on_is_not_drawn(tmp_path: Path, left_out: str) -> None:
    text = ORDERS.replace(left_out, "").replace("The ledger writes every order to the archive.", "")
    assert "```mermaid" not in asked(tmp_path, text).text
