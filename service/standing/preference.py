"""Ranked units -> the same, where a document and one that took its place both answer: the newer first.

Both answer where the best unit of the newer covers, with its headings, no less of what is asked than the best unit of
the older. The older one's units then come after everything that is said beside the newer one's best. Nothing is hidden,
and where only the older document answers, nothing moves. The side of a dispute that takes precedence stands before the
other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from service.answering.compose import NORMAL
from service.answering.rank import Scored
from service.standing.dispute import Dispute, Stand


def preferred(ranked: Sequence[Scored], disputes: Sequence[Dispute]) -> tuple[Scored, ...]:
    """The units, best first."""
    ranked = _holding_first(ranked, disputes)
    best: dict[str, Scored] = {}
    for scored in ranked:
        best.setdefault(scored.document.id, scored)
    limits = {name: _limit(scored, best) for name, scored in best.items()}
    settled = [replace(scored, score=min(scored.score, limits[scored.document.id])) for scored in ranked]
    return tuple(sorted(settled, key=lambda scored: -scored.score))


def _holding_first(ranked: Sequence[Scored], disputes: Sequence[Dispute]) -> list[Scored]:
    """The side that takes precedence in the place of the better of the two, the other behind it."""
    held = {(s.document.id, s.unit.start): s for s in ranked}
    for dispute in disputes:
        side = dispute.holding
        if side:
            best = max((held[at] for at in map(_place, dispute.sides) if at in held), key=lambda s: s.score)
            own = held.get(_place(side), replace(best, document=side.document, unit=side.unit))
            held[_place(side)] = replace(own, score=best.score + 1e-6)
    return sorted(held.values(), key=lambda s: -s.score)


def _place(side: Stand) -> tuple[str, int]:
    return side.document.id, side.unit.start


def _limit(own: Scored, best: Mapping[str, Scored]) -> float:
    """What units of a document may score at most, given its best."""
    newer = [best[name] for name in own.document.parsed.metadata.superseded_by if name in best]
    answering = [other.score for other in newer if other.coverage >= own.coverage]
    return max(answering) - NORMAL.margin - 1e-6 if answering else own.score
