"""Other numbers, other units, other percentiles, other bounds.

A number is exchanged for one of the same shape from the cited stretch, else for a computed one. Behind a bound only a
value that the bound does not already allow is taken: "at least 3" does not make "at least 2" false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from random import Random

from eval.perturbing.perturbed import Change
from eval.perturbing.sentences import Sentence

_NUMBER = re.compile(r"(?<![\w.,:/$#@+`=-])v?\d+(?:,\d{3})*(?:\.\d+){0,3}(?=[\s,;)%]|[.](?:\s|$)|$|-(?:[a-z]))")
_AT_LEAST = re.compile(r"(?:\b(?:at least|more than|over|above|exceeds?|minimum(?: of)?)|>=?|≥)\s*$", re.I)
_AT_MOST = re.compile(
    r"(?:\b(?:at most|less than|fewer than|under|below|within|up to|maximum(?: of)?|until)|<=?|≤)\s*$", re.I
)
_DENIED = re.compile(r"(?:\b(?:not|never|no|cannot)\b|n't\b)(?:\W+\w+){0,4}\W*$", re.I)
"""A bound that is denied is the opposite bound: cannot log more than 500."""
_ABOUT = re.compile(r"(?:\b(?:about|around|approximately|roughly|nearly|almost|circa|or so)|~)\s*$", re.I)
_MONTH = (
    "Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec"
)

# One word a unit, with its size in the smallest one of its family.
_TIME: dict[str, float] = {
    "nanosecond": 1e-9, "microsecond": 1e-6, "millisecond": 1e-3, "second": 1, "minute": 60, "hour": 3600, "day": 86400,
    "week": 604800, "month": 2629800, "year": 31557600,
}  # fmt: skip
_SHORT_TIME: dict[str, float] = {
    "ns": 1e-9,
    "us": 1e-6,
    "ms": 1e-3,
    "s": 1,
    "sec": 1,
    "min": 60,
    "h": 3600,
    "hrs": 3600,
}
_SIZE: dict[str, float] = {
    "B": 1,
    "KB": 1e3,
    "MB": 1e6,
    "GB": 1e9,
    "TB": 1e12,
    "KiB": 2**10,
    "MiB": 2**20,
    "GiB": 2**30,
    "TiB": 2**40,
}
_LONG_SIZE: dict[str, float] = {"byte": 1, "kilobyte": 1e3, "megabyte": 1e6, "gigabyte": 1e9, "terabyte": 1e12}
_SHORT_SIZE: dict[str, float] = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
_RATE: dict[str, float] = {"Hz": 1, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9}
_FAMILIES: tuple[dict[str, float], ...] = (_TIME, _SHORT_TIME, _SIZE, _LONG_SIZE, _SHORT_SIZE, _RATE)
_UNIT = re.compile(
    r"(?<![\w.])(?P<number>\d+(?:\.\d+)?|\b(?:one|two|three|four|five|six|ten|an?|few|several))(?P<gap>[ -]?)"
    r"(?P<unit>" + "|".join(sorted({name for family in _FAMILIES for name in family}, key=len, reverse=True)) + r")"
    r"(?P<plural>s?)(?![\w/])"
)
_DISTINCT = 3.5
"""Units whose sizes are nearer than this are not told apart: a week is about a quarter of a month, a MB a MiB."""

_PERCENTILE = re.compile(
    r"(?<![\w.])(?:p(?P<short>50|75|90|95|99(?:\.9+)?)\b|(?P<long>50|75|90|95|99(?:\.9+)?)th(?= percentile))"
)
_RANKS = ("50", "75", "90", "95", "99", "99.9")

# Each reads the same way in the sentence as the other, and says the opposite.
_BOUNDS = (
    ("at least", "at most"), ("no more than", "no fewer than"), ("more than", "less than"),
    ("greater than", "less than"), ("higher than", "lower than"), ("larger than", "smaller than"),
    ("longer than", "shorter than"), ("older than", "newer than"), ("faster than", "slower than"),
    ("greater than or equal to", "less than or equal to"), ("the minimum", "the maximum"), ("a minimum", "a maximum"),
    ("upper bound", "lower bound"), ("upper limit", "lower limit"), ("the lowest", "the highest"),
    ("the smallest", "the largest"), (">=", "<="), ("≥", "≤"),
)  # fmt: skip
_BEFORE_NUMBER = (("over", "under"), ("above", "below"), ("up to", "at least"), ("within", "after"))
_SEQUENCE = (("before", "after"), ("older", "newer"), ("earlier than", "later than"))
_NEGATED = re.compile(r"\b(?:no|not|n't|once|even|and)\s*$", re.IGNORECASE)
"""Before these words the opposite would say something else again."""
_THAN_OR = r"(?! or equal)"


def number(sentence: Sentence, random: Random) -> Iterator[Change]:
    """Another number in place of each number."""
    pool = _numbers(sentence.elsewhere)
    for match in _NUMBER.finditer(sentence.text):
        old, before = match.group(), sentence.text[: match.start()]
        if _is_fixed(before, sentence.text[match.end() :]):
            continue
        near = sorted({n for n in pool if _same_shape(n, old) and _makes_false(n, old, before)})
        made = sorted({n for n in _computed(old) if _makes_false(n, old, before)} - set(near))
        for options in (near, made):
            if options:
                yield _changed(sentence.text, match.start(), match.end(), random.choice(options))


def unit(sentence: Sentence, random: Random) -> Iterator[Change]:
    """Another unit of the same family behind each number."""
    for match in _UNIT.finditer(sentence.text):
        if not match["number"][0].isdigit() and not match["gap"]:
            continue
        name, plural = match["unit"], match["plural"]
        family = next(family for family in _FAMILIES if name in family)
        if plural and family not in (_TIME, _LONG_SIZE):
            continue
        options = [
            other
            for other, size in family.items()
            if max(size / family[name], family[name] / size) >= _DISTINCT
            and not (
                match["number"] in ("a", "an") and (other[0] in "aeio" or other == "hour") != (match["number"] == "an")
            )
        ]
        known = [o for o in options if re.search(rf"\b(?:\d[\d.]*)?{o}s?\b", sentence.elsewhere)]
        for choice in (known, [o for o in options if o not in known]):
            if choice:
                yield _changed(sentence.text, match.start("unit"), match.end(), random.choice(choice) + plural)


def percentile(sentence: Sentence, random: Random) -> Iterator[Change]:
    """Another percentile."""
    for match in _PERCENTILE.finditer(sentence.text):
        rank = match["short"] or match["long"]
        known = [
            r for r in _RANKS if r != rank and re.search(rf"(?<![\d.])(?:p{r}(?!\.?\d)|{r}th)", sentence.elsewhere)
        ]
        for options in (known, [r for r in _RANKS if r != rank and r not in known]):
            if options:
                new = random.choice(options)
                yield _changed(sentence.text, match.start(), match.end(), f"p{new}" if match["short"] else f"{new}th")


def bound(sentence: Sentence, random: Random) -> Iterator[Change]:
    """The opposite bound or order."""
    for pairs, behind in ((_BOUNDS, ""), (_BEFORE_NUMBER, r"(?=\s+~?\d)"), (_SEQUENCE, r"(?=\s+\w)")):
        for pair in pairs:
            for old, new in (pair, pair[::-1]):
                for match in _pattern(old, behind).finditer(sentence.text):
                    before = sentence.text[: match.start()]
                    if before.count("`") % 2 == 0 and not _NEGATED.search(before):
                        yield _changed(sentence.text, match.start(), match.end(), _cased(new, match.group()))


@cache
def _pattern(old: str, behind: str) -> re.Pattern[str]:
    edge = r"\b" if old[0].isalpha() else r"(?<![<>=-])"
    return re.compile(
        rf"{edge}{re.escape(old)}(?![\w>]){_THAN_OR if old.endswith('than') else ''}{behind}", re.IGNORECASE
    )


def _changed(text: str, start: int, end: int, new: str) -> Change:
    return Change(text[:start] + new + text[end:], text[start:end], new)


def _numbers(text: str) -> list[str]:
    return [match.group() for match in _NUMBER.finditer(text)]


def _is_fixed(before: str, after: str) -> bool:
    """Whether the number is a name rather than a quantity: a step, a figure, a date, part of a code span."""
    return (
        before.count("`") % 2 == 1
        or re.search(
            rf"(?:\b(?:step|figure|fig\.|table|section|chapter|page|line|rfc|kep|issue|pr|{_MONTH})[ #-]*)$",
            before,
            re.I,
        )
        is not None
        or re.match(rf"\s*(?:{_MONTH})\b", after) is not None
        or not before.strip()
    )


def _value(number: str) -> Decimal:
    """Of a version, only its first two parts."""
    return Decimal(".".join(number.lstrip("v").replace(",", "").split(".")[:2]))


def _same_shape(one: str, other: str) -> bool:
    def year(n: str) -> bool:
        return n.isdigit() and 1950 <= int(n) <= 2049

    return all(of(one) == of(other) for of in (year, _marked, _is_one))


def _marked(number: str) -> tuple[bool, int]:
    return number.startswith("v"), number.count(".")


def _is_one(number: str) -> bool:
    """Whether a singular follows it."""
    return number == "1"


def _makes_false(new: str, old: str, before: str) -> bool:
    if new == old or (_value(new) == _value(old) and old.count(".") < 2):
        return False
    high, low = _value(new), _value(old)
    for pattern, upwards in ((_AT_LEAST, True), (_AT_MOST, False)):
        if bounded := pattern.search(before):
            denied = _DENIED.search(before[: bounded.start()]) is not None
            return (high > low) == (upwards != denied) and high != low
    return not _ABOUT.search(before) or abs(high - low) * 2 > abs(low)


def _computed(old: str) -> list[str]:
    """Numbers of the same shape that the cited stretch need not have."""
    parts = old.lstrip("v").replace(",", "").split(".")
    last, mark = int(parts[-1]), "v" if old.startswith("v") else ""
    if len(parts) > 1:
        changed = [last + 1, last + 2, last - 1 if last > 1 else last + 3]
        return [mark + ".".join([*parts[:-1], str(n).zfill(len(parts[-1]))]) for n in changed if n >= 0]
    made = (
        [last + 1, last * 2, last * 10, last + 5]
        if last < 10
        else [last * 2, last // 2, last + last // 5 + 1, last * 10]
    )
    if 1950 <= last <= 2049:
        made = [last - 1, last + 1, last - 2]
    return [mark + (f"{n:,}" if "," in old else str(n)) for n in made if n > 1 and n != last and last != 1]


def _cased(new: str, old: str) -> str:
    return new[0].upper() + new[1:] if old[0].isupper() else new
