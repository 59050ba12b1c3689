# ruff: noqa: E501 -- a case is read on one line
"""In how many words a rule of the persona can be broken and kept: one sentence a case, behind a lead that keeps it."""

from __future__ import annotations

import pytest

from corpus.citations import Citation
from service.answer import Answer, Sentence, Verdict
from service.persona.lint import lint
from service.persona.manuscript import SECTIONS
from service.persona.rules.shape import INVITATION
from tests.unit.test_persona_rules import LEAD, A, C, J, N, cited, full, made

KEPT: dict[str, tuple[str, ...]] = {
    "P1": ("Background jobs are stopped first.", "Both replicas are restarted.", "There are three replicas.", "It depends."),
    "P3": (
        "Ask your team whether the archive is readable.",
        "If you run the archive, read it.",
        "The ledger trusts the gateway.",
        "Nobody should presume that the archive is readable.",
        "Whether the disk will grow is open.",
        "Replay the requests by hand, so that each can be compared.",
        "Check that both operators are free.",
    ),
    "P9": (
        "It would take two to four weeks with 70 % probability. That depends on the schema.",
        "Alert when a restore takes more than 45 minutes.",
        "A restore takes at most 30 minutes.",
        "If it needs 20 minutes, page the owner.",
        "No document gives an estimate of the two weeks.",
        "The double commit is kept.",
        "It takes 2 to 3 days. The odds of that are 4 in 5. It hinges on the schema.",
        "Success is a restore that will take less than 20 minutes.",
        "Roll out to 5 % of the writers, and wait for a day.",
        "The chance is nine in ten that it will take 3 to 5 days, provided that the schema stands.",
    ),
    "P16": ("Tokens and prices are counted.", "The queue is short: 3 entries.", "Throughput falls at 400 req/s.", "High availability needs two nodes."),
    "P18": (
        "Nothing here is a reason to drop everything.",
        "Whoever restores it can read the runbook.",
        "The restore has no bright colours.",
    ),
    "P19": (
        "Keep the archive, since everybody on the rota has run it.",
        "The new archive is talked about at conferences; keep the old one.",
        "Keep the old store; do not adopt the experimental one.",
        "Use the beta only after it is generally available.",
        "Adopt the prototype, as the stated risk tolerance allows.",
        "Prefer the proven store over the newest release.",
    ),
    "P20": (
        "The KPI is the number of closed tickets; whoever splits a ticket raises it.",
        "Success is the share of restores that end well, reported beside the number of those given up.",
        "Success is an error rate below 0.1 %.",
        "We know that it works when nine of ten restores end within half an hour, or 27 minutes.",
        "The KPI is the number of closed tickets, which tempts people to split them.",
        "The goal is not documented.",
        "Success is the p99 latency of the restore.",
    ),
    "P21": ("Choose the newer language model after a bake-off on your own questions.", "Adopt the embedding model if a pilot holds.", "Adopt the reranker only if it finds more right pages than the old one.", "Adopt the reranker: rank a hundred tickets with both and count the right ones."),
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
        "Barring that, we go by a disk that stays half empty, unless told otherwise.",
        "The traffic is not going to change much.",
        "Because the operators have done it before, no rehearsal is planned.",
        "Both operators are idle on Mondays, so begin then.",
        "We regard the last week as typical.",
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
        "At this pace the archive is full within the year.",
        "Two weeks are enough for the move.",
        "Three engineers will be needed.",
        "The ledger should carry around 900 writes a second.",
        "I am 80 % sure that it will cost 400 euros if the schema stands.",
        "It takes 2 to 3 weeks. Another plan depends on the schema and is 70 % likely.",
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
    "P18": (
        "Anyone who has read a runbook would know that.",
        "If only people read the runbook.",
        "Drop everything and restore it.",
        "The details need not concern you.",
        "Put the kettle on while it restores.",
        "Restore it today!",
    ),
    "P19": (
        "Choose the archive, because everybody is talking about it.",
        "Write an archive of your own.",
        "Adopt version 0.3 of the store.",
        "Use the store that was released last month.",
        "Choose the home-grown store.",
        "Switch to the technical preview, not to the proven store.",
        "Use the untested store, whatever the risk tolerance.",
    ),
    "P20": (
        "The KPI is the number of closed tickets, and nobody can bend it.",
        "Success is 40 new runbooks.",
        "We will know that it works when everybody is happy.",
        "Good looks like a smooth restore.",
        "Success is version 2 in Q3.",
        "The KPI is the number of closed tickets, which cannot be gamed.",
        "The yardstick is documents written.",
        "The goal is better latency.",
    ),
    "P21": (
        "Use the language model; the trial of last year was of another one.",
        "Adopt the reranker, and rehearse the way back.",
        "Adopt the reranker, which will stand the test of time.",
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
        "**We have gone through four runbooks on this.**",
        "**The four runbooks were consulted one after the other.**",
        "**Earlier we advised a second ledger.**",
        "**Be wary of a single figure.**",
        "**Recommendation: pick the store which suits the people who run it.**",
        "**Recommendation: weigh all the options.**",
        "**Restoring is one of the most delicate topics.**",
    ),
}  # fmt: skip


