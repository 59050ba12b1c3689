"""Conversations over real libraries: follow-ups, what the reader newly says, and earlier answers held against today."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.errors import UsageError
from service.access.shelf import ReadableShelf
from service.answer import Answer
from service.answering.view import Request
from service.asker import Asker
from service.cli.program import run
from service.persona.lint import lint
from service.talking.facts import taken_apart
from service.talking.kept import KEPT_SECONDS, Kept
from service.talking.reply import Turn, reply

PUBLIC = frozenset({"public"})
SCAN = "How many passages may a library have before the exact scan is too slow?"
NEWS = "What you say is noted, and it revises an earlier answer."
OVERRIDES = "What you said overrides a sentence of this answer."


def talk(who: Asker, *messages: str, earlier: Sequence[Answer] = ()) -> list[Answer]:
    """The turns of a conversation, each sound and linted with those before it."""
    turns = list(earlier)
    for message in messages:
        made = reply(who.ask, ReadableShelf(who.store, PUBLIC), Turn("t", tuple(turns)), Request(message, PUBLIC))
        assert [c.number for c in made.citations] == list(range(1, len(made.citations) + 1))
        for citation in made.citations:
            document = who.store.read(citation.document, citation.revision)
            assert document.text[citation.start : citation.end] == citation.quote
        assert {n for s in made.sentences for n in s.citations} <= {c.number for c in made.citations}
        assert (made.question, made.conversation) == (message, "t")
        assert "P14" not in lint(made, turns).broken
        turns.append(made)
    return turns[len(earlier) :]


@pytest.mark.parametrize(
    ("message", "asks", "facts"),
    [
        ("And its rollback?", "And its rollback?", ()),
        ("What about p99?", "What about p99?", ()),
        ("Actually we run 3 replicas, not 5", "", ("Actually we run 3 replicas, not 5",)),
        ("Our limit is 200 ms. Is that enough?", "Is that enough?", ("Our limit is 200 ms.",)),
        ("Explain the rollback.", "Explain the rollback.", ()),
        ("Thanks. How is that monitored?", "Thanks. How is that monitored?", ()),
        ("We moved from RabbitMQ to Kafka!\nWhat now?", "What now?", ("We moved from RabbitMQ to Kafka!",)),
    ],
)
def test_a_message_is_taken_apart(message: str, asks: str, facts: tuple[str, ...]) -> None:
    assert (taken_apart(message).asks, taken_apart(message).facts) == (asks, facts)


def test_a_fact_of_the_reader_revises_what_was_said(bundled: Asker) -> None:
    fact = "Actually our limit is 50,000 passages, not 200,000."
    first, second = talk(bundled, SCAN, fact)
    assert "200,000" in first.text
    assert second.text.startswith(f"**{NEWS}**")
    kinds = {s.text: s.kind for s in second.sentences}
    assert kinds[fact] == "assumption"
    assert f"*Assumption, in your words:* {fact}" in second.text
    revised = next(s for s in second.sentences if s.kind == "cited")
    assert "200,000" in revised.text
    assert revised.text in {s.text for s in first.sentences}
    assert "Revised by it, the documents state" in second.text
    assert "P14" in lint(second, [first]).clean


def test_the_fact_overrides_what_is_said_later(bundled: Asker) -> None:
    *_, later = talk(bundled, SCAN, "Actually our limit is 50,000 passages, not 200,000.", "And its drawbacks?")
    assert "200,000" in later.text
    assert later.text.startswith(f"**{OVERRIDES}**")
    assert "50,000 passages" in later.text


@pytest.mark.parametrize(
    ("asked", "fact", "revised"),
    [
        ("Which queue carries the order events?", "We moved from RabbitMQ to Kafka last week.", "RabbitMQ"),
        ("How long does rolling back the consumer take?", "A rollback of the consumer takes 10 minutes.", "3 minutes"),
        ("How large may order_queue_depth be?", "At noon 9,000 events are normal, not 2,000.", "2,000"),
        ("How many machines does Kafka need?", "The database costs 40 % of the CPU, not 12 %.", "12 %"),
    ],
)
def test_names_and_measures_are_revised(shop: Asker, asked: str, fact: str, revised: str) -> None:
    _, second = talk(shop, asked, fact)
    assert second.sentences[0].text == NEWS
    assert any(revised in s.text for s in second.sentences if s.kind == "cited")


@pytest.mark.parametrize(
    "fact", ["We run on 4 machines in Oslo.", "Our team is large.", "A rollback of the consumer takes 3 minutes."]
)
def test_a_fact_that_contradicts_nothing_is_noted_and_revises_nothing(shop: Asker, fact: str) -> None:
    first, second = talk(shop, "How long does rolling back the consumer take?", fact)
    assert second.sentences[0].text.startswith("What you say is noted; no sentence")
    assert "Revised by it" not in second.text
    assert "P14" in lint(second, [first]).clean


def test_a_fact_beside_a_question_is_noted_before_the_answer(shop: Asker) -> None:
    _, second = talk(
        shop,
        "Which queue carries the order events?",
        "We moved from RabbitMQ to Kafka. How long does rolling back the consumer take?",
    )
    assert second.sentences[0].text == NEWS
    assert "queuectl rollback consumer" in second.text


def test_a_follow_up_without_a_fact_is_answered_as_ever(shop: Asker) -> None:
    first, second = talk(shop, "Which queue carries the order events?", "And its consequences?")
    assert second.refusal is None
    assert "survives the loss of one node" in second.text
    said = [s.text for s in (*first.sentences, *second.sentences)]
    assert not any(text.startswith(("What you s", "Revised by it")) for text in said)


def test_what_changed_and_what_is_gone_since_an_earlier_answer_is_said(shop: Asker) -> None:
    (first,) = talk(shop, "How long does rolling back the consumer take?")
    citation = first.citations[0]
    changed = first.model_copy(update={"citations": (citation.model_copy(update={"quote": "It takes 9 minutes."}),)})
    (later,) = talk(shop, "Which queue carries the order events?", earlier=[changed])
    assert later.text.startswith("**The documents have changed since an earlier answer.**")
    assert f"What was said of {citation.document} was changed since" in later.text
    hidden = first.model_copy(
        update={"citations": (citation.model_copy(update={"document": "vault/plans/payroll.md"}),), "text": "zebra"}
    )
    (later,) = talk(shop, "Which queue carries the order events?", earlier=[hidden])
    assert "it does not hold any more" in later.text
    assert "vault" not in later.model_dump_json()


def test_the_command_line_keeps_a_conversation_by_its_name(
    shop_store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(question: str) -> Answer:
        assert run(["ask", question, "--conversation", "queue", "--json", "--store", str(shop_store)]) == 0
        return Answer.model_validate(json.loads(capsys.readouterr().out))

    said("Which queue carries the order events?")
    assert said("We moved from RabbitMQ to Kafka.").sentences[0].text == NEWS
    kept = Kept(shop_store)
    assert [turn.question for turn in kept.turns("queue")] == [
        "Which queue carries the order events?",
        "We moved from RabbitMQ to Kafka.",
    ]
    assert (shop_store / "conversations" / "queue.json").stat().st_mode & 0o77 == 0
    kept.forget()
    assert kept.turns("queue") == ()


def test_a_conversation_goes_after_a_day_and_names_are_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "conversations"
    folder.mkdir()
    (folder / "old.json").write_text('{"turns": []}')
    now = (folder / "old.json").stat().st_mtime
    monkeypatch.setattr("time.time", lambda: now + KEPT_SECONDS + 1)
    assert Kept(tmp_path).turns("old") == ()
    assert not (folder / "old.json").exists()
    for name in ("../aether", "", "a/b", ".."):
        with pytest.raises(UsageError):
            Kept(tmp_path).turns(name)
