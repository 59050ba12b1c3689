"""Whether to answer: the model, its features, and the words of a refusal. And the regression that fits it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Document
from corpus.passages import Passage
from corpus.units import Unit
from eval.logistic import auroc, fit, fit_differences
from ingest.parse.text.markdown import parse_text
from retrieval.evidence import Evidence, Found
from retrieval.question import analyse
from service.answer import Reason
from service.answering.decide import FEATURES, Model, decide, fitted, observe
from service.answering.rank import FEATURES as UNIT_FEATURES
from service.answering.rank import Scored, weights
from service.answering.refuse import FALLBACK, refusal, refusal_text
from service.answering.terms import Share, rarity, terms

MODEL = Model((1.0, 0.0), (2.0, 1.0), (3.0, -1.0), 0.5, 0.4)


def evidence(name: str, text: str, *, dense: float, lexical: float) -> Evidence:
    passage = Passage(name, name, "r", "", name, "other", "", (), 0, 1, text, name, 0, "", "", ("public",))
    return Evidence(passage, dense, dense, lexical)


def found(question: str, *items: Evidence) -> Found:
    return Found(analyse(question), (1.0, 0.0), items, len(items))


def scored(cosine: float) -> Scored:
    read = Document("d", "d", "d", parse_text("One.", "d.md"), "D", "other", frozenset({"public"}))
    return Scored(read, Unit("sentence", 0, 4, 0), 0, (cosine, *[0.0] * (len(UNIT_FEATURES) - 1)), 1.0)


def test_the_committed_models_fit_their_features() -> None:
    model = fitted()
    assert len(model.mean) == len(model.scale) == len(model.weights) == len(FEATURES)
    assert all(s > 0 for s in model.scale)
    assert 0 < model.threshold < 1
    assert len(weights()) == len(UNIT_FEATURES)


def test_the_decision_is_a_logistic_form() -> None:
    assert decide((1.0, 0.0), MODEL) == pytest.approx(1 / (1 + np.exp(-0.5)))
    assert decide((3.0, 2.0), MODEL) == pytest.approx(1 / (1 + np.exp(-1.5)))


@given(st.floats(-9, 9), st.floats(-9, 9), st.floats(0.01, 5))
def test_the_decision_rises_with_what_speaks_for_an_answer(one: float, two: float, more: float) -> None:
    assert 0 < decide((one, two), MODEL) < decide((one + more, two), MODEL) <= 1


def test_without_evidence_nothing_is_observed() -> None:
    assert observe(found("Why?"), [scored(0.5)]) == (0.0,) * len(FEATURES)
    some = evidence("a", "One.", dense=0.5, lexical=3.0)
    assert observe(found("Why?", some), []) == (0.0,) * len(FEATURES)


def test_better_evidence_is_better_in_every_feature() -> None:
    question = "Why does the `ledgerctl restore` of the snapshot stop?"
    good = [
        evidence("a", "The `ledgerctl restore` of a snapshot stops when the disk is full.", dense=0.9, lexical=20.0),
        evidence("b", "Nothing of it.", dense=0.2, lexical=1.0),
    ]
    poor = [
        evidence("a", "Zebras have stripes.", dense=0.2, lexical=1.0),
        evidence("b", "Or not.", dense=0.2, lexical=1.0),
    ]
    high = dict(zip(FEATURES, observe(found(question, *good), [scored(0.8)]), strict=True))
    low = dict(zip(FEATURES, observe(found(question, *poor), [scored(0.1)]), strict=True))
    assert all(high[name] >= low[name] for name in FEATURES)
    rising = ("top_dense", "top_lexical_per_term", "unit_cosine", "evidence_coverage", "first_coverage")
    assert all(high[name] > low[name] for name in (*rising, "identifiers_found", "dense_margin", "lexical_margin"))
    assert (high["identifiers_found"], low["identifiers_found"]) == (1.0, 0.0)


def test_features_are_shares_of_the_question() -> None:
    items = [
        evidence("a", "The snapshot.", dense=0.9, lexical=6.0),
        evidence("b", "A ledger is there.", dense=0.4, lexical=3.0),
    ]
    seen = dict(
        zip(FEATURES, observe(found("restore ledger snapshot", *items), [scored(0.7), scored(0.8)]), strict=True)
    )
    assert seen["top_dense"] == 0.9
    assert seen["top_lexical_per_term"] == 2.0
    assert seen["unit_cosine"] == 0.8
    assert seen["evidence_coverage"] == pytest.approx(2 / 3)
    assert seen["first_coverage"] == pytest.approx(1 / 3)
    assert seen["lists_agree"] == pytest.approx(2 / 5)
    assert seen["dense_margin"] == pytest.approx(0.5)
    assert seen["lexical_margin"] == pytest.approx(0.5)


def test_a_question_without_names_says_nothing_of_them() -> None:
    some = evidence("a", "One.", dense=0.5, lexical=3.0)
    seen = dict(zip(FEATURES, observe(found("why is it slow", some), [scored(0.5)]), strict=True))
    assert seen["identifiers_found"] == 0.5


# --- refusals


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_has_its_words(reason: Reason) -> None:
    some = [evidence(f"d{i}", "One.", dense=0.5, lexical=3.0) for i in range(5)]
    refused = refusal(reason, found("Why does `ledgerctl` stop?", *some, some[0]))
    assert refused.nearest == ("d0", "d1", "d2")
    assert refused.searched.startswith("6 passages")
    text = refusal_text(refused, "Why does `ledgerctl` stop?")
    assert text.startswith("**")
    assert "Nearest documents: `d0`, `d1`, `d2`." in text
    assert ("ledgerctl" in refused.would_settle_it) == (reason == "no_evidence")


def test_without_evidence_no_document_is_named() -> None:
    assert "Nearest" not in refusal_text(refusal("no_evidence", found("Why?")), "Why?")


@pytest.mark.parametrize(
    ("question", "step"),
    [
        ("What is the p99 latency of the ledger on spinning disks?", "Fix what is measured"),
        ("How many writers can the ledger have?", "Fix what is measured"),
        ("Who owns the ledger?", "Write down what an answer must state"),
    ],
)
def test_where_the_documents_are_silent_it_says_in_the_owners_words_how_to_find_out(question: str, step: str) -> None:
    text = refusal_text(refusal("no_evidence", found(question)), question)
    assert text.startswith(
        "**I don't have direct production data on that configuration. "
        f"Here's how I would design an evaluation to measure it reliably:**\n\n1. {step}"
    )
    assert "\n\nThe documents that you may read do not answer this.\n\n" in text
    assert not re.search(r"\d", re.sub(r"^\d\. ", "", text, flags=re.MULTILINE)), "an invented number"


def test_the_owners_words_are_those_of_the_seed(shared: Path) -> None:
    assert FALLBACK.rstrip(":") in (shared / "design/persona-seed.md").read_text("utf-8")


# --- terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("How do I restart the nodes?", {"restart", "node"}),
        ("restarting and restarted", {"restart"}),
        ("maxUnavailable of etcd_server_id", {"maxunavailable", "max", "unavailable", "etcd", "server", "id"}),
        ("v1.24.3 at 99.9", {"v1.24.3", "99.9"}),
        ("the what of it", set()),
        ("a 7", {"7"}),
        ("数据库", set()),
    ],
)
def test_terms_are_content_words(text: str, words: set[str]) -> None:
    assert terms(text) == words


@given(st.frozensets(st.sampled_from("abcd")), st.frozensets(st.sampled_from("abcd")))
def test_a_share_is_between_nothing_and_all(asked: frozenset[str], own: frozenset[str]) -> None:
    weigh = {"a": 1.0, "b": 3.0}
    assert 0 <= Share(asked, weigh).of(own) <= 1
    assert Share(asked, weigh).of(asked) == (1.0 if asked else 0.0)
    assert Share(asked, weigh).of(frozenset()) == 0.0


def test_rare_terms_weigh_more() -> None:
    weigh = rarity([terms(text) for text in ("ledger disk", "ledger quorum", "ledger gateway")])
    assert weigh["disk"] > weigh["ledger"] > 0
    asked = frozenset({"ledger", "disk"})
    assert Share(asked, weigh).of(frozenset({"disk"})) > 0.5 > Share(asked, weigh).of(frozenset({"ledger"}))
    assert Share(frozenset({"disk", "unheard"}), weigh).of(frozenset({"disk"})) == pytest.approx(0.5)


# --- the regression


def cloud(rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    x = rng.normal(size=(rows, 3)) * (1.0, 5.0, 0.1) + (0.0, 100.0, 0.0)
    return x, rng.random(rows) < 1 / (1 + np.exp(-(2 * x[:, 0] - 0.4 * (x[:, 1] - 100))))


def test_the_fit_finds_the_slopes_whatever_the_scale() -> None:
    x, y = cloud(4000)
    model = fit(x, y, ridge=1e-6)
    assert model.weights / model.scale == pytest.approx((2.0, -0.4, 0.0), abs=0.5)
    assert auroc(model.score(x[y]), model.score(x[~y])) > 0.85


def test_a_ridge_shrinks_the_weights() -> None:
    x, y = cloud()
    loose, tight = fit(x, y, ridge=0.1), fit(x, y, ridge=1000.0)
    assert np.abs(tight.weights).sum() < np.abs(loose.weights).sum() / 2


def test_a_rare_label_weighs_as_much_as_a_frequent_one() -> None:
    x, y = cloud(4000)
    rows = [*np.flatnonzero(y)[:60], *np.flatnonzero(~y)]
    model = fit(x[rows], y[rows], ridge=1.0)
    assert abs((model.score(x[y]) > 0).mean() - (model.score(x[~y]) < 0).mean()) < 0.1


def test_a_feature_that_never_varies_weighs_nothing() -> None:
    x, y = cloud()
    model = fit(np.column_stack([x, np.ones(len(x))]), y, ridge=1.0)
    assert model.weights[-1] == pytest.approx(0.0, abs=1e-6)


def test_differences_rank_the_better_above_the_worse() -> None:
    x, y = cloud()
    better, worse = x[y][:150], x[~y][:150]
    weights = fit_differences(better - worse, np.ones(150), ridge=1.0)
    assert weights[0] > 0 > weights[1]
    assert ((better - worse) @ weights > 0).mean() > 0.8
    ignored = np.where(np.arange(150) < 75, 1.0, 0.0)
    mixed = np.vstack([(better - worse)[:75], (worse - better)[75:]])
    assert fit_differences(mixed, ignored, ridge=1.0)[0] > 0


@given(st.lists(st.integers(0, 3), min_size=1, max_size=8), st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_auroc_is_the_share_of_pairs_in_order(positive: list[int], negative: list[int]) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert auroc(np.array(positive, float), np.array(negative, float)) == pytest.approx(sum(pairs) / len(pairs))