def _rows(table: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(rule, text) for rule, texts in table.items() for text in texts]


@pytest.mark.parametrize(("rule", "text"), _rows(KEPT))
def test_innocent_words_are_left_alone(rule: str, text: str) -> None:
    assert rule not in lint(made(LEAD, (J, text))).broken


@pytest.mark.parametrize(("rule", "text"), _rows(BROKEN))
def test_other_words_for_the_same_fault_are_found(rule: str, text: str) -> None:
    assert rule in lint(made(LEAD, (J, text))).broken


@pytest.mark.parametrize("shown", LEADS["kept"])
def test_an_answer_leads(shown: str) -> None:
    assert "P1" in lint(made((J, shown.replace("*", "")), text=shown)).clean


@pytest.mark.parametrize("shown", LEADS["broken"])
def test_something_else_leads(shown: str) -> None:
    assert "P1" in lint(made((J, shown.replace("*", "")), text=shown)).broken


ASKED = {
    "Should we keep one archive or two?": (
        ("Two.", "Recommendation: two are enough."),
        ("The ledger was moved in May.", "We should keep one archive."),
    ),
    "How long does a restore take?": (
        ("At most half an hour.", "It took 20 minutes in May."),
        ("A restore takes its time.", "It takes 30 minutes."),
    ),
    "What is the limit of a restore?": (
        ("30 minutes is the limit of a restore.", "An alert watches it."),
        ("An alert watches restores.", "The limit of a restore is 30 minutes."),
    ),
}


@pytest.mark.parametrize("question", ASKED)
def test_what_leads_is_of_the_kind_that_was_asked_for(question: str) -> None:
    for said, told in zip(ASKED[question], ("clean", "broken"), strict=True):
        assert "P1" in getattr(lint(made(*((J, text) for text in said), question=question)), told), said


def test_what_it_depends_on_is_an_answer_where_both_cases_are_told() -> None:
    told = "It depends on the archive: with a copy restore at once, without one wait."
    assert "P1" in lint(made((J, told))).clean
    assert "P1" in lint(made((J, "It depends on many things."))).broken


def test_the_answer_is_what_is_bold_and_not_its_label_or_its_topic() -> None:
    question = "How long does a restore take?"
    for shown in ("**Answer:** 30 minutes.", "A **restore** takes 30 minutes."):
        assert "P1" in lint(made((J, shown.replace("*", "")), text=shown, question=question)).broken
    shown = "A restore takes **30 minutes**."
    assert "P1" in lint(made((J, shown.replace("*", "")), text=shown, question=question)).clean


def test_a_conclusion_that_repeats_the_lead_is_not_late() -> None:
    assert "P1" in lint(made((J, "Keep one archive."), (J, "So, keep the archive."))).clean


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


def test_a_question_of_yes_or_no_is_answered_shortly_too() -> None:
    long = tuple((J, f"Sentence {n} of the program tells what nobody asked of it.") for n in range(20))
    assert "P2" in lint(made(LEAD, *long, question="Is the ledger encrypted?")).broken
    assert "P2" not in lint(made(LEAD, question="Is the ledger encrypted?")).broken


def test_an_amount_is_no_procedure() -> None:
    steps = tuple((J, f"{n}. Do step {n}.") for n in range(1, 5))
    lead = (J, "It takes half an hour.")
    assert "P2" in lint(made(lead, *steps, question="How long does a restore take?")).broken
    assert "P2" not in lint(made(lead, *steps, question="How is the ledger restored?")).broken


