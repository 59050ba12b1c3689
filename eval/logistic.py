"""Ridge logistic regression by Newton's method, and the area under the ROC curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model on standardised features: p = sigmoid(bias + weights . (x - mean) / scale). All of shape (d,)."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float

    def score(self, x: Floats) -> Floats:
        """Log-odds of each row."""
        scores: Floats = self.bias + ((x - self.mean) / self.scale) @ self.weights
        return scores

    def chance(self, x: Floats) -> Floats:
        """Probability of each row."""
        return sigmoid(self.score(x))


def sigmoid(odds: Floats) -> Floats:
    """Log-odds as probabilities."""
    found: Floats = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return found


def threshold_at(positive: Floats, coverage: float) -> float:
    """The highest threshold at which at least this share of the scores is kept."""
    return float(np.sort(positive)[int((1 - coverage) * len(positive))])


def fit(x: Floats, y: NDArray[np.bool_], *, ridge: float, weight: Floats | None = None) -> Fitted:
    """Fit rows `x` (n, d) to labels `y` (n,), both labels weighing the same unless rows are given a `weight` (n,).
    `ridge` penalises squared weights."""
    mean, scale = x.mean(axis=0), _spread(x)
    z = np.column_stack([(x - mean) / scale, np.ones(len(x))])
    share = y.mean()
    penalty = np.append(np.full(x.shape[1], ridge), 0.0)
    beta = _newton(z, y, np.where(y, 0.5 / share, 0.5 / (1 - share)) if weight is None else weight, penalty)
    return Fitted(mean, scale, beta[:-1], float(beta[-1]))


def fit_differences(x: Floats, shares: Floats, *, ridge: float) -> Floats:
    """Weights (d,) under which rows `x` (n, d), each better minus worse, score above zero; rows weigh `shares` (n,)."""
    scale = _spread(x)
    beta = _newton(x / scale, np.ones(len(x), dtype=bool), shares, np.full(x.shape[1], ridge))
    weights: Floats = beta / scale
    return weights


def _spread(x: Floats) -> Floats:
    """Standard deviations, 1 where nothing varies."""
    spread: Floats = np.where(x.std(axis=0) > 1e-9, x.std(axis=0), 1.0)
    return spread


def _newton(z: Floats, y: NDArray[np.bool_], weight: Floats, penalty: Floats) -> Floats:
    """Newton's method on the penalised likelihood."""
    beta: Floats = np.zeros(z.shape[1])
    for _ in range(_STEPS):
        p = sigmoid(z @ beta)
        gradient = z.T @ (weight * (p - y)) + penalty * beta
        hessian = (z * (weight * p * (1 - p))[:, None]).T @ z + np.diag(penalty + 1e-9)
        step = np.linalg.solve(hessian, gradient)
        beta = beta - step
        if np.abs(step).max() < 1e-8:
            break
    return beta


def auroc(positive: Floats, negative: Floats) -> float:
    """Probability that a positive scores above a negative, ties counting half."""
    above = (positive[:, None] > negative[None, :]).mean()
    equal = (positive[:, None] == negative[None, :]).mean()
    return float(above + equal / 2)
