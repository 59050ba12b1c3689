"""The quoted characters stand at the stored offsets of the stored revision."""

from __future__ import annotations

from service.grounding.claim import Claim, Ground, Objection

LEAST_WORDS = 3
"""A shorter quote could stand anywhere: it identifies nothing."""


def quote(claim: Claim, ground: Ground) -> Objection | None:
    """Compares every quote with the canonical text, character by character."""
    for citation in claim.citations:
        document = ground.documents[citation.document, citation.revision]
        standing = document.text[citation.start : citation.end]
        if (
            standing != citation.quote
            or document.revision != citation.revision
            or len(citation.quote.split()) < LEAST_WORDS
        ):
            return Objection("quote", "fabricated_reference:citation", citation.quote[:80])
    return None
