"""The last check: the sentence shares enough words with its cited spans, and the verifier finds it supported by them.

The comparison of words is deterministic and keeps its veto whoever the verifier is: on perturbed sentences it finds
nearly all that cite the wrong stretch, of which the trained verifier lets a fifth by. A clause that the evidence states
outright needs neither.
"""

from __future__ import annotations

from dataclasses import replace

from service.answer import Failure
from service.grounding.claim import Claim, Ground, Objection, quotes
from service.grounding.clauses import stands_as_clause
from service.grounding.verifier import AlignmentVerifier, Opinion, Pair, Unasked, Verifier
from service.grounding.words.saying import written_out

LEAST = 0.5
"""Probability of support below which a sentence fails."""
_WORDS = AlignmentVerifier()


def opinion(claim: Claim, ground: Ground) -> Opinion | None:
    """What the verifier thinks of a cited sentence; None of what nobody is asked: other kinds."""
    if claim.kind != "cited" or not claim.citations or isinstance(ground.verifier, Unasked):
        return None
    pair = Pair(claim.text, quotes(claim))
    found = _asked(pair, ground.verifier)
    if found.supported < LEAST and stands_as_clause(pair.sentence, pair.spans):
        return Opinion(1.0, 0.0, 0.0, claim.text)
    return found


def _asked(pair: Pair, verifier: Verifier) -> Opinion:
    """The comparison of words where it refuses, else what the verifier thinks."""
    (compared,) = _WORDS.verify([pair])
    if compared.supported < LEAST or isinstance(verifier, AlignmentVerifier):
        return compared
    (found,) = verifier.verify([pair])
    return found if found.supported >= LEAST else _said_alike(pair, found, verifier)


def _said_alike(pair: Pair, found: Opinion, verifier: Verifier) -> Opinion:
    """The opinion on a refused pair once both sides spell contractions and inability alike, where that supports it."""
    alike = Pair(written_out(pair.sentence), tuple(map(written_out, pair.spans)))
    if alike == pair:
        return found
    (again,) = verifier.verify([alike])
    return replace(again, evidence=found.evidence) if again.supported >= LEAST else found


def support(thought: Opinion | None) -> Objection | None:
    """The objection that an opinion makes."""
    if thought is None or thought.supported >= LEAST:
        return None
    failure: Failure = "contradiction:relational" if thought.contradicted > thought.unknown else "unsupported_addition"
    return Objection(
        "support", failure, f"the nearest: {thought.evidence[:120]}" if thought.evidence else "nothing like it"
    )
