"""The laws of the port `Verifier`, over every adapter of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.grounding.segment import segments
from service.grounding.verifier import AlignmentVerifier, Pair, Verifier

RUNBOOK = """The gateway answers within 200 ms at p99.

- Restart the gateway with `gatewayctl restart` when `GatewayDown` fires.
- The router keeps its state in memory.

Backups are taken every night and kept for 30 days.
"""
COSTS = "The ledger costs $200 a month. It is billed to the platform team."
TRUE = "The router keeps its state in memory."
PAIRS = (
    Pair(TRUE, (RUNBOOK,)),
    Pair("Backups are taken every night and kept for 30 days.", (COSTS, RUNBOOK)),
    Pair("Elephants migrate across the savanna in autumn.", (RUNBOOK,)),
    Pair("The gateway is written in Rust.", (RUNBOOK, COSTS)),
    Pair(TRUE, ()),
    Pair("", (RUNBOOK,)),
    Pair("Ünïcode 日本語 — ​\x00", ("日本語 " * 500,)),
    Pair("The ledger costs $200 a month and is billed to the platform team.", (COSTS,)),
)

ADAPTERS = [pytest.param(AlignmentVerifier, id="alignment")]


@pytest.fixture(params=ADAPTERS)
def verifier(request: pytest.FixtureRequest) -> Verifier:
    make: Callable[[], Verifier] = request.param
    return make()


def test_one_opinion_a_pair_and_its_parts_add_up_to_one(verifier: Verifier) -> None:
    opinions = verifier.verify(PAIRS)
    assert len(opinions) == len(PAIRS)
    for opinion in opinions:
        parts = (opinion.supported, opinion.contradicted, opinion.unknown)
        assert all(0.0 <= p <= 1.0 for p in parts)
        assert sum(parts) == pytest.approx(1.0, abs=1e-6)


def test_nothing_is_asked_of_nothing(verifier: Verifier) -> None:
    assert verifier.verify([]) == []


def test_an_opinion_does_not_depend_on_its_batch(verifier: Verifier) -> None:
    together = verifier.verify(PAIRS)
    alone = [verifier.verify([pair])[0] for pair in PAIRS]
    backwards = verifier.verify(PAIRS[::-1])[::-1]
    for one, two, three in zip(together, alone, backwards, strict=True):
        assert one.supported == pytest.approx(two.supported, abs=1e-4)
        assert one.supported == pytest.approx(three.supported, abs=1e-4)
        assert one.evidence == two.evidence == three.evidence


def test_what_stands_in_the_evidence_is_supported_by_it(verifier: Verifier) -> None:
    for pair in PAIRS[:2]:
        (opinion,) = verifier.verify([pair])
        assert opinion.supported > 0.9
        assert opinion.evidence == pair.sentence


def test_what_the_evidence_does_not_speak_of_is_not_supported(verifier: Verifier) -> None:
    for opinion in verifier.verify([PAIRS[2], PAIRS[4], PAIRS[5]]):
        assert opinion.supported < 0.5
        assert opinion.contradicted <= opinion.unknown


def test_the_deciding_sentence_stands_in_the_spans(verifier: Verifier) -> None:
    for pair, opinion in zip(PAIRS, verifier.verify(PAIRS), strict=True):
        known = {s.text for span in pair.spans for s in segments(span)}
        assert not opinion.evidence or opinion.evidence in known


def test_it_says_who_it_is(verifier: Verifier) -> None:
    assert verifier.identity.strip()
