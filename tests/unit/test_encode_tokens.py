"""Token vectors: what they are vectors of, and what late interaction makes of them."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.errors import EncoderError
from retrieval.encode.embedded import TOKENS, EmbeddedEncoder
from retrieval.encode.tokens import alignment, maxsim


@pytest.fixture(scope="module")
def encoder() -> EmbeddedEncoder:
    return EmbeddedEncoder(threads=2)


def test_every_piece_has_its_span_and_a_unit_vector(encoder: EmbeddedEncoder) -> None:
    text = "Überprüfung: restart kube-proxy \ud800 now"
    (found,) = encoder.tokens([text])
    assert "".join(text[s.start : s.end] for s in found.spans if text[s.start : s.end] != "\ud800") == text.replace(
        " ", ""
    ).replace("\ud800", "")
    assert found.vectors.shape == (len(found.spans), encoder.dimension)
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)


def test_the_whole_vector_is_the_embedding_and_company_changes_nothing(encoder: EmbeddedEncoder) -> None:
    texts = ["Restart the daemonset.", "", "word " * 400, "x"]
    together = encoder.tokens(texts)
    assert [t.whole for t in together] == encoder.embed(texts)
    for text, found in zip(texts, together, strict=True):
        assert np.array_equal(encoder.tokens([text])[0].vectors, found.vectors)


def test_long_texts_are_cut_where_asked(encoder: EmbeddedEncoder) -> None:
    text = "word " * 400
    assert len(encoder.tokens([text])[0].vectors) == TOKENS - 2
    assert len(encoder.tokens([text], longest=64)[0].vectors) == 62
    assert len(encoder.tokens([text], longest=9999)[0].spans) == TOKENS - 2


def test_maxsim_prefers_the_text_that_speaks_of_every_piece(encoder: EmbeddedEncoder) -> None:
    question, near, far, nothing = encoder.tokens(
        [
            "How do I recover etcd after losing quorum?",
            "Quorum loss: restore the etcd members from the last snapshot.",
            "The cafeteria serves lunch from noon.",
            "",
        ]
    )
    assert maxsim(question, near) > maxsim(question, far) + 0.2
    best = dict(zip((question.spans), alignment(question, near), strict=True))
    assert min(v for s, v in best.items() if s.start in (17, 35)) > 0.85  # etcd, quorum
    assert maxsim(question, question) == pytest.approx(1, abs=1e-5)
    assert maxsim(question, nothing) == maxsim(nothing, question) == 0.0


def test_a_failed_run_is_typed(encoder: EmbeddedEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(encoder, "_session", type("Session", (), {"run": staticmethod(fails)}))
    with pytest.raises(EncoderError, match="no memory"):
        encoder.tokens(["x"])
