"""How many of the seeded violations each rule of the persona catches, and how many clean twins it blames.

A rule reaches its goal with at least 18 of 20 caught and at most one false alarm, on the first set and, where it was
mended since, on the second. Both are development: whoever mended saw them. The third set nobody who mended has seen,
and its figures are those of record: 186 of 240 caught, 38 of 240 twins blamed. `-s` prints the tables.
"""

from __future__ import annotations

from typing import Any

import pytest

from service.persona.lint import lint

MENDED = ("P1", "P2", "P3", "P5", "P9", "P11", "P13", "P16", "P17", "P18", "P19", "P20", "P21")
THIRD = {
    "P1": (15, 1),
    "P2": (20, 0),
    "P3": (14, 0),
    "P5": (19, 12),
    "P9": (13, 0),
    "P11": (13, 5),
    "P13": (13, 0),
    "P17": (19, 6),
    "P18": (15, 0),
    "P19": (15, 2),
    "P20": (13, 5),
    "P21": (17, 7),
}
"""Caught of 20, and twins blamed of 20, of the third set in its first run."""
QUOTED = {"P9": 15}
"""What is caught of the second set where plants stand verbatim in a cited quote, which no rule of wording judges."""


def _judged(rule: str, seeds: tuple[Any, ...]) -> tuple[list[str], list[str]]:
    """The plants that were missed, and the twins that were blamed."""
    said = [(s.name, s.planted, rule in lint(s.answer, s.history).broken) for s in seeds]
    missed = [name for name, planted, caught in said if planted and not caught]
    blamed = [name for name, planted, caught in said if caught and not planted]
    print(f"{rule}: {len(seeds) // 2 - len(missed)} of {len(seeds) // 2} caught, {len(blamed)} false alarms")
    return missed, blamed


@pytest.mark.quality
@pytest.mark.parametrize("rule", [f"P{n}" for n in range(23)])
def test_a_rule_catches_what_others_planted(seeded: dict[str, Any], rule: str) -> None:
    missed, blamed = _judged(rule, seeded[rule])
    assert len(missed) <= 2, missed
    assert len(blamed) <= 1, blamed


@pytest.mark.quality
@pytest.mark.parametrize("rule", MENDED)
def test_a_mended_rule_catches_the_second_set(second: dict[str, Any], rule: str) -> None:
    missed, blamed = _judged(rule, second[rule])
    assert 20 - len(missed) >= QUOTED.get(rule, 18), missed
    assert len(blamed) <= 1, blamed


@pytest.mark.quality
@pytest.mark.parametrize("rule", THIRD)
def test_what_no_mender_saw_is_caught_as_often_as_reported(third: dict[str, Any], rule: str) -> None:
    missed, blamed = _judged(rule, third[rule])
    assert (20 - len(missed), len(blamed)) == THIRD[rule], (missed, blamed)


@pytest.mark.quality
def test_what_was_held_out_once_does_not_fall(held_out: dict[str, Any]) -> None:
    """173 of 184 caught and 6 twins blamed, since its menders have seen it."""
    judged = [_judged(rule, of) for rule, of in held_out.items()]
    assert 184 - sum(len(missed) for missed, _ in judged) >= 173
    assert sum(len(blamed) for _, blamed in judged) <= 6


FRESH = {"P5": (12, 0), "P8": (12, 0), "P12": (12, 0), "P18": (12, 0)}
"""Caught of 12, and twins blamed of 12, of what was written before the rules were mended."""


@pytest.mark.quality
@pytest.mark.parametrize("rule", FRESH)
def test_what_was_written_first_is_caught_as_often_as_reported(fresh: dict[str, Any], rule: str) -> None:
    missed, blamed = _judged(rule, fresh[rule])
    assert (12 - len(missed), len(blamed)) == FRESH[rule], (missed, blamed)
