"""How many of the seeded violations each rule of the persona catches, and how many clean twins it blames.

A rule reaches its goal with at least 18 of 20 caught and at most one false alarm. MISSES holds the figures of those
that do not, so that a rule which gets there says so. `-s` prints the table.
"""

from __future__ import annotations

from typing import Any

import pytest

from service.persona.lint import lint

MISSES: dict[str, str] = {}


def _rules() -> list[Any]:
    rules = [f"P{n}" for n in range(23)]
    return [pytest.param(r, marks=pytest.mark.xfail(reason=MISSES[r])) if r in MISSES else r for r in rules]


@pytest.mark.quality
@pytest.mark.parametrize("rule", _rules())
def test_a_rule_catches_what_others_planted(seeded: dict[str, Any], rule: str) -> None:
    broken = {s.name: rule in lint(s.answer, s.history).broken for s in seeded[rule] if s.planted}
    blamed = [s.name for s in seeded[rule] if not s.planted and rule in lint(s.answer, s.history).broken]
    missed = [name for name, caught in broken.items() if not caught]
    print(f"{rule}: {len(broken) - len(missed)} of {len(broken)} caught, {len(blamed)} false alarms")
    assert len(missed) <= len(broken) // 10, missed
    assert len(blamed) <= 1, blamed


@pytest.mark.quality
def test_what_was_held_out_is_caught_as_often_as_reported(held_out: dict[str, Any]) -> None:
    """158 of 184 caught, 9 twins blamed: 86 %, where the goal is 90 % of each rule, and not to fall again."""
    caught = blamed = 0
    for rule, of in held_out.items():
        said = [(s.planted, rule in lint(s.answer, s.history).broken) for s in of]
        print(f"{rule}: {said.count((True, True))} of 8 caught, {said.count((False, True))} false alarms")
        caught += said.count((True, True))
        blamed += said.count((False, True))
    assert caught >= 158
    assert blamed <= 9


FRESH = {"P5": (12, 0), "P8": (12, 0), "P12": (12, 0), "P18": (12, 0)}
"""Caught of 12, and twins blamed of 12, of what was written before the rules were mended."""


@pytest.mark.quality
@pytest.mark.parametrize("rule", FRESH)
def test_what_was_written_first_is_caught_as_often_as_reported(fresh: dict[str, Any], rule: str) -> None:
    said = {s.name: (s.planted, rule in lint(s.answer, s.history).broken) for s in fresh[rule] if s.planted}
    blamed = [s.name for s in fresh[rule] if not s.planted and rule in lint(s.answer, s.history).broken]
    missed = [name for name, (_, caught) in said.items() if not caught]
    print(f"{rule}: {12 - len(missed)} of 12 caught, {len(blamed)} false alarms; missed {missed}; blamed {blamed}")
    assert (12 - len(missed), len(blamed)) == FRESH[rule]
