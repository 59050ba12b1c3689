"""Drift: whether two samples come from one distribution, by the two-sample Kolmogorov-Smirnov statistic.

Smirnov, Annals of Mathematical Statistics 19(2), 1948; the p-value is the asymptotic one with Stephens' correction for
small samples (Journal of the Royal Statistical Society B 32, 1970).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ALARM = 0.01


@dataclass(frozen=True, slots=True)
class Drift:
    """The greatest distance of the two distribution functions, and how often chance alone gives as much."""

    distance: float
    p: float

    @property
    def alarming(self) -> bool:
        """Whether chance is no good explanation."""
        return self.p < ALARM


def drift(before: Sequence[float], after: Sequence[float]) -> Drift:
    """Of two samples, neither empty."""
    old, new = np.sort(np.array(before)), np.sort(np.array(after))
    points = np.concatenate([old, new])
    below_old = np.searchsorted(old, points, side="right") / len(old)
    below_new = np.searchsorted(new, points, side="right") / len(new)
    distance = float(np.abs(below_old - below_new).max())
    size = math.sqrt(len(old) * len(new) / (len(old) + len(new)))
    return Drift(distance, _kolmogorov((size + 0.12 + 0.11 / size) * distance))


def _kolmogorov(value: float) -> float:
    """Survival function of Kolmogorov's distribution."""
    if value < 0.2:
        return 1.0
    terms = [(1 if k % 2 else -1) * math.exp(-2 * k * k * value * value) for k in range(1, 101)]
    return min(1.0, max(0.0, 2 * sum(terms)))
