"""Ranked units -> what an extractive answer says, verbatim, in whole structures.

1. The best units lead, each with what it needs before it and what is nested in it. A short structure (paragraph, list,
   table) is taken whole, and so is a procedure, however its steps rank.
2. The passages follow in order of rank, each from its beginning, while they hold a unit within `margin` of the best
   and the budget of words lasts; of a procedure again all or nothing.

Nothing is said twice, and nothing is rephrased. A unit that speaks to an assistant instead of about a system is passed
over, and so is what it would have to be shown with; it may lead where the question asks about such text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from corpus.documents import Document, Span
from corpus.units import Unit, units, whole_item
from service.answering.instructions import is_addressed, is_order
from service.answering.rank import Scored
from service.answering.structure import structure_of
from service.grounding.context import needs, units_at


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch that the answer wants to say. `lead` marks the answer sentence, and what the answer opens with."""

    document: Document
    unit: Unit
    lead: bool


@dataclass(frozen=True, slots=True)
class Length:
    """How much an answer says.

    picks      units that lead
    words      budget of words; a sentence that is begun is finished
    whole      structures up to this many words are taken whole
    procedure  numbered lists up to this many words are taken whole
    led        what a wanted lead-in introduces is taken whole up to this many words
    margin     passages follow whose best unit scores at most this much below the best of all
    sections   the answer has the seven sections of a full one
    """

    picks: int
    words: int
    whole: int
    procedure: int
    led: int
    margin: float
    sections: bool = False


BRIEF = Length(picks=1, words=60, whole=40, procedure=120, led=200, margin=0.0)
NORMAL = Length(picks=2, words=140, whole=60, procedure=120, led=400, margin=2.0)
FULL = Length(picks=4, words=400, whole=80, procedure=400, led=800, margin=8.0, sections=True)


@dataclass(slots=True)
class _Speech:
    """What is said so far."""

    length: Length
    said: list[Utterance] = field(default_factory=list)
    seen: set[tuple[str, int]] = field(default_factory=set)
    heard: set[str] = field(default_factory=set)
    words: int = 0

    @property
    def spent(self) -> bool:
        """Whether the budget is used up."""
        return self.words >= self.length.words

    def has(self, document: Document, unit: Unit) -> bool:
        """Whether a unit is said already."""
        return (document.id, unit.start) in self.seen

    def repeats(self, document: Document, unit: Unit) -> bool:
        """Whether the same words are said already, from another place."""
        return _folded(document, unit) in self.heard and not self.has(document, unit)

    def say(self, document: Document, unit: Unit, *, lead: bool = False) -> None:
        """Say a unit once."""
        if not self.has(document, unit):
            self.seen.add((document.id, unit.start))
            self.heard.add(_folded(document, unit))
            self.said.append(Utterance(document, unit, lead))
            self.words += _words(document, unit)


def compose(
    ranked: Sequence[Scored], spans: Sequence[tuple[Document, Span]], length: Length, *, orders: bool = False
) -> list[Utterance]:
    """What to say, in order of display; [] where all that was found speaks to an assistant.

    spans   the retrieved passages, best first
    orders  the question asks about text that speaks to an assistant
    """
    speech = _Speech(length)
    leading = ranked[: length.picks] if orders else _leading(ranked, length.picks)
    if not leading:
        return []
    for scored in leading:
        again = speech.has(scored.document, scored.unit) or speech.repeats(scored.document, scored.unit)
        if not speech.spent and not again:
            cluster = _cluster(scored, length)
            leads = () if speech.said else (cluster[0], scored.unit)
            for unit in cluster:
                speech.say(scored.document, unit, lead=unit in leads)
    best: dict[int, float] = {}
    for scored in ranked:
        best.setdefault(scored.rank, scored.score)
    for place, (document, span) in enumerate(spans):
        if place in best and best[place] >= ranked[0].score - length.margin:
            _follow(speech, document, span)
    while speech.said and _is_header(speech.said[-1]):  # the budget ended before its first row
        speech.said.pop()
    return speech.said


def _is_header(utterance: Utterance) -> bool:
    return utterance.document.parsed.blocks[utterance.unit.block].label == "header"


def _leading(ranked: Sequence[Scored], count: int) -> Sequence[Scored]:
    """The best units that do not speak to an assistant."""
    return [*islice((s for s in ranked if not _is_order(s.document, s.unit)), count)]


def _follow(speech: _Speech, document: Document, span: Span) -> None:
    """Go on with a passage from its beginning."""
    for unit in units(document, span):
        if speech.spent:
            return
        if speech.repeats(document, unit) or _is_order(document, unit):
            continue
        structure = structure_of(document, unit.block)
        if not structure.is_procedure:
            for said in (*required(document, unit, speech.length), unit):
                speech.say(document, said)
            continue
        steps = structure.units()
        if sum(_words(document, u) for u in steps) <= speech.length.procedure:
            for step in steps:
                if not is_addressed(document, step):
                    speech.say(document, step)


def _cluster(scored: Scored, length: Length) -> list[Unit]:
    """The wanted unit, what it needs, and the rest of its structure where that is taken whole."""
    document, wanted = scored.document, scored.unit
    structure = structure_of(document, wanted.block)
    members = structure.units()
    total = sum(_words(document, u) for u in members)
    limit = length.procedure if structure.is_procedure else length.whole
    introduced = [u for u in members if u.start > wanted.start]
    leads = structure.first == wanted.block and bool(introduced) and introduced[0].block != wanted.block
    whole = total <= (length.led if leads else limit)
    nested = range(wanted.block, whole_item(document, wanted.block) + 1)
    near = [u for u in members if u == wanted or ((whole or u.block in nested) and not is_addressed(document, u))]
    needed = [u for u in required(document, near[0], length) if u == wanted or not is_addressed(document, u)]
    return sorted({*needed, *near}, key=lambda u: u.start)


def required(document: Document, unit: Unit, length: Length) -> list[Unit]:
    """The units that a unit needs with it, in order: what comes before it, and of a procedure within the limit all."""
    found: set[Unit] = set()
    for needed in _needed(document, unit):
        structure = structure_of(document, needed.block)
        steps = structure.units() if structure.is_procedure else []
        fits = sum(_words(document, u) for u in steps) <= length.procedure
        found.update(steps if steps and fits else [needed])
    return sorted(found, key=lambda u: u.start)


def _needed(document: Document, unit: Unit) -> list[Unit]:
    """The units that a unit needs with it, in order."""
    return units_at(document, needs(document, Span(unit.start, unit.end)).spans)


def _is_order(document: Document, unit: Unit) -> bool:
    return is_order(document, unit, _needed(document, unit))


def _words(document: Document, unit: Unit) -> int:
    return len(document.visible(unit.start, unit.end).split())


def _folded(document: Document, unit: Unit) -> str:
    """The words of a unit, with spaces folded."""
    return " ".join(document.visible(unit.start, unit.end).split())
