"""Verbatim is not yet true: what must be said before a stretch may stand.

A list item needs its lead-in and the item it is nested in, a table row its header, a code block the warning or
condition before it, a sentence or item that opens with a pronoun or connective its antecedent; what is needed has needs
of its own. Anything under a negating or conditional heading needs that heading shown. `needs` finds these; `context`
objects to a claim whose needs are neither in it nor before it in the answer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Block, Document, Span
from corpus.outline import section_path, sections_of
from corpus.units import Unit, sentences, trim, units
from service.grounding.claim import Claim, Ground, Objection

_DANGLING = re.compile(
    r"[*_\"'(\[]*(?:it|its|they|their|them|this|that|these|those|he|she|such|both|neither|either"
    r"|the (?:former|latter|same)|however|therefore|thus|hence|otherwise|instead|also|additionally|furthermore|moreover"
    r"|similarly|consequently|as a result|in (?:this|that|these|those|such) (?:case|cases|way|situation|scenario)|then"
    r"|so|but|and|or|yet|nor|for this reason|because of this|afterwards|after that|as such|likewise|on the other hand"
    r"|in contrast|if so|if not|finally|next|second|third|still|nevertheless|nonetheless|conversely|rather|not only)\b",
    re.IGNORECASE,
)
_RESTRICTIVE = re.compile(
    r"\bnot\b|\bnon[- ]|n't\b|\bno\b|\bnever\b|\bout[- ]of[- ]scope\b|\bexclu|\blimitation|\bunsupported\b"
    r"|\bdeprecat|\bobsolete|\bremoved\b|\bformer|\bprevious|\bold\b|\blegacy\b|\balternativ|\breject|\bdiscarded\b"
    r"|\bdrawback|\bcaveat|\bexample|\bproposed\b|\bfuture\b|\bopen questions?\b|\bif\b|\bwhen\b|\bunless\b|\bonly\b"
    r"|\bwithout\b|\boptional",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a stretch needs before it.

    spans     stretches that must be shown before it, in document order
    headings  titles of restrictive headings it stands under, outermost first
    """

    spans: tuple[Span, ...]
    headings: tuple[str, ...]


def context(claim: Claim, ground: Ground) -> Objection | None:
    """The first thing that one of the claim's quotes needs and that neither it nor what precedes it shows."""
    shown = [*claim.before, *claim.citations]
    for citation in claim.citations:
        document = ground.documents[citation.document, citation.revision]
        need = needs(document, Span(citation.start, citation.end))
        for span in need.spans:
            if not any(c.document == citation.document and c.start <= span.start and span.end <= c.end for c in shown):
                return Objection("context", "unsupported_addition", document.text[span.start : span.end][:80])
        for heading in need.headings:
            if heading not in claim.under and heading not in citation.quote:
                return Objection("context", "unsupported_addition", heading)
    return None


def needs(document: Document, span: Span) -> Needs:
    """What the stretch needs; nothing for one that begins with its own lead-in or antecedent."""
    if not document.parsed.blocks:
        return Needs((), ())
    found: set[Span] = set()
    open_ends = [span]
    while open_ends:
        fresh = set(_before(document, open_ends.pop())) - found
        found |= fresh
        open_ends.extend(fresh)
    spans = sorted((s for s in found if s.end <= span.start), key=lambda s: s.start)
    return Needs(tuple(spans), _headings(document, span))


def units_at(document: Document, spans: Sequence[Span]) -> list[Unit]:
    """The units at which the spans begin, in order."""
    return [unit for span in spans for unit in units(document, Span(span.start, span.start + 1))]


def _before(document: Document, span: Span) -> Iterator[Span]:
    """Lead-in, parent items, header row and antecedent."""
    blocks = document.parsed.blocks
    at = max(0, bisect_right(blocks, span.start, key=lambda b: b.start) - 1)
    block = blocks[at]
    if block.kind == "row" and block.label != "header":
        yield from (_span(document, b) for b in blocks[:at] if b.group == block.group and b.label == "header")
    if block.group >= 0:
        yield from _enclosing(document, at)
    if block.kind in ("code", "item") or block.group >= 0:
        yield from _lead_in(document, at)
    if block.kind == "item":
        yield from _item_before(document, at)
    if block.kind in ("paragraph", "other"):
        yield from _antecedent(document, at, span)


def _enclosing(document: Document, at: int) -> Iterator[Span]:
    """The items that a block is nested in, innermost first."""
    blocks = document.parsed.blocks
    block = blocks[at]
    depth = block.depth if block.kind == "item" else block.depth + 1
    for earlier in reversed(blocks[:at]):
        if earlier.group != block.group or depth <= 1:
            return
        if earlier.kind == "item" and earlier.depth < depth:
            depth = earlier.depth
            yield _span(document, earlier)


def _lead_in(document: Document, at: int) -> Iterator[Span]:
    """What introduces a list, table or code block: the last sentence of the paragraph directly before it, where that
    ends in a colon, negates or sets a condition."""
    blocks = document.parsed.blocks
    first = at
    while first > 0 and blocks[at].group >= 0 and blocks[first - 1].group == blocks[at].group:
        first -= 1
    if first == 0 or blocks[first - 1].kind != "paragraph":
        return
    for last in _sentences(document, blocks[first - 1])[-1:]:
        text = document.text[last.start : last.end]
        if text.rstrip(" *_`").endswith(":") or _RESTRICTIVE.search(text):
            yield last


def _item_before(document: Document, at: int) -> Iterator[Span]:
    """The item that an item leans on which opens with a pronoun or connective."""
    blocks = document.parsed.blocks
    block = blocks[at]
    start = block.start + len(block.label) if document.text.startswith(block.label, block.start) else block.start
    if not _DANGLING.match(document.text[start : block.end].lstrip()):
        return
    for earlier in reversed(blocks[:at]):
        if earlier.group != block.group:
            return
        if earlier.kind == "item" and earlier.depth <= block.depth:
            yield _span(document, earlier)
            return


def _antecedent(document: Document, at: int, span: Span) -> Iterator[Span]:
    """What an opening pronoun or connective leans on: the sentence before, else the item, row or code block before."""
    if not _DANGLING.match(document.text, span.start):
        return
    own = _sentences(document, document.parsed.blocks[at])
    place = next((i for i, s in enumerate(own) if s.start <= span.start < s.end), 0)
    if place > 0:
        yield own[place - 1]
        return
    before = document.parsed.blocks[at - 1] if at else None
    if before is None or before.kind == "heading":
        return
    yield from _sentences(document, before)[-1:] if before.kind in ("paragraph", "other") else [_span(document, before)]


def _headings(document: Document, span: Span) -> tuple[str, ...]:
    """Restrictive headings over the span, the document's own title aside: every citation shows that."""
    path = section_path(document, span.start)
    if path and (path[0] == document.title or _is_title(document, path[0])):
        path = path[1:]
    return tuple(title for title in path if _RESTRICTIVE.search(title))


def _is_title(document: Document, heading: str) -> bool:
    """Whether the heading opens the document and everything stands under it."""
    opens = document.parsed.blocks[0].kind == "heading"
    return opens and all(s.path[0] == heading for s in sections_of(document) if s.path)


def _sentences(document: Document, block: Block) -> list[Span]:
    """A block's sentences, trimmed."""
    found = (trim(document, s.start, s.end) for s in sentences(document.text, Span(block.start, block.end)))
    return [s for s in found if s]


def _span(document: Document, block: Block) -> Span:
    """A block's visible extent."""
    return trim(document, block.start, block.end) or Span(block.start, block.end)
