"""Names that must match as they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.identifiers import identifiers, stands_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Run `kubectl get pods` now", ["kubectl get pods"]),
        ("pass --dry-run=client or -v2 to it", ["--dry-run=client", "-v2"]),
        ("see /etc/kubernetes/manifests/ for it.", ["/etc/kubernetes/manifests"]),
        ("set $KUBECONFIG and GOGC_PERCENT", ["$KUBECONFIG", "GOGC_PERCENT"]),
        ("the metric node_cpu_seconds_total, by pod", ["node_cpu_seconds_total"]),
        ("alert KubePodCrashLooping fires", ["KubePodCrashLooping"]),
        ("the field maxUnavailable of apps/v1", ["maxUnavailable", "apps/v1"]),
        ("per ADR-0042 and KEP-1287.", ["ADR-0042", "KEP-1287"]),
        ("v1.24.3 of registry.k8s.io/pause:3.9", ["v1.24.3", "registry.k8s.io/pause:3.9"]),
        ('the status "Node Not Ready" is shown', ["Node Not Ready"]),
        ("nothing special, and/or well-known here", ["and/or"]),
        ("How do I restore the ledger?", []),
        ("", []),
    ],
)
def test_names_are_found(text: str, names: list[str]) -> None:
    assert list(identifiers(text)) == names


def test_a_name_is_listed_once_and_quoted_ones_come_first() -> None:
    assert identifiers("use --force, `a b c` and --force") == ("a b c", "--force")


@pytest.mark.parametrize(
    ("name", "text", "stands"),
    [
        ("etcd", "restart ETCD now", True),
        ("etcd", "etcdctl snapshot", False),
        ("etcd", "the etcd-member", True),
        ("--force", "use --force.", True),
        ("--force", "x--force", True),
        ("ledger", "the ledgers", False),
        ("ledger", "ledgers and ledger", True),
        ("/etc", "in /etc/hosts", True),
    ],
)
def test_a_name_stands_by_itself(name: str, text: str, stands: bool) -> None:
    assert stands_in(name, text) is stands


@given(st.text('ab-_./ `"$K1', max_size=40))
def test_every_name_stands_in_its_text(text: str) -> None:
    assert all(name in text and len(name) > 2 for name in identifiers(text))
