"""A decision record, taken apart: drivers, options, what was chosen, consequences on both sides.

The headings of MADR and of Nygard's form are understood, whatever their case; a record that has others simply has fewer
parts. Every part is a stretch of the record, never words of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.units import Unit, units
from service.grounding.quote import LEAST_WORDS
from service.protocols.quotation import Quotation, quotation
from service.protocols.sections import headed

CONTEXT = re.compile(r"^(?:\d+\.?\s*)?(?:context\b|problem\b|background\b|motivation\b|issue\b)", re.IGNORECASE)
DRIVERS = re.compile(r"\bdrivers?\b|\bforces\b|\brequirements\b|\bconstraints\b|\bgoals?\b", re.IGNORECASE)
DECISION = re.compile(
    r"^(?:\d+\.?\s*)?decision\b(?! driver)|\bdecision outcome\b|^outcome\b|\bresolution\b", re.IGNORECASE
)
OPTIONS = re.compile(r"\boptions?\b|\balternatives?\b", re.IGNORECASE)
CONSEQUENCES = re.compile(r"\bconsequences?\b|\bimplications?\b|\btrade-?offs?\b|\bimpact\b", re.IGNORECASE)
STATUS = re.compile(r"^status\b", re.IGNORECASE)

_GOOD = re.compile(r"^\W*(?:good|pro|pros|positive|benefit|advantage|\+)\b", re.IGNORECASE)
_BAD = re.compile(r"^\W*(?:bad|con|cons|negative|drawback|disadvantage|cost|risk|-)\b", re.IGNORECASE)
_CHOSEN = re.compile(
    r"\bchosen option\W+(?P<madr>[^.;\n]{3,160}?)(?:[\"”*]|,? because\b|,|[.;]|$)"
    r"|\bwe (?:will|have decided to|decided to|chose to|choose to|chose|choose|are going to) (?P<we>[^.;\n]{3,160}?)"
    r"(?:,? because\b|,|[.;]|$)",
    re.IGNORECASE,
)
_ALIAS = re.compile(r"\((?P<alias>[A-Z][A-Za-z0-9.+-]{1,14})\)")
_NAME = re.compile(r"^\W*(?:\d+[.)]\s*)?(?P<name>[^.;:(\n]{3,120})")


@dataclass(frozen=True, slots=True)
class Option:
    """An option that a record weighed: the words it goes by, and where it stands.

    whole  whether the place is the option and nothing else; one of a word or two is cited with its neighbour
    """

    name: str
    place: Quotation
    whole: bool = True

    @property
    def alias(self) -> str:
        """The short name that follows in brackets, "" without one."""
        match = _ALIAS.search(self.place.text) if self.whole else None
        return match["alias"] if match else ""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The parts of a record, each empty where the record has none. `chosen` is what the decision says in words."""

    document: Document
    context: tuple[Quotation, ...]
    drivers: tuple[Quotation, ...]
    options: tuple[Option, ...]
    decision: Quotation | None
    chosen: str
    good: tuple[Quotation, ...]
    bad: tuple[Quotation, ...]


def anatomy(document: Document) -> Anatomy:
    """The record's parts."""
    decision, chosen = _decision(document)
    weighed = list(_quotes(document, CONSEQUENCES))
    return Anatomy(
        document=document,
        context=tuple(_quotes(document, CONTEXT)),
        drivers=tuple(_quotes(document, DRIVERS)),
        options=tuple(_options(document)),
        decision=decision,
        chosen=chosen,
        good=tuple(q for q in weighed if _GOOD.search(_bare(q.text))),
        bad=tuple(q for q in weighed if _BAD.search(_bare(q.text))),
    )


def _bare(text: str) -> str:
    """An item's text without its marker."""
    return re.sub(r"^[-*+•]\s+", "", text)


def _quotes(document: Document, titles: re.Pattern[str]) -> Iterator[Quotation]:
    for branch in headed(document, titles):
        for unit in units(document, branch.span):
            if unit.kind != "code" and (found := quotation(document, unit)):
                yield found


def _decision(document: Document) -> tuple[Quotation | None, str]:
    """The sentence that decides, and what it chooses."""
    first: Quotation | None = None
    for branch in headed(document, DECISION):
        for unit in units(document, branch.span):
            text = " ".join(document.visible(unit.start, unit.end).split())
            found = quotation(document, unit)
            match = _CHOSEN.search(text)
            if found and match:
                return found, (match["madr"] or match["we"]).strip(' "“”*_`')
            first = first or found
    return first, ""


def _options(document: Document) -> Iterator[Option]:
    """The top items of the first list under a heading of options; without a list, the headings below it."""
    for branch in headed(document, OPTIONS):
        listed = [u for u in units(document, branch.own) if u.kind == "item" and _depth(document, u) == 1]
        for at, unit in enumerate(listed):
            whole = quotation(document, unit)
            place = whole or _beside(document, unit, listed[at - 1] if at else listed[-1])
            name = _NAME.match(_bare(" ".join(document.visible(unit.start, unit.end).split())))
            if place and name:
                yield Option(name["name"].strip(" *_`"), place, whole is not None)
        if listed:
            return


def _beside(document: Document, unit: Unit, other: Unit) -> Quotation | None:
    """A short item together with another of its list; None where something hidden lies between."""
    span = Span(min(unit.start, other.start), max(unit.end, other.end))
    text = document.text[span.start : span.end]
    whole = document.visible(span.start, span.end) == text and len(text.split()) >= LEAST_WORDS
    return Quotation(document, (span,), " ".join(text.split()), "") if whole else None


def _depth(document: Document, unit: Unit) -> int:
    return document.parsed.blocks[unit.block].depth


def status_place(document: Document) -> Quotation | None:
    """Where the document itself shows its status; None where only its front matter does."""
    for branch in headed(document, STATUS):
        for unit in units(document, branch.own):
            if found := quotation(document, unit):
                return found
    status = document.parsed.metadata.status
    for unit in units(document, Span(0, min(len(document.text), 4000))):
        text = document.visible(unit.start, unit.end)
        if status and re.search(r"\bstatus\b", text, re.IGNORECASE) and status.lower() in text.lower():
            return quotation(document, unit)
    return None
