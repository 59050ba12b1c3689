"""Fusion of ranked lists."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.passages import Hit, Passage
from retrieval.fuse import Method, fuse

METHODS: tuple[Method, ...] = ("minmax", "dbsf", "rrf")


def passage(name: str) -> Passage:
    return Passage(name, "d", "", "", "", "other", "", (), 0, 1, name, "", 0, "", "", ("public",))


def ranked(**scores: float) -> list[Hit]:
    return [Hit(passage(name), score) for name, score in sorted(scores.items(), key=lambda x: -x[1])]


def names(lists: list[list[Hit]], weights: list[float], method: Method) -> list[str]:
    return [p.id for p, _ in fuse(lists, weights, method)]


SCORES = st.dictionaries(st.sampled_from("abcdef"), st.floats(-5, 50), min_size=1).map(lambda s: ranked(**s))


@pytest.mark.parametrize("method", METHODS)
@given(hits=SCORES)
def test_one_list_keeps_its_order(method: Method, hits: list[Hit]) -> None:
    fused = fuse([hits], [1.0], method)
    assert {p.id for p, _ in fused} == {h.passage.id for h in hits}
    raw = {h.passage.id: h.score for h in hits}
    assert all(raw[a.id] >= raw[b.id] or x == y for (a, x), (b, y) in pairwise(fused))


@pytest.mark.parametrize("method", METHODS)
@given(one=SCORES, other=SCORES)
def test_the_order_of_the_lists_does_not_matter(method: Method, one: list[Hit], other: list[Hit]) -> None:
    there, back = fuse([one, other], [1.0, 0.5], method), fuse([other, one], [0.5, 1.0], method)
    assert {p.id: s for p, s in there} == pytest.approx({p.id: s for p, s in back})


@pytest.mark.parametrize("method", METHODS)
@given(hits=SCORES, factor=st.floats(0.1, 10), shift=st.floats(-3, 3))
def test_the_scale_of_a_list_does_not_matter(method: Method, hits: list[Hit], factor: float, shift: float) -> None:
    """Cosines and BM25 scores can be put side by side."""
    hits = [h for h in hits if h.score == round(h.score, 3)] or ranked(a=1.0, b=0.5)
    moved = [Hit(h.passage, h.score * factor + shift) for h in hits]
    first, second = dict_of(fuse([hits], [1.0], method)), dict_of(fuse([moved], [1.0], method))
    assert first == pytest.approx(second, abs=1e-6)


def dict_of(fused: list[tuple[Passage, float]]) -> dict[str, float]:
    return {p.id: s for p, s in fused}


@pytest.mark.parametrize("method", METHODS)
def test_what_both_lists_have_beats_what_one_has(method: Method) -> None:
    assert names([ranked(a=9, b=8, c=1), ranked(b=0.9, d=0.8, e=0.1)], [1.0, 1.0], method)[0] == "b"


@pytest.mark.parametrize("method", METHODS)
def test_weights_weigh(method: Method) -> None:
    lists = [ranked(a=2, b=1, c=0), ranked(c=2, b=1, a=0)]
    assert names(lists, [1.0, 0.1], method)[0] == "a"
    assert names(lists, [0.1, 1.0], method)[0] == "c"


@pytest.mark.parametrize("method", METHODS)
def test_ties_go_by_id_and_nothing_gives_nothing(method: Method) -> None:
    assert names([ranked(b=1), ranked(a=1)], [1.0, 1.0], method) == ["a", "b"]
    assert names([[], []], [1.0, 1.0], method) == []
    assert names([ranked(a=1), []], [1.0, 1.0], method) == ["a"]


def test_minmax_maps_best_to_one_and_worst_to_zero() -> None:
    assert dict_of(fuse([ranked(a=30, b=20, c=10)], [1.0], "minmax")) == {"a": 1.0, "b": 0.5, "c": 0.0}


def test_dbsf_maps_three_deviations_to_the_unit_interval() -> None:
    spread = math.sqrt(2 / 3)
    expected = {"a": 0.5 + 1 / (6 * spread), "b": 0.5, "c": 0.5 - 1 / (6 * spread)}
    assert dict_of(fuse([ranked(a=3, b=2, c=1)], [1.0], "dbsf")) == pytest.approx(expected)


def test_rrf_is_one_over_sixty_and_the_rank() -> None:
    assert dict_of(fuse([ranked(a=3, b=2)], [1.0], "rrf")) == {"a": 1 / 61, "b": 1 / 62}


def test_every_list_has_a_weight() -> None:
    with pytest.raises(ValueError, match="shorter"):
        fuse([ranked(a=1), ranked(b=1)], [1.0])
