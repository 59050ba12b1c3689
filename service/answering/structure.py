"""Units -> structures: what is taken whole when its best unit is wanted.

A structure is a paragraph, a list from its lead-in to its last item, a table, or a code block with its lead-in. It is
a run of blocks of one section; its stretches are what becomes sentences of the answer, in document order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.documents import Block, Document, Span
from corpus.units import Unit, units


@dataclass(frozen=True, slots=True)
class Structure:
    """A run of blocks `[first, last]` of one document that belongs together."""

    document: Document
    first: int
    last: int

    @property
    def span(self) -> Span:
        """From the first block's start to the last block's end."""
        blocks = self.document.parsed.blocks
        return Span(blocks[self.first].start, blocks[self.last].end)

    @property
    def is_procedure(self) -> bool:
        """Whether a block of it is a numbered item."""
        return any(block.numbered for block in self.document.parsed.blocks[self.first : self.last + 1])

    def units(self) -> list[Unit]:
        """Its units in document order."""
        return units(self.document, self.span)


def structure_of(document: Document, at: int) -> Structure:
    """The structure that the block at an index belongs to."""
    blocks = document.parsed.blocks
    first, last = _run(blocks, at)
    if first > 0 and _leads(document, blocks[first - 1]) and (blocks[at].group >= 0 or blocks[at].kind == "code"):
        first -= 1
    elif _leads(document, blocks[at]) and at + 1 < len(blocks) and blocks[at + 1].kind != "heading":
        last = _run(blocks, at + 1)[1]
    return Structure(document, first, last)


def _run(blocks: Sequence[Block], at: int) -> tuple[int, int]:
    """The blocks of the same list or table around an index; the index alone outside of one."""
    first = last = at
    if blocks[at].group >= 0:
        while first > 0 and blocks[first - 1].group == blocks[at].group:
            first -= 1
        while last + 1 < len(blocks) and blocks[last + 1].group == blocks[at].group:
            last += 1
    return first, last


def _leads(document: Document, block: Block) -> bool:
    """Whether a block is a lead-in: a paragraph outside lists that ends in a colon."""
    if block.kind != "paragraph" or block.group >= 0:
        return False
    return document.visible(block.start, block.end).rstrip(" *_`\r\n\t").endswith(":")
