# ruff: noqa: E501 -- a case is read on one line
"""In how many words a rule of the persona can be broken and kept: one sentence a case, behind a lead that keeps it."""

from __future__ import annotations

import pytest

from service.answer import Answer
from service.persona.lint import lint
from service.persona.manuscript import SECTIONS
from tests.unit.test_persona_rules import LEAD, A, C, J, N, full, made

KEPT: dict[str, tuple[str, ...]] = {
    "P1": ("Background jobs are stopped first.", "Both replicas are restarted.", "There are three replicas.", "It depends."),
    "P3": ("Ask your team whether the archive is readable.", "If you run the archive, read it.", "The ledger trusts the gateway."),
    "P9": (
        "It would take two to four weeks with 70 % probability. That depends on the schema.",
        "Alert when a restore takes more than 45 minutes.",
        "A restore takes at most 30 minutes.",
        "If it needs 20 minutes, page the owner.",
        "No document gives an estimate of the two weeks.",
        "The double commit is kept.",
        "The chance is nine in ten that it will take 3 to 5 days, provided that the schema stands.",
    ),
    "P16": ("Tokens and prices are counted.", "The queue is short: 3 entries.", "Throughput falls at 400 req/s.", "High availability needs two nodes."),
    "P19": (
        "Keep the old store; do not adopt the experimental one.",
        "Use the beta only after it is generally available.",
        "Adopt the prototype, as the stated risk tolerance allows.",
        "Prefer the proven store over the newest release.",
    ),
    "P20": (
        "Success is an error rate below 0.1 %.",
        "We know that it works when nine of ten restores end within half an hour, or 27 minutes.",
        "The KPI is the number of closed tickets, which tempts people to split them.",
        "The goal is not documented.",
        "Success is the p99 latency of the restore.",
    ),
    "P21": ("Choose the newer language model after a bake-off on your own questions.", "Adopt the embedding model if a pilot holds."),
}  # fmt: skip
BROKEN: dict[str, tuple[str, ...]] = {
    "P3": (
        "It goes without saying that the archive is readable.",
        "This plan presupposes a readable archive.",
        "You already run three replicas.",
        "Your team knows the archive.",
        "We take the archive as given.",
        "On the premise of a readable archive, restore.",
        "All of this counts on a readable archive.",
    ),
    "P9": (
        "It will pay for itself in six months.",
        "That is a two-week job.",
        "The move is a matter of days.",
        "Traffic doubles until summer.",
        "Restores become 40 % faster.",
        "The migration will be complete by March.",
        "It costs ~300 $ a month.",
        "The cost falls by a third.",
        "It will take three weeks, weighed over 18 to 36 months.",
    ),
    "P16": (
        "The restore is done in no time.",
        "The gateway is responsive.",
        "It has low latency.",
        "It intermittently fails.",
        "It takes too long.",
        "This is a hassle-free store.",
        "The gold standard of stores.",
        "It takes the ledger to the next level.",
    ),
    "P19": (
        "Adopt version 0.3 of the store.",
        "Use the store that was released last month.",
        "Choose the home-grown store.",
        "Switch to the technical preview, not to the proven store.",
        "Use the untested store, whatever the risk tolerance.",
    ),
    "P20": (
        "We will know that it works when everybody is happy.",
        "Good looks like a smooth restore.",
        "Success is version 2 in Q3.",
        "The KPI is the number of closed tickets, which cannot be gamed.",
        "The yardstick is documents written.",
        "The goal is better latency.",
    ),
    "P21": (
        "Choose the newer language model; the vendor's benchmarks show it ahead.",
        "Adopt the embedding model without a pilot.",
        "Use the language model. It has been tested by its maker.",
        "Recommend the reranker. The unit tests pass.",
    ),
}  # fmt: skip
LEADS = {
    "kept": ("Yes: **keep the archive.**", "Recommendation: **keep the archive.**", "**Background jobs stop first.**", "**There is one archive.**"),
    "broken": (
        "**Both options have their merits.**",
        "**The right choice depends on many things.**",
        "**After reviewing the documents, a picture emerges.**",
        "**Note that restores are delicate.**",
        "**What is a restore?**",
        "**There is no single answer.**",
        "**Many teams keep an archive.**",
        "**Introduction: what an archive is.**",
    ),
}  # fmt: skip


def _of(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(rule, text) for rule, texts in table.items() for text in texts]


@pytest.mark.parametrize(("rule", "text"), _of(KEPT))
def test_innocent_words_are_left_alone(rule: str, text: str) -> None:
    assert rule not in lint(made(LEAD, (J, text))).broken


@pytest.mark.parametrize(("rule", "text"), _of(BROKEN))
def test_other_words_for_the_same_fault_are_found(rule: str, text: str) -> None:
    assert rule in lint(made(LEAD, (J, text))).broken


@pytest.mark.parametrize("shown", LEADS["kept"])
def test_an_answer_leads(shown: str) -> None:
    assert "P1" in lint(made((J, shown.replace("*", "")), text=shown)).clean


@pytest.mark.parametrize("shown", LEADS["broken"])
def test_something_else_leads(shown: str) -> None:
    assert "P1" in lint(made((J, shown.replace("*", "")), text=shown)).broken


def test_an_answer_that_is_announced_late_does_not_lead() -> None:
    assert "P1" in lint(made((J, "An archive is a store."), (J, "In short: keep it."))).broken
    assert "P1" in lint(made((J, "In short: keep it."), (J, "An archive is a store."))).clean


