"""Probabilities and labels -> what a decision to refuse is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.logistic import Floats, auroc
from eval.measures.calibrating import calibration_error, risk_coverage_area

Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Worth:
    """What the decision is worth over one set.

    auroc     probability that an answerable question is held for more answerable than another, ties counting half
    area      area under the risk-coverage curve, the risk being the share of unanswerable questions among those that
              are answered (Geifman, Uziel and El-Yaniv, ICLR 2019); 0 is best
    chance    the same for a decision that knows nothing: the share of unanswerable questions
    covered   share of the answerable questions that are answered at the threshold
    refused   share of the unanswerable ones that are refused at it
    error     expected calibration error, ten bins of equal width
    """

    questions: int
    auroc: float
    area: float
    chance: float
    covered: float
    refused: float
    error: float


def worth(probability: Floats, answerable: Labels, threshold: float) -> Worth:
    """The worth of probabilities (n,) under a threshold. Both labels have to occur."""
    rows = np.column_stack([probability, answerable.astype(float)])
    answered = probability >= threshold
    return Worth(
        questions=len(rows),
        auroc=auroc(probability[answerable], probability[~answerable]),
        area=risk_coverage_area(rows),
        chance=float((~answerable).mean()),
        covered=float(answered[answerable].mean()),
        refused=float((~answered)[~answerable].mean()),
        error=calibration_error(rows),
    )
