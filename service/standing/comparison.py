"""Two statements beside each other: whether they speak of the same thing, and in which measures they differ.

They speak of the same thing when their words, numbers aside, are nearly the same, or largely the same with a name in
common; where one of them only states in passing, nearly the same words are asked for. Their measures are compared by
the ledger, those that one side states beyond the other aside.
"""

from __future__ import annotations

import re

from service.grounding.ledger import Quantity
from service.grounding.quantity.compare import facets
from service.standing.statement import Statement

_EXACTLY, _NEARLY, _MOSTLY, _LARGELY = 0.85, 0.75, 0.7, 0.5
_FEWEST, _MANY = 4, 8


def apart(mine: Statement, other: Statement, *, bare: bool = False) -> tuple[Quantity, Quantity] | None:
    """The one measure that the two, on the same thing, state with different values; None where there is no such.

    A number without a unit counts only with `bare`, and where the two say the same but for it.
    """
    found = differing(mine, other) if same_subject(mine, other) or (bare and _same_words(mine, other)) else None
    if not found or len(found) > 1 or mine.marks != other.marks:
        return None
    return found[0] if has_unit(*found[0]) or (bare and _same_words(mine, other)) else None


def _same_words(mine: Statement, other: Statement) -> bool:
    fixed = not mine.passing and not other.passing
    return fixed and len(mine.words) >= _FEWEST and mine.words == other.words and mine.names == other.names


def same_subject(mine: Statement, other: Statement) -> bool:
    """Whether the two speak of the same thing."""
    shared = mine.words & other.words
    if len(shared) < _FEWEST:
        return False
    alike = len(shared) / len(mine.words | other.words)
    named = bool(mine.names & other.names)
    if alike >= _EXACTLY and (len(shared) >= _MANY or (alike == 1 and named)):
        return True
    if alike >= _MOSTLY and named and len(shared) >= _MANY:
        return True
    fixed = not mine.passing and not other.passing
    return fixed and (alike >= _NEARLY or (alike >= _LARGELY and named))


def has_unit(a: Quantity, b: Quantity) -> bool:
    """Whether both say of what they are; a bare number may be a version, a step or a line of an example."""
    return all(re.search(r"[^\W\d_]|[%$€£]", quantity.spelt) for quantity in (a, b))


def differing(mine: Statement, other: Statement) -> list[tuple[Quantity, Quantity]] | None:
    """The measures that differ in value alone, [] where all are the same; None where they cannot be compared.

    Where one side states more than the other, what both state is set aside, and one pair of a kind has to be left.
    """
    left, right = list(mine.measures), list(other.measures)
    if len(left) == len(right):
        paired = [(a, b, facets(a, b)) for a, b in zip(left, right, strict=True)]
        alike = all(different in ((), ("value",)) for _, _, different in paired)
        return [(a, b) for a, b, different in paired if different] if alike else None
    for a in mine.measures:
        same = next((b for b in right if not facets(a, b)), None)
        if same:
            left.remove(a)
            right.remove(same)
    apart = [(a, b) for a in left for b in right if facets(a, b) == ("value",)]
    return apart if len(apart) == 1 else None
