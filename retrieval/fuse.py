"""Fusion of ranked lists into one.

minmax  each list's scores mapped to [0, 1], best to 1; what Aether's own search uses: its margin at the top survives
dbsf    mean minus and plus three standard deviations mapped to 0 and 1, clipped (Mazzeschi, "Distribution-based score
        fusion", 2023, as in Qdrant)
rrf     1 / (60 + rank) (Cormack et al., SIGIR 2009)

A passage that a list lacks gets nothing from it. The three were measured against each other: see the technical report.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean, pstdev
from typing import Literal

from corpus.passages import Hit, Passage

Method = Literal["dbsf", "rrf", "minmax"]
_RRF_K = 60


def fuse(
    lists: Sequence[Sequence[Hit]], weights: Sequence[float], method: Method = "minmax"
) -> list[tuple[Passage, float]]:
    """Passages of all lists with their fused scores, best first, ties by passage id."""
    scale = _SCALES[method]
    passages: dict[str, Passage] = {}
    scores: dict[str, float] = {}
    for hits, weight in zip(lists, weights, strict=True):
        for hit, value in zip(hits, scale([h.score for h in hits]), strict=True):
            passages.setdefault(hit.passage.id, hit.passage)
            scores[hit.passage.id] = scores.get(hit.passage.id, 0.0) + weight * value
    ranked = sorted(scores, key=lambda i: (-scores[i], i))
    return [(passages[i], scores[i]) for i in ranked]


def _dbsf(scores: list[float]) -> list[float]:
    """Mean -3 sigma to 0, +3 sigma to 1."""
    if len(scores) < 2:
        return [1.0] * len(scores)
    mean, spread = fmean(scores), pstdev(scores)
    if spread == 0:
        return [0.5] * len(scores)
    return [min(1.0, max(0.0, (s - mean + 3 * spread) / (6 * spread))) for s in scores]


def _minmax(scores: list[float]) -> list[float]:
    """Worst to 0, best to 1."""
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    return [(s - low) / (high - low) if high > low else 1.0 for s in scores]


def _rrf(scores: list[float]) -> list[float]:
    """1 / (k + rank)."""
    return [1.0 / (_RRF_K + rank) for rank in range(1, len(scores) + 1)]


_SCALES: dict[Method, Callable[[list[float]], list[float]]] = {"dbsf": _dbsf, "rrf": _rrf, "minmax": _minmax}
