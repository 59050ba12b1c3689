"""Measures of retrieval: where in the ranked evidence the gold stands.

`nDCG`, `RR`, `Recall`, `P` and `AP` look at distinct documents in the order of their best passage, as ir_measures does
over a run of documents. `SpanRecall` and `DocRecall` look at passages, as ArchQA's yardstick does.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log2

from eval.measures.measure import Measure
from eval.measures.relevance import all_or_any, ranked_documents, retrieved
from eval.running.record import Record

_DEPTH = 1000


def ranking(name: str, depth: int) -> Measure | None:
    """The measure of that name cut at a depth, 0 being none; None where there is none of that name."""
    if name not in _MEASURES:
        return None
    about, value = _MEASURES[name]
    shown = f"{name}@{depth}" if depth else name

    def rows(record: Record) -> float | None:
        return value(record, depth or _DEPTH) if record.case.gold and not record.case.refuse else None

    return Measure(shown, about, rows)


def _gains(record: Record, depth: int) -> tuple[list[int], int]:
    """Relevance, 0 or 1, of the first documents, and how many relevant ones there are."""
    gold = {one.document for one in record.case.gold}
    return [int(document in gold) for document in ranked_documents(record)[:depth]], len(gold)


def _ndcg(record: Record, depth: int) -> float:
    gains, relevant = _gains(record, depth)
    ideal = sum(1 / log2(place + 2) for place in range(min(relevant, depth)))
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains)) / ideal


def _reciprocal_rank(record: Record, depth: int) -> float:
    gains, _ = _gains(record, depth)
    return next((1 / (place + 1) for place, gain in enumerate(gains) if gain), 0.0)


def _recall(record: Record, depth: int) -> float:
    gains, relevant = _gains(record, depth)
    return sum(gains) / relevant


def _precision(record: Record, depth: int) -> float:
    gains, _ = _gains(record, depth)
    return sum(gains) / depth


def _average_precision(record: Record, depth: int) -> float:
    gains, relevant = _gains(record, depth)
    hits = [sum(gains[: place + 1]) / (place + 1) for place, gain in enumerate(gains) if gain]
    return sum(hits) / relevant


def _span_recall(record: Record, depth: int) -> float:
    return float(all_or_any(record, [retrieved(record, gold, depth) for gold in record.case.gold]))


def _doc_recall(record: Record, depth: int) -> float:
    near = {item.document for item in record.answer.evidence[:depth]} if record.answer else set()
    return float(all_or_any(record, [gold.document in near for gold in record.case.gold]))


_Value = Callable[[Record, int], float]
_MEASURES: dict[str, tuple[str, _Value]] = {
    "nDCG": (
        "How high the gold documents stand. DCG = sum of 1 / log2(rank + 1) over the gold documents among the first k, "
        "divided by the DCG of the best order. Järvelin and Kekäläinen, TOIS 20(4), 2002.",
        _ndcg,
    ),
    "RR": (
        "One over the rank of the first gold document, 0 where none is among the first k. Kantor and Voorhees, 2000.",
        _reciprocal_rank,
    ),
    "MRR": ("The mean over cases of one over the rank of the first gold document; the same as RR.", _reciprocal_rank),
    "Recall": ("Share of the gold documents that are among the first k distinct documents.", _recall),
    "P": ("Share of the first k distinct documents that are gold; a list shorter than k counts as k.", _precision),
    "AP": (
        "Mean over the gold documents of the precision at the rank where each stands, 0 where it is missing. "
        "Buckley and Voorhees, SIGIR 2000.",
        _average_precision,
    ),
    "SpanRecall": (
        "Share of cases whose every gold quote has at least 80 % of its distinct words among the first k passages of "
        "its document. As span_recall@k of archqa_score.py.",
        _span_recall,
    ),
    "DocRecall": (
        "Share of cases whose every gold document is among the first k passages. As doc_recall@k of archqa_score.py.",
        _doc_recall,
    ),
}
NAMES = tuple(_MEASURES)
