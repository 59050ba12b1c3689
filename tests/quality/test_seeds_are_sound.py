"""The seeds are what they claim to be: 20 and 20 a rule, whole answers, no two alike, twins apart in the plant only."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

import pytest

from service.answer import Answer


def _words(script: str) -> list[str]:
    return re.findall(r"\w+", script.lower())


def _rules(seeded: dict[str, Any]) -> list[tuple[str, list[Any], list[Any]]]:
    return [(r, [s for s in of if s.planted], [s for s in of if not s.planted]) for r, of in seeded.items()]


def test_twenty_violations_and_twenty_twins_a_rule(seeded: dict[str, Any]) -> None:
    assert {rule: (len(bad), len(good)) for rule, bad, good in _rules(seeded)} == {f"P{n}": (20, 20) for n in range(23)}


def test_eight_and_eight_a_rule_are_held_out(held_out: dict[str, Any]) -> None:
    assert {rule: (len(bad), len(good)) for rule, bad, good in _rules(held_out)} == {f"P{n}": (8, 8) for n in range(23)}


def test_twelve_and_twelve_are_fresh(fresh: dict[str, Any]) -> None:
    sizes = {rule: (len(bad), len(good)) for rule, bad, good in _rules(fresh)}
    assert sizes == dict.fromkeys(("P5", "P8", "P12", "P18"), (12, 12))


def test_twenty_and_twenty_of_the_second_and_the_third(second: dict[str, Any], third: dict[str, Any]) -> None:
    rules = dict.fromkeys("P1 P2 P3 P5 P9 P11 P13 P17 P18 P19 P20 P21".split(), (20, 20))
    assert {rule: (len(bad), len(good)) for rule, bad, good in _rules(third)} == rules
    assert {rule: (len(bad), len(good)) for rule, bad, good in _rules(second)} == rules | {"P16": (20, 20)}


def test_each_is_an_answer_and_its_citations_lead_somewhere(
    seeded: dict[str, Any],
    held_out: dict[str, Any],
    fresh: dict[str, Any],
    second: dict[str, Any],
    third: dict[str, Any],
) -> None:
    every = (*seeded.values(), *held_out.values(), *fresh.values(), *second.values(), *third.values())
    for seed in (s for of in every for s in of):
        whole = Answer.model_validate_json(seed.answer.model_dump_json())
        numbers = {c.number for c in whole.citations}
        assert whole.sentences, seed.name
        assert whole.text, seed.name
        for sentence in whole.sentences:
            assert set(sentence.citations) <= numbers, (seed.name, sentence.text)
            assert sentence.citations or sentence.kind not in ("cited", "derived"), (seed.name, sentence.text)


def test_no_two_are_alike(seeded: dict[str, Any]) -> None:
    alike = []
    for rule, bad, _ in _rules(seeded):
        assert len({s.name for s in bad}) == len(bad), rule
        for a, b in combinations(bad, 2):
            if a.base == b.base and a.answer.question == b.answer.question and not (a.history or b.history):
                left, right = _words(a.script), _words(b.script)
                if SequenceMatcher(None, left, right).ratio() > 0.9 and min(len(left), len(right)) > 3:
                    alike.append((rule, a.name, b.name))
    assert alike == []


def test_twins_are_distinct_and_differ_in_little(seeded: dict[str, Any]) -> None:
    far = []
    for rule, bad, good in _rules(seeded):
        twins = {(s.base, s.form, s.answer.question, s.script) for s in good}
        assert len(twins) == len(good), f"{rule}: two clean twins are the same"
        for a, b in zip(bad, good, strict=True):
            assert (a.name, a.base, a.form) == (b.name, b.base, b.form)
            told = (a.answer.question, a.answer.text, a.audience, a.history)
            assert told != (b.answer.question, b.answer.text, b.audience, b.history), (rule, a.name)
            mine, other = ([x.text for x in s.answer.sentences] for s in (a, b))
            kept = sum(m.size for m in SequenceMatcher(None, mine, other, autojunk=False).get_matching_blocks())
            if a.form == "full" and len(other) > 15 and kept < len(mine) / 2:
                far.append((rule, a.name, kept, len(mine)))
    assert far == []


@pytest.mark.parametrize("rule", [f"P{n}" for n in range(23)])
def test_a_plant_shows(seeded: dict[str, Any], rule: str) -> None:
    """What a seed plants is in the displayed text, or in what was asked: a checker that reads either can find it."""
    for bad, good in zip(seeded[rule][::2], seeded[rule][1::2], strict=True):
        shown = (bad.answer.text, bad.answer.question, bad.answer.status, bad.audience, bad.history)
        assert shown != (good.answer.text, good.answer.question, good.answer.status, good.audience, good.history)
