"""Pieces -> PPTX, by python-pptx: a slide a second-level heading, bullets from its items, notes from its paragraphs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from eval.library.office_package import settled
from eval.library.pages import Piece


def write_deck(pieces: Sequence[Piece], *, date: datetime) -> bytes:
    """The document as PPTX. The first heading and the paragraph under it make the title slide."""
    import pptx

    deck = pptx.Presentation()
    first, *rest = pieces
    facts = deck.core_properties
    facts.title, facts.author, facts.last_modified_by = first.text, "Aether maintainers", ""
    facts.created = facts.modified = date
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = first.text
    opening = [piece for piece in rest[: _next_slide(rest, 0)] if piece.kind == "paragraph"]
    slide.placeholders[1].text = " ".join(piece.text for piece in opening)
    at = _next_slide(rest, 0)
    while at < len(rest):
        end = _next_slide(rest, at + 1)
        body = rest[at + 1 : end]
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = rest[at].text
        slide.placeholders[1].text_frame.text = "\n".join(piece.text for piece in body if piece.kind == "item")
        slide.notes_slide.notes_text_frame.text = "\n".join(p.text for p in body if p.kind == "paragraph")
        at = end
    out = io.BytesIO()
    deck.save(out)
    return settled(out.getvalue())


def _next_slide(pieces: Sequence[Piece], at: int) -> int:
    return next((i for i in range(at, len(pieces)) if pieces[i].kind == "heading"), len(pieces))