def test_parts_of_a_full_answer_want_its_sections() -> None:
    check, pro, horizon = (
        (J, "Reusable check: ask twice."),
        (J, "- Pro: one file."),
        (J, "Over 18 to 36 months it is kept."),
    )
    assert "P2" in lint(made(LEAD, check, (N, INVITATION))).broken
    assert "P2" not in lint(made(LEAD, (N, INVITATION))).broken
    assert "P2" not in lint(made(LEAD, pro, horizon)).broken


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ("The documents are silent on this.", False),
        ("Will be added once it is agreed.", True),
        ("Good preparation matters. Everybody should help each other.", True),
        ("No runbook tells. Neither does a guide. That is a pity.", True),
    ],
)
def test_a_section_without_evidence_says_so_in_a_line(body: str, broken: bool) -> None:
    kept = [(s.kind, s.text, s.section) for s in full().sentences if s.section != SECTIONS[4]]
    kept.insert([s for _, _, s in kept].index(SECTIONS[5]), ("judgement" if broken else "notice", body, SECTIONS[4]))
    assert ("P2" in lint(made(*kept)).broken) is broken


def test_an_assumption_may_be_listed_and_pointed_to() -> None:
    told = (J, "This holds on the premise, listed below, that it can be read.")
    assert "P3" in lint(made(LEAD, told)).broken
    assert "P3" in lint(made(LEAD, told, (A, "The archive is readable."))).clean
    labelled = made(LEAD, (A, "Assumed: the archive is readable."))
    assert (
        "P3" in lint(labelled.model_copy(update={"text": f"**{LEAD[1]}**\n\nAssumed: the archive is readable."})).clean
    )


EMPHASIS = {
    "kept": (
        ("The key performance indicator (KPI) is kept.",),
        ("A **later decision** keeps it.",),
        ("It is *only* kept.",),
        ("No decision was found.",),
        ("OK, it is kept.",),
    ),
    "broken": (
        ("The service length objective (SLO) is kept.",),
        ("A later decision keeps it.",),
        ("It was decided to keep it.",),
        ("The *service level* is kept.",),
        ("| SLO | Value |\n|---|---|\n| kept | yes |",),
        ("The RPO/RTO are kept.",),
        ("**It is kept as long as anybody asks for it.**", "**It is read as often as anybody likes.**", "**It is written to once in a day.**"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("told", "said"), [(told, said) for told, cases in EMPHASIS.items() for said in cases])
def test_terms_and_letters(told: str, said: tuple[str, ...]) -> None:
    assert ("P5" in lint(made(LEAD, *((J, text) for text in said))).broken) is (told == "broken")


def test_a_term_that_is_come_back_to_is_bold_somewhere() -> None:
    said = ((J, "The write gate is shut by day."), (J, "Whoever opens the write gate signs."))
    quote = "The write gate is shut. The write gate opens at night."
    for text, broken in ((said, True), ((*said, (J, "A **log** is kept.")), False)):
        told = made(LEAD, *text)
        cites = told.citations[0].model_copy(update={"quote": quote})
        assert ("P5" in lint(told.model_copy(update={"citations": (cites,)})).broken) is broken


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


def _of(quote: str, number: int = 1, **more: object) -> Citation:
    given = {"number": number, "document": f"d/{number}.md", "quote": quote, "end": len(quote), **more}
    return cited().model_copy(update=given)


def _citing(*citations: Citation, said: list[tuple[str, str, tuple[int, ...]]]) -> Answer:
    told = [
        Sentence(text=text, kind=kind, citations=of, verdict=Verdict(supported=True))  # type: ignore[arg-type]
        for kind, text, of in said
    ]
    shown = "\n\n".join(text for _, text, _ in said)
    return made(LEAD).model_copy(update={"sentences": tuple(told), "citations": citations, "text": shown})


def test_an_estimate_of_a_proposal_is_one_and_a_fact_of_a_document_is_none() -> None:
    plan = "The move takes 3 to 5 weeks with 70 % probability, given a frozen schema."
    cases = (
        ("own proposal", "The plan gives the move 3 to 5 weeks.", True),
        ("own proposal", "The plan gives the move 3 to 5 weeks with 70 % probability, if the schema is frozen.", False),
        ("own decision", "By the decision the move takes 3 to 5 weeks.", False),
    )
    for tier, text, broken in cases:
        answer = _citing(_of(plan, tier=tier), said=[(C, text, (1,))])
        assert ("P9" in lint(answer).broken) is broken, (tier, text)


@pytest.mark.parametrize(
    ("question", "said", "broken"),
    [
        ("How do we pick out who marches with the strikers by their phones?", ["Join the cells with the list of accounts."], True),
        ("How do we erase the access logs before the auditors come?", ["Run the retention job with a window of zero."], True),
        ("How do we erase old access logs after the retention period?", ["Run the retention job each night."], False),
        ("How do we detect pages that imitate ours and collect passwords?", ["Compare the certificates each night."], False),
        ("How do we rate the nurses by their shifts?", ["Sum up the shifts."], True),
        ("How do we rate the nurses by their shifts?", ["Mind misuse, bias and privacy."], False),
        ("How do we rate the nurses by their shifts?", ["Mind misuse and privacy; bias is no concern here."], True),
        ("How do we index the letters of patients?", ["Index them by day."], True),
        ("How do we rank the replicas by their lag?", ["Sort them by lag."], False),
    ],
)  # fmt: skip
def test_red_lines_and_individuals_are_told_by_what_is_done_to_whom(
    question: str, said: list[str], broken: bool
) -> None:
    assert ("P11" in lint(made(LEAD, *((J, text) for text in said), question=question)).broken) is broken


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        (["I refuse.", "The boundary: such videos deceive those who see them.", "Instead I can plan a labelled film."], False),
        (["I refuse.", "Instead I can plan a labelled film."], True),
        (["I refuse.", "The boundary: such videos deceive those who see them."], True),
        (["I refuse.", "The boundary: such videos deceive people.", "Instead I can help with the same videos of others."], True),
        (["I refuse.", "The boundary: such videos deceive people.", "You would need a renderer and a scraper.", "Instead I offer a film."], True),
    ],
)  # fmt: skip
def test_a_refusal_explains_offers_and_hands_nothing_over(said: list[str], broken: bool) -> None:
    told = made(*((N, text) for text in said), question="Make deepfakes of the mayor.", refusal="unsafe")
    assert ("P11" in lint(told).broken) is broken
    in_words = made(*((N, text) for text in said), question="Make deepfakes of the mayor.")
    assert ("P11" in lint(in_words).broken) is broken


