"""Bootstrap intervals over cases: percentile intervals at 95 %, drawn with a fixed seed.

Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7(1), 1979. Two runs over the same cases
are compared pair by pair: the same cases are drawn for both, so what is hard for both cancels out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eval.measures.measure import Floats, Fold, mean

DRAWS = 1000
_SEED = 20261122
_TAIL = 2.5


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval."""

    low: float
    high: float


def interval(rows: Floats, fold: Fold, *, draws: int = DRAWS) -> Interval:
    """Of the fold over rows of shape (n, k), n >= 1."""
    drawn = _draws(len(rows), draws)
    if fold is mean:
        return _percentiles(rows[drawn, 0].mean(axis=1))
    return _percentiles(np.array([fold(rows[chosen]) for chosen in drawn]))


def paired_interval(before: Floats, after: Floats, fold: Fold, *, draws: int = DRAWS) -> Interval:
    """Of fold(after) - fold(before), row by row the same cases; both of shape (n, k), n >= 1."""
    if fold is mean:
        return interval(after - before, mean, draws=draws)
    drawn = _draws(len(before), draws)
    return _percentiles(np.array([fold(after[chosen]) - fold(before[chosen]) for chosen in drawn]))


def _draws(size: int, draws: int) -> Floats:
    return np.random.default_rng(_SEED).integers(0, size, size=(draws, size))  # type: ignore[return-value]


def _percentiles(values: Floats) -> Interval:
    low, high = np.percentile(values, [_TAIL, 100 - _TAIL])
    return Interval(float(low), float(high))
