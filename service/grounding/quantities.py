"""Every number in a sentence occurs in its cited spans as the same quantity, and of the same thing.

1. A number that no cited span has, by value, unit, statistic and bound, is invented; one that follows from a cited one
   by conversion or as the downtime of an availability is derived (`derivation` gives its formula).
2. A unit without a number (`a minute`, `daily`) is one that the evidence names, and not one in place of another.
3. A number that occurs may still be taken from elsewhere: `20 ms` of p50 told of p99. Of all cited quantities of its
   kind the one in the most similar surroundings must be the same; else the sentence says it of something else.

A sentence that stands in the evidence as it is needs neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from corpus.remembered import remembered
from service.answer import Failure
from service.grounding.alignment import align, fold, stands_whole, tokens
from service.grounding.claim import Claim, Ground, Objection, cited_text, headed_evidence, quotes
from service.grounding.identifiers import RESTATES, stands_alone
from service.grounding.ledger import Quantity, ledger
from service.grounding.quantity.compare import derivable, facets, is_one, quoted, same, told
from service.grounding.quantity.units import unit_of
from service.grounding.quantity.unnumbered import alike, named, symbol_of, unnumbered
from service.grounding.segment import as_read, segments
from service.grounding.words.saying import same_name

_REACH = 60
_MARGIN = 0.5
_EDITED = 3
_EDGE = re.compile(r"[,;()\n]|[.:](?=\s)")
_CODE = re.compile(r"`[^`\n]+`")
_CAPS = frozenset("limit maximum max cap ceiling budget most threshold quota timeout".split())
_FLOORS = frozenset("minimum min floor least".split())


@dataclass(frozen=True, slots=True)
class _Known:
    """A quantity of the evidence with the words of its sentence and those next to it."""

    quantity: Quantity
    near: frozenset[str]
    words: frozenset[str]


def quantities(claim: Claim, ground: Ground) -> Objection | None:
    """The first number that is invented, or told of something else."""
    if stands_whole(claim.text, quotes(claim)):
        return None
    text = as_read(claim.text)
    known = [k for stretch in headed_evidence(claim) for k in _known(stretch)]
    words = frozenset(fold(t) for t in tokens(text))
    for quantity in ledger(text):
        if quantity.kind == "name":
            if not (
                _named_so(quantity, text, cited_text(claim)) or same_name(quantity.label, tokens(cited_text(claim)))
            ):
                return Objection("quantities", "fabricated_reference:identifier", quantity.label)
            continue
        found = [k for k in known if _stands(quantity, k.quantity)]
        if not found:
            return _invented(quantity, [k.quantity for k in known])
        other = _told_of_another(quantity, _near(text, quantity), words, found, known)
        if other:
            return Objection("quantities", _failure(quantity), f"{told(quantity)} (the source: {told(other)})")
    return _unit_of_another(claim, text)


def _named_so(name: Quantity, text: str, cited: str) -> bool:
    """Whether the evidence has the name, alone or within the code that the sentence quotes whole."""
    around = next((m for m in _CODE.finditer(text) if m.start() <= name.start < m.end()), None)
    return stands_alone(name.label, cited) or (around is not None and around.group() in cited)


def _unit_of_another(claim: Claim, text: str) -> Objection | None:
    """The first unit without a number that the evidence does not name, or that stands in place of another one."""
    ours = unnumbered(text)
    if not ours:
        return None
    evidence = [as_read(stretch) for stretch in headed_evidence(claim)]
    known = frozenset(symbol for stretch in evidence for symbol in named(stretch))
    numbers = [q for stretch in evidence for q in ledger(stretch)]
    for unit in ours:
        if unit.symbol not in known and not (unit.one and any(is_one(q, unit.symbol) for q in numbers)):
            return Objection("quantities", "contradiction:numerical", unit.spelt)
    found = align(claim.text, quotes(claim))
    ours = tuple(u for u in ours if not (u.one and any(is_one(q, u.symbol) for q in ledger(found.sentence))))
    for edit in found.edits if found.covered >= RESTATES else ():
        for put, taken in product(edit.told[:_EDITED], edit.said[:_EDITED]):
            symbol = next((u.symbol for u in ours if u.spelt == put), "")
            if symbol and alike(symbol, symbol_of(taken)):
                return Objection("quantities", "contradiction:numerical", f"{put} (the source: {taken})")
    return None


def derivation(claim: Claim) -> str:
    """The formula of the first number that is not quoted but follows from a cited one; "" when all are quoted."""
    if stands_whole(claim.text, quotes(claim)):
        return ""
    known = [q for stretch in headed_evidence(claim) for q in ledger(as_read(stretch))]
    for quantity in ledger(as_read(claim.text)):
        if quantity.kind == "measure" and not any(quoted(quantity, k) for k in known):
            formula = derivable(quantity, known)
            if formula:
                return formula
    return ""


def _stands(quantity: Quantity, known: Quantity) -> bool:
    if same(quantity, known) or derivable(quantity, (known,)):
        return True
    if quantity.kind == "percentile":
        return quantity.label in (known.qualifier, known.label)
    return _capped(quantity, known)


def _capped(quantity: Quantity, known: Quantity) -> bool:
    """Whether a word such as "limit" says in the sentence what a bound says in the source, or the other way round."""
    if set(facets(quantity, known)) - {"bound", "qualifier"} or quantity.value != known.value:
        return False
    bounds = {quantity.bound, known.bound}
    about = {*quantity.subject, *known.subject, quantity.qualifier, known.qualifier}
    if quantity.qualifier != known.qualifier and {quantity.qualifier, known.qualifier} - {"", "max", "min"}:
        return False
    return (bounds <= {"=", "<=", "<"} and bool(about & _CAPS)) or (
        bounds <= {"=", ">=", ">"} and bool(about & _FLOORS)
    )


def _invented(quantity: Quantity, known: Sequence[Quantity]) -> Objection:
    """What is told, and beside it what the evidence has of the same unit."""
    near = [k for k in known if k.kind == quantity.kind and "unit" not in facets(quantity, k)]
    rival = min(near, key=lambda k: len(facets(quantity, k)), default=None)
    detail = told(quantity) + (f" (the source: {told(rival)})" if rival else "")
    return Objection("quantities", _failure(quantity), detail)


def _told_of_another(
    quantity: Quantity,
    near: frozenset[str],
    words: frozenset[str],
    found: Sequence[_Known],
    known: Sequence[_Known],
) -> Quantity | None:
    """A quantity of the evidence in surroundings more similar than those of any that the sentence's may stand for."""
    rivals = [k for k in known if _comparable(quantity, k.quantity) and not _stands(quantity, k.quantity)]
    if not rivals:
        return None
    best = max(_similar(near, words, k) for k in found)
    rival = max(rivals, key=lambda k: _similar(near, words, k))
    return rival.quantity if _similar(near, words, rival) > best + _MARGIN else None


