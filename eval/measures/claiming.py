"""Measures of claims that come with their evidence: whether the verifier tells the supported ones from the others."""

from __future__ import annotations

from eval.logistic import auroc
from eval.measures.measure import Floats, Measure
from eval.running.record import Record
from service.grounding.support import LEAST


def judged_right(supported: bool, chance: float) -> bool:
    """Whether a claim is let by that is supported, or held back that is not."""
    return supported == (chance >= LEAST)


def _judged(record: Record) -> tuple[float, ...] | None:
    """How likely the verifier holds the claim to be supported, and whether it is; what crashed is judged wrongly."""
    if not record.case.evidence:
        return None
    supported = record.case.supported
    return float(not supported) if record.support is None else record.support, float(supported)


def balanced_accuracy(rows: Floats) -> float:
    """Mean of the shares judged rightly of the supported claims and of the others; of one kind alone its share."""
    supported = rows[:, 1] == 1
    right = supported == (rows[:, 0] >= LEAST)
    shares = [right[kind].mean() for kind in (supported, ~supported) if kind.any()]
    return float(sum(shares) / len(shares))


def area(rows: Floats) -> float:
    """Area under the ROC curve; 0.5 where there is one kind of claims alone."""
    supported = rows[:, 1] == 1
    if supported.all() or not supported.any():
        return 0.5
    return auroc(rows[supported, 0], rows[~supported, 0])


MEASURES = (
    Measure(
        "ClaimAccuracy",
        "Balanced accuracy over claims that people labelled, each judged by its own evidence: the mean of the share of "
        "supported ones that the verifier lets by (0.5 or more) and of the share of others that it holds back. As "
        "SummaC's benchmark, Laban et al., TACL 2022.",
        _judged,
        balanced_accuracy,
    ),
    Measure(
        "ClaimAUROC",
        "Probability that the verifier gives a supported claim more than one that is not, ties counting half: the area "
        "under the ROC curve. Hanley and McNeil, Radiology 143, 1982.",
        _judged,
        area,
    ),
)
