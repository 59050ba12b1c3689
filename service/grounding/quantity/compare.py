"""Two quantities: in what they differ, whether they are the same, and how one follows from others.

`same` compares after conversion, so 200 ms is the same as 0.2 s; whether it was also said so is asked of `quoted`.
`derivable` gives the formula of a value that follows from one that is said: another unit, the downtime that an
availability leaves, a rounding. Nothing is added up or multiplied: from enough numbers anything follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from service.grounding.ledger import Quantity, Range
from service.grounding.quantity.units import COUNTS, Unit, unit_of

Facet = Literal["kind", "value", "unit", "bound", "qualifier"]
PERIODS = ("d", "wk", "mo", "yr")
"""What downtime is told per."""


def facets(a: Quantity, b: Quantity) -> tuple[Facet, ...]:
    """In what the two differ; () when they are the same quantity."""
    if _version_like(a, b):
        return () if _plain(a) == _plain(b) and a.bound == b.bound else ("value",) if a.bound == b.bound else ("bound",)
    if a.kind != b.kind:
        return ("kind",)
    if a.value is None or b.value is None:
        found: list[Facet] = [] if a.label == b.label else ["value"]
        return (*found, *(("bound",) if a.bound != b.bound else ()))
    differing: list[Facet] = []
    left, right = _unit(a), _unit(b)
    if _dimension(left) != _dimension(right) and not _uncounted(left, right):
        differing.append("unit")
        if a.value != b.value:
            differing.append("value")
    elif _ends(a, left) != _ends(b, right):
        differing.append("value")
    if a.bound != b.bound:
        differing.append("bound")
    if a.qualifier != b.qualifier:
        differing.append("qualifier")
    return tuple(differing)


def same(a: Quantity, b: Quantity) -> bool:
    """Whether both say the same value of the same kind, under the same bound and statistic, in whichever unit."""
    return not facets(a, b)


def quoted(a: Quantity, b: Quantity) -> bool:
    """Whether both are the same and said in the same unit: the one may stand for the other without a formula."""
    return same(a, b) and (a.value is None or a.unit == b.unit)


def is_one(quantity: Quantity, symbol: str) -> bool:
    """Whether the quantity is about one of a unit, in whichever unit it is said: 60 s is a min, 30 d is a mo."""
    unit, own = unit_of(symbol), _unit(quantity)
    if unit is None or own is None or own.dimension != unit.dimension or not isinstance(quantity.value, Decimal):
        return False
    return _rounds_to(_in_base(quantity.value, own) / unit.factor, Decimal(1))


def derivable(a: Quantity, operands: Sequence[Quantity]) -> str | None:
    """The formula by which `a` follows from one of the operands, or None. `200 ms = 0.2 s`."""
    for operand in operands:
        formula = _converted(a, operand) or _rounded(a, operand) or _downtime(a, operand)
        if formula:
            return formula
    return None


def told(quantity: Quantity) -> str:
    """The quantity as it is spelt, with its bound and statistic where it has them."""
    bound = "" if quantity.bound == "=" else f"{quantity.bound} "
    return f"{bound}{' '.join(quantity.spelt.split())}{f' ({quantity.qualifier})' if quantity.qualifier else ''}"


def _converted(a: Quantity, operand: Quantity) -> str | None:
    """Same value, other unit."""
    if a.value is None or not same(a, operand) or a.unit == operand.unit:
        return None
    return f"{told(operand)} = {told(a)}"


def _rounded(a: Quantity, operand: Quantity) -> str | None:
    """The operand's value in the unit of `a`, rounded to the digits that `a` shows; only for one that says so."""
    if a.bound != "~" or operand.bound != "=" or a.qualifier != operand.qualifier:
        return None
    if not isinstance(a.value, Decimal) or not isinstance(operand.value, Decimal):
        return None
    left, right = _unit(a), _unit(operand)
    if _dimension(left) != _dimension(right):
        return None
    exact = _in_base(operand.value, right) / (left.factor if left else 1)
    return f"{told(operand)} ≈ {told(a)}" if _rounds_to(exact, a.value) else None


def _downtime(a: Quantity, operand: Quantity) -> str | None:
    """The time that an availability leaves for being down, per day, week, month or year."""
    if operand.unit != "%" or not isinstance(operand.value, Decimal) or not isinstance(a.value, Decimal):
        return None
    down = (100 - Fraction(operand.value)) / 100
    if not 0 < down < Fraction(1, 5):
        return None
    if a.unit == "%":
        return f"100 % − {told(operand)} = {told(a)}" if Fraction(a.value) == 100 * down else None
    above, _, period = a.unit.partition("/")
    unit = unit_of(above)
    if unit is None or unit.dimension != "time":
        return None
    for name in (period,) if period in PERIODS else PERIODS if not period else ():
        per = unit_of(name)
        if per and _shows(down * per.factor / unit.factor, a.value):
            return f"(100 % − {told(operand)}) × 1 {name} = {told(a)}"
        if name == "mo" and unit and _shows(down * 30 * 86400 / unit.factor, a.value):
            return f"(100 % − {told(operand)}) × 30 d = {told(a)}"
    return None


def _shows(exact: Fraction, shown: Decimal) -> bool:
    """Whether the exact value, rounded to the decimals shown, is the one shown. A single digit shows too little."""
    return len(shown.as_tuple().digits) > 1 and round(exact, _decimals(shown)) == Fraction(shown)


def _rounds_to(exact: Fraction, shown: Decimal) -> bool:
    """Whether the value shown is within one in twenty of the exact one, or is it to two digits."""
    return exact != 0 and abs(Fraction(shown) - exact) * 20 <= abs(exact)


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _unit(quantity: Quantity) -> Unit | None:
    return unit_of(quantity.unit)


def _dimension(unit: Unit | None) -> str:
    return unit.dimension if unit else ""


def _uncounted(left: Unit | None, right: Unit | None) -> bool:
    """Whether one of the two does not say what it counts: `3 new replicas` and `3 replicas`."""
    return any(a is None and b is not None and b.symbol in COUNTS for a, b in ((left, right), (right, left)))


def _ends(quantity: Quantity, unit: Unit | None) -> tuple[Fraction, ...]:
    """The value in the base unit; both ends of a range."""
    if isinstance(quantity.value, Range):
        return _in_base(quantity.value.low, unit), _in_base(quantity.value.high, unit)
    return () if quantity.value is None else (_in_base(quantity.value, unit),)


def _in_base(value: Decimal, unit: Unit | None) -> Fraction:
    return Fraction(value) * (unit.factor if unit else 1)


def _version_like(a: Quantity, b: Quantity) -> bool:
    """Whether one is a version and the other a number that may be one: 1.24 of v1.24."""
    kinds = {a.kind, b.kind}
    return kinds == {"version", "measure"} and not (a.unit or b.unit)


def _plain(quantity: Quantity) -> str:
    return quantity.label or quantity.spelt
