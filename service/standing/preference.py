"""Ranked units -> the same, where a document and one that took its place both answer: the newer first.

Both answer where the best unit of the newer covers, with its headings, no less of what is asked than the best unit of
the older. The older one's units then come after everything that is said beside the newer one's best. Nothing is hidden,
and where only the older document answers, nothing moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from service.answering.compose import NORMAL
from service.answering.rank import FEATURES, Scored

_COVERAGE = FEATURES.index("coverage_headed")


def preferred(ranked: Sequence[Scored]) -> tuple[Scored, ...]:
    """The units, best first."""
    best: dict[str, Scored] = {}
    for scored in ranked:
        best.setdefault(scored.document.id, scored)
    limits = {name: _limit(scored, best) for name, scored in best.items()}
    settled = [replace(scored, score=min(scored.score, limits[scored.document.id])) for scored in ranked]
    return tuple(sorted(settled, key=lambda scored: -scored.score))


def _limit(own: Scored, best: Mapping[str, Scored]) -> float:
    """What units of a document may score at most, given its best."""
    newer = [best[name] for name in own.document.parsed.metadata.superseded_by if name in best]
    answering = [other.score for other in newer if other.features[_COVERAGE] >= own.features[_COVERAGE]]
    return max(answering) - NORMAL.margin - 1e-6 if answering else own.score
