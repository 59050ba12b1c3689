"""Commands, flags, paths, variables and names occur verbatim in a cited span."""

from __future__ import annotations

from corpus.identifiers import identifiers as names_in
from service.grounding.claim import Claim, Ground, Objection, cited_text


def identifiers(claim: Claim, ground: Ground) -> Objection | None:
    """The first identifier of the sentence, letter case included, that no cited span has."""
    cited = " ".join(cited_text(claim).split())
    for name in names_in(claim.text):
        if " ".join(name.split()) not in cited:
            return Objection("identifiers", "fabricated_reference:identifier", name)
    return None