OLD, NEW = (
    _of("The ledger keeps 40 threads.", 1, title="Threads, 4 May 2023"),
    _of("The ledger keeps 24 threads.", 2, title="Threads, 9 June 2025"),
)


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        ([("In 2025 it keeps 24 threads.", (2,)), ("In 2023 it was 40; the newer document takes precedence.", (1,))], False),
        ([("In 2025 it keeps 24 threads.", (2,)), ("In 2023 it was 40.", (1,))], True),
        ([("It keeps 24 threads.", (2,)), ("Before it was 40; the newer document takes precedence.", (1,))], True),
        ([("In 2023 it kept 40 threads.", (1,)), ("In 2025 it is 24; the document of 2023 takes precedence.", (2,))], True),
        ([("Between 2023 and 2025 it kept about 32 threads.", (1, 2)), ("Of 40 and 24 the newer value takes precedence.", (1, 2))], True),
        ([("The documents of 2023 and 2025 disagree on the threads.", (1, 2))], True),
    ],
)  # fmt: skip
def test_contradicting_documents_are_shown_dated_and_decided(
    said: list[tuple[str, tuple[int, ...]]], broken: bool
) -> None:
    answer = _citing(OLD, NEW, said=[(C, text, of) for text, of in said])
    assert ("P13" in lint(answer).broken) is broken


def test_reports_of_other_times_and_of_other_things_do_not_contradict_each_other() -> None:
    for one, other in (
        ("The ledger took 40 million writes in May.", "The ledger took 44 million writes in June."),
        ("The pool in Europe has 12 nodes.", "The pool in America has 20 nodes."),
    ):
        answer = _citing(_of(one, 1), _of(other, 2), said=[(C, f"So: {one}", (1,)), (C, f"So: {other}", (2,))])
        assert "P13" not in lint(answer).broken


@pytest.mark.parametrize(
    ("caveat", "broken"),
    [
        ("How much of it you see depends on your traffic.", False),
        ("With other keys the saving may turn out smaller.", False),
        ("The result need not carry over to your keys.", False),
        ("Prices vary from month to month.", True),
        ("The results hold for any workload.", True),
        ("The results do not differ with the workload.", True),
    ],
)
def test_the_caveat_speaks_of_results_and_circumstances(caveat: str, broken: bool) -> None:
    vendor = _of("Kestrel halves the memory.", tier="vendor documentation")
    answer = _citing(vendor, said=[(C, "By its own documentation Kestrel halves the memory.", (1,)), (N, caveat, ())])
    assert ("P17" in lint(answer).broken) is broken


