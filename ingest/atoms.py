"""What stays whole: a section's blocks -> atoms within a budget of word pieces.

1. Blocks become atoms, which are never divided while they fit the budget: a list item with all that is nested in it, a
   table row, a code block, a paragraph; a lead-in (a paragraph that ends in a colon) is one atom with what it
   introduces.
2. An atom over the budget is divided into its blocks, a block over the budget at line ends, a line over the budget
   at word pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Block, Document, Span
from ingest.ruler import Ruler

_LINE = re.compile(r"[^\n]*\n?")


@dataclass(frozen=True, slots=True)
class Atom:
    """A stretch that stays whole. `lead` is what a continuation needs to be understood: lead-in or table header."""

    start: int
    end: int
    lead: str = ""


def atoms(document: Document, body: Sequence[Block]) -> Iterator[Atom]:
    """Blocks joined into what should stay whole."""
    start: int | None = None
    leads: dict[int, str] = {}
    for unit in _units(body):
        first = unit[0]
        if _introduces(document, unit):
            start = first.start if start is None else start
            lead = _text(document, first)
            continue
        if first.label == "header":
            leads[first.group] = _text(document, first)
        elif start is not None and first.group >= 0:
            leads[first.group] = lead
        yield Atom(first.start if start is None else start, unit[-1].end, leads.get(first.group, ""))
        start = None
    if start is not None:
        yield Atom(start, body[-1].end)


def fit(atom: Atom, body: Sequence[Block], text: str, ruler: Ruler, room: int) -> Iterator[Atom]:
    """The atom, or its parts where it exceeds the budget."""
    if ruler.length(atom.start, atom.end) <= room:
        yield atom
        return
    for block in body:
        if not atom.start <= block.start < atom.end:
            continue
        if ruler.length(block.start, block.end) <= room:
            yield Atom(block.start, block.end, atom.lead)
            continue
        for span in _lines(text, block, ruler, room):
            yield Atom(span.start, span.end, atom.lead)


def _lines(text: str, block: Block, ruler: Ruler, room: int) -> Iterator[Span]:
    """A block cut at line ends into stretches within the budget; a longer line is cut at word pieces."""
    start = at = block.start
    for match in _LINE.finditer(text, block.start, block.end):
        if ruler.length(start, match.end()) > room and at > start:
            yield from ruler.cut(start, at, room)
            start = at
        at = match.end()
    if block.end > start:
        yield from ruler.cut(start, block.end, room)


def _units(body: Sequence[Block]) -> list[list[Block]]:
    """Top list items with what is nested in them, header rows with the first row below, other blocks alone."""
    units: list[list[Block]] = []
    for block in body:
        last = units[-1][-1] if units else None
        if (
            last
            and block.group >= 0
            and block.group == last.group
            and (last.label == "header" if block.kind == "row" else block.kind != "item" or block.depth > 1)
        ):
            units[-1].append(block)
        else:
            units.append([block])
    return units


def _introduces(document: Document, unit: Sequence[Block]) -> bool:
    """Whether the unit is a lead-in: a paragraph that ends in a colon."""
    text = document.visible(unit[0].start, unit[0].end).rstrip(" *_`\r\n\t")
    return unit[0].kind == "paragraph" and len(unit) == 1 and text.endswith(":")


def _text(document: Document, block: Block) -> str:
    """A block's visible text on one line."""
    return " ".join(document.visible(block.start, block.end).split())
