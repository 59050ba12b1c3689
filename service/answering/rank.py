"""How well each unit of the evidence answers the question.

A unit's score is a linear form of features that see the question and the unit together: the cosine of the unit under
its headings, weighted shares of the question's terms (in the unit, under its headings, with its neighbours), the score
and rank of its passage, and whether it is the kind of thing that the question asks for. The best of them are read once
more beside the question by a selector, whose score is added. Weights are fitted by `python -m eval.fit_answering` on
kubernetes-enhancements and lie in `ranking.json` beside this file.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile
from operator import mul
from pathlib import Path
from typing import Any

from corpus.documents import Document, Span
from corpus.identifiers import stands_in
from corpus.outline import section_path
from corpus.ports import Embedder
from corpus.units import Unit, sentences, units
from retrieval.evidence import Evidence, Found
from retrieval.facets import facets, heads
from retrieval.select.selector import UNSELECTED, Selector, Unselected
from service.answering.subject import speaking
from service.answering.terms import Share, rarity, terms

FEATURES = (
    "cosine",
    "coverage",
    "coverage_headed",
    "coverage_window",
    "names",
    "passage",
    "passage_rank",
    "news",
    "number",
    "duration",
    "name_wanted",
    "reason",
    "hazard",
    "facet",
    "code",
    "code_for_procedure",
    "item",
    "item_for_list",
    "short",
    "long",
    "link",
    "first",
)
_HEADED = FEATURES.index("coverage_headed")
_NUMERIC = re.compile(
    r"\bhow (?:many|much|long|often|big|large|far|fast|high|old|soon)\b|\bwhat (?:percentage|share|number|size|fraction"
    r"|factor|version|port|interval|limit|timeout)\b|\b(?:minimum|maximum|max|min|default|lowest|highest|threshold)\b",
    re.IGNORECASE,
)
_ASKS_TIME = re.compile(
    r"\bhow (?:long|often|soon|old)\b|\bwhen\b|\bperiod\b|\bduration\b|\bretention\b|\bbefore\b", re.I
)
_TIME = re.compile(r"\b\d+[\d.,]*\s*-?(?:ms|s|m|h|d|sec\w*|min\w*|hours?|days?|weeks?|months?|years?)\b", re.I)
_ASKS_NAME = re.compile(
    r"\b(?:which|what)\b.{0,40}\b(?:command|flag|option|metric|setting|field|variable|gate|status|annotation|label|api"
    r"|file|path|parameter|key|code|header|endpoint|namespace|role|class|version|release|name)s?\b",
    re.I,
)
_NAME = re.compile(r"`[^`]+`|\b\w+[._-]\w+\b")
_ASKS_WHY = re.compile(r"\bwhy\b|\breasons?\b|\brationale\b|\bpurpose\b|\bwhat for\b", re.I)
_BECAUSE = re.compile(
    r"\bbecause\b|\bsince\b|\bso that\b|\bdue to\b|\bin order to\b|\breason|\btherefore\b|\botherwise\b|\ballows?\b"
    r"|\bavoids?\b|\bto (?:ensure|prevent|avoid|make|allow|reduce|keep)\b|\bmeans\b|\bwould\b",
    re.I,
)
_ASKS_RISK = re.compile(r"\brisks?\b|\bdanger|\bwrong\b|\bsafe\b|\bhappens?\b|\bbreak|\bimpact\b|\bthreat", re.I)
_HAZARD = re.compile(
    r"\b(?:may|might|could|can|will|would)\b|\bfail|\blos[es]|\bdanger|\brisk|\bbreak|\bunavailable\b|\bcannot\b|\bonly\b",
    re.I,
)
_DIGIT = re.compile(r"\d")
_BEHIND = 1e-6
CLOSER = 24
"""Units that a selector reads."""
_LINK = re.compile(r"https?://|\]\(|^\[[^\]]+\]:|^see\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit with its place in the evidence, its features, and what a selector `read` in it; `score` weighs all."""

    document: Document
    unit: Unit
    rank: int
    features: tuple[float, ...]
    score: float
    read: float = 0.0

    @property
    def coverage(self) -> float:
        """How much of the question the unit covers with its headings, 0 to 1."""
        return self.features[_HEADED]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A unit where it was found: passage, rank, text, its terms, those with its neighbours', headings."""

    document: Document
    unit: Unit
    evidence: Evidence
    rank: int
    text: str
    said: frozenset[str]
    window: frozenset[str]
    heading: str
    path: tuple[str, ...]
    first: bool

    def headed(self) -> frozenset[str]:
        return self.said | terms(self.heading)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of the question every unit is held against. `kinds` finds what it asks for, None where it does not ask."""

    terms: frozenset[str]
    names: tuple[str, ...]
    facets: frozenset[str]
    kinds: tuple[re.Pattern[str] | None, ...]
    share: Callable[[frozenset[str]], float]


def rank(
    found: Found,
    documents: Mapping[str, Document],
    embedder: Embedder,
    selector: Selector = UNSELECTED,
    *,
    top: int = 8,
) -> list[Scored]:
    """The units of the `top` passages, best first. Raises `EncoderError` where the selector cannot read."""
    placed = _place(found, documents, top)
    if not placed:
        return []
    vectors = embedder.embed([_embedded(p.heading, p.text) for p in placed])
    asked = _asked(found, placed)
    ranked = []
    for p, vector in zip(placed, vectors, strict=True):
        features = _features(found, asked, p, _dot(found.vector, vector))
        score = sum(w * f for w, f in zip(weights(), features, strict=True))
        ranked.append(Scored(p.document, p.unit, p.rank, features, score))
    near = sorted(ranked, key=lambda s: (-s.score, s.rank, s.unit.start))
    return _on_subject(_read_closer(near, found.question.text, selector), found)


def _read_closer(ranked: Sequence[Scored], question: str, selector: Selector) -> list[Scored]:
    """The best units raised by how well each answers the question; the others as the least of these."""
    if isinstance(selector, Unselected):
        return list(ranked)
    near = ranked[:CLOSER]
    read = selector.score(question, [read_text(s.document, s.unit) for s in near])
    raises = [*read, *[min(read)] * (len(ranked) - len(near))]
    raised = [replace(s, score=s.score + selected() * r, read=r) for s, r in zip(ranked, raises, strict=True)]
    return sorted(raised, key=lambda s: (-s.score, s.rank, s.unit.start))


def read_text(document: Document, unit: Unit) -> str:
    """A unit as a selector reads it: under its headings."""
    return _embedded(_heading(document, section_path(document, unit.start)), document.visible(unit.start, unit.end))


def _on_subject(ranked: list[Scored], found: Found) -> list[Scored]:
    """The units with those last that would lead and come from a document that has nothing but its headings to do with
    the question: a page whose title is the question may hold anything."""
    asked = terms(found.question.text)
    own = speaking(((s.document, s.unit) for s in ranked), asked)
    leading = list(takewhile(lambda s: s.document.id not in own, ranked))
    rest = ranked[len(leading) :]
    return [*rest, *(replace(s, score=min(s.score, rest[-1].score - _BEHIND)) for s in leading)] if rest else ranked


@cache
def weights() -> tuple[float, ...]:
    """The committed weights, in the order of `FEATURES`."""
    return tuple(_fitted()["weights"][name] for name in FEATURES)


@cache
def selected() -> float:
    """The committed weight of a selector's score."""
    return float(_fitted()["selected"])


