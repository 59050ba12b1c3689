"""The body of an answer -> the same, with every dispute that it touches told: both sides, and which takes precedence.

A dispute is told where the answer says one of its sides. The other side is said too, cited and checked like any other
sentence, and a fixed notice names the two sources and the rule. Where no rule decides and the other side cannot be
said, the side that can would be picked silently: a body that says nothing else is emptied, and the question refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.citations import Citation
from corpus.units import Unit
from service.answer import Conflict, Side, Verdict
from service.answering.assemble import Assembled, assemble
from service.answering.compose import Length, Utterance, required
from service.answering.structure import structure_of
from service.grounding.claim import Ground
from service.standing.dispute import Dispute, Stand
from service.standing.notice import notice
from service.standing.precedence import dated

_ONE_SIDED = Verdict(
    supported=False,
    failure="contradiction:relational",
    check="conflict",
    detail="its sources disagree, no rule decides, and the other side cannot be said",
)


def told(body: Assembled, disputes: Sequence[Dispute], ground: Ground, length: Length) -> Assembled:
    """The body with its disputes; one without sentences where it would pick silently."""
    for dispute in disputes:
        said = [_said(body, side) for side in dispute.sides]
        if said == [None, None]:
            continue
        whole = _with_both(body, dispute, ground, length)
        one, other = (_said(whole, side) for side in dispute.sides)
        if one and other:
            body = _noticed(whole, _conflict(dispute, one, other))
        elif dispute.holding is None and not _says_more(body, next(number for number in said if number)):
            lost = tuple(s.model_copy(update={"verdict": _ONE_SIDED}) for s in body.sentences)
            return replace(body, text="", sentences=(), citations=(), dropped=(*whole.dropped, *lost))
    return body


def _says_more(body: Assembled, number: int) -> bool:
    """Whether a sentence rests on another citation."""
    return any(set(sentence.citations) - {number} for sentence in body.sentences)


def _with_both(body: Assembled, dispute: Dispute, ground: Ground, length: Length) -> Assembled:
    """The body with the sides that it did not say, behind what it says."""
    missing = [side for side in dispute.sides if not _said(body, side)]
    for side in missing:
        beside = {u for u in _group(side, length) if not _said(body, replace(side, unit=u))}
        whole = sorted({*beside, side.unit}, key=lambda u: u.start)
        more = assemble([Utterance(side.document, unit, lead=False) for unit in whole], ground, before=body.citations)
        body = replace(
            body,
            text="\n\n".join(part for part in (body.text, more.text) if part),
            sentences=(*body.sentences, *more.sentences),
            citations=more.citations,
            dropped=(*body.dropped, *more.dropped),
        )
    return body


def _group(side: Stand, length: Length) -> list[Unit]:
    """The units that a side is said with: what it needs, and of a numbered list every step."""
    step = side.unit.kind == "item" and side.document.parsed.blocks[side.unit.block].numbered
    steps = structure_of(side.document, side.unit.block).units() if step else []
    return [*required(side.document, side.unit, length), *steps]


def _said(body: Assembled, side: Stand) -> int | None:
    """The number of the citation by which a sentence of the body says the side; None where it does not."""
    used = {number for sentence in body.sentences for number in sentence.citations}
    return next((c.number for c in body.citations if c.number in used and _covers(c, side)), None)


def _covers(citation: Citation, side: Stand) -> bool:
    return citation.document == side.document.id and citation.start < side.unit.end and citation.end > side.unit.start


def _conflict(dispute: Dispute, one: int, other: int) -> Conflict:
    sides = tuple(
        Side(citation=number, says=side.says, date=dated(side.document))
        for number, side in zip((one, other), dispute.sides, strict=True)
    )
    first = dispute.precedence.first
    prevails = None if first is None else one if first else other
    return Conflict(subject=dispute.subject, sides=sides, prevails=prevails, rule=dispute.precedence.rule)


def _noticed(body: Assembled, conflict: Conflict) -> Assembled:
    one, other = (f"[{side.citation}]" for side in conflict.sides)
    if conflict.prevails == conflict.sides[1].citation:
        one, other = other, one
    name = "open" if conflict.prevails is None else "decided"
    sentence = notice(name, one=one, other=other, rule=conflict.rule)
    return replace(body.noticed(sentence), conflicts=(*body.conflicts, conflict))
