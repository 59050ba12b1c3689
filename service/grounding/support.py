"""The last check: the verifier finds the sentence supported by its cited spans."""

from __future__ import annotations

from service.answer import Failure
from service.grounding.claim import Claim, Ground, Objection, quotes
from service.grounding.verifier import Opinion, Pair, Unasked

LEAST = 0.5
"""Probability of support below which a sentence fails."""


def opinion(claim: Claim, ground: Ground) -> Opinion | None:
    """What the verifier thinks of a cited sentence; None of what nobody is asked: other kinds."""
    if claim.kind != "cited" or not claim.citations or isinstance(ground.verifier, Unasked):
        return None
    (found,) = ground.verifier.verify([Pair(claim.text, quotes(claim))])
    return found


def support(thought: Opinion | None) -> Objection | None:
    """The objection that an opinion makes."""
    if thought is None or thought.supported >= LEAST:
        return None
    failure: Failure = "contradiction:relational" if thought.contradicted > thought.unknown else "unsupported_addition"
    return Objection(
        "support", failure, f"the nearest: {thought.evidence[:120]}" if thought.evidence else "nothing like it"
    )
