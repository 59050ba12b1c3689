"""Every citation names something that was retrieved for this question and that this caller may read."""

from __future__ import annotations

from corpus.access import may_read
from service.grounding.claim import Claim, Ground, Objection


def resolution(claim: Claim, ground: Ground) -> Objection | None:
    """An invented or forbidden citation fails the claim; a factual claim without any fails too."""
    if claim.kind in ("cited", "derived") and not claim.citations:
        return Objection("resolution", "fabricated_reference:citation", "no citation")
    for citation in claim.citations:
        document = ground.documents.get((citation.document, citation.revision))
        spans = ground.admitted.get(citation.document, ())
        admitted = any(s.start <= citation.start and citation.end <= s.end for s in spans)
        if document is None or not admitted or not may_read(ground.caller, document.access):
            return Objection("resolution", "fabricated_reference:citation", f"[{citation.number}]")
    return None
