"""Defects planted in real documents: a section taken away, or a number changed that another document fixes.

What is planted is chosen without the reviewer's rules. A section is taken away with every heading of the document that
names its subject and all that stands under them; it has to have had thirty words. A number is changed where it has a
unit and a second document states the same measure in a sentence that shares half of its words and a name, and at most
three documents have such a sentence; coverage figures of tests are no facts that one document fixes for another.
Documents are split by the hash of their path: the reviewer is developed on one half, and what is reported comes from
the other.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.documents import Document, Span
from corpus.identifiers import identifiers
from corpus.outline import section_path, sections_of
from corpus.units import units
from service.answering.terms import terms
from service.grounding.ledger import Quantity, ledger

SUBJECTS = {
    "rollback": r"roll(?:ing|ed)?[ -]?back|backout",
    "monitoring": r"monitor|observab|alert|metric|instrumentation|telemetry",
    "risks": r"\brisks?\b",
}
_WORDS = 30
_ALIKE = 0.5
_DOCUMENTS = 3
_TESTS = re.compile(r"\btest|\bprerequisite", re.IGNORECASE)
_VALUE = re.compile(r"\d[\d,.]*\d|\d")


@dataclass(frozen=True, slots=True)
class Plant:
    """A document with one defect. `rule` is what should find it.

    at      where in `text` the changed number stands, or where the first section stood
    other   id of the document that fixes the number, "" for a section
    change  what was done, in words
    """

    document: str
    rule: str
    text: str
    at: int
    other: str
    change: str


def is_reported(document: str) -> bool:
    """Whether the document belongs to the half that is reported."""
    return hashlib.sha256(document.encode()).digest()[0] % 2 == 1


def without_section(document: Document, rule: str) -> Plant | None:
    """The document without what it says under headings of a subject; None where that was little or everything."""
    named = re.compile(SUBJECTS[rule], re.IGNORECASE)
    gone = [
        Span(s.start, s.end)
        for s in sections_of(document)
        if any(named.search(title) for title in s.path[1:]) and not named.search(s.path[0])
    ]
    words = sum(len(document.visible(s.start, s.end).split()) for s in gone)
    if words < _WORDS or not gone:
        return None
    kept, at = [], 0
    for span in gone:
        kept.append(document.text[at : span.start])
        at = span.end
    text = "".join([*kept, document.text[at:]])
    titles = sorted({s.path[-1] for s in sections_of(document) if Span(s.start, s.end) in gone})
    return Plant(document.id, rule, text, gone[0].start, "", f"removed {len(gone)} sections: {'; '.join(titles)[:160]}")


@dataclass(frozen=True, slots=True)
class Fact:
    """A measure as a document states it: where it stands, the words and names of its sentence."""

    document: str
    at: int
    measure: Quantity
    words: frozenset[str]
    names: frozenset[str]
    text: str


def facts(documents: Iterable[Document]) -> list[Fact]:
    """Every measure in prose, lists and tables that has a name beside it."""
    found = []
    for document in documents:
        for unit in units(document, Span(0, len(document.text))):
            raw = document.text[unit.start : unit.end]
            if unit.kind == "code" or not _VALUE.search(raw) or document.visible(unit.start, unit.end) != raw:
                continue
            if any(_TESTS.search(title) for title in section_path(document, unit.start)):
                continue
            names = frozenset(identifiers(_VALUE.sub(" ", raw)))
            words = terms(_VALUE.sub(" ", raw))
            if names and len(words) >= 5:
                found += [
                    Fact(document.id, unit.start + q.start, q, words, names, raw) for q in ledger(raw) if _is_fixed(q)
                ]
    return found


def _is_fixed(quantity: Quantity) -> bool:
    """Whether a measure is one that a document can fix: a positive number with a unit, in digits."""
    number = quantity.value if quantity.kind == "measure" and quantity.unit else None
    return isinstance(number, Decimal) and number > 0 and bool(_VALUE.search(quantity.spelt))


def shared(found: Sequence[Fact]) -> list[tuple[Fact, Fact]]:
    """Pairs of facts, one a document, that state the same measure of the same thing."""
    by_measure: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for fact in found:
        for name in fact.names:
            by_measure[str(fact.measure.value), fact.measure.unit, name].append(fact)
    pairs: dict[tuple[str, int], tuple[Fact, Fact]] = {}
    for group in by_measure.values():
        for fact in group:
            near = [f for f in group if f.document != fact.document and _alike(f, fact) >= _ALIKE]
            if near and len({f.document for f in near}) < _DOCUMENTS:
                pairs.setdefault((fact.document, fact.at), (fact, max(near, key=lambda f: _alike(f, fact))))
    return [pairs[key] for key in sorted(pairs)]


def _alike(a: Fact, b: Fact) -> float:
    return len(a.words & b.words) / len(a.words | b.words)


def with_another_number(document: Document, fact: Fact, other: Fact, rng: random.Random) -> Plant:
    """The document with the fact's number changed."""
    spelt = fact.measure.spelt
    match = _VALUE.search(spelt)
    assert match is not None
    old = Decimal(match.group().replace(",", "").rstrip("."))
    new = rng.choice([old * 2, old * 3, old + 5])
    start = fact.at + match.start()
    text = f"{document.text[:start]}{new:f}{document.text[start + len(match.group()) :]}"
    change = f"{spelt} -> {spelt.replace(match.group(), f'{new:f}')} in: {' '.join(fact.text.split())[:200]}"
    return Plant(document.id, "quantity", text, start, other.document, change)
