"""Ranked units -> the sentences of an extractive answer, verbatim, in whole structures.

The best unit leads, with what it needs before it. The rest of its structure follows; then the structures of the next
best units, until the budget of words is spent. A list or a table is taken whole when it is short or is a procedure,
else by its wanted items; a paragraph is taken whole when it is short, else by its wanted sentences and what they need.
Nothing is said twice, and nothing is rephrased.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.units import Unit
from service.answering.rank import Scored
from service.answering.structure import Structure, structure_of
from service.grounding.context import needs


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch that the answer wants to say. `lead` marks the answer sentence itself."""

    document: Document
    unit: Unit
    lead: bool


@dataclass(frozen=True, slots=True)
class Length:
    """How much an answer says.

    words      budget of words; what is begun is finished
    whole      structures up to this many words are taken whole
    relative   a further structure must score at least this share of the best
    """

    words: int
    whole: int
    relative: float


BRIEF = Length(words=60, whole=60, relative=0.9)
NORMAL = Length(words=130, whole=90, relative=0.6)
FULL = Length(words=400, whole=160, relative=0.4)


def compose(ranked: Sequence[Scored], length: Length) -> list[Utterance]:
    """What to say, in order of display."""
    said: list[Utterance] = []
    spent = 0
    for scored in ranked:
        if said and (spent >= length.words or scored.score < length.relative * ranked[0].score):
            break
        if any(_same(u, scored) for u in said):
            continue
        for utterance in _cluster(scored, length, lead=not said):
            if not any(u.document.id == utterance.document.id and u.unit == utterance.unit for u in said):
                said.append(utterance)
                spent += _words(utterance.document, utterance.unit)
    return said


def _same(utterance: Utterance, scored: Scored) -> bool:
    return utterance.document.id == scored.document.id and utterance.unit == scored.unit


def _cluster(scored: Scored, length: Length, *, lead: bool) -> Iterator[Utterance]:
    """The wanted unit, what it needs, and the rest of its structure where that is taken whole."""
    document, wanted = scored.document, scored.unit
    structure = structure_of(document, wanted.block)
    members = structure.units()
    total = sum(_words(document, u) for u in members)
    procedure = _is_procedure(structure)
    if total <= length.whole or procedure:
        chosen = members
    else:
        required = {s.start for s in needs(document, Span(wanted.start, wanted.end)).spans}
        nested = _nested(document, wanted)
        chosen = [u for u in members if u == wanted or u.start in required or u.block in nested]
    for unit in chosen:
        yield Utterance(document, unit, lead and unit == wanted)


def _nested(document: Document, wanted: Unit) -> range:
    """Blocks nested in the wanted list item."""
    blocks = document.parsed.blocks
    block = blocks[wanted.block]
    last = wanted.block
    if block.kind == "item":
        for following in blocks[wanted.block + 1 :]:
            if following.group != block.group or following.depth < block.depth:
                break
            if following.kind == "item" and following.depth == block.depth:
                break
            last += 1
    return range(wanted.block, last + 1)


def _is_procedure(structure: Structure) -> bool:
    """Whether the structure is a numbered list."""
    blocks = structure.document.parsed.blocks[structure.first : structure.last + 1]
    return any(b.kind == "item" and b.label[:1].isdigit() for b in blocks)


def _words(document: Document, unit: Unit) -> int:
    return len(document.visible(unit.start, unit.end).split())
