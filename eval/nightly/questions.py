"""What readers ask: whether the questions of the last week are those of the weeks before, by a service's journal.

Three samples are compared, each by `drift`: how near a question is to the middle of what was asked before (cosine of
its vector), how many words it has, and how sure its answer was. The middle is that of every other earlier question, and
the rest of them are the sample: a middle lies nearer to what it was made from. The smallest of the three p-values,
three times (Bonferroni's correction), decides. No question is shown: a report has readers who may not read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from corpus.nightly import NightStage
from corpus.ports import Embedder
from eval.measures.measure import Floats
from eval.nightly.drift import ALARM, drift
from eval.nightly.journal import journalled

RECENT_DAYS = 7
_LEAST = 30
_MOST = 2_000
_NAME = "drift of readers' questions"


@dataclass(frozen=True, slots=True)
class Put:
    """A question that a reader put, and the confidence of its answer, 0 to 1."""

    question: str
    confidence: float


def questions_stage(journal: Path, night: date, embedder: Embedder) -> NightStage:
    """The questions of the seven days before the night against all before those, as far as the journal goes back."""
    before, recent = put_before(journal, night)
    if min(len(before), len(recent)) < _LEAST:
        told = f"{len(recent)} questions in {RECENT_DAYS} days and {len(before)} before: too few to compare"
        return NightStage(name=_NAME, verdict="fine", summary=told)
    middle = _mean(_vectors(before[::2], embedder))
    kept = before[1::2]
    found = {
        "subject": drift(_near(kept, middle, embedder), _near(recent, middle, embedder)),
        "words": drift(
            [float(len(p.question.split())) for p in kept], [float(len(p.question.split())) for p in recent]
        ),
        "confidence": drift([p.confidence for p in kept], [p.confidence for p in recent]),
    }
    name, least = min(found.items(), key=lambda item: item[1].p)
    p = min(1.0, len(found) * least.p)
    moved = p < ALARM
    return NightStage(
        name=_NAME,
        verdict="look" if moved else "fine",
        summary=f"{len(recent)} questions in {RECENT_DAYS} days against {len(before)} before: "
        + (f"their {name} moved, p {p:.4f}" if moved else f"none of {', '.join(found)} moved, p {p:.3f}"),
        details=tuple(f"{one}: Kolmogorov-Smirnov distance {d.distance:.3f}, p {d.p:.4f}" for one, d in found.items()),
    )


def put_before(journal: Path, night: date) -> tuple[list[Put], list[Put]]:
    """The earlier and the recent questions. Those of the night's own day are left out, since it is not over."""
    since = (night - timedelta(days=RECENT_DAYS)).isoformat()
    before: list[Put] = []
    recent: list[Put] = []
    for day, answer in journalled(journal):
        question, confidence = answer.get("question"), answer.get("confidence")
        if day < night.isoformat() and isinstance(question, str) and isinstance(confidence, int | float):
            (recent if day >= since else before).append(Put(question, float(confidence)))
    return _thinned(before), _thinned(recent)


def _thinned(put: Sequence[Put]) -> list[Put]:
    """All, or of very many every so many-th."""
    return list(put[:: -(-len(put) // _MOST) or 1])


def _vectors(put: Sequence[Put], embedder: Embedder) -> Floats:
    return np.array(embedder.embed([one.question for one in put]), dtype=np.float64)


def _mean(vectors: Floats) -> Floats:
    """Their mean direction, of length 1."""
    mean: Floats = vectors.mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-12)


def _near(put: Sequence[Put], middle: Floats, embedder: Embedder) -> list[float]:
    return [float(value) for value in _vectors(put, embedder) @ middle]
