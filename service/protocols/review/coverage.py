"""What of the lens a proposal deals with, and where.

A rule is *addressed* where a section under a heading of the rule has substance, or where three sentences with its cues
make up half of a section; it is *mentioned* where only sentences in passing have its cues, or where its heading stands
over nothing; else it is *absent*.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.documents import Document, Span
from corpus.outline import sections_of
from corpus.units import Unit, units
from service.protocols.quotation import Quotation, first_of, heading_of, quotation
from service.protocols.review.lens import Rule
from service.protocols.sections import headed
from service.protocols.substance import ENOUGH, folded, is_placeholder, said_in

State = Literal["addressed", "mentioned", "absent"]
_SENTENCES = 3
_LEAST = 6


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a document deals with a rule; `place` is where, None where nowhere."""

    rule: Rule
    state: State
    place: Quotation | None


def coverage(document: Document, rule: Rule, form: Collection[str] = ()) -> Coverage:
    """The document under one rule. `form` holds the folded units of the form that it was made from."""
    hollow: Quotation | None = None
    for branch in headed(document, rule.headings):
        if said_in(document, branch.span, form) >= ENOUGH:
            place = _first_said(document, branch.span, form)
            if place:
                return Coverage(rule, "addressed", place)
        hollow = hollow or heading_of(document, branch.span)
    mentioned: Quotation | None = None
    for section in sections_of(document):
        inside = [u for u in units(document, Span(section.start, section.end)) if _says(document, u, form)]
        cued = [u for u in inside if rule.cues.search(document.visible(u.start, u.end))]
        quoted = next((q for u in cued if (q := quotation(document, u))), None)
        if quoted and len(cued) >= _SENTENCES and 2 * len(cued) >= len(inside):
            return Coverage(rule, "addressed", quoted)
        mentioned = mentioned or quoted
    if hollow or mentioned:
        return Coverage(rule, "mentioned" if mentioned else "absent", hollow or mentioned)
    return Coverage(rule, "absent", None)


def _first_said(document: Document, span: Span, form: Collection[str]) -> Quotation | None:
    """The first unit of a stretch that has substance, one that stands by itself if there is one."""
    for said in _said_spans(document, span, form):
        if found := first_of(document, said):
            return found
    return None


def _said_spans(document: Document, span: Span, form: Collection[str]) -> Iterator[Span]:
    inside = [u for u in units(document, span) if _says(document, u, form)]
    for unit in [*(u for u in inside if u.kind == "sentence"), *inside]:
        yield Span(unit.start, unit.end)


def _says(document: Document, unit: Unit, form: Collection[str]) -> bool:
    text = document.visible(unit.start, unit.end)
    return unit.kind != "code" and len(text.split()) >= _LEAST and not is_placeholder(text) and folded(text) not in form
