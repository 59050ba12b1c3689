"""Measures of refusals: whether Aether is silent where the documents are, and only there.

The counts are those of `archqa_score.py`: of a false premise it also counts as handled that a citation covers half of
the quote that puts it right.
"""

from __future__ import annotations

from eval.measures.measure import Floats, Measure
from eval.measures.relevance import cites
from eval.running.record import Record


def handled(record: Record) -> bool:
    """Whether a question without an answer was refused, or its false premise put right."""
    return record.refused or (record.case.corrects is not None and cites(record, record.case.corrects))


def silent(record: Record) -> bool:
    """Whether the case has no answer for this caller."""
    return record.case.refuse or record.case.corrects is not None


def _counts(record: Record) -> tuple[float, ...] | None:
    """Handled, unanswerable, wrongly refused, answerable."""
    if record.case.evidence:
        return None
    if silent(record):
        return float(handled(record)), 1.0, 0.0, 0.0
    return 0.0, 0.0, float(record.refused), 1.0


def _asks_for_refusals(rows: Floats) -> bool:
    return bool(len(rows)) and bool(rows[:, 1].any())


def _recall(rows: Floats) -> float:
    right, unanswerable = rows[:, 0].sum(), rows[:, 1].sum()
    return float(right / unanswerable) if unanswerable else 0.0


def _precision(rows: Floats) -> float:
    right, wrong = rows[:, 0].sum(), rows[:, 2].sum()
    return float(right / (right + wrong)) if right + wrong else 0.0


def _f1(rows: Floats) -> float:
    recall, precision = _recall(rows), _precision(rows)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


MEASURES = (
    Measure(
        "RefusalRecall",
        "Share of the cases without an answer that are refused, or whose false premise is put right. As handled_recall "
        "of archqa_score.py.",
        lambda record: float(handled(record)) if silent(record) else None,
    ),
    Measure(
        "RefusalPrecision",
        "Of the refusals, the share that was right: handled / (handled + wrongly refused). Nothing is said of a suite "
        "that has no case without an answer.",
        _counts,
        _precision,
        says=_asks_for_refusals,
    ),
    Measure(
        "RefusalF1",
        "Harmonic mean of RefusalRecall and RefusalPrecision. As refusal_f1 of archqa_score.py.",
        _counts,
        _f1,
        says=_asks_for_refusals,
    ),
    Measure(
        "Coverage",
        "Share of the answerable cases that are not refused.",
        lambda record: None if silent(record) or record.case.evidence else float(not record.refused),
    ),
    Measure(
        "Crashed",
        "Share of the cases in which the engine raised. Must be 0.",
        lambda record: float(record.crashed),
        better="down",
    ),
)
