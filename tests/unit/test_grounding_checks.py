"""The sentence contract, check by check: every case has a twin that differs in one thing and fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.citations import Citation
from corpus.documents import Document, Span, revision_of
from corpus.outline import section_path
from ingest.parse.text.markdown import parse_text
from service.answer import SentenceKind, Verdict
from service.grounding.claim import Claim, Ground
from service.grounding.contract import CHECKS
from service.grounding.contract import judge as judge_all

TEXT = """# Gateway

The gateway answers within 200 ms at p99 and 20 ms at p50, for at
most 500 requests/s on v1.24.3.
It keeps 5 MB of state, rotates keys every 30 days and is restarted with `gatewayctl restart --force-all` by hand.
The limit is <= 40% of memory. Traffic is cut at 10:30 UTC when `GATEWAY_MODE=drain` is set in /etc/gateway/env.yaml.

Costs are not known here.

# Secrets

The payroll export runs on the 25th of every month.
"""


def document(text: str = TEXT, *, access: str = "public", name: str = "docs/gateway.md") -> Document:
    parsed = parse_text(text, name)
    found = frozenset({access})
    return Document(name, "docs", name.partition("/")[2], parsed, "Gateway", "design", found, "", "", revision_of(text))


def cite(read: Document, quote: str, *, number: int = 1) -> Citation:
    start = read.text.index(quote)
    return Citation(
        number=number,
        document=read.id,
        title=read.title,
        kind=read.kind,
        revision=read.revision,
        section=section_path(read, start),
        start=start,
        end=start + len(quote),
        place="",
        quote=quote,
    )


def ground(*read: Document, caller: str = "public", until: str = "# Secrets") -> Ground:
    """All of the documents up to a heading was retrieved."""
    admitted = {d.id: (Span(0, d.text.index(until)),) for d in read}
    return Ground({(d.id, d.revision): d for d in read}, admitted, frozenset({caller}))


LINES = TEXT.splitlines()
FIRST, SECOND, THIRD = "\n".join(LINES[2:4]), *LINES[4:6]
READ = document()


FIRST_CHECKS = ("resolution", "quote", "quantities", "identifiers", "context")


def judge(claim: Claim, over: Ground) -> Verdict:
    """What the checks of this file say: its sentences are shorter than any that the verifier would support."""
    if claim.kind not in ("cited", "derived"):
        return judge_all(claim, over)
    for check in CHECKS:
        objection = check(claim, over) if check.__name__ in FIRST_CHECKS else None
        if objection:
            assert judge_all(claim, over).check == objection.check
            return Verdict(supported=False, failure=objection.failure, check=objection.check, detail=objection.detail)
    return Verdict(supported=True)


def verdict(text: str, quotes: tuple[str, ...] = (FIRST, SECOND, THIRD), kind: SentenceKind = "cited") -> str:
    """The check that objects, "" when none does."""
    claim = Claim(text, kind, tuple(cite(READ, q) for q in quotes))
    told = judge(claim, ground(READ))
    assert told.supported == (not told.check) == (told.failure is None)
    return told.check


def test_checks_run_in_the_order_of_the_contract() -> None:
    assert [c.__name__ for c in CHECKS] == [
        "resolution",
        "quote",
        "quantities",
        "identifiers",
        "entities",
        "polarity",
        "context",
    ]


# --- resolution


@pytest.mark.parametrize("kind", ["cited", "derived"])
def test_facts_need_a_citation(kind: SentenceKind) -> None:
    assert verdict("The gateway is fast.", (), kind) == "resolution"
    assert verdict("The gateway is fast.", (FIRST,), kind) == ""


@pytest.mark.parametrize("kind", ["assumption", "judgement", "question", "notice"])
def test_what_states_no_fact_needs_no_citation(kind: SentenceKind) -> None:
    assert verdict("Is the gateway fast?", (), kind) == ""


def resolved(citation: Citation, over: Ground) -> str:
    told = judge(Claim("Something is so.", "cited", (citation,)), over)
    assert told.supported or told.failure == "fabricated_reference:citation"
    return told.check


def test_an_invented_citation_fails() -> None:
    known = cite(READ, FIRST)
    assert resolved(known, ground(READ)) == ""
    assert resolved(known.model_copy(update={"document": "docs/other.md"}), ground(READ)) == "resolution"
    assert resolved(known.model_copy(update={"revision": "0" * 64}), ground(READ)) == "resolution"


def test_one_invented_citation_beside_a_sound_one_fails() -> None:
    sound = cite(READ, FIRST)
    invented = sound.model_copy(update={"document": "docs/other.md", "number": 7})
    told = judge(Claim("Something is so.", "cited", (sound, invented)), ground(READ))
    assert (told.check, told.detail) == ("resolution", "[7]")


def test_what_was_not_retrieved_cannot_be_cited() -> None:
    outside = cite(READ, "The payroll export runs on the 25th of every month.")
    assert resolved(outside, ground(READ)) == "resolution"
    assert resolved(outside, ground(READ, until="every month")) == "resolution"
    everything = replace(ground(READ), admitted={READ.id: (Span(0, len(TEXT)),)})
    assert resolved(outside, everything) == ""


def test_a_citation_of_what_the_caller_may_not_read_fails() -> None:
    secret = document(access="group:finance")
    assert resolved(cite(secret, FIRST), ground(secret)) == "resolution"
    assert resolved(cite(secret, FIRST), ground(secret, caller="group:finance")) == ""


def test_an_invented_citation_fails_a_judgement_too() -> None:
    invented = cite(READ, FIRST).model_copy(update={"document": "docs/other.md"})
    assert judge(Claim("I would not do it.", "judgement", (invented,)), ground(READ)).check == "resolution"


# --- quote


@pytest.mark.parametrize(
    "change",
    [
        {"start": TEXT.index(FIRST) + 1},
        {"end": TEXT.index(FIRST) + len(FIRST) - 1},
        {"quote": FIRST.replace("200", "20")},
        {"quote": FIRST.replace("answers", "Answers")},
        {"quote": FIRST + " "},
    ],
)
def test_a_quote_stands_at_its_offsets_character_by_character(change: dict[str, object]) -> None:
    sound = cite(READ, FIRST)
    assert judge(Claim("So.", "cited", (sound,)), ground(READ)).supported
    told = judge(Claim("So.", "cited", (sound.model_copy(update=change),)), ground(READ))
    assert (told.check, told.failure) == ("quote", "fabricated_reference:citation")


def test_a_quote_of_another_revision_fails() -> None:
    later = document(TEXT.replace("200 ms", "900 ms"))
    stale = cite(READ, FIRST).model_copy(update={"revision": later.revision})
    assert judge(Claim("So.", "cited", (stale,)), ground(later)).check == "quote"
    mislabelled = Ground({(READ.id, later.revision): READ}, {READ.id: (Span(0, len(TEXT)),)}, frozenset({"public"}))
    assert judge(Claim("So.", "cited", (stale,)), mislabelled).check == "quote"


@pytest.mark.parametrize(("quote", "check"), [("The gateway", "quote"), ("The gateway answers", "")])
def test_a_quote_of_less_than_three_words_identifies_nothing(quote: str, check: str) -> None:
    assert verdict("So.", (quote,)) == check


# --- quantities

QUANTITIES = [
    ("It answers within 200 ms at p99.", "It answers within 20 ms at p99, once in 20000."),
    ("It answers within 200 ms at p99.", "It answers within 200 s at p99."),
    ("It answers within 200ms at p99.", "It answers within 200 ms."),
    ("It answers within 200 ms at p99.", "It answers within 200 minutes at p99."),
    ("It answers so at p99.", "It answers so at p95."),
    ("It answers so at p50.", "It answers so at p5."),
    ("At most 500 requests/s.", "At least 500 requests/s."),
    ("For at most 500 requests/s.", "For more than 500 requests/s."),
    ("5 MB of state.", "5 MiB of state."),
    ("5 MB of state.", "15 MB of state."),
    ("5 MB of state.", "-5 MB of state."),
    ("Every 30 days.", "Every 30 hours."),
    ("Every 30 days.", "Every 3 days."),
    ("The limit is 40% of memory.", "The limit is 40 of memory, 40x."),
    ("Cut at 10:30 UTC.", "Cut at 10:31 UTC."),
    ("On v1.24.3 only.", "On v1.24.30 only."),
    ("At Most 500\nrequests/s.", "Fewer than 500 requests/s."),
    ("Within 0.2 s at p99.", "Within 0.3 s at p99."),
]


@pytest.mark.parametrize(("right", "wrong"), QUANTITIES)
def test_numbers_keep_value_unit_and_bound(right: str, wrong: str) -> None:
    assert verdict(right) == ""
    assert verdict(wrong) in ("quantities", "identifiers")


def test_a_wrong_number_is_a_numerical_contradiction_and_is_named() -> None:
    told = judge(Claim("Within 20000 ms.", "cited", (cite(READ, FIRST),)), ground(READ))
    assert (told.failure, told.detail) == ("contradiction:numerical", "<= 20000 ms (the source: <= 200 ms (p99))")


def test_the_marker_of_a_step_is_no_quantity() -> None:
    assert verdict("7. The gateway answers.") == ""
    assert verdict("The gateway has 7 states.") == "quantities"


# --- identifiers


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Run `gatewayctl restart`.", "Run `gatewayctl reload`."),
        ("Pass --force-all to it.", "Pass --force to it."),
        ("Pass --force-all to it.", "Pass --force-everything to it."),
        ("Pass `--force-all` to it.", "Pass `force-all` to it."),
        ("GATEWAY_MODE is set.", "GATEWAY_MODES is set."),
        ("GATEWAY_MODE is set.", "gateway_mode is set."),
        ("It lies in /etc/gateway/env.yaml here.", "It lies in /etc/gateway/env.yml here."),
        ("It lies in /etc/gateway/env.yaml here.", "It lies in /etc/gateway/env here."),
        ("It lies in `/etc/gateway/env.yaml` here.", "It lies in `/etc/gateway/` here."),
        ("The Gateway is named.", "The PaymentGateway is named."),
    ],
)
def test_names_stand_in_a_cited_span_as_they_are(right: str, wrong: str) -> None:
    assert verdict(right) == ""
    assert verdict(wrong) == "identifiers"


def test_a_name_that_breaks_across_lines_is_the_same_name() -> None:
    read = document("# A\n\nRun `gatewayctl\nrestart` by hand now.\n\n# Secrets\n")
    claim = Claim(
        "Run `gatewayctl restart` by hand now.", "cited", (cite(read, "Run `gatewayctl\nrestart` by hand now."),)
    )
    assert judge(claim, ground(read)).supported


def test_a_fabricated_name_is_named() -> None:
    told = judge(Claim("Run `rm -rf /`.", "cited", (cite(READ, FIRST),)), ground(READ))
    assert (told.failure, told.detail) == ("fabricated_reference:identifier", "rm -rf /")
