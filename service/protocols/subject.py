"""What a text that the reader brought is about, in its own words."""

from __future__ import annotations

import re

from corpus.documents import Document, Span
from service.protocols.quotation import Quotation, first_of, title_of
from service.protocols.sections import headed

GIST = re.compile(r"\bsummary\b|\babstract\b|\boverview\b|\bdecision\b|\bmotivation\b|\bgoals?\b|\bproposal\b", re.I)
_LEAST_PROPOSAL = 40


def about(own: Document) -> Quotation | None:
    """What the proposal says that it is about: the first words of its summary, else its first words."""
    for branch in headed(own, GIST):
        if found := first_of(own, branch.span):
            return found
    return first_of(own, Span(0, len(own.text)), least=8) or title_of(own)


def is_proposal(own: Document) -> bool:
    """Whether the text is more than the name of a subject."""
    return len(own.text.split()) >= _LEAST_PROPOSAL


def whole(own: Document) -> str:
    """All of a short text, on one line."""
    return " ".join(own.visible(0, len(own.text)).lstrip("# ").split())


def asks_of(own: Document) -> tuple[str, ...]:
    """What a text is taken to ask for: its title, and its gist; all of a short one."""
    place = about(own)
    return (own.title, (place.text if place else "") if is_proposal(own) else whole(own))
