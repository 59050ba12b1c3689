"""The ledger of quantities: what is read, and the laws it keeps."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.grounding.ledger import Quantity, Range, ledger
from service.grounding.quantity.compare import derivable, facets, quoted, same
from service.grounding.quantity.units import UNITS, unit_of


def row(quantity: Quantity) -> str:
    """A quantity in one line: bound, value, unit, statistic."""
    value = quantity.value
    ends = (value.low, value.high) if isinstance(value, Range) else () if value is None else (value,)
    shown = "..".join(f"{end.normalize():f}" for end in ends) or quantity.label
    bound = "" if quantity.bound == "=" else quantity.bound
    return " ".join(part for part in (f"{bound}{shown}", quantity.unit, quantity.qualifier) if part)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("within 200 ms at p99 and 20 ms at p50", ["<=200 ms p99", "20 ms p50"]),
        ("p50 20 ms, p95 80 ms, p99 200 ms", ["20 ms p50", "80 ms p95", "200 ms p99"]),
        ("The 99th percentile is below 1.5 seconds.", ["<1.5 s p99"]),
        ("p999 of 3s; median 4 ms; mean of 5ms", ["3 s p99.9", "4 ms p50", "5 ms mean"]),
        ("the p99 latency regressed", ["p99"]),
        ("at most 500 requests/s", ["<=500 req/s"]),
        ("10k rps, 600 requests per minute, 5 QPS", ["10000 req/s", "600 req/min", "5 query/s"]),
        ("5 MB, 5 MiB, 5Mi, 5 megabytes, 5 Mb, 10 Mbps", ["5 MB", "5 MiB", "5 MiB", "5 MB", "5 Mbit", "10 Mbit/s"]),
        ("7 B 7 KB 7 KiB 7 GB 7Gi 7 TB 7 PiB", ["7 B", "7 kB", "7 KiB", "7 GB", "7 GiB", "7 TB", "7 PiB"]),
        ("100 MB/s and 3 GiB per day", ["100 MB/s", "3 GiB/d"]),
        ("99.95 % availability, 99.9% of requests", ["99.95 %", "99.9 %"]),
        ("three nines; five nines; 4 nines", ["99.9 %", "99.999 %", "99.99 %"]),
        ("$200 per month, $2,400/year, €5", ["200 USD/mo", "2400 USD/yr", "5 EUR"]),
        ("$1.5 million and 2k users", ["1500000 USD", "2000 user"]),
        ("10-20 ms, 10 to 20 replicas, between 5 and 10", ["10..20 ms", "10..20 replica", "5..10"]),
        ("5 and 10 are numbers", ["5", "10"]),
        ("≤ 40% of memory, >= 3 nodes, < 5 min, > 2 h", ["<=40 %", ">=3 node", "<5 min", ">2 h"]),
        ("no more than 3 retries, not less than 2 pods", ["<=3 retry", ">=2 pod"]),
        ("must not exceed 300 MiB; never drops below 5%", ["<=300 MiB", ">=5 %"]),
        ("3 or more nodes, 10 minutes or less, 1.27+", [">=3", "<=10 min", ">=1.27"]),
        ("about 5 minutes, ~3 s, approximately 10 GB", ["~5 min", "~3 s", "~10 GB"]),
        ("more than 2 hours, over 3 days, exceeds 4%", [">2 h", ">3 d", ">4 %"]),
        ("> 5 quoted things\n\n> > 6 more", ["5", "6"]),
        ("a => 5 and b -> 6", ["5", "6"]),
        ("1h30m, 1 hour and 30 minutes, 5m30s", ["5400 s", "5400 s", "330 s"]),
        ("two replicas for thirty days and half a second", ["2 replica", "30 d", "0.5 s"]),
        ("v1.24.3, 1.24.3-rc1, version 2, Kubernetes 1.27, v1beta1", ["1.24.3", "1.24.3-rc1", "2", "1.27", "1beta1"]),
        ("2026-11-05, 5 November 2026, Nov 5, 2026, Nov 2026", ["2026-11-05"] * 3 + ["2026-11-"]),
        ("at 10:30 UTC", ["10:30"]),
        ("1. Drain 3 nodes\n2. Wait 5 s", ["3 node", "5 s"]),
        ("ADR-0042, k8s, http2, 3rd, 5xx, 10.0.0.1:8080", ["ADR-0042", "k8s", "http2", "3rd", "5xx", "10.0.0.1:8080"]),
        ("timeout=5s replicas:3 --retries=4", ["5 s", "3", "4"]),
        ("-5 °C, 2x, 10× faster, 1e6 rows, .5", ["-5 °C", "2 x", "10 x", "1000000", "0.5"]),
        ("one of them", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_read(text: str, rows: list[str]) -> None:
    assert [row(q) for q in ledger(text)] == rows


def test_the_subject_is_the_clause_without_numbers() -> None:
    first, second = ledger("The gateway keeps 5 MB of state; the router keeps 7 MB.")
    assert (first.subject, second.subject) == (("gateway", "keep", "state"), ("router", "keep"))


def only(text: str) -> Quantity:
    (found,) = ledger(text)
    return found


@pytest.mark.parametrize(
    ("left", "right", "differing"),
    [
        ("200 ms", "0.2 s", ()),
        ("1,000 requests", "1000 requests", ()),
        ("three nines", "99.9 %", ()),
        ("600 requests per minute", "10 rps", ()),
        ("$100 per month", "$1,200 per year", ()),
        ("3 replicas", "three new replicas", ()),
        ("v1.24", "1.24", ()),
        ("5 November 2026", "2026-11-05", ()),
        ("200 ms", "200 s", ("value",)),
        ("5 MB", "5 MiB", ("value",)),
        ("5 MB", "5 Mb", ("unit",)),
        ("5 pods", "5 nodes", ("unit",)),
        ("10 rps", "10 requests per minute", ("value",)),
        ("10 rps", "10 qps", ("unit",)),
        ("p99 200 ms", "p50 200 ms", ("qualifier",)),
        ("p99 200 ms", "200 ms", ("qualifier",)),
        ("at most 5", "at least 5", ("bound",)),
        ("at most 5", "5", ("bound",)),
        ("less than 5", "at most 5", ("bound",)),
        ("10-20 ms", "10-30 ms", ("value",)),
        ("10 ms", "10-20 ms", ("value",)),
        ("v1.24.3", "v1.24.4", ("value",)),
        ("5 %", "5", ("unit",)),
        ("2026-11-05", "5", ("kind",)),
        ("p99", "p95", ("value",)),
    ],
)
def test_in_what_two_quantities_differ(left: str, right: str, differing: tuple[str, ...]) -> None:
    assert facets(only(left), only(right)) == differing
    assert facets(only(right), only(left)) == differing


def test_a_converted_value_is_the_same_and_yet_not_quoted() -> None:
    assert same(only("200 ms"), only("0.2 s"))
    assert not quoted(only("200 ms"), only("0.2 s"))
    assert quoted(only("200ms"), only("200 milliseconds"))


@pytest.mark.parametrize(
    ("value", "operand", "formula"),
    [
        ("0.2 s", "200 ms", "200 ms = 0.2 s"),
        ("at most 0.2 s", "at most 200 ms", "<= 200 ms = <= 0.2 s"),
        ("43.8 min/month", "99.9 %", "(100 % − 99.9 %) × 1 mo = 43.8 min/month"),
        ("43.2 minutes", "99.9 %", "(100 % − 99.9 %) × 30 d = 43.2 minutes"),
        ("8.77 hours per year", "three nines", "(100 % − three nines) × 1 yr = 8.77 hours per year"),
        ("0.1 %", "99.9 %", "100 % − 99.9 % = 0.1 %"),
        ("about 200 ms", "198 ms", "198 ms ≈ ~ about 200 ms".replace("about ", "")),
        ("44.8 min/month", "99.9 %", None),
        ("0.3 s", "200 ms", None),
        ("0.2 s", "at most 200 ms", None),
        ("0.2 s", "p99 200 ms", None),
        ("about 250 ms", "198 ms", None),
        ("400 ms", "200 ms", None),
    ],
)
def test_what_follows_from_what(value: str, operand: str, formula: str | None) -> None:
    assert derivable(only(value), [only("17 pods"), only(operand)]) == formula


TEXTS = st.lists(
    st.sampled_from(
        "200 ms|p99|at most|5|MiB|the gateway|v1.2.3|$4|per month|10-20|%|,|.|;|\n|(|)|2026-01-02|k8s|<=|or more|1h30m"
        .split("|")
    ),
    max_size=14,
).map(" ".join)  # fmt: skip


@given(st.one_of(TEXTS, st.text("0123456789.,:-/ %pmsv$<>=\n", max_size=24), st.text(max_size=24)))
def test_spans_are_disjoint_and_every_digit_is_in_one(text: str) -> None:
    entries = ledger(text)
    assert all(text[q.start : q.end] == q.spelt and q.spelt for q in entries)
    assert all(a.end <= b.start for a, b in pairwise(entries))
    markers = {i for m in re.finditer(r"^[ \t>]*\d+[.)](?=\s)", text, re.M) for i in range(m.start(), m.end())}
    statistics = {
        i
        for m in re.finditer(r"[pP]\d[\d.]*|\d{2}(?:\.\d+)?(?:th|st|nd|rd)?[\s-]percentile", text)
        for i in range(m.start(), m.end())
    }
    covered = {i for q in entries for i in range(q.start, q.end)} | markers | statistics
    assert {i for i, c in enumerate(text) if c in "0123456789"} <= covered


VALUES = st.decimals(min_value="0.001", max_value="100000", places=3)
QUANTITIES = st.builds(
    lambda bound, value, unit, statistic: only(f"{statistic} {bound} {value:f} {unit}".strip()),
    st.sampled_from(["", "at most", "at least", "under", "about"]),
    VALUES,
    st.sampled_from(["ms", "MiB", "MB", "%", "requests/s", "replicas", "hours"]),
    st.sampled_from(["", "p99", "p50", "mean"]),
)


@given(QUANTITIES, QUANTITIES)
def test_same_is_reflexive_and_symmetric(a: Quantity, b: Quantity) -> None:
    assert same(a, a)
    assert quoted(a, a)
    assert facets(a, b) == facets(b, a)
    assert derivable(a, [a]) is None


@given(
    VALUES,
    st.sampled_from([("ms", "s", 1000), ("MB", "GB", 1000), ("MiB", "GiB", 1024), ("min", "h", 60), ("s", "min", 60)]),
)
def test_conversion_keeps_the_value_and_shows_how(value: Decimal, units: tuple[str, str, int]) -> None:
    small, large, factor = units
    a, b = only(f"{value * factor:f} {small}"), only(f"{value:f} {large}")
    assert same(a, b)
    assert derivable(a, [b])
    assert not same(only(f"{value * factor + 1:f} {small}"), b)


@given(QUANTITIES, VALUES)
def test_another_value_is_never_the_same(quantity: Quantity, value: Decimal) -> None:
    other = only(f"{value:f} {quantity.unit}")
    if other.value != quantity.value:
        assert not same(other, quantity)


BASES = {
    "time": "second", "data": "byte", "bits": "bit", "bits/time": "bit/second", "frequency": "hertz", "power": "watt"
}  # fmt: skip


def test_units_agree_with_pint() -> None:
    """The table is ours; whether its factors are right is asked of someone who knows."""
    registry = pint.UnitRegistry()
    theirs = {"d": "day", "mo": "month", "yr": "year", "wk": "week", "min": "minute", "h": "hour", "us": "microsecond"}
    compared = set()
    for unit in UNITS.values():
        base = BASES.get(unit.dimension)
        if base and unit.symbol not in compared:
            compared.add(unit.symbol)
            asked = registry.Quantity(1, theirs.get(unit.symbol, unit.symbol)).to(base).magnitude
            assert float(unit.factor) == pytest.approx(asked), unit
    assert len(compared) > 40


@pytest.mark.parametrize("unit", ["req/s", "USD/mo", "GB/d", "ms", "token", "%"])
def test_every_canonical_symbol_is_a_unit(unit: str) -> None:
    assert unit_of(unit) is not None
