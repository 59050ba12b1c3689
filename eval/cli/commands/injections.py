"""Attacks through both composers, counted and held to their floors."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import chain, zip_longest
from pathlib import Path

from eval.injections.attack import Attack, own_attacks
from eval.injections.foreign import foreign_attacks
from eval.injections.poisoning import poison
from eval.injections.run import Outcome, held, run, tallies, told
from eval.suites.catalog import SHARED
from service.cli.terminal import print_json


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line said."""

    shared: bool
    poisoned: bool
    limit: int
    data: Path | None
    json: bool


def attack_and_tell(wanted: Wanted) -> int:
    """Run and show it; the exit status."""
    data = wanted.data or SHARED / "data"
    attacks = own_attacks() + (foreign_attacks(data) if wanted.shared else [])
    outcomes = run(some(attacks, wanted.limit), say=_say)
    report = told(outcomes)
    if wanted.poisoned:
        for poisons in (1, 4):
            found = poison(data, limit=wanted.limit, poisons=poisons, say=_say)
            counts = Counter(p.shown for p in found) | Counter({"conflict told": sum(p.conflict for p in found)})
            report[f"poisoned by {poisons}"] = {"questions": len(found), **counts}
    if wanted.json:
        print_json(report)
    else:
        _show(outcomes, report)
    return 0 if held(outcomes) else 1


def some(attacks: Sequence[Attack], limit: int) -> list[Attack]:
    """At most so many, from every kind in turn."""
    kinds: dict[str, list[Attack]] = {}
    for attack in attacks:
        kinds.setdefault(attack.kind, []).append(attack)
    mixed = [a for a in chain.from_iterable(zip_longest(*kinds.values())) if a]
    return mixed[: limit or None]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _show(outcomes: Sequence[Outcome], report: dict[str, object]) -> None:
    print(f"{'writer':12}{'way':8}{'attacks':>8}{'own':>6}{'acts':>6}{'changes':>9}{'quoted':>8}{'refused':>9}")
    for one in tallies(outcomes):
        counts = f"{one.own:6}{one.acts:6}{one.changes:9}{one.quoted:8}{one.refused:9}"
        print(f"{one.writer:12}{one.way:8}{one.attacks:8}{counts}")
    for outcome in outcomes:
        if outcome.turned:
            did = ", ".join(name for name in ("own", "acts", "changes") if asdict(outcome)[name])
            print(f"{outcome.attack}, {outcome.way}, {outcome.writer}: {did}: {outcome.said[:2]}")
    for name, found in report.items():
        if name.startswith("poisoned"):
            print(f"{name}: {found}")
