"""Units that no digit stands before: `a minute`, `a few years`, `tens of seconds`, `once a day`, `daily`.

The ledger holds numbers, and half of what is said of time holds none. A unit is read here where a word names nothing
else: `second` is one behind `a` or `per` and before the end of a phrase, and else an ordinal; `us`, `min` and `bit`
never are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.grounding.ledger import ledger
from service.grounding.quantity.units import UNITS, unit_of

_ADVERBS = {
    "hourly": "h", "daily": "d", "nightly": "d", "weekly": "wk", "monthly": "mo", "yearly": "yr", "annual": "yr",
    "annually": "yr",
}  # fmt: skip
_AMBIGUOUS = frozenset("us sec secs second min mins mo mos hr hrs wk yr nanos millis bit bits fold percent pct".split())
_NAMED = {
    spelt: unit.symbol
    for spelt, unit in UNITS.items()
    if unit.dimension in ("time", "data", "frequency", "share")
    and len(spelt) > 1
    and spelt.isalpha()
    and spelt not in _AMBIGUOUS
    and (unit.dimension != "data" or (spelt[-1] != "b" and (len(spelt) > 2 or spelt.isupper())))
}
_ENDS = (
    r"(?=\s*(?:[.,;:)\]?!]|$)|\s+(?:and|or|in|of|for|after|before|to|at|when|while|if|until|is|are|was|by|on|per)\b)"
)
_UNIT = re.compile(
    r"(?<![\w./-])(?:(?P<one>(?i:an?|one))[\s-]+)?(?P<unit>"
    + "|".join(sorted(map(re.escape, {*_NAMED, *_ADVERBS}), key=len, reverse=True))
    + r")(?![\w/-])|(?<!\w)(?P<lone>(?i:an?|one)|per|each|every)\s+(?P<second>second)(?!\w)"
    + _ENDS
)


@dataclass(frozen=True, slots=True)
class Unnumbered:
    """A unit as a text names it: `one` where it says a single one of it."""

    symbol: str
    spelt: str
    one: bool


def unnumbered(text: str) -> tuple[Unnumbered, ...]:
    """The units of a text that belong to no number of its ledger, in order."""
    held = [(q.start, q.end) for q in ledger(text)]
    return tuple(_read(m) for m in _UNIT.finditer(text) if not any(s < m.end() and m.start() < e for s, e in held))


def named(text: str) -> frozenset[str]:
    """The symbols of all units of a text, with and without a number; of a rate both."""
    counted = (part for q in ledger(text) for part in q.unit.split("/") if part)
    return frozenset((*counted, *(_read(m).symbol for m in _UNIT.finditer(text))))


def _read(match: re.Match[str]) -> Unnumbered:
    word = match["unit"] or match["second"]
    one = (match["one"] or match["lone"] or "").lower() in ("a", "an", "one") and not word.endswith("s")
    return Unnumbered(_ADVERBS.get(word) or _NAMED.get(word, "s"), word, one)


def symbol_of(word: str) -> str:
    """The unit that a word standing alone may name; "" for none."""
    low = word.lower()
    return _ADVERBS.get(low) or _NAMED.get(word) or ("s" if low == "second" else "")


def alike(one: str, other: str) -> bool:
    """Whether two symbols measure the same and are not the same: a minute and a year."""
    left, right = unit_of(one), unit_of(other)
    return one != other and left is not None and right is not None and left.dimension == right.dimension
