"""Agreement of the embedded judge with people: Spearman's rank correlation with their mean rating.

The answers are MTRAG's human evaluations (IBM, Apache-2.0): 252 answers of three writers to 84 questions, each rated 1
to 4 for faithfulness by three people. The faithfulness of an answer is the mean, over its statements, of how likely the
task's contexts support it. Nothing is fitted here; conversations fall into two halves by a fixed hash, so that whoever
changes the judge can look at one half and report the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from eval.datasets.lines import json_file
from eval.judging.embedded import EmbeddedJudge, claims
from eval.measures.measure import Floats

REPORTED = 0
"""The half that is reported; the other is for whoever fits."""


@dataclass(frozen=True, slots=True)
class Rated:
    """An answer with its mean human rating, 1 to 4, and what the judge thinks, 0 to 1."""

    conversation: str
    rating: float
    judged: float

    @property
    def half(self) -> int:
        """0 or 1, by the conversation."""
        return int(hashlib.sha256(self.conversation.encode()).hexdigest(), 16) % 2


@dataclass(frozen=True, slots=True)
class Agreement:
    """Spearman's correlation on each half."""

    reported: float
    fitting: float
    n: int


def rated(folder: Path, judge: EmbeddedJudge) -> list[Rated]:
    """The rated answers. Raises `NotFound` without the file."""
    raw: dict[str, Any] = json_file(folder / "mtrag" / "human_evaluations.json")
    texts = {document["document_id"]: document["text"] for document in raw["documents"]}
    contexts = {t["task_id"]: [texts[c["document_id"]] for c in t["contexts"]] for t in raw["tasks"]}
    return [
        Rated(
            one["task_id"].partition("<::>")[0],
            fmean(float(said["value"]) for said in one["annotations"]["faithfulness"].values()),
            fmean(judge.supports(claims(one["model_response"]), contexts[one["task_id"]]) or [0.0]),
        )
        for one in raw["evaluations"]
    ]


def agreement(answers: Sequence[Rated]) -> Agreement:
    """The correlation on the half that is reported, and on the other."""
    halves = [[one for one in answers if one.half == half] for half in (REPORTED, 1 - REPORTED)]
    values = [spearman([one.judged for one in half], [one.rating for one in half]) for half in halves]
    return Agreement(values[0], values[1], len(halves[0]))


def spearman(left: Sequence[float], right: Sequence[float]) -> float:
    """Pearson's correlation of the ranks, ties at their mean. Spearman, American Journal of Psychology 15, 1904."""
    return float(np.corrcoef(_ranks(np.array(left)), _ranks(np.array(right)))[0, 1])


def _ranks(values: Floats) -> Floats:
    return np.array([(values < one).sum() + ((values == one).sum() - 1) / 2 for one in values], dtype=np.float64)