def _similar(near: frozenset[str], words: frozenset[str], known: _Known) -> float:
    """Words that both have next to the number, and the share of the sentence's that the other sentence has."""
    return len(near & known.near) + 6 * len(words & known.words) / max(1, len(words))


def _comparable(quantity: Quantity, known: Quantity) -> bool:
    """Whether the one could stand in place of the other."""
    if quantity.kind == known.kind == "measure":
        left, right = unit_of(quantity.unit), unit_of(known.unit)
        return (left.dimension if left else "") == (right.dimension if right else "") or not (left and right)
    return quantity.kind == known.kind


@remembered(1024)
def _known(stretch: str) -> tuple[_Known, ...]:
    return tuple(
        _Known(q, _near(s.text, q), frozenset(fold(t) for t in tokens(s.text)))
        for s in segments(stretch)
        for q in ledger(s.text)
    )


def _near(text: str, quantity: Quantity) -> frozenset[str]:
    """The folded words around a number, as far as the next comma, semicolon or bracket."""
    before = tokens(_EDGE.split(text[max(0, quantity.start - _REACH) : quantity.start])[-1])[-5:]
    after = tokens(_EDGE.split(text[quantity.end : quantity.end + _REACH])[0])[:5]
    return frozenset(fold(t) for t in (*before, *after))


def _failure(quantity: Quantity) -> Failure:
    return "contradiction:temporal" if quantity.kind in ("date", "clock") else "contradiction:numerical"
