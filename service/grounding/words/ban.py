"""What states no fact may not bring one in by a name or number.

An assumption, a judgement or a question contains no number, identifier, product, paper or system name that neither the
evidence cited so far nor the user's own words contain.
"""

from __future__ import annotations

from corpus.identifiers import identifiers as names_in
from service.grounding.alignment import fold, tokens
from service.grounding.claim import Claim, Ground, Objection, cited_text
from service.grounding.identifiers import stands_alone
from service.grounding.ledger import ledger
from service.grounding.quantity.compare import same, told
from service.grounding.segment import as_read
from service.grounding.words.entities import names_of

BANNED = ("assumption", "judgement", "question")


def ban(claim: Claim, ground: Ground) -> Objection | None:
    """The first number or name that nobody has said."""
    if claim.kind not in BANNED:
        return None
    before = "\n".join(part for c in claim.before for part in (c.title, *c.section, c.quote))
    heard = "\n".join((cited_text(claim), before, ground.asked))
    numbers = [quantity for quantity in ledger(as_read(claim.text)) if quantity.kind != "name"]
    known = ledger(heard) if numbers else ()
    for quantity in numbers:
        if not any(same(quantity, k) or quantity.value == k.value is not None for k in known):
            return Objection("ban", "unsupported_addition", told(quantity))
    folded = " ".join(heard.split())
    for name in names_in(claim.text):
        if not stands_alone(" ".join(name.split()), folded):
            return Objection("ban", "fabricated_reference:identifier", name)
    names = names_of(claim.text)
    words = {word for t in tokens(heard) for word in (fold(t), t.lower())} if names else set()
    for name in names:
        if not all(fold(p) in words or p.lower() in words for p in tokens(name)):
            return Objection("ban", "fabricated_reference:entity", name)
    return None
