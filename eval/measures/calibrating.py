"""Measures of confidence: whether a higher one means a better answer, and whether it is a probability.

An answer is right when it states every fact of its case (or, without facts, cites its gold); to a case without an
answer only a refusal is right, and the confidence is that of being answerable.
"""

from __future__ import annotations

import numpy as np

from eval.measures.citing import MEASURES as CITING
from eval.measures.measure import Floats, Measure
from eval.measures.refusing import silent
from eval.measures.saying import MEASURES as SAYING
from eval.running.record import Record

_BINS = 10
_FACTS = next(measure for measure in SAYING if measure.name == "FactRecall")
_HIT = next(measure for measure in CITING if measure.name == "CitationHit")


def right(record: Record) -> bool:
    """Whether an answer that was given is right."""
    if silent(record) or record.answer is None or record.refused:
        return False
    facts = _FACTS.rows(record)
    return facts == 1.0 if facts is not None else _HIT.rows(record) == 1.0


def _answered(record: Record) -> tuple[float, ...] | None:
    """Confidence and whether right, of what was not refused."""
    if record.answer is None or record.refused:
        return None
    return record.answer.confidence, float(right(record))


def _answerable(record: Record) -> tuple[float, ...] | None:
    """Confidence and whether answerable."""
    return None if record.answer is None else (record.answer.confidence, float(not silent(record)))


def risk_coverage_area(rows: Floats) -> float:
    """Mean over the answers, surest first, of the share of wrong ones so far; ties share their mean."""
    order = np.argsort(-rows[:, 0], kind="stable")
    confidence, wrong = rows[order, 0], np.concatenate(([0.0], np.cumsum(1 - rows[order, 1])))
    begins = np.flatnonzero(np.concatenate(([True], confidence[1:] != confidence[:-1])))
    ends = np.append(begins[1:], len(confidence))
    sizes = ends - begins
    shares = np.repeat((wrong[ends] - wrong[begins]) / sizes, sizes)
    places = np.arange(1, len(confidence) + 1)
    so_far = np.repeat(wrong[begins], sizes) + shares * (places - np.repeat(begins, sizes))
    return float((so_far / places).mean())


def calibration_error(rows: Floats) -> float:
    """Mean over ten bins of equal width, weighted by size, of |mean confidence - share right|."""
    bins = np.minimum((rows[:, 0] * _BINS).astype(int), _BINS - 1)
    filled = [rows[bins == number] for number in np.unique(bins)]
    return float(sum(abs(own[:, 0].mean() - own[:, 1].mean()) * len(own) for own in filled) / len(rows))


MEASURES = (
    Measure(
        "RiskCoverage",
        "Area under the risk-coverage curve: the share of wrong answers among the surest ones, averaged over how many "
        "one keeps; 0 is best. Geifman, Uziel and El-Yaniv, ICLR 2019.",
        _answered,
        risk_coverage_area,
        better="down",
    ),
    Measure(
        "CalibrationError",
        "Expected calibration error of the confidence that a case is answerable, ten bins of equal width. Naeini, "
        "Cooper and Hauskrecht, AAAI 2015.",
        _answerable,
        calibration_error,
        better="down",
    ),
)
