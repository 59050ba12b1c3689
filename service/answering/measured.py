"""Whether a measure that a question asks for stands anywhere near what it asks about.

A question for a duration, a size, a share, a price, a release or a port is not answered by a text that states none,
however much the text speaks of the rest. Where the units that state one cover less than half of what the best unit
covers of the question, the documents leave it open. A question that asks for something else besides is left to the
decision.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.answering.rank import Scored
from service.answering.subject import speaking
from service.answering.terms import terms
from service.grounding.ledger import ledger

_LEAST = 0.5
_TIMES = "milliseconds|ms|seconds|minutes|hours|days|weeks|months|quarters|years"
_ASKS = re.compile(
    r"\b(?:what|which|who|whom|whose|where|when|why|how|will|can|could|does|do|is|are|should|may|must)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Measure:
    """How a measure is asked for, the units it is stated in, and words and spellings that state it without a unit."""

    asked: re.Pattern[str]
    units: frozenset[str]
    said: re.Pattern[str]


def _measure(asked: str, units: str, said: str) -> _Measure:
    return _Measure(re.compile(asked, re.IGNORECASE), frozenset(units.split()), re.compile(said, re.IGNORECASE))


_UNITS_OF_TIME = "ns us ms s min h d wk mo yr"
_STATES_TIME = (
    r"\b(?:an?|one|each|every|per|half an?) (?:second|minute|hour|day|week|fortnight|month|quarter|year)\b"
    r"|\b(?:hourly|daily|nightly|weekly|monthly|quarterly|yearly|annually|indefinitely|forever|midnight)\b"
    r"|\bnever (?:expire|delete|remove|time|retr|end|stop)\w*|(?:[*\d/,-]+ ){4}[*\d]"
    r"|\w*(?:seconds|minutes|millis\w*|hours|days|ttl|timeout|interval|period|duration|retention)[\"'`]*"
    r"(?: ?[:=]|(?: (?:is|are|was|of|to|set|defaults?|value)){1,4}) ?[\"'`]*\d"
)

_MEASURES: Mapping[str, _Measure] = {
    "span": _measure(
        r"\bhow (?:long|soon)\b",
        _UNITS_OF_TIME,
        rf"{_STATES_TIME}|\b(?:since|until|till|as long as|as soon as|at once|immediately|decades?|centur(?:y|ies))\b",
    ),
    "frequency": _measure(
        r"\bhow (?:often|frequently)\b",
        _UNITS_OF_TIME,
        rf"{_STATES_TIME}|\b(?:once|twice|times|every|each|whenever|always|never|seldom|rarely|regularly)\b"
        r"|\b(?:continuous|constant|periodic|occasional)(?:al)?(?:ly)?\b|\bcron\w*",
    ),
    "time": _measure(
        rf"\bhow many (?:more )?(?:{_TIMES})\b"
        r"|\b(?:what|which)(?: [\w-]+){0,2} (?:interval|timeout|ttl|delay|latency|duration|time limit"
        r"|response time|retention)\b|\bwhat is the default of the (?:[\w-]+ )?(?:timeout|interval|ttl)\b",
        _UNITS_OF_TIME,
        _STATES_TIME,
    ),
    "data": _measure(
        r"\bhow (?:many (?:\w?bytes|[kmgt]i?b)|much (?:memory|ram|disk|storage|space|data))\b",
        "B kB MB GB TB PB EB KiB MiB GiB TiB PiB kbit Mbit Gbit",
        r"\w*(?:memory|ram|disk|storage|space|size|bytes)[\"'`]* ?(?:[:=]|(?:is|of|to)\b) ?[\"'`]*\d",
    ),
    "share": _measure(
        r"\b(?:what|which) (?:percentage|per ?cent|share|proportion|fraction)\b|\bhow many per ?cent\b",
        "% ppm pp x",
        r"\b(?:half|third|quarter|all|none|every|most|majority|0?\.\d+|\d+/\d+|\d+ (?:of|in|out of) \d+)\b",
    ),
    "money": _measure(
        r"\bhow much (?:money|does .{0,60}\bcost|do .{0,60}\bcost)\b"
        r"|\bwhat (?:is|are) the (?:\w+ )?(?:price|costs?) of\b",
        "",
        r"[$€£]\s?\d|\b\d[\d.,]* ?(?:million|billion|thousand)\b"
        r"|\b\d[\d.,]*\s?(?:usd|eur|dollars?|euros?|cents?)\b|\bfree\b|\bno (?:extra )?cost\b",
    ),
    "release": _measure(
        r"\b(?:which|what)(?: [\w.-]+){0,2} (?:release|version)\b",
        "",
        r"\bv?\d+\.(?:\d+|x)|\bv\d+|\b(?:release|version)s? \d|\b(?:19|20)\d\d\b"
        r"|\b(?:latest|next|first|every|any|all) (?:\w+ )?(?:release|version)",
    ),
    "port": _measure(
        r"\b(?:which|what)(?: [\w.-]+){0,2} (?:port|exit code|status code)(?: number)?\b", "", r"\d|\bzero\b"
    ),
}


def unmeasured(question: str, ranked: Sequence[Scored]) -> bool:
    """Whether the question asks for a measure alone, and no unit that speaks of it states one."""
    measure = next((m for m in _MEASURES.values() if m.asked.search(question)), None)
    if measure is None or not ranked or _asks_more(question, measure):
        return False
    own = speaking(((s.document, s.unit) for s in ranked), terms(question))
    heard = [s for s in ranked if s.document.id in own] or ranked
    best = max(scored.coverage for scored in heard)
    stating = max((s.coverage for s in heard if _states(s, measure)), default=0.0)
    return stating < _LEAST * best


def _asks_more(question: str, measure: _Measure) -> bool:
    """Whether the question asks for something beside the measure."""
    sentence = next(part for part in re.split(r"(?<=[.?!])\s+", question) if measure.asked.search(part))
    rest = measure.asked.sub(" ", sentence)
    return question.count("?") > 1 or re.search(rf"(?:,|;|\band\b|\bor\b)\W+{_ASKS.pattern}", rest, re.I) is not None


def _states(scored: Scored, measure: _Measure) -> bool:
    """Whether a unit states such a measure; a row of numbers may, by the head of its column."""
    text = scored.document.visible(scored.unit.start, scored.unit.end)
    if measure.said.search(text) or (scored.unit.kind == "row" and re.search(r"\d", text)):
        return True
    return any(q.kind == "measure" and q.unit.partition("/")[0] in measure.units for q in ledger(text))
