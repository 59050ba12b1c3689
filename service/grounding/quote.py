"""The quoted characters stand at the stored offsets of the stored revision."""

from __future__ import annotations

from service.grounding.claim import Claim, Ground, Objection


def quote(claim: Claim, ground: Ground) -> Objection | None:
    """Compares every quote with the canonical text, character by character."""
    for citation in claim.citations:
        document = ground.documents[citation.document, citation.revision]
        standing = document.text[citation.start : citation.end]
        if standing != citation.quote or document.revision != citation.revision or not citation.quote.strip():
            return Objection("quote", "fabricated_reference:citation", citation.quote[:80])
    return None
