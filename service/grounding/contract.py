"""The sentence contract: checks in order, deterministic first; the first objection decides.

`CHECKS` is the seam: polarity and scope, conversion of units, and the support verifier take their places in it.
"""

from __future__ import annotations

from service.answer import Verdict
from service.grounding.claim import Check, Claim, Ground
from service.grounding.context import context
from service.grounding.identifiers import identifiers
from service.grounding.quantities import quantities
from service.grounding.quote import quote
from service.grounding.resolution import resolution

CHECKS: tuple[Check, ...] = (resolution, quote, quantities, identifiers, context)


def judge(claim: Claim, ground: Ground, checks: tuple[Check, ...] = CHECKS) -> Verdict:
    """The verdict on a claim. Notices are the program's own fixed text and need nothing."""
    if claim.kind == "notice":
        return Verdict(supported=True)
    for check in checks:
        objection = check(claim, ground)
        if objection:
            return Verdict(supported=False, failure=objection.failure, check=objection.check, detail=objection.detail)
    return Verdict(supported=True)
