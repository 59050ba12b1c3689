"""The sentence contract: checks in order, deterministic first; the first objection decides.

Facts pass every check and at last the verifier; an assumption, a judgement or a question states none, and is only held
to what has been said. A derived sentence is computed and not restated, so its wording is not compared.
"""

from __future__ import annotations

from service.answer import Verdict
from service.grounding.claim import Check, Claim, Ground, Objection
from service.grounding.context import context
from service.grounding.identifiers import identifiers
from service.grounding.quantities import quantities
from service.grounding.quote import quote
from service.grounding.resolution import resolution
from service.grounding.support import opinion, support
from service.grounding.words.ban import BANNED, ban
from service.grounding.words.destructive import destructive
from service.grounding.words.entities import entities
from service.grounding.words.polarity import polarity

CHECKS: tuple[Check, ...] = (resolution, quote, quantities, identifiers, entities, polarity, context)
"""What a cited sentence passes before the verifier is asked."""

_OF_KIND: dict[str, tuple[Check, ...]] = {
    "cited": CHECKS,
    "derived": tuple(check for check in CHECKS if check is not polarity),
    **dict.fromkeys(BANNED, (resolution, quote, ban)),
}


def judge(claim: Claim, ground: Ground) -> Verdict:
    """The verdict on a claim. Notices are the program's own fixed text and need nothing."""
    if claim.kind == "notice":
        return Verdict(supported=True)
    for check in _OF_KIND[claim.kind]:
        objection = check(claim, ground)
        if objection:
            return _refused(objection)
    thought = opinion(claim, ground)
    objection = support(thought)
    score = None if thought is None else round(thought.supported, 4)
    if objection:
        return _refused(objection, score)
    return Verdict(supported=True, score=score, caution=destructive(claim.text))


def _refused(objection: Objection, score: float | None = None) -> Verdict:
    return Verdict(
        supported=False, failure=objection.failure, check=objection.check, detail=objection.detail, score=score
    )