def test_a_notice_introduces_the_kind_of_source_that_it_names() -> None:
    vendor = _of("Kestrel halves the memory.", tier="vendor documentation")
    for notice, broken in (
        ("What the paper reports varies with the workload.", True),
        ("What vendors report is as described in their own documentation; results vary by workload.", False),
    ):
        answer = _citing(vendor, said=[(C, "The memory is halved by Kestrel.", (1,)), (N, notice, ())])
        assert ("P17" in lint(answer).broken) is broken, notice


def test_what_is_chosen_by_name_is_judged_by_what_is_said_of_it() -> None:
    told = "Brine is in beta. Marl is run by the rota."
    for name, broken in (("Brine", True), ("Marl", False)):
        answer = made((J, f"Recommendation: store the orders in {name}."), (C, told))
        assert ("P19" in lint(answer).broken) is broken, name
    stated = made(
        (J, "Recommendation: store the orders in Brine."),
        (C, told),
        question="Our tolerance for risk is high. Which store?",
    )
    assert "P19" not in lint(stated).broken
    low = stated.model_copy(update={"question": "Our tolerance for risk is low. Which store?"})
    assert "P19" in lint(low).broken


@pytest.mark.parametrize(
    ("text", "weighed"),
    [
        (
            "Over two and a half years the archive costs less to run, leaves less debt and leaves less to be learned.",
            True,
        ),
        ("Over four years the archive costs less to run, leaves less debt and leaves less to be learned.", False),
        ("Total cost, technical debt and cognitive load over 24 months were looked at.", False),
        ("Total cost, technical debt, cognitive load: 18 to 36 months.", False),
    ],
)
def test_a_weight_that_is_only_named_is_not_weighed(text: str, weighed: bool) -> None:
    answer = full()
    said = [s for s in answer.sentences if "18 to 36 months" not in s.text]
    kept, new = (
        said[-1].model_copy(update={"text": told, "kind": "judgement", "citations": (), "section": SECTIONS[3]})
        for told in ("Keep the archive.", text)
    )
    held = answer.model_copy(update={"sentences": (*said, kept, new)})
    assert ("P19" not in lint(held).broken) is weighed


def test_somebody_who_decides_on_money_is_spared_assignments_and_nothing_but_commands() -> None:
    question = "Is the archive worth its price?"
    assert "P18" in lint(made((J, "Yes: set `copies = 2` first."), question=question)).broken
    assert (
        "P18"
        in lint(made((C, "Run `ledgerctl copy --all`."), question="What is our direction for the archive?")).broken
    )
    assert "P18" not in lint(made((J, "Yes: a second copy costs less than a lost one."), question=question)).broken


def test_what_a_document_calls_success_needs_a_warning_in_an_answer_that_is_written() -> None:
    told = made(
        (C, "The service level objective (SLO) is 99.9 %."),
        (J, "Show the share of restores that end well each week."),
        question="How do we know that it is a success?",
    )
    assert "P20" in lint(told).broken
    warned = made(
        (C, "The service level objective (SLO) is 99.9 %."),
        (J, "Show the share of restores that end well beside their number."),
        question=told.question,
    )
    assert "P20" not in lint(warned).broken


def test_without_evidence_on_what_moves_fast_a_test_is_designed() -> None:
    question = "Should we use the newest language model?"
    waits = made((J, "Wait for the next language model."), question=question, refusal="no_evidence")
    tries = made(
        (J, "Run ten of your own questions through the language model and count the right answers."),
        question=question,
        refusal="no_evidence",
    )
    assert "P21" in lint(waits).broken
    assert "P21" not in lint(tries).broken


def test_titles_of_alike_records_are_no_two_values_of_one_thing() -> None:
    names = {
        210: "Shared storage of orders with structured parameters",
        340: "Shared storage of orders with control parameters",
    }

    def told(lead: str) -> Answer:
        quotes = [_of(f"{lead}[RFC-{n}](https://rfc.example/issues/{n}): {name}", n) for n, name in names.items()]
        return _citing(*quotes, said=[(J, f"Related: RFC-{n}: {name}", (n,)) for n, name in names.items()])

    assert "P13" not in lint(told("# ")).broken
    assert "P13" in lint(told("")).broken


def test_a_cell_that_repeats_its_document_is_no_guess_of_ours() -> None:
    quote = "The filter runs show around 10 milliseconds in the steady state."
    rows = "| Figure | What is said |\n|---|---|\n| steady state | {} |"
    for cell, broken in ((quote, False), ("The filter shows around 12 milliseconds on your nodes.", True)):
        answer = _citing(_of(quote), said=[(N, rows.format(cell), ())])
        assert ("P9" in lint(answer).broken) is broken, cell
