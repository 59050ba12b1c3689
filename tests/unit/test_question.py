"""Questions taken apart by rule, and the headings that promise an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.facets import facets, heads
from retrieval.question import analyse


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("How do I restore the ledger?", ()),
        ("What is the difference between blue green and canary releases?", ("blue green", "canary releases")),
        ("Compare the old gateway with the new gateway.", ("the old gateway", "the new gateway")),
        ("Kafka streams vs. plain consumers", ("Kafka streams", "plain consumers")),
        (
            "Which port does the gateway use and how is it restarted?",
            ("Which port does the gateway use", "how is it restarted?"),
        ),
        (
            "The node is down. What do we do? Who decides about it?",
            ("The node is down.", "What do we do?", "Who decides about it?"),
        ),
        ("Is it safe; when does it break the quorum", ("Is it safe", "when does it break the quorum")),
        ("Can I drain and cordon a node?", ()),
        ("Restart it now; what else", ()),
    ],
)
def test_questions_are_taken_apart(text: str, parts: tuple[str, ...]) -> None:
    assert analyse(text).parts == parts


def test_a_question_keeps_its_text_and_its_names() -> None:
    asked = analyse("Why does `etcdctl defrag` block on v3.5.1?")
    assert asked.text == "Why does `etcdctl defrag` block on v3.5.1?"
    assert asked.identifiers == ("etcdctl defrag", "v3.5.1")


@given(st.text(max_size=80))
def test_any_text_is_a_question(text: str) -> None:
    asked = analyse(text)
    folded = " ".join(text.split())
    assert all(part and (part in text or part in folded) for part in asked.parts)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How do I restart the queue?", {"procedure"}),
        ("Why was Redis chosen?", {"rationale"}),
        ("What happens if the disk fails?", {"risk"}),
        ("Which alternatives were ruled out?", {"alternatives"}),
        ("What is a tenant?", {"definition"}),
        ("Which metric should we check?", {"diagnosis"}),
        ("Quorum", set()),
    ],
)
def test_the_wording_asks_for_facets(question: str, wanted: set[str]) -> None:
    assert facets(question) >= wanted
    assert wanted or not facets(question)


@pytest.mark.parametrize(
    ("heading", "facet", "promised"),
    [
        ("Mitigation", "procedure", True),
        ("Troubleshooting", "diagnosis", True),
        ("Alternatives considered", "alternatives", True),
        ("Meaning", "definition", True),
        ("Impact", "risk", True),
        ("Motivation", "rationale", True),
        ("Prefix", "procedure", False),
        ("Owners", "procedure", False),
    ],
)
def test_headings_promise_facets(heading: str, facet: str, promised: bool) -> None:
    assert heads(heading, frozenset({facet})) is promised
    assert not heads(heading, frozenset())