def _fitted() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(Path(__file__).with_name("ranking.json").read_text("utf-8"))
    return table


def _place(found: Found, documents: Mapping[str, Document], top: int) -> list[_Placed]:
    """The units of the best passages, each once."""
    placed: list[_Placed] = []
    seen: set[tuple[str, int]] = set()
    for place, item in enumerate(found.evidence[:top]):
        document = documents.get(item.passage.document)
        if document is None:
            continue
        inside = units(document, Span(item.passage.start, item.passage.end))
        texts = [document.visible(u.start, u.end) for u in inside]
        said = [terms(text) for text in texts]
        for i, unit in enumerate(inside):
            if (document.id, unit.start) in seen:
                continue
            seen.add((document.id, unit.start))
            window = frozenset().union(*said[max(0, i - 1) : i + 2])
            path = section_path(document, unit.start)
            heading = _heading(document, path)
            placed.append(_Placed(document, unit, item, place, texts[i], said[i], window, heading, path, i == 0))
    return placed


def embedded_texts(document: Document, span: Span) -> list[str]:
    """What `rank` has embedded of the units of a passage."""
    inside = units(document, span)
    heads = [_heading(document, section_path(document, unit.start)) for unit in inside]
    return [_embedded(head, document.visible(u.start, u.end)) for head, u in zip(heads, inside, strict=True)]


def _embedded(heading: str, text: str) -> str:
    return f"{heading}\n{text}"


def _heading(document: Document, path: Sequence[str]) -> str:
    return " > ".join(dict.fromkeys((document.title, *path)))


def _asked(found: Found, placed: Sequence[_Placed]) -> _Asked:
    """What is asked. A sentence of it that shares no word with any unit or heading may say what kind of thing it wants;
    its words say nothing about which of them answers."""
    question = found.question
    headed = [p.headed() for p in placed]
    known = frozenset().union(*headed)
    pieces = sentences(question.text, Span(0, len(question.text)))
    echoed = [text for p in pieces if terms(text := question.text[p.start : p.end]) & known]
    asked = terms(" ".join(echoed) or question.text)
    pairs = (
        (_NUMERIC, _DIGIT),
        (_ASKS_TIME, _TIME),
        (_ASKS_NAME, _NAME),
        (_ASKS_WHY, _BECAUSE),
        (_ASKS_RISK, _HAZARD),
    )
    kinds = tuple(has if asks.search(question.text) else None for asks, has in pairs)
    share = Share(asked, rarity(headed))
    return _Asked(asked, question.identifiers, facets(question.text), kinds, share.of)


def _features(found: Found, asked: _Asked, placed: _Placed, cosine: float) -> tuple[float, ...]:
    """The features of one unit, in the order of `FEATURES`."""
    names = asked.names
    return (
        cosine,
        asked.share(placed.said),
        asked.share(placed.headed()),
        asked.share(placed.window),
        sum(stands_in(n, placed.text) for n in names) / len(names) if names else 0.0,
        placed.evidence.score / (found.evidence[0].score or 1.0),
        1.0 / (1 + placed.rank),
        min(1.0, len(placed.said - asked.terms) / 20),
        *(float(bool(has and has.search(placed.text))) for has in asked.kinds),
        *_shape(asked.facets, placed),
    )


def _shape(wanted: frozenset[str], placed: _Placed) -> tuple[float, ...]:
    """What kind of thing the unit is, and whether the question wants such a thing."""
    words = len(placed.text.split())
    code, item = placed.unit.kind == "code", placed.unit.kind in ("item", "row")
    return (
        float(heads(" ".join(placed.path[-1:]), wanted)),
        float(code),
        float(code and "procedure" in wanted),
        float(item),
        float(item and bool(wanted & {"procedure", "alternatives"})),
        float(words < 6),
        min(1.0, math.log1p(words) / 5),
        float(bool(_LINK.search(placed.text))),
        float(placed.first),
    )


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    """Cosine of unit vectors."""
    return float(sum(map(mul, a, b)))
