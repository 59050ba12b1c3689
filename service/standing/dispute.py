"""Ranked units of the evidence -> where two documents disagree. A false dispute is worse than a missed one.

1. Among the best units, two of different documents are compared: their measures as reviews compare them
   (`comparison`), else, where their words are nearly the same, whether one denies what the other says or puts another
   name in its place (the checks of the sentence contract).
2. They have to be about one thing. What they share names it: an identifier or a proper name, or else the titles of
   their documents. Where they, their headings or their titles differ in a word of scope (`scopes.toml`), in a name or
   in a version, they are about different things.
3. `precedence` says which side holds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import combinations, product
from pathlib import Path

from corpus.documents import Document, Span
from corpus.identifiers import identifiers
from corpus.outline import section_path
from corpus.units import Unit, units
from service.answering.rank import Scored
from service.answering.terms import terms
from service.grounding.alignment import content
from service.grounding.words.entities import names_of
from service.standing.comparison import apart
from service.standing.denial import denial
from service.standing.precedence import Precedence, precedence
from service.standing.statement import Statement, stated_in

_LOOKED = 40
_ALIKE = 0.5
_VERSION = re.compile(r"\bv?\d+(?:\.\d+)+\b|\bv\d+\b")
_MOST = 3
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Stand:
    """One side: a unit, and the value or the words that it states."""

    document: Document
    unit: Unit
    text: str
    says: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two units that disagree, and which holds. `subject` is what both say, the value left out."""

    subject: str
    sides: tuple[Stand, Stand]
    precedence: Precedence

    @property
    def holding(self) -> Stand | None:
        """The side that takes precedence; None where no rule decides."""
        return None if self.precedence.first is None else self.sides[0 if self.precedence.first else 1]


@dataclass(frozen=True)
class _Said:
    """A unit, its text on one line, its content words, and what it states."""

    document: Document
    unit: Unit
    text: str
    words: frozenset[str]

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Looked for when another unit says nearly the same, which few do."""
        return tuple(stated_in(self.document, self.unit))

    def stands_for(self, says: str) -> Stand:
        return Stand(self.document, self.unit, self.text, says)


def disputes(ranked: Sequence[Scored], variants: Sequence[tuple[Document, Span]]) -> tuple[Dispute, ...]:
    """The disputes, those between the best units first, each unit in one.

    `variants` are passages of other documents that say nearly the same as one of the evidence.
    """
    best = [_said(scored.document, scored.unit) for scored in ranked[:_LOOKED] if scored.unit.kind != "code"]
    beside = [_said(document, unit) for document, span in variants for unit in units(document, span)]
    found: list[Dispute] = []
    seen: set[int] = set()
    for one, other in (*combinations(best, 2), *product(best, beside)):
        if id(one) in seen or id(other) in seen or len(found) == _MOST:
            continue
        dispute = _between(one, other)
        if dispute:
            found.append(dispute)
            seen |= {id(one), id(other)}
    return tuple(found)


def _said(document: Document, unit: Unit) -> _Said:
    text = " ".join(document.visible(unit.start, unit.end).split())
    return _Said(document, unit, text, content(text))


def _between(one: _Said, other: _Said) -> Dispute | None:
    """The dispute of two units, None where they have none."""
    if one.document.id == other.document.id or "code" in (one.unit.kind, other.unit.kind):
        return None
    if one.text == other.text or len(one.words & other.words) < _ALIKE * len(one.words | other.words):
        return None
    says = _apart(one, other)
    if says is None:
        return None
    sides = one.stands_for(says[0]), other.stands_for(says[1])
    if not _one_thing(*sides):
        return None
    subject = one.document.title if says[0] == one.text else " ".join(one.text.replace(says[0], "…", 1).split())
    return Dispute(subject[:_LONGEST], sides, precedence(one.document, other.document))


def _apart(one: _Said, other: _Said) -> tuple[str, str] | None:
    """What either says otherwise: a value, or what denies the other."""
    for mine, theirs in product(one.statements, other.statements):
        if mine.passing or theirs.passing:
            return None
        if found := apart(mine, theirs, bare=True):
            return found[0].spelt, found[1].spelt
    return denial(one.text, other.text)


def _one_thing(one: Stand, other: Stand) -> bool:
    """Whether the two are about the same thing, under the same scope."""
    heads = [_heads(side) for side in (one, other)]
    whole = [f"{head} {side.text}" for head, side in zip(heads, (one, other), strict=True)]
    scopes = [terms(text) & _scopes() for text in whole]
    versions = [
        set(_VERSION.findall(text.replace(side.says, ""))) for text, side in zip(whole, (one, other), strict=True)
    ]
    if scopes[0] != scopes[1] or versions[0] != versions[1]:
        return False
    names = [_names(side.text.replace(side.says, "") or side.text) for side in (one, other)]
    if names[0] != names[1]:
        return False
    titles = [terms(side.document.title) for side in (one, other)]
    titled = [set(identifiers(side.document.title)) for side in (one, other)]
    alike = len(titles[0] & titles[1]) >= _ALIKE * len(titles[0] | titles[1])
    return bool(names[0]) or (alike and titled[0] == titled[1])


def _names(text: str) -> frozenset[str]:
    return frozenset((*identifiers(text), *names_of(text)))


def _heads(side: Stand) -> str:
    """The headings over a side, and its document's title."""
    path = section_path(side.document, side.unit.start)
    return " ".join((side.document.title, *path))


@cache
def _scopes() -> frozenset[str]:
    return terms(tomllib.loads(Path(__file__).with_name("scopes.toml").read_text("utf-8"))["words"])
