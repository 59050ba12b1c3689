"""Measures of effort: words, milliseconds by stage, tokens and cost."""

from __future__ import annotations

import numpy as np

from eval.measures.measure import Floats, Measure, Rows
from eval.running.record import Record


def _answered_words(record: Record) -> float | None:
    if record.answer is None or record.refused:
        return None
    return float(len(record.answer.text.split()))


def _median(rows: Floats) -> float:
    return float(np.median(rows[:, 0]))


def _total(rows: Floats) -> float:
    return float(rows[:, 0].sum())


def latency(stage: str, percent: int) -> Measure:
    """`Latency:STAGE@PERCENT`, in milliseconds; the stage `all` is the whole answer."""

    def rows(record: Record) -> float | None:
        if record.answer is None:
            return None
        if stage == "all":
            return 1000 * record.seconds
        return record.answer.timing_ms.get(stage)

    about = (
        f"Milliseconds of {'the whole answer' if stage == 'all' else f'the stage {stage}'}, {percent}th percentile "
        "over the cases, linear between ranks. Measured inside a run: read it only on a quiet machine."
    )
    return Measure(
        f"Latency:{stage}@{percent}", about, rows, lambda t: float(np.percentile(t[:, 0], percent)), "down", False
    )


def _usage(field: str) -> Rows:
    def rows(record: Record) -> float | None:
        usage = record.answer.usage if record.answer else None
        value = getattr(usage, field) if usage else None
        return None if value is None else float(value)

    return rows


MEASURES = (
    Measure(
        "Words", "Median words of an answer that is not a refusal.", _answered_words, _median, better="", bounded=False
    ),
    Measure("TokensIn", "Tokens sent to a language model, in sum.", _usage("tokens_in"), _total, "down", False),
    Measure("TokensOut", "Tokens that a language model wrote, in sum.", _usage("tokens_out"), _total, "down", False),
    Measure("Cost", "Cost in the currency of the price table, in sum.", _usage("cost"), _total, "down", False),
)
