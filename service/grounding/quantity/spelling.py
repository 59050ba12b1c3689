"""Text -> numbers as they are spelt: measures, counts, versions, dates, and words that digits stand in.

Every digit of a text stands in exactly one of them, the markers of numbered lists aside; what no rule knows is a `name`
and has to match as it stands. Ranges (`10-20 ms`, `between 5 and 10`) and compounds (`1h30m`) are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from service.grounding.quantity.units import COUNTED, SHORT_RATES, UNITS

Kind = Literal["measure", "version", "date", "clock", "percentile", "name"]

WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
    "hundred": 100, "thousand": 1000,
}  # fmt: skip
_SCALE = {"k": 10**3, "K": 10**3, "M": 10**6, "bn": 10**9, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
_MONEY = {"$": "USD", "€": "EUR", "£": "GBP", "USD": "USD", "EUR": "EUR", "GBP": "GBP"}
_SPELLINGS = "|".join(
    re.escape(s) for s in sorted({*UNITS, *SHORT_RATES, *map(str.upper, SHORT_RATES), *COUNTED}, key=len, reverse=True)
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\d)|\.\d+"
_PER = (
    r"(?:\s?/\s?|\s(?:per|an?|each|every)\s)"
    r"(?P<per>seconds?|secs?|s|minutes?|mins?|min|m|hours?|hr|h|days?|d|weeks?|months?|mo|years?|yr|y"
    r"|[a-z]*(?:request|req|core|node|pod|user|token|GB|GiB|cluster|zone|replica|shard|instance|call|query|op)s?)(?!\w)"
)
_FORM = re.compile(
    rf"""
    (?P<url>\b[a-z][a-z+.-]*://[^\s<>()"'`]*\d[^\s<>()"'`]*)
  | (?P<address>(?<![\w.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?:[:/]\d+)?(?![\w.]))
  | (?P<date>(?<![\w.])(?:\d{{4}}-\d{{2}}-\d{{2}}(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?Z?)?
        |\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}(?:,?\s\d{{4}})?|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?
        |{_MONTH}\s\d{{4}})(?!\w))
  | (?P<clock>(?<![\w.:])\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s?[ap]m)?(?![\w:]))
  | (?P<percentile>(?<![\w.])[pP](?:50|[5-9]\d(?:\.\d+)?|100|9{{3,4}})(?!\w)
        |(?<![\w.])\d{{2}}(?:\.\d+)?(?:th|st|nd|rd)?[\s-]percentiles?\b|\bmedian\b)
  | (?P<version>(?<![\w.])(?:[vV]\d+(?:\.(?:\d+|x))*|\d+\.\d+\.(?:\d+|x)(?:\.\d+)*|(?<=ersion\s)\d+(?:\.(?:\d+|x))*
        |(?<=elease\s)\d+\.(?:\d+|x)|(?<=ubernetes\s)\d+\.(?:\d+|x))(?:[-+.]?(?:alpha|beta|rc|[a-z]+\.)[\w.]*\w|[-+][a-z]+\d*)?(?!\w))
  | (?P<nines>(?<![\w.])(?P<how>\d|two|three|four|five|six)[\s-]nines?\b)
  | (?P<compound>(?<![\w.])(?:\d+(?:\.\d+)?\s?(?:h|hours?)\s?(?:and\s)?\d+\s?(?:m|min|mins|minutes?)(?:\s?\d+\s?s)?
        |\d+(?:\.\d+)?\s?(?:m|min|minutes?)\s?(?:and\s)?\d+(?:\.\d+)?\s?(?:s|sec|seconds?)
        |\d+\s?(?:d|days?)\s?\d+\s?(?:h|hours?))(?!\w))
  | (?P<word>(?<![\w.-])(?!sub-\d)(?:[#@A-Za-z_]|\$(?=[A-Za-z_]))(?:[\w$@]|[-./](?=[\w$@]))*\d(?:[\w@]|[-./:](?=\w))*)
  | (?P<measure>(?<![\w.])(?P<sign>(?<![\w)\]%])[-−])?(?P<money>[$€£]\s?|(?:USD|EUR|GBP)\s)?
        (?P<number>{_NUMBER}|(?i:\b(?:{"|".join(WORDS)}|half(?:\san?)?)\b(?=[\s-])))
        (?P<scale>\s(?:thousand|million|billion)\b|(?:[kK]|M|bn)(?![A-Za-z]))?
        (?P<unit>[\s\u00a0]?(?:%|°C|×)|[\s\u00a0-]?(?:per\scent|{_SPELLINGS}|USD|EUR|GBP)(?![\w]))?
        (?:{_PER})?(?![A-Za-z_]|\.?\d))
  | (?P<rest>[^\W_]*\d(?:\w|[-./:@](?=\w))*)
    """,
    re.VERBOSE,
)
_CANDIDATE = re.compile(rf"\S*\d\S*|\b(?i:{'|'.join(WORDS)}|half|median)\b|\b{_MONTH}(?=\s\d)")
_REACH = 80
_MARKER = re.compile(r"^[ \t>]*\d+[.)](?=\s)", re.MULTILINE)
_JOIN = re.compile(r"\s?[-–—]\s?|\s(?:to|through)\s|\sand\s")


@dataclass(frozen=True, slots=True)
class Spelt:
    """One number as it is spelt. `low` and `high` are in `unit`; `label` says what is no measure."""

    kind: Kind
    start: int
    end: int
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    label: str = ""


def spellings(text: str) -> list[Spelt]:
    """The numbers of a text, in order, without overlaps."""
    found: list[Spelt] = []
    for spelt in _each(text):
        joined = _range(text, found[-1], spelt) if found else None
        if joined:
            found[-1] = joined
        else:
            found.append(spelt)
    return found


def _each(text: str) -> Iterator[Spelt]:
    """Looks where digits, number words or months stand, which is faster than looking everywhere."""
    markers = {m.end() - 1 for m in _MARKER.finditer(text)}
    at = 0
    for candidate in _CANDIDATE.finditer(text):
        at = max(at, candidate.start())
        while at < candidate.end():
            match = _FORM.search(text, at, candidate.end() + _REACH)
            if match is None or match.start() >= candidate.end():
                break
            at = match.end()
            if not (match.end() in markers and match["measure"]):
                yield _read(match)


def _read(match: re.Match[str]) -> Spelt:
    """The meaning of one match."""
    kind = match.lastgroup if match.lastgroup in ("date", "clock", "percentile", "version") else None
    start, end, text = match.start(), match.end(), match.group()
    for name in ("date", "clock", "percentile", "version"):
        if match[name]:
            kind = name
    if kind == "date":
        return Spelt("date", start, end, label=_date(text))
    if kind == "clock":
        return Spelt("clock", start, end, label=re.sub(r"\s", "", text).lower())
    if kind == "percentile":
        return Spelt("percentile", start, end, label=percentile(text))
    if kind == "version":
        return Spelt("version", start, end, label=text.lstrip("vV"))
    if match["nines"]:
        count = int(match["how"]) if match["how"].isdigit() else WORDS[match["how"].lower()]
        share = 100 - Decimal(100) / 10**count
        return Spelt("measure", start, end, share, share, "%")
    if match["compound"]:
        total = _compound(text)
        return Spelt("measure", start, end, total, total, "s")
    if match["measure"]:
        return _measure(match)
    return Spelt("name", start, end, label=text.rstrip("-./:"))


def _measure(match: re.Match[str]) -> Spelt:
    word = match["number"].lower()
    value = (
        Decimal("0.5")
        if word.startswith("half")
        else Decimal(WORDS[word])
        if word in WORDS
        else Decimal(word.replace(",", ""))
    )
    scale, unit = (match["scale"] or "").strip(), (match["unit"] or "").strip(" \u00a0-")
    value *= _SCALE.get(scale, 1)
    if match["sign"]:
        value = -value
    counted, per = SHORT_RATES.get(unit.lower(), ("", ""))
    symbol = counted or _symbol(unit)
    money = (match["money"] or "").strip()
    symbol = _MONEY[money] if money else symbol
    per = "" if symbol == "%" else per or _symbol((match["per"] or "").strip())
    per = "min" if per == "m" else per
    return Spelt("measure", match.start(), match.end(), value, value, f"{symbol}/{per}" if per else symbol)


def _symbol(spelt: str) -> str:
    """The canonical symbol of a unit as it is spelt."""
    if spelt in _MONEY:
        return _MONEY[spelt]
    if spelt == "per cent":
        return "%"
    return UNITS[spelt].symbol if spelt in UNITS else COUNTED.get(spelt, spelt)


def percentile(spelt: str) -> str:
    """`p99` for every spelling of it."""
    if spelt.lower().startswith("median"):
        return "p50"
    digits = re.search(r"\d+(?:\.\d+)?", spelt)
    number = digits.group() if digits else ""
    return "p" + {"999": "99.9", "9999": "99.99"}.get(number, number)


def _date(spelt: str) -> str:
    """ISO form, as far as the day, month and year are said."""
    if re.match(r"\d{4}-", spelt):
        return spelt.replace(" ", "T")
    month = next(i for i, m in enumerate(_MONTHS, 1) if m[:3] in spelt)
    year, day = re.search(r"\d{4}", spelt), re.search(r"(?<!\d)\d{1,2}(?!\d)", spelt)
    return "-".join((year.group() if year else "", f"{month:02d}", f"{int(day.group()):02d}" if day else ""))


def _compound(spelt: str) -> Decimal:
    """Seconds."""
    total = Fraction()
    for number, unit in re.findall(r"(\d+(?:\.\d+)?)\s?([a-z]+)", spelt):
        total += Fraction(number) * (60 if unit == "m" else UNITS[unit].factor)
    return Decimal(total.numerator) / Decimal(total.denominator)


def _range(text: str, left: Spelt, right: Spelt) -> Spelt | None:
    """Both as one range, where they are its ends; a left end without a unit has the right one's."""
    between = text[left.end : right.start]
    if left.kind != "measure" or right.kind != "measure" or not _JOIN.fullmatch(between):
        return None
    if left.low is None or right.high is None or left.low != left.high or right.low != right.high:
        return None
    if between.strip() == "and" and not re.search(r"\bbetween\s+$", text[: left.start]):
        return None
    if (left.unit and left.unit != right.unit) or left.low >= right.high:
        return None
    return replace(left, end=right.end, high=right.high, unit=right.unit)
