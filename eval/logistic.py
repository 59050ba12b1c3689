"""Ridge logistic regression by Newton's method, and the area under the ROC curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model on standardised features: p = sigmoid(bias + weights . (x - mean) / scale)."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float

    def score(self, x: Floats) -> Floats:
        """Log-odds of each row."""
        scores: Floats = self.bias + ((x - self.mean) / self.scale) @ self.weights
        return scores


def fit(x: Floats, y: NDArray[np.bool_], *, ridge: float, balanced: bool = True, bias: bool = True) -> Fitted:
    """Fit rows `x` (n, d) to labels `y` (n,). `ridge` is the penalty on squared weights; with `balanced`, both
    labels weigh the same; without `bias` the rows are taken as differences: no mean is removed, no bias fitted."""
    mean = x.mean(axis=0) if bias else np.zeros(x.shape[1])
    scale = np.where(x.std(axis=0) > 1e-9, x.std(axis=0), 1.0)
    z = np.column_stack([(x - mean) / scale, np.ones(len(x))]) if bias else (x - mean) / scale
    share = y.mean()
    weight = np.where(y, 0.5 / share, 0.5 / (1 - share)) if balanced else np.ones(len(y))
    penalty = np.full(z.shape[1], ridge)
    if bias:
        penalty[-1] = 0.0
    beta = np.zeros(z.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(z @ beta, -30, 30)))
        gradient = z.T @ (weight * (p - y)) + penalty * beta
        hessian = (z * (weight * p * (1 - p))[:, None]).T @ z + np.diag(penalty + 1e-9)
        step = np.linalg.solve(hessian, gradient)
        beta -= step
        if np.abs(step).max() < 1e-8:
            break
    return Fitted(mean, scale, beta[:-1] if bias else beta, float(beta[-1]) if bias else 0.0)


def auroc(positive: Floats, negative: Floats) -> float:
    """Probability that a positive scores above a negative, ties counting half."""
    above = (positive[:, None] > negative[None, :]).mean()
    equal = (positive[:, None] == negative[None, :]).mean()
    return float(above + equal / 2)
