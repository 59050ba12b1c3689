"""RAGAS over the records of a run, through `ragas.metrics.collections` (0.4.3).

Of each metric three counts stand apart: scored, refused (an answer that refuses has nothing to judge), and judge
failed. A score that ragas gives as NaN, because nothing could be taken apart, counts as a failed judgement and is never
averaged over. The contexts are the quotes of the citations for what is said, and the evidence for what was found.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.ports import Embedder
from eval.judging.port import Judge, JudgeFailure
from eval.judging.ragas_metrics import NAMES, ragas_metrics
from eval.running.record import Record

if TYPE_CHECKING:
    from service.answer import Answer

_DEPTH = 5
_REFERENCED = {"ContextPrecision", "ContextRecall", "FactualCorrectness", "NoiseSensitivity"}


class RagasScore(BaseModel):
    """One metric over a run. `value` is the mean over `scored`, None where there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    value: float | None
    scored: int
    refused: int
    judge_failed: int
    cases: dict[str, float]


def ragas_scores(
    records: Sequence[Record], judge: Judge, embedder: Embedder, names: Sequence[str] = NAMES
) -> list[RagasScore]:
    """Each metric over the records that it applies to. Raises `UsageError` where the extra is missing."""
    metrics = ragas_metrics(judge, embedder, names)
    return asyncio.run(_all(records, metrics, names))


async def _all(records: Sequence[Record], metrics: dict[str, Any], names: Sequence[str]) -> list[RagasScore]:
    found = []
    for name in names:
        own = [r for r in records if r.answer is not None and (name not in _REFERENCED or r.case.expected)]
        told = [r for r in own if not r.refused and r.answer and r.answer.sentences]
        scores: dict[str, float] = {}
        for record in told:
            value = await _score(metrics[name], _ARGUMENTS[name](record))
            if value is not None:
                scores[record.case.id] = value
        found.append(
            RagasScore(
                name=name,
                value=fmean(scores.values()) if scores else None,
                scored=len(scores),
                refused=len(own) - len(told),
                judge_failed=len(told) - len(scores),
                cases=scores,
            )
        )
    return found


async def _score(metric: Any, arguments: dict[str, Any]) -> float | None:  # noqa: ANN401 - ragas has no types
    """The score; None where the judge failed or nothing could be judged."""
    try:
        value = float((await metric.ascore(**arguments)).value)
    except (JudgeFailure, ValidationError, ValueError):
        return None
    return None if math.isnan(value) else value


def _said(answer: Answer) -> str:
    """One sentence a line."""
    return "\n".join(" ".join(sentence.text.split()) for sentence in answer.sentences)


def _quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def _found(answer: Answer) -> list[str]:
    return [item.text for item in answer.evidence[:_DEPTH]]


def _with(make: Callable[[Record, Any], dict[str, Any]]) -> Callable[[Record], dict[str, Any]]:
    return lambda record: make(record, record.answer)


def _quotable(text: str) -> str:
    """Without quotation marks of its own, which would end the quotation."""
    return " ".join(text.replace('"', "'").split())


_ARGUMENTS: dict[str, Callable[[Record], dict[str, Any]]] = {
    "Faithfulness": _with(
        lambda r, a: {"user_input": r.case.question, "response": _said(a), "retrieved_contexts": _quotes(a)}
    ),
    "AnswerRelevancy": _with(lambda r, a: {"user_input": r.case.question, "response": _said(a)}),
    "ContextPrecision": _with(
        lambda r, a: {"user_input": r.case.question, "reference": r.case.expected, "retrieved_contexts": _found(a)}
    ),
    "ContextRecall": _with(
        lambda r, a: {"user_input": r.case.question, "reference": r.case.expected, "retrieved_contexts": _found(a)}
    ),
    "FactualCorrectness": _with(lambda r, a: {"response": _said(a), "reference": r.case.expected}),
    "NoiseSensitivity": _with(
        lambda r, a: {
            "user_input": r.case.question,
            "response": _said(a),
            "reference": r.case.expected,
            "retrieved_contexts": _found(a),
        }
    ),
    "QuotedSpansAlignment": _with(
        lambda r, a: {
            "response": " ".join(f'"{_quotable(s.text)}"' for s in a.sentences),
            "retrieved_contexts": [_quotable(quote) for quote in _quotes(a)],
        }
    ),
}
