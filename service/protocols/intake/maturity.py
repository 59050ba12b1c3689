"""The level of maturity by the model of `maturity.toml`, with the statements that speak for it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.documents import Document, Span
from corpus.outline import section_path
from corpus.units import Unit, units
from service.answering.terms import terms
from service.protocols.quotation import Quotation, quotation
from service.protocols.reading import Reading

UNKNOWN = "unknown"
_ENOUGH = 2
_SHARED = 3
_MOST = 4
_LONGEST = 60
_PLANNED = re.compile(
    r"\b(?:will|shall|should|would|could|may|might|must|want|wants|plan(?:s|ned)?|propos\w+|goals?|future|eventually"
    r"|aims?|intend\w*|need(?:s|ed)? to|to be)\b|\?",
    re.IGNORECASE,
)
_NOT_HERE = re.compile(
    r"\bnot?\b|n't\b|\bwithout\b(?! (?:asking|a ticket|opening))|\bnone\b|\black\w*\b|\bnever\b", re.I
)
_PLANS = re.compile(
    r"\bgoals?\b|\bplans?\b|\bproposal\b|\bfuture\b|\boutcomes?\b|\broadmap\b|\balternativ|\bdesign\b|\bvision\b", re.I
)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the model; the fields are explained in `maturity.toml`."""

    name: str
    says: str
    next: str
    cues: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Maturity:
    """The level, None where nothing is said of today, and the statements that speak for it."""

    level: Level | None
    evidence: tuple[Quotation, ...]


@cache
def levels() -> tuple[Level, ...]:
    """The levels, lowest first."""
    table = tomllib.loads(Path(__file__).with_name("maturity.toml").read_text("utf-8"))
    return tuple(
        Level(row["name"], row["says"], row["next"], tuple(re.compile(cue, re.IGNORECASE) for cue in row["cues"]))
        for row in table["level"]
    )


def maturity(reading: Reading, own: Document, about: str) -> Maturity:
    """The level at which the subject stands: by the initiative's own text, else by the library on its subject."""
    told = _level(list(_today(own, units(own, Span(0, len(own.text))))))
    if told.level:
        return told
    subject = terms(about)
    said: list[Quotation] = []
    for found in reading.found(f"how it is done today: {about}", limit=8):
        near = terms(f"{found.document.title} {found.text}")
        if len(subject & near) >= min(_SHARED, len(subject)) > 0:
            said += _today(found.document, [found.unit])
    return _level(said)


def _level(said: Sequence[Quotation]) -> Maturity:
    """The highest level with enough signs, else the lowest with any."""
    signs = {level: _signs(level, said) for level in levels()}
    enough = [level for level in levels() if len(signs[level]) >= _ENOUGH]
    some = [level for level in levels() if signs[level]]
    level = enough[-1] if enough else some[0] if some else None
    if level is None:
        return Maturity(None, ())
    return Maturity(level, tuple(dict.fromkeys(signs[level].values()))[:_MOST])


def _signs(level: Level, said: Sequence[Quotation]) -> dict[str, Quotation]:
    """The first statement with each cue of a level."""
    found: dict[str, Quotation] = {}
    for cue in level.cues:
        for quoted in said:
            if cue.search(quoted.text):
                found.setdefault(cue.pattern, quoted)
                break
    return found


def _today(document: Document, found: Sequence[Unit]) -> Iterator[Quotation]:
    """The units that say how things are, and not how they will be or are not."""
    for unit in found:
        text = document.visible(unit.start, unit.end)
        path = section_path(document, unit.start)
        if unit.kind == "code" or _PLANNED.search(text) or _NOT_HERE.search(text):
            continue
        if any(_PLANS.search(title) for title in path[1:]):
            continue
        quoted = quotation(document, unit)
        if quoted and len(quoted.spans) == 1 and len(quoted.text.split()) <= _LONGEST:
            yield quoted
