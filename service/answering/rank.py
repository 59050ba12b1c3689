"""How well each unit of the evidence answers the question.

A unit's score is a linear form of: cosine of question and unit (the unit embedded under its headings), share of the
question's weighted terms in the unit and in the unit with its headings, the rank score of its passage, and whether a
question that asks for a number meets one. Terms are weighted by rarity among the units at hand. Weights are fitted by
`eval.fit_answering` on kubernetes-enhancements.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.documents import Document, Span
from corpus.outline import outline
from corpus.ports import Embedder
from corpus.units import Unit, units
from retrieval.evidence import Evidence, Found

_WORD = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")
_STOP = frozenset(
    _WORD.findall(
        "a an and are as at be been but by can could did do does for from had has have how i if in into is it its me "
        "my no not of on one or our out shall should so some such than that the their them then there these they this "
        "those to up us use was we were what when where which while who why will with would you your"
    )
)
_NUMERIC = re.compile(
    r"\bhow (?:many|much|long|often|big|large|far|fast|high|old|soon)\b|\bwhat (?:percentage|share|number|size|fraction"
    r"|factor|version|port|interval|limit|timeout)\b|\b(?:minimum|maximum|max|min|default|lowest|highest|threshold)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit with its place in the evidence and its features; `score` is their weighted sum."""

    document: Document
    unit: Unit
    rank: int
    features: tuple[float, ...]
    score: float


FEATURES = ("cosine", "coverage", "headed_coverage", "passage", "number", "code", "brevity")
WEIGHTS = (3.0, 1.2, 0.8, 1.2, 0.15, 0.0, -0.1)


def rank(found: Found, documents: dict[str, Document], embedder: Embedder, *, top: int = 8) -> list[Scored]:
    """The units of the `top` passages, best first."""
    placed: list[tuple[Evidence, int, Document, Unit, str]] = []
    seen: set[tuple[str, int]] = set()
    for place, item in enumerate(found.evidence[:top]):
        document = documents[item.passage.document]
        heading = " > ".join(dict.fromkeys((item.passage.title, *item.passage.section)))
        for unit in units(document, Span(item.passage.start, item.passage.end)):
            if (document.id, unit.start) not in seen:
                seen.add((document.id, unit.start))
                placed.append((item, place, document, unit, heading))
    if not placed:
        return []
    texts = [document.visible(u.start, u.end) for _, _, document, u, _ in placed]
    vectors = embedder.embed([f"{h}\n{t}" for (*_, h), t in zip(placed, texts, strict=True)])
    weigh = _rarity([f"{h} {t}" for (*_, h), t in zip(placed, texts, strict=True)])
    asked = terms(found.question.text)
    numeric = bool(_NUMERIC.search(found.question.text))
    best = found.evidence[0].score or 1.0
    ranked = []
    for (item, place, document, unit, heading), text, vector in zip(placed, texts, vectors, strict=True):
        own, headed = terms(text), terms(f"{heading} {text}")
        features = (
            sum(a * b for a, b in zip(found.vector, vector, strict=True)),
            _share(asked, own, weigh),
            _share(asked, headed, weigh),
            item.score / best,
            1.0 if numeric and re.search(r"\d", text) else 0.0,
            1.0 if unit.kind == "code" else 0.0,
            1.0 if len(own) < 4 else 0.0,
        )
        score = sum(w * f for w, f in zip(WEIGHTS, features, strict=True))
        ranked.append(Scored(document, unit, place, features, score))
    return sorted(ranked, key=lambda s: (-s.score, s.rank, s.unit.start))


def terms(text: str) -> frozenset[str]:
    """The text's content words, identifiers also in their parts, plurals and common endings cut."""
    words = _WORD.findall(text.lower()) + _WORD.findall(_HUMP.sub(" ", text).lower())
    return frozenset(_stem(w) for w in words if w not in _STOP and (len(w) > 1 or w.isdigit()))


def _stem(word: str) -> str:
    """A light stem: enough to meet plurals, -ing and -ed."""
    for ending in ("ies", "ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _rarity(texts: Sequence[str]) -> dict[str, float]:
    """Inverse frequency of every term among the units."""
    counts = Counter(t for text in texts for t in terms(text))
    return {t: math.log(1 + len(texts) / n) for t, n in counts.items()}


def _share(asked: frozenset[str], own: frozenset[str], weigh: dict[str, float]) -> float:
    """Weighted share of the asked terms that stand in `own`; unknown terms weigh as the rarest."""
    rarest = max(weigh.values(), default=1.0)
    total = sum(weigh.get(t, rarest) for t in asked)
    return sum(weigh.get(t, rarest) for t in asked & own) / total if total else 0.0


def section_path(document: Document, start: int) -> tuple[str, ...]:
    """Titles over an offset."""
    return next((s.path for s in outline(document.text, document.parsed.blocks) if s.start <= start < s.end), ())
