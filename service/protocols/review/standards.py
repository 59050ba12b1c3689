"""Where the library says what a proposal has to deal with, and which of its documents do.

A standard is a form, or a guide, decision or other rule that demands something under a heading of the subject; a peer
is any document with a section of substance on it. Documents that are no longer in force are neither. A form is named
one and consists mostly of instructions that a reader does not see, and of places to fill.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.passages import Passage
from corpus.units import units
from service.protocols.quotation import Quotation, first_of, heading_of, quotation
from service.protocols.reading import Reading
from service.protocols.review.lens import Rule
from service.protocols.sections import Branch, headed
from service.protocols.substance import ENOUGH, folded, is_placeholder, said_in
from service.standing.force import in_force

_STANDARD = re.compile(
    r"\b(?:standards?|guidelines?|checklists?|polic(?:y|ies)|principles|conventions?|requirements)\b", re.I
)
_FORM = re.compile(r"(?:\b|_)templates?(?:\b|_)", re.IGNORECASE)
_UNFILLED = 0.3
_MUST = re.compile(r"\b(?:must|shall|should|required|has to|have to|needs? to)\b", re.IGNORECASE)
_LOOKED = 25


@dataclass(frozen=True, slots=True)
class Backing:
    """What the library holds on a rule, each None where it holds none."""

    standard: Quotation | None
    peer: Quotation | None

    @property
    def kind(self) -> str:
        """ "standard", "peer" or "nothing"."""
        return "standard" if self.standard else "peer" if self.peer else "nothing"

    @property
    def quotes(self) -> tuple[Quotation, ...]:
        """Both, the standard first."""
        return tuple(q for q in (self.standard, self.peer) if q)


def backing(reading: Reading, rule: Rule, about: str, made_from: Sequence[Document]) -> Backing:
    """What the library says on a rule; `about` is the title of the proposal, so that peers are near it."""
    asked = ((form, branch) for form in made_from for branch in headed(form, rule.headings))
    standard = next((demand for form, branch in asked if (demand := _demand(form, branch))), None)
    peer: Quotation | None = None
    for passage in _near(reading, rule, about):
        if standard and peer:
            break
        if not rule.headings.search("\n".join((*passage.section, passage.text))):
            continue
        document = reading.open(passage)
        branch = _branch(document, rule, passage)
        if branch is None or document in made_from or not in_force(document):
            continue
        reading.admit(document, branch.span)
        demand = _demand(document, branch) if is_standard(document) else None
        if demand and not standard:
            standard = demand
        elif not peer and said_in(document, branch.span) >= ENOUGH:
            peer = first_of(document, branch.span)
    return Backing(standard, peer)


def _near(reading: Reading, rule: Rule, about: str) -> Iterator[Passage]:
    """The passages on a rule: first those near to the subject, then the others."""
    yield from reading.look(f"{rule.look}: {about}", limit=_LOOKED)
    yield from reading.look(rule.look, limit=_LOOKED)


def forms(reading: Reading) -> tuple[Document, ...]:
    """The forms of the library that the caller may read."""
    return tuple(document for document in reading.named(_FORM) if _is_unfilled(document))


def entries(made_from: Sequence[Document]) -> frozenset[str]:
    """The folded units of the forms: what still says so was not filled in."""
    return frozenset(
        folded(form.visible(unit.start, unit.end)) for form in made_from for unit in units(form, _all(form))
    )


def is_standard(document: Document) -> bool:
    """Whether the document is of a kind that can demand something."""
    named = re.sub(r"[-_/.]+", " ", f"{document.title} {document.path}")
    return document.kind in ("guide", "adr") or (document.kind == "other" and bool(_STANDARD.search(named)))


def _is_unfilled(document: Document) -> bool:
    """Whether most of the document is hidden, or only keeps a place."""
    hidden = sum(gap.end - gap.start for gap in document.parsed.hidden)
    said = [document.visible(unit.start, unit.end) for unit in units(document, _all(document))]
    keeping = sum(len(text) for text in said if is_placeholder(text))
    return hidden + keeping >= _UNFILLED * len(document.text)


def _all(document: Document) -> Span:
    return Span(0, len(document.text))


def _branch(document: Document, rule: Rule, passage: Passage) -> Branch | None:
    """The rule's section that the passage stands in."""
    return next(
        (b for b in headed(document, rule.headings) if b.span.start < passage.end and b.span.end > passage.start), None
    )


def _demand(document: Document, branch: Branch) -> Quotation | None:
    """The sentence that demands something; of a form the heading, which demands to be filled."""
    for unit in units(document, branch.span):
        if _MUST.search(document.visible(unit.start, unit.end)) and (found := quotation(document, unit)):
            return found
    return heading_of(document, branch.own) if _FORM.search(document.path) else None
