"""A set of questions -> what the decision sees of each, whether it has an answer, and the half it is in.

The passages of the drawn questions are brought into a store of their own by the ordinary ingest, and every question is
looked up in all of them: that is what a user does. The sets pose each question over its own passages, so here an
unanswerable one may be answered by another passage now and then, and published figures are not comparable. Of ArchQA's
development questions each answerable one is asked again with its gold documents excluded.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from eval.datasets.clapnq import clapnq
from eval.datasets.judged import Posed
from eval.datasets.mtrag import mtrag_answerability
from eval.datasets.nomiracl import nomiracl
from eval.datasets.squad2 import squad2
from eval.fit_answering import archqa
from eval.logistic import Floats
from eval.risk_coverage.curve import Labels
from eval.running.world import ingest_suite
from eval.suites.foreign import posed_suite
from service.answering.decide import observe
from service.engine import Engine, Request
from service.settings import read_settings
from service.wiring import Wiring

SETS: dict[str, Callable[[Path], list[Posed]]] = {
    "squad2": lambda data: squad2(data / "squad2_dev"),
    "clapnq": lambda data: clapnq(data / "clapnq_dev"),
    "nomiracl": lambda data: nomiracl(data / "nomiracl_en"),
    "mtrag": lambda data: mtrag_answerability(data / "mtrag"),
}


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen: features [n, d], labels [n], and which rows the fit may see [n]."""

    features: Floats
    answerable: Labels
    fitted: Labels


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    answerable: bool
    group: str
    exclude: frozenset[str] = frozenset()


def observed(name: str, data: Path, stores: Path, *, size: int) -> Observed:
    """At most `size` questions of a set, over a store of their passages that is made under `stores` if need be."""
    posed = SETS[name](data)
    drawn = Random(0).sample(posed, min(size, len(posed)))
    store = stores / f"{name}-{len(drawn)}"
    ingest_suite(posed_suite(name, name, drawn), store)
    return _look(store, [_Asked(p.question, p.answerable, p.group) for p in drawn])


def observed_archqa(data: Path, store: Path) -> Observed:
    """ArchQA's development questions over a store of kubernetes-enhancements."""
    asked = list(_archqa(data / "archqa/kubernetes-enhancements.jsonl"))
    return _look(store, asked)


def _archqa(path: Path) -> Iterator[_Asked]:
    for question in archqa(path):
        yield _Asked(question.text, bool(question.gold), question.text)
        if question.gold:
            yield _Asked(question.text, False, question.text, frozenset(document for document, _ in question.gold))


def _look(store: Path, asked: Sequence[_Asked]) -> Observed:
    wiring = Wiring(read_settings(store=store))
    with wiring.store() as held:
        engine = wiring.engine(held)
        rows = [_observe(engine, one) for one in asked]
    wiring.close()
    return Observed(np.array(rows), np.array([a.answerable for a in asked]), np.array(halved([a.group for a in asked])))


def _observe(engine: Engine, asked: _Asked) -> tuple[float, ...]:
    view = engine.look(Request(asked.question, exclude=asked.exclude))
    return observe(view.found, view.ranked)


def halved(groups: Sequence[str]) -> list[bool]:
    """Whether each question is in the half that is fitted: a group, an article or a conversation, is in one half, and
    groups come in a fixed order that tells nothing, each to the half that has fewer questions so far."""
    sizes = Counter(groups)
    first: set[str] = set()
    balance = 0
    for group in sorted(sizes, key=lambda g: hashlib.sha256(g.encode()).digest()):
        if balance <= 0:
            first.add(group)
        balance += sizes[group] if group in first else -sizes[group]
    return [group in first for group in groups]
