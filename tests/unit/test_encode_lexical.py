"""The lexical encoder: identifiers meet in all their spellings, and weights are BM25's."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.passages import Sparse
from retrieval.encode.lexical import CodeAwareBm25

ENCODER = CodeAwareBm25()


def _terms(text: str) -> set[int]:
    return set(ENCODER.query(text).indices)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PaymentGateway", "payment_gateway"),
        ("kube-proxy", "KubeProxy"),
        ("$KUBE_CONFIG", "kube-config"),
        ("--dry-run", "dry-run"),
        ("ADR-0042", "adr-0042"),
        ("alerts", "alert"),
        ("HÄUSER", "häuser"),
    ],
)
def test_spellings_that_are_the_same(one: str, other: str) -> None:
    assert _terms(one) == _terms(other)


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        ("PaymentGateway", "gateway"),
        ("etcdDatabaseQuotaLowSpace", "quota"),
        ("kubelet_running_pod_count", "kubelet"),
        ("ADR-0042", "0042"),
        ("/etc/kubernetes/manifests", "manifests"),
        ("99.95%", "99"),
    ],
)
def test_a_part_is_found_in_the_whole_but_is_not_the_whole(whole: str, part: str) -> None:
    assert _terms(part) < _terms(whole)


@pytest.mark.parametrize(
    ("one", "other"),
    [("99.95", "9995"), ("1.5", "15"), ("v1.2.3", "v12.3"), ("ADR-0042", "ADR 0042"), ("KubeProxyDown", "kube proxy")],
)
def test_spellings_that_are_not_the_same(one: str, other: str) -> None:
    assert _terms(one) != _terms(other)


def test_an_exact_identifier_shares_more_terms_than_its_scattered_parts() -> None:
    question = _terms("What does ADR-0042 say about node.kubernetes.io/not-ready?")
    exact = _terms("ADR-0042 sets the taint node.kubernetes.io/not-ready.")
    scattered = _terms("ADR 0042 holds that a node in kubernetes (io) is not yet ready.")
    assert len(question & exact) >= len(question & scattered) + 2


def test_function_words_carry_nothing() -> None:
    assert ENCODER.query("the and of") == Sparse((), ())
    assert ENCODER.documents(["", "the"]) == [Sparse((), ()), Sparse((), ())]


def test_frequency_saturates_and_length_is_normalised() -> None:
    once, often, long = ENCODER.documents(["etcd", "etcd " * 50, "etcd " + "filler words here " * 200])
    (term,) = once.indices
    weight = {name: dict(zip(v.indices, v.values, strict=True))[term] for name, v in (("often", often), ("long", long))}
    assert once.values[0] < weight["often"] < 2.2
    assert weight["long"] < once.values[0]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_vectors_are_well_formed(text: str) -> None:
    for vector in (*ENCODER.documents([text]), ENCODER.query(text)):
        assert len(vector.indices) == len(vector.values)
        assert all(a < b for a, b in zip((-1, *vector.indices), (*vector.indices, 2**32), strict=True))
        assert all(value > 0 for value in vector.values)


def test_lone_surrogates_are_no_failure() -> None:
    assert _terms("broken \ud800 kubelet") >= _terms("kubelet")


def test_the_same_in_another_process() -> None:
    code = (
        "from retrieval.encode.lexical import CodeAwareBm25 as E;"
        "print(E().documents(['KubeProxyDown on node-1, 99.95 %'])[0])"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert other == str(ENCODER.documents(["KubeProxyDown on node-1, 99.95 %"])[0])


def test_identity_names_every_setting() -> None:
    assert len({CodeAwareBm25().identity, CodeAwareBm25(k=1.5).identity, CodeAwareBm25(b=0.5).identity}) == 3
