"""Whether the evidence answers the question: a calibrated probability from features of ranking and units.

Logistic regression over features that see the question *and* the evidence, never the question alone. Coefficients are
fitted by `python -m eval.fit_answering` on kubernetes-enhancements (questions, unanswerable questions, and every
answerable question again with its gold documents excluded), and lie in `decision.json` beside this file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corpus.identifiers import stands_in
from retrieval.evidence import Found
from service.answering.rank import Scored
from service.answering.terms import terms

FEATURES = (
    "top_dense",
    "top_lexical_per_term",
    "unit_cosine",
    "evidence_coverage",
    "first_coverage",
    "identifiers_found",
    "lists_agree",
    "dense_margin",
    "lexical_margin",
)


@dataclass(frozen=True, slots=True)
class Model:
    """Standardisation, coefficients, and the probability below which a question is refused."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float


def decide(features: Sequence[float], model: Model | None = None) -> float:
    """The probability that the evidence answers the question, 0 to 1."""
    model = model or fitted()
    z = model.bias + sum(
        w * (f - m) / s for f, m, s, w in zip(features, model.mean, model.scale, model.weights, strict=True)
    )
    return 1 / (1 + math.exp(-z))


@cache
def fitted() -> Model:
    """The committed model."""
    raw = json.loads(Path(__file__).with_name("decision.json").read_text("utf-8"))
    return Model(tuple(raw["mean"]), tuple(raw["scale"]), tuple(raw["weights"]), raw["bias"], raw["threshold"])


def observe(found: Found, ranked: Sequence[Scored]) -> tuple[float, ...]:
    """The features, in the order of `FEATURES`; all zero when nothing was found."""
    if not found.evidence or not ranked:
        return (0.0,) * len(FEATURES)
    asked = terms(found.question.text)
    size = max(1, len(asked))
    dense = sorted((e.dense for e in found.evidence), reverse=True)
    lexical = sorted((e.lexical for e in found.evidence), reverse=True)
    top = found.evidence[:5]
    shown = terms(" ".join(f"{e.passage.header} {e.passage.text}" for e in top))
    first = terms(f"{top[0].passage.header} {top[0].passage.text}")
    names = found.question.identifiers
    text = " ".join(f"{e.passage.title} {e.passage.document} {e.passage.text}" for e in top[:3])
    by_dense = {e.passage.id for e in sorted(found.evidence, key=lambda e: -e.dense)[:5]}
    by_lexical = {e.passage.id for e in sorted(found.evidence, key=lambda e: -e.lexical)[:5]}
    return (
        dense[0],
        lexical[0] / size,
        max(s.features[0] for s in ranked),
        len(asked & shown) / size,
        len(asked & first) / size,
        sum(stands_in(n, text) for n in names) / len(names) if names else 0.5,
        len(by_dense & by_lexical) / 5,
        dense[0] - dense[min(9, len(dense) - 1)],
        (lexical[0] - lexical[min(9, len(lexical) - 1)]) / (lexical[0] or 1.0),
    )
