"""The full form: seven sections from evidence, one line where there is none, and every rule of the persona kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from service.answer import Answer
from service.answering.compose import BRIEF, FULL
from service.answering.view import Request
from service.asker import Asker
from service.cli.program import run
from service.full.form import SHORT, STEPS_FIRST
from service.persona.lint import lint
from service.persona.manuscript import SECTIONS, Manuscript
from service.persona.rules.shape import INVITATION

PUBLIC = frozenset({"public"})
QUEUE = "Should we carry the order events with RabbitMQ or Kafka, and what are the risks?"
SILENT = "The documents do not describe"


def asked(who: Asker, question: str, **narrowed: frozenset[str]) -> Answer:
    return who.ask(Request(question, PUBLIC, length=FULL, **narrowed))


@pytest.fixture(scope="module")
def answer(shop: Asker) -> Answer:
    return asked(shop, QUEUE)


def under(answer: Answer, section: str) -> str:
    return next(part.body for part in Manuscript(answer).parts if part.heading == section)


def quoted(answer: Answer, section: str) -> Sequence[str]:
    cited = {c.number: c for c in answer.citations}
    return [cited[n].quote for s in answer.sentences if s.section == section for n in s.citations]


def test_it_has_the_seven_sections_and_keeps_every_rule(answer: Answer) -> None:
    assert [part.heading for part in Manuscript(answer).parts] == list(SECTIONS)
    assert answer.violations == lint(answer).violations == ()
    assert {"P1", "P2", "P3", "P4", "P5", "P15", "P22"} <= set(lint(answer).clean)


def test_it_leads_in_bold_with_the_decision_before_the_short_answer(shop: Asker, answer: Answer) -> None:
    lead = next(line for line in answer.text.splitlines() if line and not line.startswith("#"))
    assert lead.startswith("**Chosen option: RabbitMQ with quorum queues")
    assert answer.sentences[0].section == SECTIONS[0]
    short = [s.text for s in shop.ask(Request(QUEUE, PUBLIC, length=BRIEF)).sentences]
    assert set(short) <= {s.text for s in answer.sentences if s.section == SECTIONS[0]}


def test_options_stand_in_a_table_with_what_is_not_documented(answer: Answer) -> None:
    (table,) = Manuscript(answer).tables
    assert table.header == ("Option", "Advantages", "Drawbacks", "Cost", "Recommendation")
    rows = {row[0]: row[1:] for row in table.rows}
    assert set(rows) == {"RabbitMQ with quorum queues", "Kafka", "A table in the database"}
    assert "replayed for 7 days" in rows["Kafka"][0]
    assert "three more machines" in rows["Kafka"][1]
    assert "Chosen option: RabbitMQ" in rows["RabbitMQ with quorum queues"][3]
    assert rows["A table in the database"][3] == "not documented"


def test_a_short_comparison_has_the_table_too(shop: Asker) -> None:
    made = shop.ask(Request("Compare RabbitMQ with Kafka for the order events.", PUBLIC))
    (table,) = Manuscript(made).tables
    assert {"RabbitMQ with quorum queues", "Kafka"} <= {row[0] for row in table.rows}
    assert "P4" in lint(made).clean
    plain = shop.ask(Request("Which machines does Kafka need?", PUBLIC))
    assert not Manuscript(plain).tables


def test_each_facet_is_told_in_its_section(answer: Answer) -> None:
    told = {section: " ".join(quoted(answer, section)) for section in SECTIONS}
    assert "queuectl rollback consumer" in told["Risks, Mitigations and Monitoring"]
    assert "The order queue refused events for 47 minutes" in told["Risks, Mitigations and Monitoring"]
    assert "12 % of its CPU" in told["Implementation Considerations"]
    steps = "1. Look at `order_queue_depth` on the dashboard of the shop.\n2. Restart the consumer"
    assert steps in under(answer, "Implementation Considerations")


def test_what_no_document_describes_is_said_in_one_line_and_asked(answer: Answer) -> None:
    for section in SECTIONS:
        assert under(answer, section).count(SILENT) <= 1
    assert "a mitigation or a measure of success" in under(answer, "Risks, Mitigations and Monitoring")
    questions = [s.text for s in answer.sentences if s.kind == "question"]
    assert "By which measure, and from which value on, is it a success?" in questions
    assert not any("taken back" in question for question in questions)


def test_it_ends_with_the_invitation_and_one_check(answer: Answer) -> None:
    last = [s for s in answer.sentences if s.section == SECTIONS[-1]]
    assert last[-2].text == INVITATION
    assert last[-1].citations or "no check" in last[-1].text


def test_every_citation_holds_and_is_used(shop: Asker, answer: Answer) -> None:
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        document = shop.store.read(citation.document, citation.revision)
        assert document.text[citation.start : citation.end] == citation.quote
    assert {n for s in answer.sentences for n in s.citations} == {c.number for c in answer.citations}
    assert all(s.verdict.supported for s in answer.sentences)


def test_nothing_of_what_the_caller_may_not_read_is_told(shop: Asker) -> None:
    seen = asked(shop, "Should we carry the order queue of payroll elsewhere, and what are the risks?")
    assert "zebra" not in seen.model_dump_json()


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("Which queue carries the order events?", SHORT),
        ("The order queue is stuck right now, what should we do?", STEPS_FIRST),
    ],
)
def test_a_fact_and_an_incident_get_a_short_answer(shop: Asker, question: str, why: str) -> None:
    answer = asked(shop, question)
    assert answer.refusal is None
    assert not Manuscript(answer).full
    assert why in [s.text for s in answer.sentences if s.kind == "notice"]
    assert "P2" not in lint(answer).broken


def test_what_is_not_answered_is_refused_as_ever(shop: Asker) -> None:
    answer = asked(shop, "Should we paint the zebra crossing at the airport blue, and what are the risks?")
    assert answer.status == "refused"
    assert answer.sentences == ()


def test_the_command_line_shows_it(shop_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", QUEUE, "--full", "--json", "--store", str(shop_store)]) == 0
    answer = Answer.model_validate(json.loads(capsys.readouterr().out))
    assert [part.heading for part in Manuscript(answer).parts] == list(SECTIONS)


def test_what_documents_say_in_the_same_words_is_one_risk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    risk = "The order cache may serve prices that are stale for a minute."
    for name in ("cache", "copy", "twin"):
        page = f"# The order {name}\n\nThe order cache keeps prices close to the shop.\n\n## Risks\n\n{risk}\n"
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / "docs" / f"{name}.md").write_text(page, "utf-8")
    store = str(tmp_path / "store")
    assert run(["ingest", str(tmp_path / "docs"), "--store", store]) == 0
    capsys.readouterr()
    assert run(["ask", "Should we keep the order cache, and how risky is it?", "--full", "--store", store]) == 0
    said = capsys.readouterr().out
    assert said.partition("## Risks")[2].count(risk) == 1
