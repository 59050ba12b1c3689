"""Units: every spelling that is read, the canonical symbol it means, and what that is in the base of its dimension.

Factors are exact fractions. A month is a twelfth of 365.25 days, which is what turns 99.9 % into 43.8 minutes a month.
Bits are no bytes, powers of 1,000 are no powers of 1,024, and a request is no query: they are different units. The
table is held against pint by a test; pint itself is not imported here, since it costs 0.6 s and knows no percentiles.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit: `factor` of the base unit of its dimension make one of it."""

    symbol: str
    dimension: str
    factor: Fraction


DAY = Fraction(86400)
YEAR = DAY * 1461 / 4

_TIME = {
    "ns": (Fraction(1, 10**9), "ns nanosecond nanoseconds nanos"),
    "us": (Fraction(1, 10**6), "us µs μs microsecond microseconds usec"),
    "ms": (Fraction(1, 1000), "ms msec msecs millisecond milliseconds millis"),
    "s": (Fraction(1), "s sec secs second seconds"),
    "min": (Fraction(60), "min mins minute minutes"),
    "h": (Fraction(3600), "h hr hrs hour hours"),
    "d": (DAY, "d day days"),
    "wk": (7 * DAY, "w wk wks week weeks"),
    "mo": (YEAR / 12, "mo mos month months"),
    "yr": (YEAR, "y yr yrs year years"),
}
_OTHER = {
    ("share", "%"): (Fraction(1, 100), "% percent per\u00a0cent pct"),
    ("share", "ppm"): (Fraction(1, 10**6), "ppm"),
    ("points", "pp"): (Fraction(1), "pp"),
    ("times", "x"): (Fraction(1), "x × fold"),
    ("frequency", "Hz"): (Fraction(1), "Hz hertz"),
    ("frequency", "kHz"): (Fraction(10**3), "kHz"),
    ("frequency", "MHz"): (Fraction(10**6), "MHz"),
    ("frequency", "GHz"): (Fraction(10**9), "GHz"),
    ("power", "W"): (Fraction(1), "W watt watts"),
    ("power", "kW"): (Fraction(1000), "kW kilowatt kilowatts"),
    ("temperature", "°C"): (Fraction(1), "°C"),
    ("milli", "m"): (Fraction(1), "m"),
}
_SCALES = ("", "k", "M", "G", "T", "P", "E")
_NAMES = ("", "kilo", "mega", "giga", "tera", "peta", "exa")


def _data() -> dict[str, Unit]:
    """Bytes and bits, in powers of 1,000 and of 1,024. `Mb` is megabits, `mb` was meant as megabytes."""
    found: dict[str, Unit] = {}
    for power, (scale, name) in enumerate(zip(_SCALES, _NAMES, strict=True)):
        upper = scale.upper()
        by = Unit(f"{scale}B", "data", Fraction(1000**power))
        bits = Unit(f"{scale}bit", "bits", Fraction(1000**power))
        rate = Unit(f"{scale}bit/s", "bits/time", Fraction(1000**power))
        for spelt in (f"{scale}B", f"{upper}B", f"{name}byte", f"{name}bytes"):
            found[spelt] = by
        if scale:
            found |= dict.fromkeys((f"{scale.lower()}b",), by)
            found |= dict.fromkeys((f"{upper}b",), bits)
            binary = Unit(f"{upper}iB", "data", Fraction(1024**power))
            names = (
                f"{upper}iB",
                f"{upper}ib",
                f"{upper}i",
                f"{scale.lower()}ib",
                f"{name[:2]}bibyte",
                f"{name[:2]}bibytes",
            )
            found |= dict.fromkeys(names, binary)
        for spelt in (f"{scale}bit", f"{upper}bit", f"{name}bit", f"{name}bits"):
            found[spelt] = bits
        for spelt in (f"{scale}bps", f"{upper}bps", f"{scale}bit/s", f"{upper}bit/s"):
            found[spelt] = rate
    return found


def _all() -> dict[str, Unit]:
    found = _data()
    for symbol, (factor, spellings) in _TIME.items():
        found |= dict.fromkeys(spellings.split(" "), Unit(symbol, "time", factor))
    for (dimension, symbol), (factor, spellings) in _OTHER.items():
        found |= {s.replace("\u00a0", " "): Unit(symbol, dimension, factor) for s in spellings.split(" ")}
    return found


UNITS: dict[str, Unit] = _all()
"""By spelling, case included."""

SHORT_RATES: dict[str, tuple[str, str]] = {
    "rps": ("req", "s"),
    "qps": ("query", "s"),
    "tps": ("transaction", "s"),
    "iops": ("op", "s"),
    "rpm": ("req", "min"),
}
"""Rates that are written as one word: what is counted, and per what."""  # fmt: skip

COUNTED: dict[str, str] = {
    "req": "req",
    "reqs": "req",
    "request": "req",
    "requests": "req",
    "query": "query",
    "queries": "query",
    "op": "op",
    "ops": "op",
    "operation": "op",
    "operations": "op",
    "call": "call",
    "calls": "call",
    "event": "event",
    "events": "event",
    "message": "message",
    "messages": "message",
    "token": "token",
    "tokens": "token",
    "write": "write",
    "writes": "write",
    "read": "read",
    "reads": "read",
    "transaction": "transaction",
    "transactions": "transaction",
    "connection": "connection",
    "connections": "connection",
    "error": "error",
    "errors": "error",
    "restart": "restart",
    "restarts": "restart",
    "deployment": "deployment",
    "deployments": "deployment",
    "pod": "pod",
    "pods": "pod",
    "node": "node",
    "nodes": "node",
    "replica": "replica",
    "replicas": "replica",
    "user": "user",
    "users": "user",
    "time": "time",
    "times": "time",
    "retry": "retry",
    "retries": "retry",
    "sample": "sample",
    "samples": "sample",
    "core": "core",
    "cores": "core",
    "cpu": "cpu",
    "cpus": "cpu",
    "vcpu": "cpu",
    "vcpus": "cpu",
}
"""What numbers count, where that is a unit of its own."""  # fmt: skip

COUNTS = frozenset(COUNTED.values())


def unit_of(symbol: str) -> Unit | None:
    """The unit of a canonical symbol, rates such as `req/s`, `USD/mo` or `GB/d` included; None for none."""
    known = _BY_SYMBOL.get(symbol)
    if known or "/" not in symbol:
        return known or (Unit(symbol, symbol, Fraction(1)) if symbol else None)
    above, _, below = symbol.partition("/")
    top, bottom = unit_of(above), unit_of(below)
    if top is None or bottom is None:
        return None
    return Unit(symbol, f"{top.dimension}/{bottom.dimension}", top.factor / bottom.factor)


_BY_SYMBOL = {unit.symbol: unit for unit in UNITS.values()}
