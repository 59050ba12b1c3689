"""A stretch of a document as it may be shown: with what it leans on, and the heading that restricts it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.documents import Document, Span, visible_spans
from corpus.units import Unit, units
from service.answering.instructions import is_order
from service.grounding.context import needs, units_at
from service.grounding.quote import LEAST_WORDS

_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Quotation:
    """What is quoted: `text` is what the spans say, `under` the restrictive headings that have to be shown with it."""

    document: Document
    spans: tuple[Span, ...]
    text: str
    under: str

    @property
    def start(self) -> int:
        """Where the last stretch begins: the one that was wanted."""
        return self.spans[-1].start


def quotation(document: Document, unit: Unit) -> Quotation | None:
    """The unit with what it needs before it; None where nothing of it can be quoted, or one speaks to an assistant."""
    need = needs(document, Span(unit.start, unit.end))
    needed = units_at(document, need.spans)
    if is_order(document, unit, needed):
        return None
    pieces = [piece for one in needed for piece in _visible(document, Span(one.start, one.end))]
    wanted = [piece for piece in _visible(document, Span(unit.start, unit.end)) if _telling(document, piece)]
    if not wanted:
        return None
    spans = (*(p for p in dict.fromkeys(pieces) if _telling(document, p) and p not in wanted), *wanted)
    text = " ".join(" ".join(document.text[s.start : s.end].split()) for s in spans)
    return Quotation(document, spans, text, " > ".join(need.headings))


def first_of(document: Document, span: Span, *, least: int = 6) -> Quotation | None:
    """The first telling unit of a stretch that stands by itself, else the first that can be quoted at all."""
    blocks = document.parsed.blocks
    telling = [unit for unit in units(document, span) if blocks[unit.block].label != "header"]
    found = [q for unit in telling if (q := quotation(document, unit))]
    plain = [q for q in found if len(q.spans) == 1 and least <= len(q.text.split()) <= _LONGEST]
    prose = [q for q in plain if not q.text.startswith(("|", "```", "~~~"))]
    return next(iter(prose or plain or found), None)


def title_of(document: Document) -> Quotation | None:
    """The document's title as it stands in its text, else its first words."""
    return heading_of(document, Span(0, len(document.text))) or first_of(document, Span(0, len(document.text)))


def heading_of(document: Document, span: Span) -> Quotation | None:
    """The first heading of a stretch, with the unit after it where it is too short to be quoted; None without one."""
    inside = [b for b in document.parsed.blocks if span.start <= b.start < span.end][:4]
    at = next((i for i, b in enumerate(inside) if b.kind == "heading"), None)
    if at is None:
        return None
    for last in inside[at : at + 2]:
        seen = _visible(document, Span(inside[at].start, last.end))
        if len(seen) == 1 and _telling(document, seen[0]):
            text = " ".join(document.text[seen[0].start : seen[0].end].split())
            return Quotation(document, (seen[0],), text, _under(document, seen[0]))
    return None


def _under(document: Document, span: Span) -> str:
    return " > ".join(needs(document, span).headings)


def _visible(document: Document, span: Span) -> list[Span]:
    text = document.text
    trimmed = []
    for piece in visible_spans(document.parsed.hidden, span.start, span.end):
        inside = text[piece.start : piece.end]
        start = piece.start + len(inside) - len(inside.lstrip())
        end = piece.end - (len(inside) - len(inside.rstrip()))
        if end > start:
            trimmed.append(Span(start, end))
    return trimmed


def _telling(document: Document, span: Span) -> bool:
    return len(document.text[span.start : span.end].split()) >= LEAST_WORDS
