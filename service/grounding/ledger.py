"""The ledger of a text's quantities: what each number is, of what, under which bound.

1. `spellings` finds the numbers as they are spelt, ranges and compounds as one.
2. The words beside a number set its bound (`at most`, `>=`, `or more`).
3. A statistic (`p99`, `median`, `max`) belongs to the number that follows it in the clause, or, behind `at`, `for` or a
   bracket, to the one before it. One that belongs to no number is an entry of its own.
4. The content words of the clause are the subject.

The same text gives the same ledger, and every digit stands in exactly one entry or in a list marker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from corpus.remembered import remembered
from service.grounding.quantity.spelling import Kind, Spelt, spellings
from service.grounding.quantity.wording import CLAUSE, STATISTIC, Bound, bound_of, statistic, words_in


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text.

    kind       measure (counts too), version, date, clock, percentile, or name: a word that digits stand in
    value      of a measure, in `unit`; None for the other kinds
    unit       canonical symbol: `ms`, `MiB`, `%`, `req/s`, `USD/mo`; "" where none is said
    label      what the other kinds say, in canonical form: `1.24.3`, `2026-11-22`, `p99`
    spelt      as it stands in the text, unit included
    bound      "=" where the text sets none
    qualifier  the statistic it is: `p99`, `mean`, `max`; "" where none is said
    subject    the content words of its clause
    start, end offsets in the text
    """

    kind: Kind
    value: Decimal | Range | None
    unit: str
    label: str
    spelt: str
    bound: Bound
    qualifier: str
    subject: tuple[str, ...]
    start: int
    end: int


@remembered(4096)
def ledger(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text, in order."""
    spelt = spellings(text)
    clauses = _clauses(text)
    statistics, used = _statistics(text, spelt, clauses)
    bare = _without(text, spelt)
    found = []
    for number in spelt:
        if number.kind == "percentile" and number.start in used:
            continue
        first, last = _clause(clauses, number.start)
        subject = words_in(bare[first:last])
        bound = bound_of(text, number.start, number.end) if number.kind in ("measure", "version", "date") else "="
        found.append(_quantity(text, number, bound, statistics.get(number.start, ""), subject))
    return tuple(found)


def _quantity(text: str, number: Spelt, bound: Bound, qualifier: str, subject: tuple[str, ...]) -> Quantity:
    value: Decimal | Range | None = None
    if number.low is not None and number.high is not None:
        value = number.low if number.low == number.high else Range(number.low, number.high)
    spelt = text[number.start : number.end]
    return Quantity(
        number.kind, value, number.unit, number.label, spelt, bound, qualifier, subject, number.start, number.end
    )


def _clauses(text: str) -> list[int]:
    """Where clauses begin and end."""
    return [0, *(m.end() for m in CLAUSE.finditer(text)), len(text) + 1]


def _clause(edges: list[int], at: int) -> tuple[int, int]:
    for first, last in pairwise(edges):
        if first <= at < last:
            return first, last
    return edges[0], edges[-1]


def _without(text: str, spelt: list[Spelt]) -> str:
    """The text with its numbers blanked, offsets kept."""
    for number in spelt:
        text = text[: number.start] + " " * (number.end - number.start) + text[number.end :]
    return text


_BEHIND = re.compile(r"\s*[*_`]*(?:[(\[]\s*|(?:at|for|in|as|on)\s+)(?:the\s+|an?\s+)?[*_`]*")
_BESIDE = re.compile(r"\s*[*_`]*")


def _statistics(text: str, spelt: list[Spelt], clauses: list[int]) -> tuple[dict[int, str], frozenset[int]]:
    """The statistic of each measure, by where the measure starts, and where statistics start that were given away."""
    measures = [n for n in spelt if n.kind == "measure"]
    inside = {at for n in measures for at in range(n.start, n.end)}
    marks = [m for m in STATISTIC.finditer(text) if m.start() not in inside]
    given: dict[int, str] = {}
    used: set[int] = set()

    def give(mark: re.Match[str], to: Spelt | None) -> None:
        if to is not None and mark.start() not in used and to.start not in given:
            given[to.start] = statistic(mark)
            used.add(mark.start())

    def before(mark: re.Match[str], link: re.Pattern[str]) -> Spelt | None:
        last = next((n for n in reversed(measures) if n.end <= mark.start()), None)
        return last if last and link.fullmatch(text, last.end, mark.start()) else None

    def after(mark: re.Match[str]) -> Spelt | None:
        first = next((n for n in measures if n.start >= mark.end()), None)
        return first if first and _clause(clauses, first.start) == _clause(clauses, mark.start()) else None

    for mark in marks:
        give(mark, before(mark, _BEHIND))
    for mark in marks:
        give(mark, after(mark))
    for mark in marks:
        give(mark, before(mark, _BESIDE))
    return given, frozenset(used)
