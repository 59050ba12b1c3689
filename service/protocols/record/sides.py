"""Which side of a choice a stretch is on: what speaks for a thing, or what it costs.

A marker decides first (`Good, because`, `Con:`), then the heading or lead-in that it stands under (`Drawbacks`), at
last its own words, where only one side's occur and nothing turns them round.
"""

from __future__ import annotations

import re
from typing import Literal

from corpus.documents import Document, Span
from corpus.outline import section_path
from corpus.units import Unit
from service.grounding.context import needs

Side = Literal["good", "bad", ""]
SIDES: tuple[Side, ...] = ("good", "bad")

_MARKED = {
    "good": re.compile(r"^\W*(?:good|pros?|positive|benefits?|advantages?)\b\W*(?:,|:|because\b|-)", re.IGNORECASE),
    "bad": re.compile(
        r"^\W*(?:bad|cons?|negative|drawbacks?|disadvantages?|risks?|costs?)\b\W*(?:,|:|because\b|-)", re.IGNORECASE
    ),
}
_HEADED = {
    "good": re.compile(r"\b(?:pros|advantages?|benefits?|positive|strengths?|gains?)\b", re.IGNORECASE),
    "bad": re.compile(
        r"\b(?:cons|disadvantages?|drawbacks?|negative|weakness(?:es)?|risks?|limitations?|caveats?|downsides?"
        r"|known (?:issues|problems))\b",
        re.IGNORECASE,
    ),
}
_WORDED = {
    "good": re.compile(
        r"\b(?:advantage|benefit|improv\w+|simpl(?:e|er|ifies)|eas(?:y|ier|ily)|fast(?:er)?|cheap(?:er)?|reliabl\w+|robust"
        r"|reduc(?:es?|ed) (?!availability|throughput|performance)\w+|saves?|avoids?|efficient\w*|safer|secure"
        r"|well[- ]understood|mature|scales? (?:well|to|out))\b",
        re.IGNORECASE,
    ),
    "bad": re.compile(
        r"\b(?:disadvantages?|drawbacks?|downsides?|complex(?:ity)?|complicat\w+|slow(?:er|s|down)?|expensive|cost(?:s|ly)?"
        r"|overhead|risk(?:s|y)?|fragile|brittle|lock-?in|burden|fail(?:s|ures?)?|los(?:e|es|s)\b|cannot|can't|harder"
        r"|difficult|bottleneck|limit(?:ed|ation)s?|breaks?|increas(?:es?|ed) (?:latency|cost|memory|load))\b",
        re.IGNORECASE,
    ),
}
_TURNED = re.compile(r"\b(?:not|no|never|without|but|however|although|though|unless|if|instead)\b|n't\b|\?", re.I)


def side(document: Document, unit: Unit) -> Side:
    """The side of a unit, "" where it is on none or nobody can tell."""
    text = " ".join(document.visible(unit.start, unit.end).split())
    bare = re.sub(r"^(?:[-*+•]|\d+[.)])\s+", "", text)
    return _one(_MARKED, bare) or _under(document, unit) or _worded(bare)


def _under(document: Document, unit: Unit) -> Side:
    """By the nearest lead-in or heading that names one side alone."""
    led = [document.text[s.start : s.end] for s in needs(document, Span(unit.start, unit.end)).spans]
    leads = [text for text in reversed(led) if len(text.split()) <= 5]
    for title in (*leads, *reversed(section_path(document, unit.start)[1:])):
        if any(pattern.search(title) for pattern in _HEADED.values()):
            return _one(_HEADED, title)
    return ""


def _worded(text: str) -> Side:
    return "" if _TURNED.search(text) else _one(_WORDED, text)


def _one(patterns: dict[str, re.Pattern[str]], text: str) -> Side:
    """The side whose pattern alone occurs."""
    good, bad = (bool(patterns[name].search(text)) for name in ("good", "bad"))
    return "" if good == bad else "good" if good else "bad"