def _bare(*heads: str) -> Answer:
    told = "\n\n".join(f"{head}\n\nThe ledger writes." for head in heads)
    return made(LEAD, text=f"**{LEAD[1]}**\n\n{told}")


def test_sections_are_headings_and_the_seven() -> None:
    assert "P2" in lint(_bare("## Executive Summary")).broken
    assert "P2" in lint(_bare(*(f"**{name}**" for name in SECTIONS))).broken
    assert "P2" in lint(_bare("## The story", "## The middle", "## What comes last")).broken
    assert "P2" not in lint(_bare("## Story")).broken
    told = full()
    for filler in ("TBD", "See above.", "To be written."):
        shown = told.text.replace("A restore takes at most 30 minutes.", "x").replace("**x**", filler)
        assert "P2" in lint(told.model_copy(update={"text": shown})).broken, filler
    assert "P2" in lint(told.model_copy(update={"text": f"A word before.\n\n{told.text}"})).broken


def test_a_short_question_of_fact_is_answered_shortly() -> None:
    long = tuple((J, f"Sentence {n} of the program tells what nobody asked of it.") for n in range(20))
    assert "P2" in lint(made(LEAD, *long, question="How long is a restore?")).broken
    assert "P2" not in lint(made(LEAD, *long, question="How should we restore, and why?")).broken


def test_assumptions_are_listed_and_none_is_said_to_be_none() -> None:
    context = SECTIONS[1]
    assert "P3" in lint(full((A, "One team; one archive; and one ledger.", context))).broken
    told = full()
    silent = [
        s if s.kind != "assumption" else s.model_copy(update={"kind": "notice", "text": "No restore is slow."})
        for s in told.sentences
    ]
    shown = told.text.replace("*Assumption:* The archive is readable.", "No restore is slow.")
    assert "P3" in lint(told.model_copy(update={"sentences": tuple(silent), "text": shown})).broken


@pytest.mark.parametrize(
    ("tier", "kept", "broken"),
    [
        ("marketing", "The vendor claims that it holds; no independent test says so.", "Independent tests by the vendor prove that it holds."),
        ("own proposal", "The proposal is to keep one archive.", "The archive is what the ledger writes to."),
        ("vendor documentation", "According to the vendor it holds; we measured nothing.", "According to the vendor it holds, as our measurements show."),
    ],
)  # fmt: skip
def test_whose_word_it_is(tier: str, kept: str, broken: str) -> None:
    assert "P13" not in lint(made((C, kept), tier=tier)).broken
    assert "P13" in lint(made((C, broken), tier=tier)).broken


def test_a_proposal_may_be_named_without_being_told() -> None:
    for kept in ("Related: the design of 2024.", "Rollback | absent", "The ledger would write to the archive."):
        assert "P13" not in lint(made(LEAD, (C, kept), tier="own proposal")).broken
    for broken in ("To the archive writes the ledger.", "The new archive was approved."):
        assert "P13" in lint(made((C, broken), tier="own proposal")).broken


def test_what_is_called_proven_names_its_proof() -> None:
    assert "P13" in lint(made(LEAD, (J, "Independent tests show that it holds."))).broken
    assert "P13" not in lint(made(LEAD, (J, "No independent test shows that it holds."))).broken


def test_success_may_stand_in_the_heading_of_what_is_cited() -> None:
    told = full(leave_out=SECTIONS[5])
    assert "P20" in lint(told).broken
    under = told.citations[0].model_copy(update={"section": ("Ledger", "Service level objectives")})
    assert "P20" not in lint(told.model_copy(update={"citations": (under,)})).broken


def test_a_vendor_does_not_outrank_our_own_measurement() -> None:
    assert "P13" in lint(made(LEAD, (J, "The vendor's figure outweighs our own measurement."))).broken
    assert "P13" not in lint(made(LEAD, (J, "Our own measurement outweighs the vendor's figure."))).broken


def test_dealings_with_a_vendor_are_no_external_work() -> None:
    assert "P17" not in lint(made(LEAD, (J, "Ask the vendor for a contract, and run Kafka 3.7."))).broken
    assert "P17" in lint(made(LEAD, (J, "The vendor reports a restore in 2 ms."))).broken
    assert "P17" in lint(made(LEAD, (J, "Kafka moves 2 million messages."), (N, "Results vary by workload."))).broken


def test_the_title_of_a_document_is_its_own() -> None:
    told = made(LEAD, (J, "Decided before: RTO 0001: Kafka moves 2 million messages."))
    named = told.citations[0].model_copy(update={"title": "RTO 0001: Kafka moves 2 million messages"})
    assert {"P5", "P17"} <= set(lint(told).broken)
    assert not {"P5", "P17"} & set(lint(told.model_copy(update={"citations": (named,)})).broken)


def test_an_option_may_have_a_with_in_its_name() -> None:
    rows = "| Option | Cost | Recommendation |\n|---|---|---|\n| Two phases | 1 $ | yes |\n| One swap | 2 $ | no |"
    for question in ("Compare two phases with an outbox and one swap.", "Compare two phases with one swap."):
        assert "P4" in lint(made(LEAD, (N, rows), question=question)).clean
    assert "P4" in lint(made(LEAD, (N, rows), question="Compare two phases with a broker.")).broken
